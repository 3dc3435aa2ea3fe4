"""What is not saved outlives its page: a closed tab, a server that is away, somebody else at the same browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, WebSocketRoute, expect

from tests.browser.conftest import Open, is_complaint
from tests.browser.desk import propose, set_stop
from tests.server import Server

WITHOUT_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"
WITHOUT_STORAGE = """indexedDB.open = () => {
  const request = {};
  setTimeout(() => request.onerror?.({ target: request }));
  return Object.assign(request, { error: new DOMException("no", "QuotaExceededError") });
}"""

UNTIL_KEPT = """async (text) => {
  const { notesOf } = await import("#realtime/drawer.js");
  while (!(await notesOf("")).some(([, note]) => note.includes(text)));
}"""


class Home:
    """One browser, at which several people sit: its tabs share what it keeps."""

    def __init__(self, context: BrowserContext, server: Server, cookies: dict[str, str], trip: str) -> None:
        self.context = context
        self.complaints: list[str] = []
        self._server = server
        self._cookies = cookies
        self._trip = trip
        self._cut = False
        self._lines: list[WebSocketRoute] = []
        context.route_web_socket("**/*", self._connect)

    def go_offline(self) -> None:
        """Pages load, and no socket opens: what is to be sent waits."""
        self._cut = True
        for line in self._lines:
            line.close()
        self._lines = []

    def go_online(self) -> None:
        self._cut = False
        for page in self.context.pages:
            page.evaluate("dispatchEvent(new Event('online'))")

    def _connect(self, line: WebSocketRoute) -> None:
        if self._cut:
            line.close()
        else:
            line.connect_to_server()
            self._lines.append(line)

    def sign_in(self, who: str) -> None:
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "sessionid", "value": self._cookies[who], "url": self._server.http}])

    def open(self, view: str = "") -> Page:
        page = self.context.new_page()
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.goto(f"/trips/{self._trip}/{view}")
        page.locator(".faces").wait_for()
        return page

    def _hear(self, kind: str, text: str) -> None:
        if is_complaint(kind, text):
            self.complaints.append(text)


@pytest.fixture
def home(browser: Browser, server: Server, cookies: dict[str, str], trip: str) -> Iterator[Home]:
    context = browser.new_context(base_url=server.http)
    home = Home(context, server, cookies, trip)
    home.sign_in("alice")
    yield home
    context.close()
    assert home.complaints == []


def add(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add to Mon 12").click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def stops(page: Page) -> list[str]:
    return page.locator("#day-1 h3").all_inner_texts()


NOT_SAVED = re.compile("2 not saved")


@pytest.fixture
def written(home: Home) -> Page:
    """Alice, offline, has added a stop and changed another; and is in the middle of a third word."""
    page = home.open()
    page.locator(".sign[data-state=live]").wait_for()
    home.go_offline()
    add(page, "Postcards")
    set_stop(page, "stop1", activity="Brunch")
    expect(page.locator(".sign")).to_contain_text(NOT_SAVED)
    return page


def test_a_closed_tab_loses_nothing_and_the_next_one_counts_and_sends_it_once(home: Home, written: Page) -> None:
    written.close()
    page = home.open()
    expect(page.locator(".sign")).to_contain_text(NOT_SAVED)
    expect(page.locator("#day-1 h3")).to_have_text(["Brunch", "Postcards"])
    page.reload()
    expect(page.locator(".sign")).to_contain_text(NOT_SAVED)
    other = home.open()
    other.wait_for_timeout(300)
    expect(other.locator("#day-1 h3")).to_have_text(["Breakfast"])  # they are the other tab's, which lives
    home.go_online()
    for each in (page, other):
        expect(each.locator(".sign")).to_have_text("Live")
        expect(each.locator("#day-1 h3")).to_have_text(["Brunch", "Postcards"])
    page.reload()
    expect(page.locator("#day-1 h3")).to_have_text(["Brunch", "Postcards"])


def test_on_plain_http_tabs_ask_each_other_who_lives(home: Home) -> None:
    home.context.add_init_script(WITHOUT_LOCKS)
    page = home.open()
    page.locator(".sign[data-state=live]").wait_for()
    home.go_offline()
    add(page, "Postcards")
    other = home.open()
    other.wait_for_timeout(600)
    assert stops(other) == ["Breakfast"]
    page.close()
    expect(other.locator("#day-1 h3")).to_have_text(["Breakfast", "Postcards"])
    home.go_online()
    expect(other.locator(".sign")).to_have_text("Live")


def test_somebody_else_at_this_browser_neither_sees_nor_sends_it(home: Home, written: Page) -> None:
    written.close()
    home.go_online()
    home.sign_in("bob")
    bobs = home.open()
    bobs.locator(".sign[data-state=live]").wait_for()
    expect(bobs.locator("#day-1 h3")).to_have_text(["Breakfast"])
    bobs.close()
    home.sign_in("alice")
    page = home.open()
    expect(page.locator("#day-1 h3")).to_have_text(["Brunch", "Postcards"])
    expect(page.locator(".sign")).to_have_text("Live")


def test_a_conflict_waits_for_my_choice_also_in_the_next_page(home: Home, written: Page, open_page: Open) -> None:
    page = written
    page.get_by_role("button", name="Brunch", exact=True).click()
    page.get_by_label("Place").fill("Rue Cler")
    page.keyboard.press("Enter")
    bob = open_page("bob")
    set_stop(bob, "stop1", place="Carette")
    propose(bob, kind="itinerary", id="stop1", op="remove")
    propose(bob, kind="itinerary", id="stop1", op="restore")
    expect(bob.get_by_text("Carette")).to_be_visible()
    home.go_online()
    expect(page.locator(".conflict")).to_contain_text("Rue Cler")
    page.reload()
    expect(page.locator(".conflict")).to_contain_text("Bob, just now (saved)Carette")
    expect(page.locator(".sign")).to_have_text(re.compile("^\\s*Live.*1 not saved"))
    page.get_by_role("button", name="Use my Rue Cler").click()
    expect(bob.get_by_text("Rue Cler")).to_be_visible()
    expect(page.locator(".sign")).to_have_text("Live")


def test_what_i_was_writing_is_in_its_field_again(home: Home) -> None:
    page = home.open()
    page.get_by_role("button", name="Breakfast", exact=True).click()
    page.get_by_label("Notes").fill("Croissants, and")
    page.evaluate(UNTIL_KEPT, "Croissants, and")
    page.close()
    page = home.open()
    expect(page.get_by_label("Notes")).to_have_value("Croissants, and")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("It is not saved yet")).to_have_count(0)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Add to Mon 12").click()
    page.keyboard.type("Postc")
    page.reload()
    expect(page.get_by_label("Add to Mon 12")).to_have_value("Postc")


def test_what_i_wrote_about_a_stop_that_is_gone_stands_above_the_page(
    home: Home, written: Page, open_page: Open
) -> None:
    propose(open_page("bob"), kind="itinerary", id="stop1", op="remove")
    written.close()
    home.go_online()
    page = home.open()
    card = page.get_by_label("Not saved", exact=True)
    expect(card).to_contain_text("A stop is gone, so this is not saved. Your text: “Brunch”")
    page.reload()
    expect(card).to_contain_text("“Brunch”")
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)


def test_where_nothing_can_be_kept_the_page_works_and_says_so(home: Home) -> None:
    home.context.add_init_script(WITHOUT_STORAGE)
    page = home.open()
    page.locator(".sign[data-state=live]").wait_for()
    add(page, "Postcards")
    expect(page.locator(".card.pending")).to_have_count(0)
    home.go_offline()
    page.evaluate("Object.defineProperty(navigator, 'onLine', { value: false }); dispatchEvent(new Event('offline'))")
    add(page, "Stamps")
    expect(page.locator(".banner")).to_contain_text("leave this page open")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_who_signs_out_is_told_what_is_not_saved_and_it_stays(home: Home, written: Page) -> None:
    written.goto("/trips/")
    notice = written.locator("#unsent")
    expect(notice).to_contain_text("2 changes of yours to “Paris” are not saved yet")
    written.get_by_role("button", name="Alice Archer: account, sign out").click()
    written.get_by_role("button", name="Sign out", exact=True).click()
    expect(notice).to_contain_text("What waits stays on this device for you")
    written.get_by_role("main").get_by_role("button", name="Sign out").click()
    written.wait_for_url("**/")
    written.goto("/accounts/login/")
    written.get_by_label("Username or e-mail").fill("alice")
    written.get_by_label("Password").fill("correct horse")
    written.get_by_role("button", name="Sign in").click()
    expect(notice).to_contain_text("2 changes of yours")
    written.get_by_role("link", name="Open the trip").click()
    expect(written.locator("#day-1 h3")).to_have_text(["Brunch", "Postcards"])


def test_what_i_wrote_for_a_trip_that_i_lost_can_be_copied(home: Home, open_page: Open) -> None:
    home.sign_in("bob")
    page = home.open()
    page.locator(".sign[data-state=live]").wait_for()
    home.go_offline()
    add(page, "Picnic")
    expect(page.locator(".sign")).to_contain_text("1 not saved")
    propose(open_page("alice"), kind="member", id="bob", op="remove")
    page.close()
    lists = home.context.new_page()
    lists.goto("/trips/")
    expect(lists.locator("#unsent")).to_contain_text("“Paris” is not shared with you any more")
    expect(lists.locator("#unsent .wrote")).to_have_text("Picnic")
    for _ in range(2):
        lists.get_by_role("button", name="hrow away").click()
    expect(lists.locator("#unsent .notice")).to_have_count(0)
