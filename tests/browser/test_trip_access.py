"""The trip page for everyone: axe in every state, keyboard, narrow screens, the policy."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.desk import propose
from tests.server import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


# What comes in has come in.
COME_IN = """Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations < Infinity).map((each) => each.finished))"""


def violations(page: Page) -> list[str]:
    found: dict[str, Any] = page.evaluate(
        """axe.run({ rules: { "label-content-name-mismatch": { enabled: true } } })"""
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


def press(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")


def mistime(page: Page) -> None:
    press(page, "Breakfast")
    write(page, "Starts", "25:30")


def misdate(page: Page) -> None:
    press(page, "Dates: Mon 12 – Wed 14 Apr 2027. Edit")
    write(page, "Last day", "2027-04-10")


def miscount(page: Page) -> None:
    page.keyboard.press("2")
    page.get_by_role("button", name="Planned for Food and drink").click()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")


def lift(page: Page) -> None:
    page.get_by_role("button", name="Move Breakfast").focus()
    for key in ("Space", "ArrowRight"):
        page.keyboard.press(key)


STATES: dict[str, Callable[[Page], None]] = {
    "plan": lambda page: None,
    "budget": lambda page: page.keyboard.press("2"),
    "editor with an error": mistime,
    "idea": lambda page: press(page, "Louvre"),
    "adding": lambda page: press(page, "Add to Mon 12"),
    "title": lambda page: press(page, "Title: Paris. Edit"),
    "dates with an error": misdate,
    "menu": lambda page: press(page, "Add Louvre to a day"),
    "move": lambda page: press(page, "Move Breakfast"),
    "lifted": lift,
    "people": lambda page: page.locator(".faces").click(),
    "help": lambda page: page.keyboard.press("?"),
    "toast": lambda page: press(page, "Breakfast", "More for Breakfast", "Remove"),
    "amount with an error": miscount,
}


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing(open_page: Open, width: int, theme: Literal["light", "dark"]) -> None:
    # axe is put into the page from outside, which the policy forbids.
    page = open_page("alice", color_scheme=theme, viewport={"width": width, "height": 800}, bypass_csp=True)
    propose(
        page, kind="itinerary", id="walk", data={"day": 1, "activity": "Walk", "time": "08:00", "status": "tentative"}
    )
    page.evaluate(AXE)
    found = {}
    for state, bring_about in STATES.items():
        bring_about(page)
        page.evaluate(COME_IN)
        found[state] = violations(page)
        for key in ("Escape", "Escape", "1", "Control+z"):  # and all is as it was
            page.keyboard.press(key)
    assert [f"{state}: {each}" for state, all_of_it in found.items() for each in all_of_it] == []


@pytest.mark.parametrize("width", [320, 375, 768, 1024])
@pytest.mark.parametrize("view", ["", "budget/"])
def test_no_page_scrolls_sideways(open_page: Open, width: int, view: str) -> None:
    page = open_page("alice", view, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_target_is_large_enough_for_a_finger(open_page: Open) -> None:
    page = open_page("alice", viewport={"width": 375, "height": 800})
    page.get_by_role("button", name="Breakfast", exact=True).click()
    small = page.evaluate(
        """[...document.querySelectorAll("#app button, #app a, #app input, #app select, #live button, #nav a")]
        .filter((each) => each.checkVisibility() && !each.matches(".open"))
        .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 43.5 || height < 43.5).map(([html]) => html)"""
    )
    assert small == []


def test_on_a_phone_people_are_a_whole_screen_and_the_ideas_come_last(open_page: Open) -> None:
    page = open_page("alice", viewport={"width": 375, "height": 800})
    page.get_by_role("button", name="More: people, theme, shortcuts").click()
    page.get_by_role("button", name="People", exact=True).click()
    box = page.locator(".side").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 375, 800)
    for _ in range(8):  # around, and never behind it
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.side') || document.activeElement === document.body")
    page.get_by_role("button", name="Close the list of people").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_have_count(0)
    assert page.locator("[inert]").count() == 0
    page.locator(".strip a", has_text="Ideas").click()
    expect(page.locator("#ideas")).to_be_in_viewport()


def test_between_phone_and_desk_the_ideas_slide_over_the_board(open_page: Open) -> None:
    page = open_page("alice", viewport={"width": 900, "height": 800})
    expect(page.locator("#ideas")).not_to_be_visible()
    page.get_by_role("button", name="Ideas 1").click()
    expect(page.locator("#ideas")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ideas 1")).to_be_focused()
