"""While I type, nothing of what others do moves my text or my caret (UI.md, “The caret”)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import caret, propose, set_stop

SAVED_BY_BOB = "Bob saved"


@pytest.fixture
def alice(open_page: Open) -> Page:
    """Alice has the editor of Breakfast open, and her caret in its name."""
    page = open_page("alice")
    page.get_by_role("button", name="Breakfast", exact=True).click()
    expect(page.get_by_label("What")).to_be_focused()
    return page


@pytest.fixture
def bob(open_page: Open) -> Page:
    return open_page("bob")


def type_at(page: Page, text: str, position: int) -> None:
    page.evaluate("(at) => document.activeElement.setSelectionRange(at, at)", position)
    page.keyboard.type(text)


def test_a_remote_change_of_an_untouched_field_is_put_in_and_the_caret_stays(alice: Page, bob: Page) -> None:
    alice.evaluate("document.activeElement.setSelectionRange(2, 5)")
    set_stop(bob, "stop1", activity="Breakfast at Carette")
    expect(alice.get_by_label("What")).to_have_value("Breakfast at Carette")
    assert caret(alice) == ["Breakfast at Carette", 2, 5]
    expect(alice.get_by_text(SAVED_BY_BOB)).to_have_count(0)


def test_what_i_typed_stays_and_a_note_tells_what_the_other_saved(alice: Page, bob: Page) -> None:
    type_at(alice, "Late ", 0)
    set_stop(bob, "stop1", activity="Brunch")
    expect(alice.get_by_text("Bob saved “Brunch”")).to_be_visible()
    assert caret(alice) == ["Late Breakfast", 5, 5]
    alice.keyboard.type("x")
    assert caret(alice) == ["Late xBreakfast", 6, 6]


def test_take_theirs(alice: Page, bob: Page) -> None:
    type_at(alice, "Late ", 0)
    set_stop(bob, "stop1", activity="Brunch")
    alice.get_by_role("button", name="Take Bob’s").click()
    expect(alice.get_by_label("What")).to_have_value("Brunch")
    expect(alice.get_by_label("What")).to_be_focused()
    expect(alice.get_by_text(SAVED_BY_BOB)).to_have_count(0)


def test_keep_mine_saves_over_theirs_without_a_conflict(alice: Page, bob: Page) -> None:
    type_at(alice, "Late ", 0)
    set_stop(bob, "stop1", activity="Brunch")
    alice.get_by_role("button", name="Keep mine").click()
    alice.keyboard.press("Enter")
    expect(bob.get_by_role("heading", name="Late Breakfast")).to_be_visible()
    expect(alice.locator(".conflict")).to_have_count(0)


def test_saved_without_an_answer_to_theirs_there_are_two_versions_to_choose_from(alice: Page, bob: Page) -> None:
    type_at(alice, "Late ", 0)
    set_stop(bob, "stop1", activity="Brunch")
    expect(alice.get_by_text(SAVED_BY_BOB)).to_be_visible()
    alice.keyboard.press("Enter")
    alice.get_by_role("button", name="Use my Late Breakfast").click()
    expect(bob.get_by_role("heading", name="Late Breakfast")).to_be_visible()
    expect(alice.locator(".conflict")).to_have_count(0)


def test_a_move_to_another_day_takes_text_focus_and_caret_along(alice: Page, bob: Page) -> None:
    type_at(alice, "Late ", 0)
    alice.keyboard.press("ArrowRight")
    set_stop(bob, "stop1", day=2)
    expect(alice.locator("#day-2 .editor")).to_be_visible()
    assert caret(alice) == ["Late Breakfast", 6, 6]
    alice.keyboard.type("!")
    assert caret(alice) == ["Late B!reakfast", 7, 7]


def test_a_move_within_the_list_leaves_the_caret_alone(alice: Page, bob: Page) -> None:
    propose(bob, kind="itinerary", id="walk", data={"day": 1, "activity": "Walk"})
    expect(alice.get_by_role("button", name="Walk", exact=True)).to_be_visible()
    type_at(alice, "Late ", 0)
    set_stop(bob, "stop1", after="walk")
    expect(alice.locator("#day-1 .stops > li").last.locator(".editor")).to_be_visible()
    assert caret(alice) == ["Late Breakfast", 5, 5]


def test_a_text_being_composed_is_not_disturbed(alice: Page, bob: Page) -> None:
    ime = alice.context.new_cdp_session(alice)
    alice.evaluate("document.activeElement.setSelectionRange(0, 0)")
    ime.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    set_stop(bob, "stop1", activity="Brunch")
    expect(bob.get_by_role("heading", name="Brunch")).to_be_visible()
    alice.wait_for_timeout(300)
    assert caret(alice) == ["にほBreakfast", 2, 2]
    expect(alice.get_by_text(SAVED_BY_BOB)).to_have_count(0)
    ime.send("Input.insertText", {"text": "日本"})
    expect(alice.get_by_text("Bob saved “Brunch”")).to_be_visible()
    assert caret(alice) == ["日本Breakfast", 2, 2]


def test_the_other_sees_on_the_very_field_that_i_am_editing(alice: Page, bob: Page) -> None:
    bob.get_by_role("button", name="Breakfast", exact=True).click()
    alice.keyboard.type("x")
    expect(bob.locator(".field.locked", has=bob.get_by_label("What"))).to_contain_text("Alice is editing")
    bob.get_by_label("What").press("y")
    expect(bob.get_by_text("Alice is editing this too")).to_be_visible()
    alice.keyboard.press("Tab")
    expect(bob.get_by_text("Alice is editing this too")).to_have_count(0)


def test_escape_puts_back_and_then_closes(alice: Page) -> None:
    type_at(alice, "Late ", 0)
    alice.keyboard.press("Escape")
    assert caret(alice)[0] == "Breakfast"
    alice.keyboard.press("Escape")
    expect(alice.locator(".editor")).to_have_count(0)
    expect(alice.get_by_role("button", name="Breakfast", exact=True)).to_be_focused()
