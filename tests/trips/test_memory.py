"""What the writer knows from one batch to the next is what is stored."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from realtime.commands import step_of
from tests.realtime import wishes
from tests.realtime.wishes import Wish
from trips import changes
from trips.changes import create_trip
from trips.ledger import Ledger
from trips.memory import Memory
from trips.models import Activity, ItineraryItem, Member, Trip, User
from trips.mutations import Mutation, Outcome, Step
from trips.plan import Plan
from trips.refusals import Refused
from trips.rows import Rows

pytestmark = pytest.mark.django_db(transaction=True)

numbers = count(1)
Asked = tuple[int, str, list[Wish]]  # in which trip, who, what
Do = Callable[..., Outcome]
Elsewhere = Callable[[Callable[[], object]], object]


@pytest.fixture
def people() -> dict[str, User]:
    return {name: User.objects.create_user(name, name=name.title()) for name in wishes.PEOPLE}


@pytest.fixture
def do(people: dict[str, User]) -> Do:
    """`do("bob", Step(…), …)`, one batch after the other, in Alice's trip, which Bob edits."""
    create_trip(
        people["alice"],
        {"title": "Paris"},
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step("activity", {"name": "Museum"}, id="idea"),
        Step("itinerary", {"activity_id": "idea", "day": 1}, id="stop"),
        trip_id="paris",
    )
    memory = Memory()

    def go(who: str, *steps: Step) -> Outcome:
        return changes.apply([Mutation("paris", people[who], steps)], memory=memory)[0]

    return go


@pytest.fixture(params=["here", "by another connection"])
def somebody_else(request: pytest.FixtureRequest) -> Elsewhere:
    """Something is stored past the door: by the writer's own connection, or by another one."""

    def by_another(work: Callable[[], object]) -> object:
        def whole() -> object:
            try:
                return work()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as another:
            return another.submit(whole).result()

    return by_another if request.param == "by another connection" else lambda work: work()


def titled(title: str) -> Step:
    return Step("itinerary", {"activity": title}, id="stop")


def code(outcome: Outcome) -> str | None:
    return outcome.refused.code if outcome.refused else None


def questions(do: Do, *steps: Step) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        do("bob", *steps).unwrap()
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


@pytest.mark.embedded  # PostgreSQL does not say whether anything was stored
def test_what_is_known_is_not_read_again(do: Do) -> None:
    assert questions(do, titled("Louvre"))
    assert not questions(do, titled("Orsay"))
    assert not questions(do, Step("activity", {"notes": "Closed on Mondays"}, id="idea"))


def test_what_somebody_else_stored_is_seen(do: Do, somebody_else: Elsewhere) -> None:
    do("bob", titled("Louvre"))
    somebody_else(lambda: ItineraryItem.objects.update(title="Orsay", notes="At ten"))
    [change] = do("bob", titled("Zoo")).unwrap()
    assert change.before == {"activity": "Orsay"}
    assert ItineraryItem.objects.get().notes == "At ten"


def test_what_an_object_points_to_is_seen_as_somebody_else_left_it(do: Do, somebody_else: Elsewhere) -> None:
    do("bob", titled("Louvre"))
    somebody_else(lambda: Activity.objects.update(place="By the river"))
    stop, _ = do("bob", Step("activity", {}, op="remove", id="idea")).unwrap()
    assert stop.after == {"id": "stop", "activity_id": None, "place": "By the river"}


def test_who_may_no_longer_edit_or_sign_in_is_refused(do: Do, somebody_else: Elsewhere) -> None:
    do("bob", titled("Louvre"))
    somebody_else(lambda: Member.objects.filter(public_id="bob").update(role="viewer"))
    assert code(do("bob", titled("Zoo"))) == "read_only"
    somebody_else(lambda: User.objects.filter(username="bob").update(is_active=False))
    assert code(do("bob", titled("Zoo"))) == "not_found"


def test_rights_that_were_changed_here_count_at_once(do: Do) -> None:
    do("bob", titled("Louvre"))
    do("alice", Step("member", {"role": "viewer"}, id="bob")).unwrap()
    assert code(do("bob", titled("Zoo"))) == "read_only"
    do("alice", Step("member", {}, op="remove", id="bob")).unwrap()
    assert code(do("bob", titled("Zoo"))) == "not_found"
    do("alice", Step("member", {}, op="restore", id="bob"), Step("member", {"role": "editor"}, id="bob")).unwrap()
    do("bob", titled("Zoo")).unwrap()


def test_what_was_made_here_can_be_linked_to_and_changed(do: Do) -> None:
    do("bob", Step("activity", {"name": "Zoo"}, id="new")).unwrap()
    do("bob", Step("itinerary", {"activity_id": "new"}, id="stop")).unwrap()
    assert ItineraryItem.objects.get().activity == Activity.objects.get(public_id="new")
    do("bob", Step("activity", {"name": "Aquarium"}, id="new")).unwrap()
    assert Activity.objects.get(public_id="new").name == "Aquarium"


def test_a_trip_that_was_made_is_changed_by_the_next_batch(people: dict[str, User]) -> None:
    memory, alice = Memory(), people["alice"]
    made = (Step("trip", {"title": "Rome"}), Step("activity", {"name": "Forum"}, id="idea"))
    for mutation in (
        Mutation("rome", alice, made, creates=True),
        Mutation("rome", alice, (Step("activity", {"name": "Colosseum"}, id="idea"),)),
        Mutation("rome", alice, (Step("itinerary", {"activity_id": "idea", "day": 1}, id="stop"),)),
    ):
        changes.apply([mutation], memory=memory)[0].unwrap()
    trip = Trip.objects.get(public_id="rome")
    assert (trip.seq, trip.size) == (5, 3)
    assert str(ItineraryItem.objects.get(trip=trip).activity) == "Colosseum"


def test_what_was_refused_half_way_is_not_taken_for_stored(do: Do) -> None:
    do("bob", titled("Louvre"))
    assert do("bob", titled("Orsay"), Step("itinerary", {"cost": -1}, id="stop")).refused
    [change] = do("bob", titled("Zoo")).unwrap()
    assert change.before == {"activity": "Louvre"}


@pytest.mark.embedded
@pytest.mark.parametrize("when", [(Ledger, "write"), (connection, "_commit")], ids=["writing", "commit"])
def test_what_the_database_refused_is_not_taken_for_stored(
    do: Do, monkeypatch: pytest.MonkeyPatch, when: tuple[object, str]
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError

    do("bob", titled("Louvre"))
    with monkeypatch.context() as patch:
        patch.setattr(*when, fail)
        assert do("bob", titled("Orsay")).refused
    [change] = do("bob", titled("Zoo")).unwrap()
    assert change.before == {"activity": "Louvre"}


@pytest.mark.embedded
@pytest.mark.parametrize(("most", "asks"), [(3, True), (4, False)])  # a trip, a role, a stop and its activity
def test_only_so_much_is_kept(do: Do, monkeypatch: pytest.MonkeyPatch, most: int, asks: bool) -> None:
    monkeypatch.setattr(Memory, "MOST", most)
    do("bob", titled("Louvre"))
    assert bool(questions(do, titled("Orsay"))) == asks


@pytest.mark.embedded  # PostgreSQL does not say whether anything was stored
def test_whatever_people_do_what_is_known_is_what_is_stored(people: dict[str, User]) -> None:
    mutations = st.tuples(
        st.integers(0, 1), st.sampled_from(wishes.PEOPLE), st.lists(wishes.ANY, min_size=1, max_size=2)
    )
    batches = st.lists(mutations, min_size=1, max_size=3)
    known: list[int] = []

    @given(st.lists(st.tuples(batches, st.booleans()), min_size=1, max_size=10))
    def check(asked: list[tuple[list[Asked], bool]]) -> None:
        memory = Memory()
        paris, rome = (
            create_trip(people["alice"], {"title": "Trip"}, *wishes.BEGINNING, trip_id=f"trip{next(numbers)}")
            for _ in range(2)
        )
        for batch, look in asked:
            readable = [
                mutation for at, who, parts in batch if (mutation := asked_for((paris, rome)[at], people[who], parts))
            ]
            changes.apply(readable, memory=memory)
            if look:
                with transaction.atomic():
                    rows = memory.recall()
                    known.append(rows.count)
                    assert_stored(rows, list(people.values()))

    check()
    assert max(known) > 15, "much of two trips was known at once"


def asked_for(trip_id: str, who: User, parts: list[Wish]) -> Mutation | None:
    try:
        return Mutation(trip_id, who, tuple(map(step_of, parts)))
    except Refused:
        return None


def assert_stored(rows: Rows, people: list[User]) -> None:
    things = [thing for alike in rows._objects.values() for thing in alike.values()]
    for thing in (*rows.trips.values(), *things):
        assert values_of(thing) == values_of(type(thing)._default_manager.get(pk=thing.pk))
    for thing in things:
        assert thing.trip is rows.trips[thing.trip.public_id]
        if isinstance(thing, ItineraryItem) and thing.activity:
            assert thing.activity is rows.find(thing.trip.public_id, "activity", thing.activity.public_id)
    fresh = Rows()
    for each in (rows, fresh):
        each.read([Mutation(trip_id, person, ()) for trip_id in rows.trips for person in people], wait=True)
    for trip_id, trip in rows.trips.items():
        for person in people:
            assert Plan(rows).role(trip, person) == Plan(fresh).role(fresh.trips[trip_id], person)


def values_of(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
