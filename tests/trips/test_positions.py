"""Where stops stand: the keys of a list, and that they stay short however often something is put at the same place."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from trips import positions, snapshot
from trips.changes import apply, create_trip
from trips.models import Change, ItineraryItem, Trip, User
from trips.mutations import Mutation, Outcome, Step
from trips.positions import Places

moves = st.lists(st.tuples(st.integers(0, 20), st.integers(-1, 20)), max_size=60)


@given(moves)
def test_what_is_put_behind_another_stands_there(moves: list[tuple[int, int]]) -> None:
    """Things are put on a list and moved on it, against the same on a plain list; −1 is the top."""
    places, given_keys = Places([]), list[str]()
    order, keys = list[int](), dict[int, str]()
    for thing, neighbour in moves:
        at_end = neighbour == thing or (neighbour != -1 and neighbour not in order)
        key = places.at_end() if at_end else places.after(keys.get(neighbour))
        assert key not in given_keys, "one that was left is not given again"
        given_keys.append(key)
        order = [other for other in order if other != thing]
        order.insert(len(order) if at_end else order.index(neighbour) + 1 if neighbour in order else 0, thing)
        keys[thing] = key
        assert sorted(order, key=keys.__getitem__) == order


@given(st.lists(st.sampled_from(["a0", "a0V", "a1", "a2"]), max_size=20))
def test_what_comes_back_has_its_key_or_the_next(wanted: list[str]) -> None:
    places, taken = Places([]), list[str]()
    for key in wanted:
        given_key = places.at(key)
        assert given_key == key or (key in taken and given_key > key)
        assert not any(key < other < given_key for other in taken)
        taken.append(given_key)
    assert len(set(taken)) == len(taken)


@pytest.fixture
def alice(transactional_db: None) -> User:
    """She has a trip with a few stops on its first day."""
    alice = User.objects.create_user("alice")
    stops = (Step("itinerary", {"id": name, "day": 1, "activity": name}) for name in "abcd")
    create_trip(alice, {"title": "Paris"}, *stops, trip_id="paris")
    return alice


def do(alice: User, *steps: Step) -> Outcome:
    outcome = apply([Mutation("paris", alice, steps)])[0]
    assert outcome.refused is None
    return outcome


def put(name: str, after: str | None) -> Step:
    return Step("itinerary", {"after": after}, id=name)


def order() -> str:
    found = ItineraryItem.objects.filter(day=1, removed=False).order_by("position")
    return "".join(found.values_list("public_id", flat=True))


def longest() -> int:
    return max(len(stop["position"]) for stop in snapshot.take(Trip.objects.get())["itinerary"])


def test_keys_stay_short_however_often_two_stops_change_places(alice: User) -> None:
    for _ in range(3):
        do(alice, *(put("bc"[n % 2], "a") for n in range(301)))
        assert order() == "abcd"
        assert longest() <= positions.LONGEST
        do(alice, put("b", "c"))
        assert order() == "acbd"


def test_everybody_is_told_of_new_keys_as_of_any_change(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "LONGEST", 2)
    do(alice, put("d", "a"))
    changes = do(alice, put("c", "a")).changes
    assert [(change.object_id, [*change.after]) for change in changes] == [
        *((name, ["id", "position"]) for name in "adb"),
        ("c", ["id", "position"]),
    ]
    assert order() == "acdb"
    stops = {stop["id"]: stop["position"] for stop in snapshot.take(Trip.objects.get())["itinerary"]}
    assert {change.object_id: change.after["position"] for change in Change.objects.order_by("seq")[5:]} == stops


def test_what_comes_back_to_a_crowded_place_comes_back_to_it(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(20):
        do(alice, put("bc"[n % 2], "a"))
    assert order() == "acbd"
    do(alice, Step("itinerary", {}, op="remove", id="c"))
    monkeypatch.setattr(positions, "LONGEST", 2)
    do(alice, Step("itinerary", {}, op="restore", id="c"))
    assert order() == "acbd"
    assert longest() <= 3


def test_a_refusal_leaves_the_keys_as_they_were(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "LONGEST", 2)
    do(alice, put("d", "a"))
    before = snapshot.take(Trip.objects.get())
    bad = Mutation("paris", alice, (put("c", "a"), Step("trip", {"title": ""})))
    good = Mutation("paris", alice, (put("b", None),))
    refused, done = apply([bad, good])
    assert refused.refused
    assert done.refused is None
    assert order() == "badc"
    assert Trip.objects.get().seq == before["seq"] + 1


def test_a_list_is_found_without_reading_the_rest_of_the_trip(alice: User) -> None:
    do(
        alice,
        Step("itinerary", {"id": "e", "day": 2, "activity": "e"}),
        Step("itinerary", {"id": "f", "activity": "f"}),
    )
    do(alice, Step("itinerary", {}, "remove", "b"))
    trip = Trip.objects.get()
    found = {day: set(ItineraryItem.on_list(trip, day).values_list("public_id", flat=True)) for day in (1, 2, 3, None)}
    assert found == {1: set("acd"), 2: {"e"}, 3: set(), None: {"f"}}
    if connection.vendor == "sqlite":  # PostgreSQL decides by how much there is
        assert "itinerary_position_in_list" in ItineraryItem.on_list(trip, 1).explain()
