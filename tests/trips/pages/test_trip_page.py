"""The trip page's frame, and what the program in the browser starts from."""

import json
import re
from contextlib import closing
from typing import Any

import pytest
from django.test import Client

from trips.models import Trip

from .conftest import SignIn, change

# A connection of its own reads the trip page: it sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])


def page_data(html: str) -> Any:
    """What the trip page's program starts from."""
    found = re.search(r'<script id="page" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_trip_page_carries_the_whole_trip(signed_in: SignIn, trip: str) -> None:
    html = signed_in("bob").get(f"/trips/{trip}/").content.decode()
    page = page_data(html)
    assert page["user"] == {"user_id": "bob", "name": "Bob Example"}
    assert page["role"] == "editor"
    snapshot = page["snapshot"]
    assert snapshot["seq"] == Trip.objects.get().seq
    assert snapshot["trip"]["id"] == "paris"
    assert [stop["id"] for stop in snapshot["itinerary"]] == ["s1", "s2"]
    assert re.search(r"<h1>.*Five days in Paris.*</h1>", html)


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
