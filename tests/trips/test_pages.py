"""The pages that the server renders, as people meet them."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from trips import changes
from trips.models import Member, Trip, User
from trips.mutations import Mutation, Step

# A connection of its own reads the trip page: it sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

SignIn = Callable[[str], Client]
TODAY = timezone.localdate()


@pytest.fixture
def signed_in() -> SignIn:
    """Somebody's browser, signed in."""

    def of(username: str) -> Client:
        user, _ = User.objects.get_or_create(username=username, defaults={"name": f"{username.title()} Example"})
        client = Client()
        client.force_login(user)
        return client

    return of


@pytest.fixture
def alice(signed_in: SignIn) -> Client:
    return signed_in("alice")


@pytest.fixture
def trip(alice: Client, signed_in: SignIn) -> str:
    """Alice's trip to Paris, which Bob edits and Vera views."""
    signed_in("bob")
    signed_in("vera")
    return changes.create_trip(
        User.objects.get(username="alice"),
        {"title": "Five days in Paris", "destination": "Paris, France"},
        Step("member", {"user_id": "bob", "role": "editor"}, id="bob"),
        Step("member", {"user_id": "vera", "role": "viewer"}, id="vera"),
        Step("activity", {"name": "Eiffel Tower", "latitude": 48.8584, "longitude": 2.2945}, id="tower"),
        Step("activity", {"name": "Louvre", "latitude": 48.8606, "longitude": 2.3376}, id="louvre"),
        Step("activity", {"name": "Musée Rodin"}, id="rodin"),
        Step("itinerary", {"day": 1, "activity_id": "tower"}, id="s1"),
        Step("itinerary", {"day": 1, "activity_id": "louvre"}, id="s2"),
        trip_id="paris",
    )


def change(trip_id: str, **fields: object) -> None:
    alice = User.objects.get(username="alice")
    changes.apply_one(Mutation(trip_id, alice, (Step("trip", fields, id=trip_id),)))


def page_data(html: str) -> Any:
    """What the trip page's program starts from."""
    found = re.search(r'<script id="page" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


# --- the front page ---


def test_the_front_page_leads_to_an_account(client: Client) -> None:
    html = client.get("/").content.decode()
    assert "One plan that everyone is holding." in html
    assert 'href="/accounts/signup/"' in html
    assert "/demo/" not in html


def test_with_debug_one_click_signs_in_to_the_demo(client: Client, signed_in: SignIn, settings: Settings) -> None:
    settings.DEBUG = True
    signed_in("user123")
    assert 'action="/demo/"' in client.get("/").content.decode()
    assert client.post("/demo/").headers["Location"] == "/trips/trip123/"
    assert client.get("/trips/").context["user"].username == "user123"


def test_without_debug_there_is_no_demo(client: Client, signed_in: SignIn) -> None:
    signed_in("user123")
    assert client.post("/demo/").status_code == 404
    assert client.get("/trips/").status_code == 302


# --- my trips ---


def test_a_stranger_to_the_site_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/trips/").headers["Location"] == "/accounts/login/?next=/trips/"


def test_a_title_is_enough_for_a_new_trip_and_opens_it(alice: Client) -> None:
    answer = alice.post("/trips/", {"title": "  Lisbon, long weekend "})
    trip = Trip.living.get()
    assert trip.title == "Lisbon, long weekend"
    assert answer.headers["Location"] == f"/trips/{trip.public_id}/"
    assert Member.objects.get(trip=trip).role == "owner"
    assert alice.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "with a \x00 in it"])
def test_a_trip_without_a_title_that_can_be_kept_is_not_made(alice: Client, title: str) -> None:
    answer = alice.post("/trips/", {"title": title})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Trip.objects.exists()


def test_a_card_says_where_when_and_with_whom(alice: Client, trip: str) -> None:
    change(trip, start_date=str(TODAY + timedelta(days=140)), end_date=str(TODAY + timedelta(days=144)))
    html = alice.get("/trips/").content.decode()
    for words in ("Five days in Paris", "Paris, France · 2 stops", "in 140 days", "With Bob and Vera"):
        assert words in html
    assert html.count('<circle class="stop"') == 2


def test_a_viewer_is_told_so(signed_in: SignIn, trip: str) -> None:
    html = signed_in("vera").get("/trips/").content.decode()
    assert "Viewer" in html
    assert "You can look, Alice and Bob can edit" in html


def test_one_alone_is_told_so(alice: Client) -> None:
    alice.post("/trips/", {"title": "Alone"})
    html = alice.get("/trips/").content.decode()
    assert "Only you" in html
    assert "Nothing planned yet" in html


def test_past_trips_stand_below(alice: Client, trip: str) -> None:
    assert "Past" not in alice.get("/trips/").content.decode()
    change(trip, start_date="2025-10-03", end_date="2025-10-08")
    above, below = alice.get("/trips/").content.decode().split("Past</h2>")
    assert "Five days in Paris" in below
    assert "Five days in Paris" not in above


def test_trips_come_in_the_order_in_which_they_come(alice: Client) -> None:
    for title, days in {"later": 60, "sooner": 5, "some day": None, "long ago": -40, "just now": -2}.items():
        alice.post("/trips/", {"title": title})
        if days is not None:
            when = str(TODAY + timedelta(days=days))
            change(Trip.objects.get(title=title).public_id, start_date=when, end_date=when)
    shown = re.findall(r'<h2><a href="[^"]+">([^<]+)</a>', alice.get("/trips/").content.decode())
    assert shown == ["sooner", "later", "some day", "just now", "long ago"]


def test_who_was_removed_no_longer_sees_the_trip(alice: Client, signed_in: SignIn, trip: str) -> None:
    owner = User.objects.get(username="alice")
    changes.apply_one(Mutation(trip, owner, (Step("member", {}, op="remove", id="bob"),)))
    assert f"/trips/{trip}/" not in signed_in("bob").get("/trips/").content.decode()
    assert signed_in("bob").get(f"/trips/{trip}/").status_code == 404


def test_my_trips_asks_few_questions_however_many_trips(
    alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries, trip: str
) -> None:
    for number in range(5):
        alice.post("/trips/", {"title": f"Trip {number}"})
    with django_assert_max_num_queries(8):
        alice.get("/trips/")


# --- the trip page ---


def test_the_trip_page_carries_the_whole_trip(signed_in: SignIn, trip: str) -> None:
    html = signed_in("bob").get(f"/trips/{trip}/").content.decode()
    page = page_data(html)
    assert page["user"] == {"user_id": "bob", "name": "Bob Example"}
    assert page["role"] == "editor"
    snapshot = page["snapshot"]
    assert snapshot["seq"] == Trip.objects.get().seq
    assert snapshot["trip"]["id"] == "paris"
    assert [stop["id"] for stop in snapshot["itinerary"]] == ["s1", "s2"]
    assert "<h1>Five days in Paris</h1>" in html


@pytest.mark.parametrize(("path", "current"), [("", "Plan"), ("budget/", "Budget")])
def test_each_view_has_its_own_address(alice: Client, trip: str, path: str, current: str) -> None:
    html = alice.get(f"/trips/{trip}/{path}").content.decode()
    assert re.findall(r'aria-current="page">.*?</svg>(\w+)</a>', html) == [current, current]


def test_a_stranger_to_the_trip_finds_nothing(signed_in: SignIn, trip: str) -> None:
    mallory = signed_in("mallory")
    for path in (f"/trips/{trip}/", f"/trips/{trip}/budget/", "/trips/no-such-trip/"):
        answer = mallory.get(path)
        assert answer.status_code == 404
        assert "Paris" not in answer.content.decode()


def test_what_people_write_stays_text(alice: Client, trip: str) -> None:
    change(trip, title="</script><script>alert(1)</script><b>")
    html = alice.get(f"/trips/{trip}/").content.decode()
    assert "<script>alert" not in html
    assert page_data(html)["snapshot"]["trip"]["title"] == "</script><script>alert(1)</script><b>"
    assert "<script>alert" not in alice.get("/trips/").content.decode()


def test_pages_about_somebody_are_kept_by_no_cache(alice: Client, trip: str) -> None:
    for path in ("/trips/", f"/trips/{trip}/", "/accounts/"):
        assert "no-store" in alice.get(path).headers["Cache-Control"]


# --- the theme ---


def test_the_theme_goes_from_system_to_light_to_dark_and_back(client: Client) -> None:
    for shown in ('data-theme="light"', 'data-theme="dark"', '<html lang="en">'):
        answer = client.post("/theme/", {"next": "/accounts/login/"})
        assert answer.headers["Location"] == "/accounts/login/"
        assert shown in client.get("/").content.decode()


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_changing_the_theme_leads_nowhere_else(client: Client, away: str) -> None:
    assert client.post("/theme/", {"next": away}).headers["Location"] == "/"


def test_a_theme_that_is_none_is_not_written_into_the_page(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/").content.decode()


# --- every page ---


class Loads(HTMLParser):
    """What a page makes the browser fetch, and what would break under the strict policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.forbidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.urls += [given[name] or "" for name in ("src", "href", "action") if name in given and tag != "a"]
        self.forbidden += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not {"src", "nonce"} & set(given) and "json" not in str(given)):
            self.forbidden.append(tag)


PAGES = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-gone/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/nothing-here/",
)
PAGES_OF_ALICE = (
    "/",
    "/trips/",
    "/trips/paris/",
    "/trips/paris/budget/",
    "/accounts/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/trips/nothing/",
)


def assert_strict(client: Client, path: str) -> None:
    answer = client.get(path)
    html = answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    loads = Loads(html)
    assert loads.urls
    assert [url for url in loads.urls if not re.match(r"/(?!/)|#", url)] == []
    assert loads.forbidden == []
    for nonce in re.findall(r'nonce="([^"]*)"', html):
        assert f"'nonce-{nonce}'" in policy
    assert html.count("<h1") == 1
    assert '<html lang="en"' in html


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(client: Client, path: str) -> None:
    assert_strict(client, path)


@pytest.mark.parametrize("path", PAGES_OF_ALICE)
def test_so_does_a_page_of_somebody_signed_in(alice: Client, trip: str, path: str) -> None:
    assert_strict(alice, path)


def test_the_import_map_names_our_modules_and_those_of_npm(alice: Client, trip: str) -> None:
    html = alice.get(f"/trips/{trip}/").content.decode()
    found = re.search(r'<script type="importmap" nonce="[^"]+">(.*?)</script>', html)
    assert found
    imports = json.loads(found[1])["imports"]
    assert imports["#trips/theme.js"] == "/static/trips/theme.js"
    assert imports["#realtime/store.js"] == "/static/realtime/store.js"
    for name in ("preact", "preact/hooks", "@preact/signals", "@preact/signals-core", "htm", "fractional-indexing"):
        with closing(alice.get(imports[name])) as answer:
            assert answer.headers["Content-Type"].startswith(("text/javascript", "application/javascript"))
    assert html.index("importmap") < html.index('type="module"')


def test_when_something_breaks_the_page_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("trips.modules.imports", broken)
    monkeypatch.setattr("trips.theme.of", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "secret reason" not in answer.content.decode()


def test_a_form_that_is_too_old_says_what_to_do(signed_in: SignIn) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/theme/")
    assert answer.status_code == 403
    assert "Send it once more" in answer.content.decode()


def alice_and_bob_are_here(_: HttpRequest) -> dict[str, Any]:
    """In the place of the realtime app's context processor."""
    here = [
        {"user_id": "alice", "name": "Alice Example", "colour": 1},
        {"user_id": "bob", "name": "Bob Example", "colour": 2},
    ]
    return {"people_here": lambda trip_id: here if trip_id == "paris" else []}


def test_people_who_are_in_the_room_are_on_the_card(alice: Client, trip: str, settings: Settings) -> None:
    engine = settings.TEMPLATES[0]
    processors = [*engine["OPTIONS"]["context_processors"], f"{__name__}.alice_and_bob_are_here"]
    settings.TEMPLATES = [{**engine, "OPTIONS": {"context_processors": processors}}]
    html = alice.get("/trips/").content.decode()
    assert "Bob is here now" in html
