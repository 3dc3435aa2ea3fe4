"""Old state + changes = fresh snapshot, for every kind and every op: in Python, and in the browser's own store."""

from collections.abc import Iterator
from itertools import chain, count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from realtime.commands import step_of
from tests.realtime import wishes
from tests.realtime.client_state import ClientState
from tests.realtime.mirror import Mirror, mirror
from tests.realtime.stored import as_sent, fresh, told
from tests.realtime.wishes import Wish
from trips import snapshot
from trips.changes import apply, create_trip
from trips.kinds import KINDS
from trips.models import Change, Trip, User
from trips.mutations import Mutation, Outcome
from trips.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)

Asked = tuple[str, list[Wish]]
numbers = count(1)
askers = st.sampled_from(["alice", "alice", "alice", "bob", "vera"])
asked = st.tuples(askers, st.lists(wishes.ANY, min_size=1, max_size=2)).map(lambda one: [one])


def by_alice(parts: list[Wish]) -> list[Asked]:
    """One after the other."""
    return [("alice", [part]) for part in parts]


away_and_back = st.sampled_from([*KINDS]).map(lambda kind: by_alice(wishes.away_and_back(kind)))


@pytest.fixture(scope="module")
def shown() -> Iterator[Mirror]:
    with mirror() as running:
        yield running


@pytest.fixture
def people() -> dict[str, User]:
    return {name: User.objects.create_user(name, name=name.title()) for name in wishes.PEOPLE}


def do(trip_id: str, actor: User, parts: list[Wish]) -> Outcome:
    try:
        steps = tuple(step_of(part) for part in parts)
    except Refused as refused:
        return Outcome(refused=refused)
    return apply([Mutation(trip_id, actor, steps)])[0]


def test_old_state_and_changes_make_a_fresh_snapshot(people: dict[str, User], shown: Mirror) -> None:
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=settings().max_examples * 2 // 5)
    @example([by_alice(wishes.everything(kind)) for kind in KINDS])
    @given(st.lists(asked | away_and_back, min_size=5, max_size=15))
    def check(batches: list[list[Asked]]) -> None:
        trip_id = create_trip(people["alice"], {"title": "Paris"}, *wishes.BEGINNING, trip_id=f"trip{next(numbers)}")
        trip = Trip.objects.get(public_id=trip_id)
        first = as_sent({"type": "joined", "trip_id": trip_id, "present": [], "snapshot": snapshot.take(trip)})
        shown.open("alice", [first])
        state = fresh(trip_id)
        for who, parts in chain(*batches):
            changes = do(trip_id, people[who], parts).changes
            seen.update((change.kind, change.op) for change in changes)
            follow(state, trip_id, changes, shown)
        kept = Change.objects.filter(trip=trip, seq__gt=first["snapshot"]["seq"]).select_related("trip", "actor")
        again, missed = ClientState.of(first["snapshot"]), [told(change) for change in kept.order_by("seq")]
        assert all(again.take(message) for message in missed)
        assert again == state, "what the journal keeps is what was told"
        assert shown.open("bob", [first, *missed]) == (state.seq, state.objects, [])

    check()
    assert seen == {(kind, op) for kind in KINDS for op in Change.Op}, "this was about all there is"


def follow(state: ClientState, trip_id: str, changes: tuple[Change, ...], shown: Mirror) -> None:
    """Go on by the changes of one mutation, perhaps none, and look whether one gets back again."""
    old, messages = state.copy(), [told(change) for change in changes]
    assert all(state.take(message) for message in messages)
    assert state == fresh(trip_id)
    assert shown.take(messages) == (state.seq, state.objects, [])
    back = state.copy()
    for message, change in reversed(list(zip(messages, changes, strict=True))):
        back.before(message, as_sent({"before": change.before})["before"])
    assert back == old, "what the journal says was there before, was there"
