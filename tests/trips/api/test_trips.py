"""Trips over REST: one's list, making, reading, changing, removing and restoring them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from trips import changes
from trips.models import Change, Member, Trip, User

from .conftest import PARIS, TRIPS

pytestmark = pytest.mark.django_db


def test_making_a_trip_makes_one_its_owner(alice: APIClient) -> None:
    answer = alice.post(TRIPS, {"title": "Lisbon", "currency": "EUR"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["title"], made["role"], made["seq"]) == ("Lisbon", "owner", 2)
    assert answer.headers["Trip-Seq"] == "2"
    assert answer.headers["Location"] == f"http://testserver{TRIPS}{made['id']}/"
    assert Member.objects.get().user.username == "alice"


def test_one_may_choose_the_id(alice: APIClient, bob: APIClient) -> None:
    assert alice.post(TRIPS, {"title": "Lisbon", "id": "lisbon"}).json()["id"] == "lisbon"
    taken = bob.post(TRIPS, {"title": "Mine", "id": "lisbon"})
    assert (taken.status_code, taken.json()["code"]) == (400, "invalid")
    assert "taken" in taken.json()["fields"]["id"][0]
    assert Trip.objects.count() == 1


def test_a_trip_that_is_sent_twice_is_made_once(alice: APIClient) -> None:
    first = alice.post(TRIPS, {"title": "Lisbon"}, headers={"Idempotency-Key": "k-1"})
    again = alice.post(TRIPS, {"title": "Lisbon"}, headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Trip.objects.count() == 1


def test_a_key_stands_for_one_thing_only(alice: APIClient) -> None:
    alice.post(TRIPS, {"title": "Lisbon"}, headers={"Idempotency-Key": "k-1"})
    other = alice.post(TRIPS, {"title": "Kyoto"}, headers={"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json()["code"]) == (409, "mutation_reused")


def test_two_people_may_use_the_same_key(alice: APIClient, bob: APIClient) -> None:
    for person in (alice, bob):
        assert person.post(TRIPS, {"title": "Lisbon"}, headers={"Idempotency-Key": "k-1"}).status_code == 201
    assert Trip.objects.count() == 2


def test_the_list_has_one_s_own_trips_with_one_s_role(bob: APIClient, mallory: APIClient, paris: str) -> None:
    (entry,) = bob.get(TRIPS).json()["results"]
    assert (entry["id"], entry["title"], entry["role"]) == ("paris", "Five days in Paris", "editor")
    assert mallory.get(TRIPS).json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_staff_list_their_own_trips_only(mallory: APIClient, paris: str) -> None:
    User.objects.filter(username="mallory").update(is_staff=True, is_superuser=True)
    assert mallory.get(TRIPS).json()["count"] == 0
    assert mallory.get(PARIS).json()["role"] == "owner"


def test_the_list_comes_in_pages(alice: APIClient) -> None:
    for number in range(5):
        changes.create_trip(User.objects.get(username="alice"), {"title": f"Trip {number}"})
    first = alice.get(TRIPS, {"page_size": 2}).json()
    assert (first["count"], first["previous"], len(first["results"])) == (5, None, 2)
    second = alice.get(first["next"]).json()
    third = alice.get(second["next"]).json()
    assert third["next"] is None
    titles = [trip["title"] for page in (first, second, third) for trip in page["results"]]
    assert titles == [f"Trip {number}" for number in range(5)]
    beyond = alice.get(TRIPS, {"page": 9})
    assert (beyond.status_code, beyond.json()["code"]) == (404, "not_found")


@pytest.fixture
def travelled(alice: APIClient) -> APIClient:
    """Alice, with a past trip, a coming one, and one without dates."""
    me = User.objects.get(username="alice")
    changes.create_trip(me, {"title": "Porto", "destination": "Portugal", "end_date": "2020-02-02"})
    changes.create_trip(me, {"title": "Kyoto", "start_date": "2090-02-02", "end_date": "2090-02-03"})
    changes.create_trip(me, {"title": "Anywhere"})
    return alice


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Kyoto", "Porto", "Anywhere"]),
        ({"when": "past"}, ["Porto"]),
        ({"when": "upcoming"}, ["Kyoto", "Anywhere"]),
        ({"search": "portug"}, ["Porto"]),
        ({"ordering": "title"}, ["Anywhere", "Kyoto", "Porto"]),
        ({"ordering": "-created"}, ["Anywhere", "Kyoto", "Porto"]),
    ],
)
def test_the_list_can_be_narrowed_and_ordered(travelled: APIClient, query: dict[str, str], titles: list[str]) -> None:
    assert [trip["title"] for trip in travelled.get(TRIPS, query).json()["results"]] == titles


@pytest.mark.parametrize("query", [{"when": "now"}, {"ordering": "notes"}, {"search": "a\x00b"}])
def test_a_filter_that_means_nothing_is_refused_by_name(alice: APIClient, query: dict[str, str]) -> None:
    answer = alice.get(TRIPS, query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["fields"]) == set(query)


def test_a_trip_is_read_whole(vera: APIClient, paris: str) -> None:
    answer = vera.get(PARIS)
    whole = answer.json()
    assert whole["role"] == "viewer"
    assert answer.headers["Trip-Seq"] == str(whole["seq"]) == str(Trip.objects.get().seq)
    assert whole["trip"]["id"] == "paris"
    assert [member["user_id"] for member in whole["members"]] == ["alice", "bob", "vera"]
    assert [stop["activity"] for stop in whole["itinerary"]] == ["Louvre"]
    assert [activity["activity_id"] for activity in whole["activities"]] == ["louvre"]
    assert whole["budget"] == [{"category": "food", "amount": 450, "name": ""}]


def test_a_patch_changes_what_it_gives(bob: APIClient, paris: str) -> None:
    answer = bob.patch(PARIS, {"title": "Six days in Paris", "end_date": None})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["end_date"]) == ("Six days in Paris", None)
    assert answer.json()["destination"] == "Paris"
    change = Change.objects.latest("pk")
    assert answer.headers["Trip-Seq"] == str(change.seq)
    assert change.after == {"title": "Six days in Paris", "end_date": None}


def test_only_an_owner_removes_and_restores(alice: APIClient, bob: APIClient, paris: str) -> None:
    refused = bob.delete(PARIS)
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")
    removed = alice.delete(PARIS)
    assert (removed.status_code, removed.content) == (204, b"")
    assert int(removed.headers["Trip-Seq"]) == Trip.objects.get().seq
    assert alice.get(PARIS).status_code == 404
    assert alice.get(TRIPS).json()["count"] == 0
    assert bob.post(f"{PARIS}restore/").status_code == 404
    assert alice.post(f"{PARIS}restore/").json()["title"] == "Five days in Paris"
    assert bob.get(PARIS).status_code == 200


def test_removing_again_finds_nothing_unless_it_is_a_repeat(alice: APIClient, paris: str) -> None:
    key: Any = {"Idempotency-Key": "gone"}
    assert [alice.delete(PARIS, headers=key).status_code for _ in range(2)] == [204, 204]
    assert alice.delete(PARIS).status_code == 404


def test_a_change_on_an_old_state_is_a_conflict(alice: APIClient, bob: APIClient, paris: str) -> None:
    seen = alice.get(PARIS).json()["seq"]
    bob.patch(PARIS, {"title": "Bob's"})
    answer = alice.patch(f"{PARIS}?base_seq={seen}", {"title": "Alice's"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    current = answer.json()["current"]
    assert (current["data"], current["updated_by"], current["seq"]) == ({"title": "Bob's"}, "bob", seen + 1)
    assert current["timestamp"].endswith("Z")
    assert alice.patch(f"{PARIS}?base_seq={seen}", {"notes": "another field"}).status_code == 200


@pytest.mark.django_db(transaction=True, databases=["default", "reader"])
def test_what_is_stored_is_told_by_the_connection_that_only_reads(alice: APIClient, paris: str) -> None:
    stop = alice.post(f"{PARIS}itinerary/", {"day": 2, "activity": "Walk"})
    assert alice.get(PARIS).json()["itinerary"][-1] == stop.json()
    assert alice.get(stop.headers["Location"]).json() == stop.json()
    assert alice.get(TRIPS).json()["results"][0]["seq"] == int(stop.headers["Trip-Seq"])


@pytest.mark.parametrize("base", ["-1", "1.5", "now", "", "9" * 5_000])
def test_a_base_that_is_no_number_is_refused(alice: APIClient, paris: str, base: str) -> None:
    answer = alice.patch(f"{PARIS}?base_seq={base}", {"title": "Alice's"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["base_seq"])


@pytest.mark.parametrize("size", ["0", "501", "-1", "false", ""])
def test_a_page_of_a_size_that_is_not_to_be_had_is_refused(alice: APIClient, size: str) -> None:
    answer = alice.get(TRIPS, {"page_size": size})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["page_size"])
