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


def names(change: Change) -> tuple[str, int]:
    return change.trip.public_id, change.seq


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
    assert journal.replays([(trip, 4)], most=100) == [None]
    (found,) = journal.replays([(trip, 5)], most=100)
    assert [change.seq for change in found or []] == [6, 7, 8, 9, 10]
    assert journal.replays([(trip, 10)], most=100) == [[]]


def test_many_are_replayed_together_as_each_alone(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FEW", 3)
    create_trip(User.objects.get(username="bob"), {"title": "Lyon"}, trip_id="lyon")
    lyon = Trip.objects.get(public_id="lyon")
    prune("90d")
    asked = [(trip, 10), (trip, 9), (lyon, 0), (trip, 7), (trip, 6), (trip, 5), (trip, 4), (trip, 11), (lyon, 1)]
    found = journal.replays(asked, most=4)
    told = [None if changes is None else [names(change) for change in changes] for changes in found]
    paris = [("paris", seq) for seq in range(7, 11)]
    assert told == [[], paris[3:], [("lyon", 1), ("lyon", 2)], paris[1:], paris, None, None, None, [("lyon", 2)]]
    assert {change.actor.username for changes in found for change in changes or [] if change.actor} == {"bob"}


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
