"""The demo: three trips to look at, as new each time, and only where DEBUG is on."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from trips import changes, snapshot
from trips.demo.people import PASSWORD
from trips.models import Activity, Change, ItineraryItem, Member, Trip, User
from trips.mutations import Mutation, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def debug(settings: Settings) -> None:
    settings.DEBUG = True


def demo(**options: bool) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def edit(username: str, trip_id: str, *steps: Step) -> None:
    changes.apply_one(Mutation(trip_id, User.objects.get(username=username), steps))


def test_the_paris_trip_is_whole() -> None:
    demo()
    paris = snapshot.take(Trip.objects.get(public_id="trip123"))
    assert paris["trip"]["title"] == "Five days in Paris"
    assert [(member["user_id"], member["role"], member["colour"]) for member in paris["members"]] == [
        ("user123", "owner", 1),
        ("user456", "editor", 2),
        ("user789", "editor", 3),
        ("testuser", "viewer", 4),
    ]
    assert len(paris["itinerary"]) == 25
    assert {stop["day"] for stop in paris["itinerary"]} == {1, 2, 3, 4, 5}
    assert {line["category"]: line["amount"] for line in paris["budget"]} == {
        "accommodation": 720,
        "transport": 380,
        "food": 450,
        "tickets": 230,
        "shopping": 120,
    }
    planned = {stop["activity_id"] for stop in paris["itinerary"]}
    ideas = [activity["activity_id"] for activity in paris["activities"] if activity["activity_id"] not in planned]
    assert len(ideas) == 6
    assert "act456" in ideas


def test_every_place_is_where_the_trip_goes() -> None:
    demo()
    for trip_id, (north, east) in {"trip123": (48.85, 2.3), "trip456": (38.7, -9.2), "trip789": (35.0, 135.75)}.items():
        places = Activity.objects.filter(trip__public_id=trip_id)
        assert places
        for place in places:
            assert place.latitude == pytest.approx(north, abs=0.15)
            assert place.longitude == pytest.approx(east, abs=0.25)


def test_each_day_is_in_the_order_of_the_clock() -> None:
    demo()
    for trip_id in ("trip123", "trip456"):
        stops = list(ItineraryItem.objects.filter(trip__public_id=trip_id).order_by("day", "position"))
        assert stops == sorted(stops, key=lambda stop: (stop.day, stop.time))


def test_the_two_smaller_trips_are_the_right_people_s() -> None:
    demo()
    lisbon, kyoto = Trip.objects.get(public_id="trip456"), Trip.objects.get(public_id="trip789")
    assert list(Member.objects.filter(trip=lisbon).values_list("public_id", "role")) == [("user123", "owner")]
    assert set(Member.objects.filter(trip=kyoto).values_list("public_id", "role")) == {
        ("testuser", "owner"),
        ("user123", "viewer"),
    }
    assert not ItineraryItem.objects.filter(trip=kyoto).exists()


def test_several_people_planned_it() -> None:
    demo()
    planners = Change.objects.filter(trip__public_id="trip123").values_list("actor__username", flat=True)
    assert set(planners) == {"user123", "user456", "user789"}


def test_everyone_of_the_demo_can_sign_in() -> None:
    demo()
    for user in User.objects.all():
        assert user.check_password(PASSWORD)
    assert User.objects.get(is_superuser=True).username == "operator"


def test_a_second_run_changes_nothing() -> None:
    demo()
    before = list(Change.objects.order_by("pk").values_list("pk", flat=True))
    demo()
    assert list(Change.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_second_run_makes_as_new_what_was_played_with() -> None:
    demo()
    new = snapshot.take(trip := Trip.objects.get(public_id="trip123"))
    edit(
        "user123",
        "trip123",
        Step("trip", {"title": "Six days", "notes": ""}),
        Step("itinerary", {"after": None, "cost": 25}, id="chez-janou"),
        Step("itinerary", {"day": 5}, id="louvre"),
        Step("itinerary", {}, op="remove", id="versailles"),
        Step("itinerary", {"day": 1, "activity": "Something else"}),
        Step("activity", {}, op="remove", id="notre-dame"),
        Step("activity", {"name": "Another idea"}),
        Step("budget", {}, op="remove", id="food"),
        Step("budget", {"amount": 5}, id="bribes"),
        Step("member", {}, op="remove", id="user456"),
        Step("member", {"role": "owner"}, id="testuser"),
    )
    demo()
    trip.refresh_from_db()
    renewed = snapshot.take(trip)
    assert renewed["seq"] > new["seq"]
    assert as_seen(renewed) == as_seen(new)


def test_a_removed_trip_comes_back_and_a_deposed_owner_too() -> None:
    demo()
    edit("user123", "trip123", Step("member", {"role": "owner"}, id="testuser"))
    edit("testuser", "trip123", Step("member", {}, op="remove", id="user123"), Step("trip", {}, op="remove"))
    demo()
    assert not Trip.objects.get(public_id="trip123").removed
    assert Member.objects.get(trip__public_id="trip123", public_id="user123", removed=False).role == "owner"


def test_other_people_and_trips_are_left_alone() -> None:
    alice = User.objects.create_user("alice", "alice@example.org", "her own secret")
    changes.create_trip(alice, {"title": "Rome"}, Step("activity", {"name": "Forum"}), trip_id="rome")
    before = (User.objects.values().get(), snapshot.take(Trip.objects.get(public_id="rome")))
    demo()
    demo()
    alices = User.objects.values().get(username="alice")
    assert (alices, snapshot.take(Trip.objects.get(public_id="rome"))) == before


def test_somebody_s_own_account_of_a_demo_name_is_not_taken_over() -> None:
    User.objects.create_user("testuser", "sam@example.org", "a secret")
    with pytest.raises(CommandError, match="“testuser” is not the demo's"):
        demo()
    assert User.objects.get().check_password("a secret")


def test_it_is_refused_where_debug_is_off(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only where DEBUG is on"):
        demo()
    assert "only where DEBUG is on" in demo(if_empty=True)
    assert not User.objects.exists()


def test_its_password_opens_nothing_where_debug_is_off(settings: Settings, client: Client) -> None:
    demo()
    settings.DEBUG = False
    client.post("/accounts/login/", {"login": "user123", "password": PASSWORD})
    assert client.get("/trips/").status_code == 302
    assert authenticate(username="user123", password=PASSWORD) is None


def test_nobody_may_choose_its_password() -> None:
    with pytest.raises(ValidationError, match="known to all"):
        validate_password(PASSWORD)


def test_if_empty_leaves_a_database_with_people_as_it_is() -> None:
    User.objects.create_user("alice")
    assert demo(if_empty=True) == ""
    assert User.objects.count() == 1


def as_seen(taken: dict[str, object]) -> dict[str, object]:
    """A snapshot without what people do not see: counters, keys of order."""
    stops = taken["itinerary"]
    assert isinstance(stops, list)
    in_order = sorted(stops, key=lambda stop: (stop["day"], stop["position"]))
    hidden = {"position": None}
    seen = {**taken, "seq": None, "itinerary": [{**stop, **hidden} for stop in in_order]}
    for name in ("members", "activities", "budget"):
        things = seen[name]
        assert isinstance(things, list)
        seen[name] = sorted(things, key=repr)
    return seen
