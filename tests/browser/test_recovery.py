"""The server goes away and comes back: both people recover by themselves, and nothing that was written is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import caret
from tests.server import Server


@pytest.fixture
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of its own, that may be stopped."""
    running = Server(tmp_path_factory.mktemp("daphne") / "log.txt").start()
    yield running
    running.stop()


def test_both_recover_and_nothing_typed_is_lost(open_page: Open, server: Server) -> None:
    alice, bob = open_page("alice"), open_page("bob")
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    alice.keyboard.press("End")
    alice.keyboard.type(" at Carette")
    server.stop()
    expect(alice.locator(".sign")).to_have_text(re.compile("^Reconnecting"), timeout=8_000)
    add(bob, "Postcards")
    alice.keyboard.type(", early")
    assert caret(alice)[0] == "Breakfast at Carette, early"
    server.start()
    for page in (alice, bob):
        expect(page.locator(".sign")).to_have_text("Live", timeout=20_000)
    alice.keyboard.press("Enter")
    expect(bob.get_by_role("heading", name="Breakfast at Carette, early")).to_be_visible()
    expect(alice.get_by_role("heading", name="Postcards")).to_be_visible()
    expect(bob.locator(".card.pending")).to_have_count(0)


def add(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add to Mon 12").click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
