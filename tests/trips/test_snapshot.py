"""Snapshots that are kept are those that would be taken."""

from typing import Any
from unittest.mock import patch

import pytest
from pytest_django import DjangoAssertNumQueries

from trips import exact_json, snapshot
from trips.changes import apply_one, create_trip
from trips.models import Change, Trip, User
from trips.mutations import Mutation, Step
from trips.snapshot import Kept, Snapshots

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", name="Alice Archer")


@pytest.fixture
def paris(alice: User) -> Trip:
    sights = [Step("activity", {"activity_id": f"a{n}", "name": f"Musée {n}", "cost": "12.50"}) for n in range(30)]
    create_trip(alice, {"title": "Paris"}, *sights, trip_id="paris")
    return Trip.objects.get()


def change(user: User, title: str) -> Trip:
    apply_one(Mutation("paris", user, (Step("trip", {"title": title}),)))
    return Trip.objects.get()


def plain(whole: dict[str, Any]) -> Any:
    """As it arrives."""
    return exact_json.decode(exact_json.encode(whole))


def test_it_is_read_once_as_long_as_nothing_changes(
    paris: Trip, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept = Snapshots()
    first = kept.of(paris)
    with django_assert_num_queries(2), patch("trips.snapshot.take", side_effect=AssertionError):
        again = kept.of(paris)
    assert plain(first) == plain(again) == plain(snapshot.take(paris))


def test_after_a_change_it_is_read_anew_unless_one_may_be_behind(paris: Trip, alice: User) -> None:
    kept = Snapshots()
    before = kept.of(paris)
    after = change(alice, "Lyon")
    assert plain(kept.of(after, behind=1)) == plain(before)
    assert plain(kept.of(after)) == plain(snapshot.take(after))
    assert plain(kept.of(paris, behind=9))["seq"] == paris.seq  # never ahead of the view it was asked in


def test_a_person_s_new_name_is_in_it(paris: Trip, alice: User) -> None:
    kept = Snapshots()
    kept.of(paris)
    User.objects.update(name="Alice Abel")
    assert plain(kept.of(paris, behind=9))["members"][0]["name"] == "Alice Abel"


def test_a_database_that_was_put_back_and_went_another_way_shows_that_way(paris: Trip, alice: User) -> None:
    kept = Snapshots()
    kept.of(change(alice, "Lyon"))
    Change.objects.filter(seq__gt=paris.seq).delete()
    Trip.objects.update(seq=paris.seq, title="Paris")
    other = change(alice, "Rome")
    assert plain(kept.of(other, behind=9))["trip"]["title"] == "Rome"


def test_no_more_is_kept_than_may_be(paris: Trip, alice: User, settings: Any) -> None:
    kept = Snapshots()
    settings.SNAPSHOTS_MAX_BYTES = Kept(0, (), kept.of(paris)).size
    for name in ("rome", "oslo"):
        create_trip(alice, {"title": name}, trip_id=name)
        kept.of(Trip.objects.get(public_id=name))
    with patch("trips.snapshot.take", side_effect=snapshot.take) as take:
        for name in ("oslo", "rome", "paris"):
            kept.of(Trip.objects.get(public_id=name))
    assert [call.args[0].public_id for call in take.call_args_list] == ["paris"]
