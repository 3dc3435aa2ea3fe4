"""The journal is kept finite, and never has a hole."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from trips import journal, snapshot
from trips.changes import apply, create_trip
from trips.models import Change, Trip, User
from trips.mutations import Mutation, Outcome, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trip() -> Trip:
    """Ten changes: two of the creation, eight titles, of which the first five were made 100 days ago."""
    alice, bob = (User.objects.create_user(name) for name in ("alice", "bob"))
    create_trip(alice, {"title": "Paris"}, Step("member", {"user_id": "bob", "role": "editor"}), trip_id="paris")
    for n in range(7):
        edit(bob, {"title": f"Paris {n}"})
    trip = Trip.objects.get()
    Change.objects.filter(seq__lte=5).update(time=timezone.now() - timedelta(days=100))
    return trip


def edit(user: User, data: dict[str, str], base_seq: int | None = None) -> Outcome:
    return apply([Mutation("paris", user, (Step("trip", data, base_seq=base_seq),))])[0]


def prune(older_than: str) -> str:
    out = StringIO()
    call_command("prune_journal", "--older-than", older_than, stdout=out)
    return out.getvalue().strip()


def test_what_is_old_is_forgotten_and_the_trip_stays(trip: Trip) -> None:
    before = snapshot.take(trip)
    assert prune("90d") == "5 changes forgotten."
    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == [6, 7, 8, 9, 10]
    assert snapshot.take(trip) == before
    assert prune("90d") == "0 changes forgotten."


def test_a_replay_that_reaches_too_far_back_is_none(trip: Trip) -> None:
    prune("90d")
    assert journal.replay(trip, since=4, most=100) is None
    assert [change.seq for change in journal.replay(trip, since=5, most=100) or []] == [6, 7, 8, 9, 10]
    assert journal.replay(trip, since=10, most=100) == []


def test_a_base_that_the_journal_does_not_reach_is_a_conflict(trip: Trip) -> None:
    alice = User.objects.get(username="alice")
    assert edit(alice, {"notes": "Umbrella"}, base_seq=3).refused is None
    prune("90d")
    refused = edit(alice, {"notes": "Raincoat"}, base_seq=3).refused
    assert refused
    assert refused.code == "conflict"
    assert refused.current
    assert refused.current["data"] == {"notes": "Umbrella"}


def test_a_length_of_time_that_cannot_be_read_is_told(trip: Trip) -> None:
    with pytest.raises(CommandError, match="Write 90d"):
        prune("soon")
