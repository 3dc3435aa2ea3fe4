"""The site as it is in production: without DEBUG, from collected static files, each page's program in one piece."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import set_stop
from tests.server import ROOT, Server

NOT_OURS = ("admin", "rest_framework", "drf_spectacular_sidecar")
LOADED = "performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)"


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("production")
    production = {"DJANGO_SETTINGS_MODULE": "tests.collected_settings", "DEBUG": "false", "HTTPS": "false"}
    running = Server(folder / "log.txt", **production, STATIC_ROOT=str(folder / "static"))
    ignored = [option for name in NOT_OURS for option in ("--ignore", name)]
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0", *ignored]
    subprocess.run(collect, cwd=ROOT, env=running.environment, check=True)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def alice(open_page: Open) -> Page:
    return open_page("alice")


def loaded(page: Page, suffix: str) -> list[str]:
    """Names without the hash of what they hold."""
    return sorted(re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in page.evaluate(LOADED) if path.endswith(suffix))


def test_the_trip_page_is_one_script_and_two_stylesheets(alice: Page) -> None:
    assert loaded(alice, ".js") == ["/static/trips/page.js"]
    assert loaded(alice, ".css") == ["/static/trips/css/site.css", "/static/trips/css/trip-page.css"]


def test_an_edit_reaches_the_other(alice: Page, open_page: Open) -> None:
    bob = open_page("bob")
    alice.get_by_role("button", name="Add to Mon 12").click()
    alice.keyboard.type("Louvre at last")
    alice.keyboard.press("Enter")
    expect(bob.locator("#day-1 h3")).to_have_text(["Breakfast", "Louvre at last"])
    bob.keyboard.press("2")
    expect(bob.get_by_role("rowheader", name="Food and drink")).to_be_visible()


def test_the_theme_changes_by_one_step(alice: Page) -> None:
    alice.get_by_role("button", name="Theme: as the system. Change").click()
    expect(alice.locator("html")).to_have_attribute("data-theme", "light")
    alice.get_by_role("button", name="Theme: light. Change").click()
    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")


def test_my_trips_tells_what_waits(alice: Page) -> None:
    alice.context.set_offline(True)
    set_stop(alice, "stop1", activity="Croissants")
    expect(alice.locator(".sign")).to_contain_text("1 not saved")
    alice.close()
    alice.context.set_offline(False)
    trips = alice.context.new_page()
    trips.goto("/trips/")
    expect(trips.locator("#unsent")).to_contain_text("Paris")
    assert loaded(trips, ".js") == ["/static/trips/my-trips.js", "/static/trips/theme.js", "/static/trips/unsent.js"]
    trips.close()
