"""Two people, two browsers, one trip: what the one does, the other sees within a second."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import caret
from tests.server import Server

AT_MOST = 1.0  # seconds
CARD = "document.querySelector('[data-key=\"itinerary:stop1\"]')"


@pytest.fixture
def alice(open_page: Open) -> Page:
    return open_page("alice")


@pytest.fixture
def bob(open_page: Open) -> Page:
    return open_page("bob")


def assert_seen_soon(page: Page, there: str, act: Callable[[], None]) -> None:
    """`there`, in JavaScript, becomes true on `page` within a second of the beginning of `act`."""
    page.evaluate(
        f"""() => {{
          const there = () => Boolean({there});
          if (there()) throw new Error("It is there before anybody did anything.");
          window.seen = new Promise((resolve) => {{
            const late = setTimeout(() => resolve(Infinity), 10_000);
            new MutationObserver((_, watching) => {{
              if (!there()) return;
              watching.disconnect();
              clearTimeout(late);
              resolve(Date.now());
            }}).observe(document.body, {{ subtree: true, childList: true, attributes: true, characterData: true }});
          }});
        }}"""
    )
    began = time.time()
    act()
    took = page.evaluate("window.seen") / 1000 - began
    print(f"\nseen after {took * 1000:.0f} ms")
    assert took <= AT_MOST


def edit_breakfast(page: Page) -> None:
    page.get_by_role("button", name="Breakfast", exact=True).click()
    expect(page.get_by_label("What")).to_be_focused()


# Seen within a second


def test_an_edit(alice: Page, bob: Page) -> None:
    edit_breakfast(alice)
    alice.get_by_label("What").fill("Brunch at Carette")
    assert_seen_soon(bob, f"{CARD}.innerText.includes('Brunch at Carette')", lambda: alice.keyboard.press("Enter"))


def test_a_stop_that_was_added(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Add to Mon 12").click()
    alice.keyboard.type("Postcards")
    seen = "document.querySelector('#day-1').innerText.includes('Postcards')"
    assert_seen_soon(bob, seen, lambda: alice.keyboard.press("Enter"))


def test_a_typing_sign_on_the_very_field(alice: Page, bob: Page) -> None:
    edit_breakfast(alice)
    seen = f"{CARD}.innerText.includes('Alice is editing')"
    assert_seen_soon(bob, seen, lambda: alice.keyboard.type("x"))
    edit_breakfast(bob)
    expect(bob.locator(".field.locked", has=bob.get_by_label("What"))).to_contain_text("Alice is editing")
    expect(bob.locator(".field.locked", has=bob.get_by_label("Place"))).to_have_count(0)


def test_where_somebody_looks(alice: Page, bob: Page) -> None:
    card = alice.get_by_role("button", name="Breakfast", exact=True)
    assert_seen_soon(bob, f"{CARD}.innerText.includes('Alice is here')", card.focus)


def test_which_view_somebody_is_on(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Share").click()
    people = "document.querySelector('.people [data-key=\"member:bob\"]')"
    expect(alice.locator(".people [data-key='member:bob']")).to_contain_text("Plan")
    budget = bob.get_by_role("link", name="Budget").first
    assert_seen_soon(alice, f"{people}.innerText.includes('Budget')", budget.click)


def test_a_removal(alice: Page, bob: Page) -> None:
    edit_breakfast(alice)
    alice.get_by_role("button", name="More for Breakfast").click()
    remove = alice.get_by_role("button", name="Remove", exact=True)
    assert_seen_soon(bob, f"!{CARD}", remove.click)
    undo = alice.get_by_role("button", name="Undo")
    assert_seen_soon(bob, CARD, undo.click)


def test_a_planned_amount(alice: Page, bob: Page) -> None:
    for page in (alice, bob):
        page.get_by_role("link", name="Budget").first.click()
    alice.get_by_role("button", name="€450").click()
    alice.keyboard.type("512")
    seen = "document.body.innerText.includes('€512')"
    assert_seen_soon(bob, seen, lambda: alice.keyboard.press("Enter"))


# What I write is mine


def test_a_title_that_another_edits_moves_neither_my_text_nor_my_caret(alice: Page, bob: Page) -> None:
    for page in (alice, bob):
        page.get_by_role("button", name="Title: Paris").click()
    alice.keyboard.press("End")
    alice.keyboard.type(" with friends")
    alice.evaluate("document.activeElement.setSelectionRange(7, 10)")
    bob.keyboard.type("Paris in April")
    bob.keyboard.press("Enter")
    expect(alice.get_by_text("Bob saved “Paris in April”")).to_be_visible()
    assert caret(alice) == ["Paris with friends", 7, 10]
    alice.keyboard.type("4")
    assert caret(alice) == ["Paris w4 friends", 8, 8]
    expect(bob.get_by_role("heading", name="Paris in April")).to_be_visible()


class TestWhenTheServerIsStoppedAndStarted:
    @pytest.fixture
    def server(self, transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        running = Server(tmp_path_factory.mktemp("restarts") / "log.txt").start()
        yield running
        running.stop()

    def test_both_recover_by_themselves_and_nothing_typed_is_lost(self, server: Server, alice: Page, bob: Page) -> None:
        edit_breakfast(alice)
        alice.get_by_label("Notes").fill("Half a thou")
        server.kill()
        for page in (alice, bob):
            page.set_default_timeout(30_000)
            expect(page.locator(".sign")).to_contain_text("Reconnecting", timeout=10_000)

        # Both go on: Alice in the middle of a word, and Bob with a stop and another title.
        alice.keyboard.type("ght")
        bob.get_by_role("button", name="Add to Tue 13").click()
        bob.keyboard.type("Postcards")
        bob.keyboard.press("Enter")
        bob.keyboard.type("Not yet ent")
        expect(bob.locator(".card.pending")).to_contain_text("Postcards")
        alice.get_by_label("What").fill("Brunch")
        alice.get_by_label("Notes").focus()
        alice.keyboard.press("End")

        server.start()
        for page in (alice, bob):
            expect(page.locator(".sign")).to_have_text("Live", timeout=30_000)
        expect(alice.locator("#day-2")).to_contain_text("Postcards")
        expect(bob.locator("#day-1")).to_contain_text("Brunch")
        assert caret(alice) == ["Half a thought", 14, 14]
        assert caret(bob)[0] == "Not yet ent"
        for page in (alice, bob):
            expect(page.locator(".card.pending")).to_have_count(0)
            expect(page.locator(".faces .face:not(.away)")).to_have_count(2)

        # And it is live again, both ways.
        bob.keyboard.type("ered")
        bob.keyboard.press("Enter")
        expect(alice.locator("#day-2")).to_contain_text("Not yet entered")
        alice.keyboard.press("Tab")
        bob.get_by_role("button", name="Brunch", exact=True).click()
        expect(bob.get_by_label("Notes")).to_have_value("Half a thought")
        for page in (alice, bob):
            page.reload()
            expect(page.locator("#day-2 h3")).to_have_text(["Postcards", "Not yet entered"])
            expect(page.locator("#day-1 h3")).to_have_text(["Brunch"])
