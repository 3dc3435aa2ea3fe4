"""The trip page as people use it: two of them, live, each seeing what the other does."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import propose, set_stop, set_trip


@pytest.fixture
def alice(open_page: Open) -> Page:
    return open_page("alice")


@pytest.fixture
def bob(open_page: Open) -> Page:
    return open_page("bob")


def stop(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def names(page: Page, day: int) -> list[str]:
    return page.locator(f"#day-{day} h3").all_inner_texts()


def spoken(page: Page) -> str:
    return page.locator("[role=alert].hide").inner_text().strip()


def test_stops_are_added_one_after_the_other(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Add to Mon 12").click()
    for name in ("Louvre at last", "Dinner"):
        alice.keyboard.type(name)
        alice.keyboard.press("Enter")
    stop(bob, "Dinner")
    assert names(bob, 1) == ["Breakfast", "Louvre at last", "Dinner"]
    alice.keyboard.press("Escape")
    expect(alice.get_by_role("button", name="Add to Mon 12")).to_be_focused()


def test_each_field_of_a_stop_saves_for_itself(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    for label, text in (("Starts", "7:30 PM"), ("Lasts", "1 h 15"), ("Cost", "€12,50"), ("Place", "Rue Cler")):
        alice.get_by_label(label).fill(text)
    alice.get_by_label("Category").select_option("Food")
    alice.get_by_role("button", name="More for Breakfast").click()
    alice.get_by_role("button", name="Booked").click()
    card = bob.locator("[data-key='itinerary:stop1']")
    expect(card).to_contain_text("19:30")
    expect(card).to_contain_text("Booked")
    for words in ("1 h 15", "€12.50", "Rue Cler"):
        expect(card).to_contain_text(words)
    alice.get_by_role("button", name="Done").click()
    expect(alice.get_by_role("button", name="Breakfast", exact=True)).to_be_focused()


def test_what_cannot_be_meant_is_said_at_the_field_and_the_text_stays(alice: Page) -> None:
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    alice.get_by_label("Starts").fill("25:30")
    alice.get_by_role("button", name="Done").click()
    expect(alice.get_by_text("“25:30” is not a time. Write 19:30 or 7:30 PM.")).to_be_visible()
    expect(alice.get_by_label("Starts")).to_have_value("25:30")
    expect(alice.get_by_label("Starts")).to_be_focused()


def test_what_the_server_refuses_is_said_at_the_same_place(alice: Page) -> None:
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    alice.get_by_label("Place").fill("x" * 201)
    alice.keyboard.press("Tab")
    expect(alice.get_by_text("This has 201 characters; at most 200 are kept.")).to_be_visible()
    expect(alice.get_by_label("Place")).to_have_value("x" * 201)
    alice.get_by_label("Place").fill("Rue Cler")
    alice.keyboard.press("Tab")
    expect(alice.get_by_text("at most 200 are kept")).to_have_count(0)


def test_gaps_tell_free_time_and_overlaps(alice: Page) -> None:
    set_stop(alice, "stop1", duration=60)
    propose(alice, kind="itinerary", id="walk", data={"day": 1, "activity": "Walk", "time": "11:30", "duration": 30})
    expect(alice.locator("#day-1 .gap")).to_have_text("1 h 30 free")
    set_stop(alice, "walk", time="09:45")
    expect(alice.locator("#day-1 .gap.clash")).to_have_text("Overlaps by 15 min")


def test_a_stop_moves_by_a_dialog(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Move Breakfast").click()
    alice.get_by_label("Day", exact=True).select_option("Wed 14")
    alice.get_by_role("button", name="Move to Wed 14").click()
    expect(bob.locator("#day-3 h3")).to_have_text(["Breakfast"])
    expect(alice.get_by_role("button", name="Move Breakfast")).to_be_focused()


def test_a_stop_moves_by_keyboard_and_each_step_is_said(alice: Page, bob: Page) -> None:
    for name in ("Second", "Third"):
        propose(alice, kind="itinerary", id=name, data={"day": 1, "activity": name})
    alice.get_by_role("button", name="Move Breakfast").focus()
    alice.keyboard.press("Space")
    assert spoken(alice).startswith("Lifted Breakfast. Mon 12, 1st of 3.")
    alice.keyboard.press("ArrowDown")
    assert spoken(alice) == "Mon 12, 2nd of 3"
    expect(alice.locator(".slot")).to_have_text("Mon 12, 2nd of 3")
    alice.keyboard.press("Enter")
    expect(bob.locator("#day-1 h3")).to_have_text(["Second", "Breakfast", "Third"])
    expect(alice.get_by_role("button", name="Move Breakfast")).to_be_focused()
    alice.keyboard.press("Enter")
    alice.keyboard.press("ArrowRight")
    assert spoken(alice) == "Tue 13, 1st of 1"
    alice.keyboard.press("Escape")
    assert names(alice, 1) == ["Second", "Breakfast", "Third"]
    alice.keyboard.press("Enter")
    alice.keyboard.press("ArrowRight")
    alice.keyboard.press("Enter")
    expect(bob.locator("#day-2 h3")).to_have_text(["Breakfast"])


def test_lists_stand_still_while_a_stop_is_in_the_air(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Move Breakfast").focus()
    alice.keyboard.press("Space")
    propose(bob, kind="itinerary", id="new", data={"day": 1, "activity": "New"})
    stop(bob, "New")
    alice.wait_for_timeout(300)
    assert names(alice, 1) == ["Breakfast"]
    alice.keyboard.press("Escape")
    stop(alice, "New")


def test_a_removed_stop_comes_back_with_undo(alice: Page, bob: Page) -> None:
    propose(alice, kind="itinerary", id="walk", data={"day": 1, "activity": "Walk"})
    alice.get_by_role("button", name="Breakfast", exact=True).click()
    alice.get_by_role("button", name="More for Breakfast").click()
    alice.get_by_role("button", name="Remove", exact=True).click()
    expect(alice.get_by_role("button", name="Walk", exact=True)).to_be_focused()
    expect(bob.get_by_role("heading", name="Breakfast")).to_have_count(0)
    expect(alice.get_by_text("Removed Breakfast from Mon 12")).to_be_visible()
    alice.get_by_role("button", name="Undo").click()
    stop(bob, "Breakfast")
    assert names(bob, 1) == ["Breakfast", "Walk"]


def test_what_somebody_removes_under_my_eyes_is_told_and_the_focus_stays_near(alice: Page, bob: Page) -> None:
    propose(alice, kind="itinerary", id="walk", data={"day": 1, "activity": "Walk"})
    alice.get_by_role("button", name="Breakfast", exact=True).focus()
    propose(bob, kind="itinerary", id="stop1", op="remove")
    expect(alice.get_by_text("Bob removed Breakfast")).to_be_visible()
    expect(alice.get_by_role("button", name="Walk", exact=True)).to_be_focused()


def test_an_idea_gets_its_day(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Add an idea").click()
    alice.keyboard.type("Canal Saint-Martin")
    alice.keyboard.press("Enter")
    expect(bob.locator("#ideas h3")).to_have_text(["Louvre", "Canal Saint-Martin"])
    alice.get_by_role("button", name="Add Louvre to a day").click()
    alice.get_by_role("button", name="Tue 13", exact=True).click()
    expect(bob.locator("#ideas h3")).to_have_text(["Canal Saint-Martin"])
    expect(bob.locator("#day-2 .card")).to_contain_text("€22")


def test_an_idea_is_edited_and_removed(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Louvre", exact=True).click()
    alice.get_by_label("Link").fill("louvre.fr")
    alice.get_by_label("Place").fill("Rue de Rivoli")
    alice.keyboard.press("Enter")
    expect(bob.locator("#ideas .place")).to_have_text("Rue de Rivoli")
    alice.get_by_role("button", name="More for Louvre").click()
    alice.get_by_role("button", name="Remove", exact=True).click()
    expect(bob.get_by_text("No ideas yet")).to_be_visible()
    alice.get_by_role("button", name="Undo").click()
    expect(bob.locator("#ideas h3")).to_have_text(["Louvre"])


def test_title_and_destination_are_edited_in_place(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Title: Paris").click()
    alice.keyboard.type("Paris in spring")
    expect(bob.locator("h1 .edit.locked")).to_contain_text("Alice is editing")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("button", name="Title: Paris in spring")).to_be_focused()
    expect(bob.locator("h1")).to_have_text("Paris in spring")
    expect(bob).to_have_title("Paris in spring · GlobeTrotter")
    alice.get_by_role("button", name="Title:").click()
    alice.keyboard.type("Nothing of that")
    alice.keyboard.press("Escape")
    expect(alice.locator("h1")).to_have_text("Paris in spring")


def test_dates_that_would_lose_stops_ask_first(alice: Page, bob: Page) -> None:
    set_stop(alice, "stop1", day=3)
    alice.get_by_role("button", name="Dates:").click()
    alice.get_by_label("Last day").fill("2027-04-13")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("heading", name="Shorten the trip to Tue 13?")).to_be_visible()
    expect(alice.get_by_text("1 stop of Wed 14 moves to Unscheduled. Nothing is removed.")).to_be_visible()
    expect(alice.get_by_role("button", name="Keep Wed 14")).to_be_focused()
    alice.get_by_role("button", name="Shorten the trip").click()
    expect(bob.locator("#day-none h3")).to_have_text(["Breakfast"])
    expect(bob.locator(".day h2")).to_have_text(["Unscheduled", "Mon 12", "Tue 13"])


def test_dates_that_end_before_they_begin_are_not_taken(alice: Page) -> None:
    alice.get_by_role("button", name="Dates:").click()
    alice.get_by_label("Last day").fill("2027-04-10")
    alice.keyboard.press("Enter")
    expect(alice.get_by_text("Sat 10 Apr 2027 is before Mon 12 Apr 2027.")).to_be_visible()
    alice.keyboard.press("Escape")
    expect(alice.get_by_role("button", name="Dates: Mon 12 – Wed 14 Apr 2027. Edit")).to_be_focused()


def test_without_dates_there_is_one_day_more_than_used(alice: Page) -> None:
    set_trip(alice, start_date=None, end_date=None)
    expect(alice.locator(".day h2")).to_have_text(["Day 1", "Day 2"])


def test_the_budget_has_its_own_address_and_no_page_is_loaded_anew(alice: Page, bob: Page) -> None:
    alice.evaluate("window.kept = true")
    alice.get_by_role("link", name="Budget").click()
    expect(alice).to_have_url(re.compile(r"/trips/\w+/budget/$"))
    alice.get_by_role("button", name="Planned for Food and drink").click()
    alice.keyboard.type("500.50")
    alice.keyboard.press("Enter")
    expect(alice.locator(".sums")).to_contain_text("€500.50")
    alice.get_by_role("button", name="Add a category").click()
    alice.keyboard.type("Presents")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("row", name=re.compile("Presents"))).to_be_visible()
    expect(bob.locator(".head")).to_contain_text("of €500.50 planned")
    alice.go_back()
    expect(alice.locator("#day-1")).to_be_visible()
    assert alice.evaluate("window.kept") is True


def test_what_stops_cost_is_told_in_the_budget_in_words(alice: Page, open_page: Open) -> None:
    set_stop(alice, "stop1", cost=461.4, category="food")
    budget = open_page("bob", "budget/")
    row = budget.get_by_role("row", name=re.compile("Food and drink"))
    expect(row).to_contain_text("€11.40 over")
    expect(budget.locator(".sums")).to_contain_text("In the plan€461.40")


def test_people_see_who_is_here_and_where(alice: Page, bob: Page) -> None:
    expect(alice.get_by_role("button", name="Here now: Alice and Bob. Show people")).to_be_visible()
    bob.get_by_role("button", name="Breakfast", exact=True).click()
    expect(alice.locator("[data-key='itinerary:stop1'] .corner")).to_have_text("Bob is here")
    bob.keyboard.type("x")
    expect(alice.locator("[data-key='itinerary:stop1'] .corner")).to_contain_text("Bob is editing")
    alice.get_by_role("button", name="Share").click()
    expect(alice.get_by_role("button", name="Mon 12, editing Breakfast. Go there")).to_be_visible()
    alice.keyboard.press("Escape")
    expect(alice.locator(".faces")).to_be_focused()


def test_an_owner_says_who_takes_part(alice: Page, bob: Page) -> None:
    alice.get_by_role("button", name="Share").click()
    alice.get_by_label("Their sign-in name").fill("nobody-at-all")
    alice.get_by_role("button", name="Add to this trip").click()
    expect(alice.get_by_text("Nobody here is called “nobody-at-all”.")).to_be_visible()
    alice.get_by_label("Their sign-in name").fill("mallory")
    alice.get_by_role("button", name="Add to this trip").click()
    expect(alice.get_by_label("What Mallory may do")).to_have_value("editor")
    alice.get_by_label("What Bob may do").select_option("Viewer")
    expect(bob.get_by_text("Viewer", exact=True).first).to_be_visible()
    expect(bob.get_by_role("button", name="Add to Mon 12")).to_have_count(0)
    alice.get_by_role("button", name="Remove Bob from this trip").click()
    expect(bob.get_by_text("This trip is no longer shared with you")).to_be_visible()


def test_a_viewer_sees_text_and_no_button_that_does_nothing(open_page: Open) -> None:
    vera = open_page("vera")
    expect(vera.get_by_text("Viewer", exact=True)).to_be_visible()
    assert vera.locator(":disabled, .grip, .btn.add, .edit:is(button)").count() == 0
    vera.get_by_role("button", name="Breakfast", exact=True).click()
    expect(vera.get_by_role("group", name="About Breakfast")).to_contain_text("09:00")
    assert vera.locator("#app input, #app textarea").count() == 0


def test_who_may_only_look_now_keeps_what_was_written(alice: Page, bob: Page) -> None:
    bob.get_by_role("button", name="Breakfast", exact=True).click()
    bob.get_by_label("Notes").fill("Meet at the north door")
    propose(alice, kind="member", id="bob", data={"role": "viewer"})
    expect(bob.get_by_text("Your text: “Meet at the north door”")).to_be_visible()
    expect(bob.get_by_role("button", name="Copy it")).to_be_visible()
    expect(bob.locator("#app textarea")).to_have_count(0)


def test_offline_goes_on_and_nothing_is_lost(alice: Page, bob: Page) -> None:
    alice.context.set_offline(True)
    expect(alice.locator(".sign")).to_have_text(re.compile("^Offline"))
    alice.get_by_role("button", name="Add to Mon 12").click()
    alice.keyboard.type("Postcards")
    alice.keyboard.press("Enter")
    expect(alice.locator(".card.pending")).to_contain_text("Not saved yet")
    expect(alice.locator(".banner")).to_contain_text("1 change waits on this device")
    expect(alice.locator(".sign")).to_contain_text("1 not saved")
    alice.context.set_offline(False)
    stop(bob, "Postcards")
    expect(alice.locator(".sign")).to_have_text("Live")
    expect(alice.locator(".card.pending")).to_have_count(0)


def test_shortcuts_work_except_while_one_types(alice: Page) -> None:
    alice.keyboard.press("2")
    expect(alice).to_have_url(re.compile("/budget/$"))
    alice.keyboard.press("1")
    alice.keyboard.press("n")
    expect(alice.get_by_label("Add to Mon 12")).to_be_focused()
    alice.keyboard.type("2 for 1?")
    alice.keyboard.press("Enter")
    stop(alice, "2 for 1?")
    alice.keyboard.press("Escape")
    alice.keyboard.press("?")
    expect(alice.get_by_role("dialog", name="Keys")).to_be_visible()


def test_what_others_do_is_read_out_politely(alice: Page, bob: Page) -> None:
    set_stop(bob, "stop1", time="10:00")
    expect(alice.locator("[role=status].hide")).to_have_text("Bob changed Breakfast")


def test_a_change_by_somebody_else_tints_its_card(alice: Page, bob: Page) -> None:
    set_stop(bob, "stop1", time="10:00")
    expect(alice.locator("[data-key='itinerary:stop1']")).to_have_attribute("data-tint", "2")
    expect(alice.locator("[data-key='itinerary:stop1']")).not_to_have_attribute("data-tint", "2")
