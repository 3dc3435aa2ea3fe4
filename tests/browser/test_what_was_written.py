"""What somebody has written stays theirs, whatever others do meanwhile, and whatever becomes of their rights."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import propose


@pytest.fixture
def alice(open_page: Open) -> Page:
    return open_page("alice")


@pytest.fixture
def bob(open_page: Open) -> Page:
    return open_page("bob")


def let_bob_be(alice: Page, role: str) -> None:
    propose(alice, kind="member", id="bob", data={"role": role})


def begin_to_add(page: Page, text: str) -> None:
    page.get_by_role("button", name="Add to Mon 12").click()
    page.keyboard.type(text)


def test_a_stop_half_written_is_kept_when_its_writer_may_only_look(alice: Page, bob: Page) -> None:
    begin_to_add(bob, "Postcards")
    let_bob_be(alice, "viewer")
    expect(bob.locator(".note")).to_contain_text("You can only look at this trip now. Your text: “Postcards”")
    let_bob_be(alice, "editor")
    expect(bob.locator(".note")).to_contain_text("This was not saved. Your text: “Postcards”")
    bob.get_by_role("button", name="Close", exact=True).click()
    expect(bob.locator(".note")).to_have_count(0)


def test_a_stop_half_written_is_added_when_one_goes_elsewhere(alice: Page) -> None:
    alice.keyboard.press("2")
    alice.get_by_role("link", name="Plan").click()
    begin_to_add(alice, "Postcards")
    alice.go_back()
    expect(alice.locator("table.budget")).to_be_visible()
    alice.go_forward()
    expect(alice.get_by_role("heading", name="Postcards")).to_be_visible()


def test_what_i_write_comes_back_with_a_stop_that_was_removed(alice: Page, bob: Page) -> None:
    bob.get_by_role("button", name="Breakfast", exact=True).click()
    bob.get_by_label("Notes").fill("Croissants")
    propose(alice, kind="itinerary", id="stop1", op="remove")
    expect(bob.locator(".toast")).to_contain_text("Alice removed Breakfast while you wrote “Croissants”")
    bob.get_by_role("button", name="Undo").click()
    expect(bob.get_by_label("Notes")).to_have_value("Croissants")


def test_what_i_wrote_in_a_stop_that_stays_removed_can_be_copied(alice: Page, bob: Page) -> None:
    bob.get_by_role("button", name="Breakfast", exact=True).click()
    bob.get_by_label("Notes").fill("Croissants")
    propose(alice, kind="itinerary", id="stop1", op="remove")
    bob.locator(".toast").get_by_role("button", name="Close").click()
    card = bob.get_by_label("Not saved", exact=True)
    expect(card).to_contain_text("This was not saved. Your text: “Croissants”")
    expect(card.get_by_role("button", name="Copy it")).to_be_visible()


def test_what_cannot_be_saved_stays_in_sight_when_another_editor_opens(alice: Page) -> None:
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    alice.get_by_label("Starts").fill("25:99")
    alice.get_by_role("button", name="Louvre", exact=True).click()
    expect(alice.get_by_label("What", exact=True).or_(alice.get_by_label("Name", exact=True))).to_have_value("Louvre")
    expect(alice.locator(".note")).to_contain_text("This was not saved. Your text: “25:99”")
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    expect(alice.get_by_label("Starts")).not_to_have_value("25:99")
    expect(alice.locator("[aria-invalid=true]")).to_have_count(0)


def test_undo_is_a_key_as_long_as_it_is_offered(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Louvre", exact=True).click()
    alice.get_by_role("button", name="More for Louvre").click()
    alice.get_by_role("button", name="Remove", exact=True).click()
    expect(bob.get_by_text("No ideas yet")).to_be_visible()
    expect(alice.get_by_role("button", name="Add an idea")).to_be_focused()
    alice.keyboard.press("Control+z")
    expect(bob.locator("#ideas h3")).to_have_text(["Louvre"])


def test_a_category_without_a_plan_is_over_as_soon_as_it_costs(alice: Page) -> None:
    propose(alice, kind="itinerary", id="stop1", data={"cost": 12.5, "category": "shopping"})
    alice.keyboard.press("2")
    expect(alice.get_by_role("img", name="More than planned")).to_be_visible()


@pytest.mark.parametrize("view", ["", "budget/"])
def test_nothing_that_has_the_focus_is_hidden_on_a_phone(open_page: Open, view: str) -> None:
    page = open_page("alice", view, viewport={"width": 320, "height": 480})
    for number in range(12):
        propose(page, kind="itinerary", id=f"more{number}", data={"day": 1, "activity": f"More {number}"})
    for category in ("accommodation", "transport", "shopping"):
        propose(page, kind="budget", id=category, data={"amount": 1234})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED_BY) is None


COVERED_BY = """() => {
  const at = document.activeElement;
  if (!at.closest("main") || at.matches(".days")) return null;
  const { x, y, width, height } = at.getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  const card = at.closest("[data-key]") ?? at;
  return card.contains(top) || top?.contains(at) ? null : `${at.outerHTML} under ${top?.outerHTML}`;
}"""
