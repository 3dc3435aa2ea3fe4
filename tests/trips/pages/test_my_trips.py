"""My trips: one's trips as cards, and a new one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from trips import changes
from trips.models import Member, Trip, User
from trips.mutations import Mutation, Step

from .conftest import SignIn, change

# A connection of its own reads the trip page: it sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

TODAY = timezone.localdate()


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
