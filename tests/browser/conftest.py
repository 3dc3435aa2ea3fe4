"""People in browsers, on a real daphne: each has a context of their own, and is signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.realtime.conftest import cookies, people, server, trip  # noqa: F401
from tests.server import Server

# Playwright's synchronous API runs an event loop in this thread, in which Django would not touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


Browsers = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def started() -> Iterator[list[Browser]]:
    """Every Chromium that was started: the last one runs, the others crashed."""
    all_of_them: list[Browser] = []
    yield all_of_them
    for browser in all_of_them:
        browser.close()


@pytest.fixture
def browser(launch_browser: Callable[[], Browser], started: list[Browser]) -> Browser:
    """If Chromium crashes, that fails the test that it was in, and not all those after it."""
    if not (started and started[-1].is_connected()):
        started.append(launch_browser())
    return started[-1]


@pytest.fixture(scope="session")
def kept() -> dict[tuple[Browser, str], BrowserContext]:
    return {}


@pytest.fixture
def browsers(browser: Browser, kept: dict[tuple[Browser, str], BrowserContext]) -> Browsers:
    """People's browsers. They last: what they have loaded of the site once is there, and each test has another trip."""

    def of(who: str, **options: Any) -> BrowserContext:
        key = browser, f"{who} {sorted(options.items())}"
        if key not in kept:
            kept[key] = browser.new_context(**options)
        return kept[key]

    return of


@pytest.fixture
def open_page(browsers: Browsers, server: Server, cookies: dict[str, str], trip: str) -> Iterator[Open]:  # noqa: F811
    """Opens the trip page: `open_page("alice")`, `open_page("bob", "budget/")`. One that complains fails."""
    pages: list[Page] = []
    complaints: list[str] = []

    def open_it(who: str, view: str = "", **options: Any) -> Page:
        context = browsers(who, base_url=server.http, **options)
        context.add_cookies([{"name": "sessionid", "value": cookies[who], "url": server.http}])
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said.type, said.text) else None)
        page.goto(f"/trips/{trip}/{view}")
        page.locator(".sign[data-state=live]").wait_for()
        page.locator(".faces .face:not(.away)").first.wait_for()  # the room was entered
        return page

    yield open_it
    for page in pages:
        page.context.set_offline(False)
        page.close()
    assert complaints == []


def is_complaint(kind: str, text: str) -> bool:
    """A lost connection is reported by the browser itself, and is no fault of the page."""
    return kind in ("error", "warning") and "WebSocket" not in text and "ERR_" not in text
