"""The pages that the server renders, in a browser: for everyone, on every screen, by keyboard, under the policy."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.server import ROOT, Server

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
# The demo's own opens nothing where DEBUG is off, as it is here.
PASSWORD = "correct horse"
GIVE_NOOR_A_PASSWORD = f"""
from trips.models import User
noor = User.objects.get(username="user123")
noor.set_password("{PASSWORD}")
noor.save()
"""
FOR_VISITORS = ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing-here/")
FOR_NOOR = ("/trips/", "/accounts/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that has the demo."""
    folder = tmp_path_factory.mktemp("site")
    where = {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}", "REDIS_URL": ""}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DEBUG": "true"}
    for command in (["migrate"], ["demo"], ["shell", "--command", GIVE_NOOR_A_PASSWORD]):
        manage = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        subprocess.run(manage, cwd=ROOT, env={**os.environ, **settings, **where}, check=True, capture_output=True)
    server = Server(folder / "daphne.log", **where).start()
    yield server.http
    server.stop()


@pytest.fixture(scope="module")
def noors_session(launch_browser: Callable[[], Browser], site: str) -> StorageState:
    """What Noor's browser keeps once she has signed in."""
    browser = launch_browser()
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/trips/")
    page.get_by_label("Username or e-mail").fill("user123")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/trips/")
    kept = context.storage_state()
    browser.close()
    return kept


@pytest.fixture
def noor(browser: Browser, site: str, noors_session: StorageState) -> Iterator[Page]:
    """Noor's browser."""
    context = browser.new_context(base_url=site, storage_state=noors_session)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(
    browser: Browser, site: str, noors_session: StorageState, width: int, theme: Literal["light", "dark"]
) -> None:
    found: dict[str, list[str]] = {}
    for kept, paths in ((None, FOR_VISITORS), (noors_session, FOR_NOOR)):
        # axe is put into the page from outside, which the policy forbids.
        context = browser.new_context(base_url=site, color_scheme=theme, storage_state=kept, bypass_csp=True)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(path)
            found[path] = violations(page)
        if kept:
            page.goto("/trips/")
            page.get_by_role("button", name="New trip").click()
            found["the dialog"] = violations(page)
        context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def violations(page: Page) -> list[str]:
    """What axe finds wrong with what is on the screen."""
    page.evaluate(AXE)
    result = page.evaluate("axe.run()")
    return [f"{found['id']}: {node['html']}" for found in result["violations"] for node in found["nodes"]]


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
def test_no_page_scrolls_sideways(noor: Page, width: int) -> None:
    noor.set_viewport_size({"width": width, "height": 800})
    for path in ("/", *FOR_NOOR):
        noor.goto(path)
        assert noor.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_policy_stops_nothing_that_a_page_needs_and_nothing_comes_from_elsewhere(noor: Page, site: str) -> None:
    wrong: list[str] = []
    noor.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    noor.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(site) else None)
    for path in ("/", *FOR_NOOR):
        noor.goto(path)
        noor.wait_for_load_state("networkidle")
    assert wrong == []


def test_a_trip_is_made_and_opened_by_keyboard_alone(noor: Page) -> None:
    noor.goto("/trips/")
    noor.keyboard.press("Tab")
    assert noor.locator(":focus").inner_text() == "Skip to content"
    noor.get_by_role("button", name="New trip").focus()
    noor.keyboard.press("Enter")
    noor.keyboard.press("Escape")
    assert noor.locator(":focus").inner_text() == "New trip"
    noor.keyboard.press("Enter")
    noor.keyboard.type("Lisbon, long weekend")
    noor.keyboard.press("Enter")
    noor.wait_for_url("**/trips/*/")
    assert "Lisbon, long weekend" in noor.title()


def test_the_theme_changes_without_a_reload_and_stays(noor: Page) -> None:
    noor.emulate_media(color_scheme="light")
    noor.goto("/trips/")
    noor.evaluate("window.here = true")
    paper = noor.evaluate("getComputedStyle(document.body).backgroundColor")
    for label in ("Theme: light. Change", "Theme: dark. Change"):
        noor.get_by_role("button", name="Theme").click()
        assert noor.get_by_role("button", name="Theme").inner_text() == label
    assert noor.evaluate("window.here")
    assert noor.evaluate("getComputedStyle(document.body).backgroundColor") != paper
    noor.reload()
    assert noor.locator("html").get_attribute("data-theme") == "dark"


def test_without_javascript_one_gets_as_far_as_the_frame(
    browser: Browser, site: str, noors_session: StorageState
) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, storage_state=noors_session)
    page = context.new_page()
    page.goto("/trips/")
    page.get_by_role("button", name="Theme").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.get_by_role("button", name="New trip").click()
    page.get_by_label("What is it called?").fill("On paper")
    page.get_by_role("button", name="Create the trip").click()
    assert page.get_by_role("heading", name="On paper").is_visible()
    context.close()
