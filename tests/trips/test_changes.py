"""The one door: what is stored, what is refused, and what is told."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, connection
from django.test.utils import CaptureQueriesContext

from trips import rows, snapshot
from trips.changes import apply, committed, create_trip
from trips.models import BudgetLine, Change, ItineraryItem, Trip, User
from trips.mutations import Mutation, Outcome, Step

pytestmark = pytest.mark.django_db(transaction=True)

Do = Callable[..., Outcome]


@pytest.fixture
def people() -> dict[str, User]:
    return {name: User.objects.create_user(name, name=name.title()) for name in ("alice", "bob", "vera", "mallory")}


@pytest.fixture
def do(people: dict[str, User]) -> Do:
    """`do("bob", Step(…), …)` in Alice's trip, which Bob edits and Vera views."""
    create_trip(
        people["alice"],
        {"title": "Paris", "start_date": "2027-04-12", "end_date": "2027-04-14"},
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step("member", {"user_id": "vera", "role": "viewer"}),
        trip_id="paris",
    )

    def go(who: str, *steps: Step, mutation_id: str | None = None) -> Outcome:
        return apply([Mutation("paris", people[who], steps, mutation_id)])[0]

    return go


@pytest.fixture
def told() -> Iterator[list[Change]]:
    """What was announced after a commit."""
    heard: list[Change] = []

    def hear(changes: list[Change], **_: Any) -> None:
        heard.extend(changes)

    committed.connect(hear)
    yield heard
    committed.disconnect(hear)


def stop(name: str, **data: Any) -> Step:
    return Step("itinerary", {"activity": name, "day": 1, **data}, id=name)


def order(day: int | None = 1) -> list[str]:
    found = ItineraryItem.objects.filter(day=day, removed=False).order_by("position")
    return list(found.values_list("public_id", flat=True))


def code(outcome: Outcome) -> str | None:
    return outcome.refused.code if outcome.refused else None


def test_a_new_trip_belongs_to_who_made_it(people: dict[str, User], told: list[Change]) -> None:
    create_trip(people["alice"], {"title": "Lisbon"}, trip_id="lisbon")
    assert [(change.seq, change.kind, change.object_id) for change in told] == [
        (1, "trip", "lisbon"),
        (2, "member", "alice"),
    ]
    assert told[1].after["role"] == "owner"


def test_asking_twice_for_a_new_trip_makes_one(people: dict[str, User]) -> None:
    made = {create_trip(people["alice"], {"title": "Lisbon"}, mutation_id="m1") for _ in range(2)}
    assert len(made) == Trip.objects.count() == 1


def test_a_taken_trip_id_is_refused(do: Do, people: dict[str, User]) -> None:
    outcome = apply([Mutation("paris", people["bob"], (Step("trip", {"title": "Mine"}),), creates=True)])[0]
    assert code(outcome) == "invalid"


def test_every_change_is_journalled_with_what_was_there_before(do: Do) -> None:
    do("bob", Step("trip", {"title": "Paris in spring", "notes": "Umbrella"}))
    change = Change.objects.latest("seq")
    assert change.after == {"title": "Paris in spring", "notes": "Umbrella"}
    assert change.before == {"title": "Paris", "notes": ""}
    assert change.actor
    assert change.actor.username == "bob"
    assert Trip.objects.get().seq == change.seq


def test_a_change_is_told_after_it_is_stored(do: Do) -> None:
    seen: list[bool] = []

    def look(changes: list[Change], **_: Any) -> None:
        seen.append(not connection.in_atomic_block and Change.objects.filter(seq=changes[0].seq).exists())

    committed.connect(look)
    do("bob", stop("Louvre"))
    committed.disconnect(look)
    assert seen == [True]


def test_a_listener_that_fails_undoes_nothing(do: Do) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError

    committed.connect(fail)
    outcome = do("bob", stop("Louvre"))
    committed.disconnect(fail)
    assert outcome.changes


@pytest.mark.parametrize(
    ("then", "expected"), [(InterfaceError(), "unavailable"), (DatabaseError(), "internal"), (TypeError(), "internal")]
)
def test_what_goes_wrong_at_the_second_try_is_answered_too(do: Do, then: Exception, expected: str) -> None:
    """The first one failed, as where somebody else stores the same at the same moment."""
    failures = iter([IntegrityError(), then])

    def fail(execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith("INSERT"):
            raise next(failures)
        return execute(sql, *more)

    with connection.execute_wrapper(fail):
        outcome = do("alice", Step("trip", {"title": "Kyoto"}))
    assert outcome.refused
    assert outcome.refused.code == expected
    assert Trip.objects.get().title == "Paris"


def test_a_repeat_is_answered_with_the_first_outcome(do: Do, told: list[Change]) -> None:
    first = do("bob", stop("Louvre"), mutation_id="m1")
    again = do("bob", stop("Louvre"), mutation_id="m1")
    assert again.repeated
    assert again.seq == first.seq
    assert len(told) == 1


def test_what_was_stored_at_the_same_moment_elsewhere_is_a_repeat_too(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look for earlier ones came too soon to see it: the unique key of the journal does."""
    renamed = Step("trip", {"title": "Paris in spring"})
    first = do("bob", renamed, mutation_id="m1")
    find_earlier, looks = rows.find_earlier, iter([False, True])
    monkeypatch.setattr(rows, "find_earlier", lambda batch: find_earlier(batch) if next(looks) else list)
    again = do("bob", renamed, mutation_id="m1")
    assert again.repeated
    assert again.seq == first.seq
    assert Change.objects.filter(mutation_id="m1").count() == 1


def test_a_trip_that_was_made_just_after_the_locks_were_taken_is_not_found(
    do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in it, and what was done before, is found by later queries, and has to be left out."""
    do("bob", stop("Louvre"), mutation_id="m1")
    monkeypatch.setattr(rows, "find_locked_trips", lambda batch, wait: list)
    assert code(do("bob", stop("Louvre"), mutation_id="m1")) == "not_found"


def test_a_repeat_within_one_batch_is_one(do: Do, people: dict[str, User]) -> None:
    same = Mutation("paris", people["bob"], (stop("Louvre"),), "m1")
    first, second = apply([same, same])
    assert (first.repeated, second.repeated) == (False, True)
    assert first.seq == second.seq


def test_a_used_mutation_id_is_refused_for_anything_else(do: Do) -> None:
    do("bob", stop("Louvre"), mutation_id="m1")
    assert code(do("bob", stop("Orsay"), mutation_id="m1")) == "mutation_reused"
    assert code(do("alice", stop("Orsay"), mutation_id="m1")) is None, "the id is the asker's own"


def test_a_refusal_is_not_remembered(do: Do) -> None:
    assert code(do("bob", stop("Louvre", time="25:30"), mutation_id="m1")) == "invalid"
    assert code(do("bob", stop("Louvre", time="15:30"), mutation_id="m1")) is None


def test_steps_are_done_together_or_not_at_all(do: Do, told: list[Change]) -> None:
    before = snapshot.take(Trip.objects.get())
    steps = (stop("Louvre"), Step("trip", {"title": "Rome"}), stop("Bad", cost=-1))
    assert code(do("bob", *steps, mutation_id="m1")) == "invalid"
    assert snapshot.take(Trip.objects.get()) == before
    assert told == []
    assert do("bob", *steps[:2], mutation_id="m1").seq == before["seq"] + 2


def test_a_refusal_tells_at_which_step(do: Do) -> None:
    steps = (stop("Louvre"), stop("Bad", cost=-1), stop("Pont Neuf"))
    refused = do("bob", *steps).refused
    assert refused
    assert refused.step is steps[1]


def test_a_refused_mutation_spoils_nothing_of_its_batch(do: Do, people: dict[str, User]) -> None:
    good, bad, last = apply(
        [
            Mutation("paris", people["bob"], (stop("Louvre"),)),
            Mutation("paris", people["vera"], (stop("Orsay"),)),
            Mutation("paris", people["bob"], (stop("Rodin", after="Louvre"),)),
        ]
    )
    assert (code(good), code(bad), code(last)) == (None, "read_only", None)
    assert last.seq == good.seq + 1
    assert order() == ["Louvre", "Rodin"]


def test_what_is_refused_half_way_leaves_what_came_before_it_in_the_batch(do: Do, people: dict[str, User]) -> None:
    do("bob", stop("Louvre"))
    notes = [Step("itinerary", {"notes": said}, id="Louvre") for said in "ab"]
    good, bad = apply(
        [
            Mutation("paris", people["bob"], (notes[0],)),
            Mutation("paris", people["bob"], (notes[1], stop("Orsay"), Step("trip", {"title": ""}))),
        ]
    )
    assert (code(good), code(bad)) == (None, "invalid")
    assert [(stop.title, stop.notes) for stop in ItineraryItem.objects.all()] == [("Louvre", "a")]
    assert (Trip.objects.get().seq, Change.objects.latest("seq").seq) == (good.seq, good.seq)


def test_many_trips_are_changed_together(people: dict[str, User]) -> None:
    trips = [create_trip(people["alice"], {"title": "One of many"}) for _ in range(40)]
    outcomes = apply([Mutation(trip, people["alice"], (stop("Louvre"),), f"m{trip}") for trip in reversed(trips)])
    assert {code(outcome) for outcome in outcomes} == {None}
    repeats = apply([Mutation(trip, people["alice"], (stop("Louvre"),), f"m{trip}") for trip in trips])
    assert all(outcome.repeated for outcome in repeats)
    assert ItineraryItem.objects.filter(title="Louvre").values("trip").distinct().count() == 40


def test_a_right_lost_earlier_in_the_batch_is_lost(do: Do, people: dict[str, User]) -> None:
    _, late = apply(
        [
            Mutation("paris", people["alice"], (Step("member", {"role": "viewer"}, id="bob"),)),
            Mutation("paris", people["bob"], (stop("Louvre"),)),
        ]
    )
    assert code(late) == "read_only"


@pytest.mark.parametrize(("who", "expected"), [("vera", "read_only"), ("mallory", "not_found")])
def test_who_may_not_edit_is_refused(do: Do, who: str, expected: str) -> None:
    assert code(do(who, stop("Louvre"))) == expected


def test_only_owners_say_who_takes_part(do: Do) -> None:
    assert code(do("bob", Step("member", {"user_id": "mallory", "role": "viewer"}))) == "read_only"
    assert code(do("alice", Step("member", {"user_id": "mallory", "role": "viewer"}))) is None
    assert code(do("mallory", Step("member", {"user_id": "mallory"}, op="remove"))) is None, "one may leave"


def test_a_trip_keeps_an_owner(do: Do) -> None:
    assert code(do("alice", Step("member", {"role": "editor"}, id="alice"))) == "invalid"
    assert code(do("alice", Step("member", {}, op="remove", id="alice"))) == "invalid"
    do("alice", Step("member", {"role": "owner"}, id="bob"))
    assert code(do("alice", Step("member", {}, op="remove", id="alice"))) is None


def test_who_comes_back_finds_a_free_colour(do: Do) -> None:
    do("alice", Step("member", {}, op="remove", id="bob"))
    do("alice", Step("member", {"user_id": "mallory", "role": "viewer"}))
    do("alice", Step("member", {"user_id": "bob", "role": "viewer"}))
    members = {member["user_id"]: member["colour"] for member in snapshot.take(Trip.objects.get())["members"]}
    assert members == {"alice": 1, "vera": 3, "mallory": 2, "bob": 4}


def test_one_member_takes_anothers_place_in_one_mutation(do: Do) -> None:
    gone, new = Step("member", {}, op="remove", id="bob"), Step("member", {"user_id": "mallory", "role": "viewer"})
    assert code(do("alice", gone, new)) is None
    back, gone = Step("member", {}, op="restore", id="bob"), Step("member", {}, op="remove", id="vera")
    assert code(do("alice", gone, back)) is None
    members = [(member["user_id"], member["colour"]) for member in snapshot.take(Trip.objects.get())["members"]]
    assert sorted(members) == [("alice", 1), ("bob", 2), ("mallory", 4)]


def test_staff_who_lost_their_rank_are_strangers(do: Do, people: dict[str, User]) -> None:
    """Their socket still knows them as they were when it was opened."""
    User.objects.filter(username="mallory").update(is_staff=True, is_superuser=True)
    people["mallory"].refresh_from_db()
    assert code(do("mallory", stop("Louvre"))) is None
    User.objects.filter(username="mallory").update(is_staff=False, is_superuser=False)
    assert code(do("mallory", stop("Orsay"))) == "not_found"


def test_stops_stand_where_they_were_put(do: Do) -> None:
    for name in ("a", "b", "c"):
        do("bob", stop(name))
    do("bob", Step("itinerary", {"after": "a"}, id="c"))
    assert order() == ["a", "c", "b"]
    do("bob", Step("itinerary", {"after": None}, id="b"))
    assert order() == ["b", "a", "c"]
    do("bob", Step("itinerary", {"day": 2}, id="a"))
    do("bob", Step("itinerary", {"day": 2, "after": "nowhere"}, id="b"))
    assert (order(), order(2)) == (["c"], ["a", "b"])


def test_stops_that_change_places_in_one_batch_never_collide(do: Do) -> None:
    for name in ("a", "b", "c"):
        do("bob", stop(name))
    moves = [Step("itinerary", {"after": after}, id=name) for name, after in (("b", "c"), ("c", "a"), ("b", "a"))]
    assert code(do("bob", *moves, stop("d", after="a"))) is None
    assert order() == ["a", "d", "b", "c"]


def test_a_removed_stop_comes_back_to_its_place(do: Do) -> None:
    for name in ("a", "b", "c"):
        do("bob", stop(name))
    do("bob", Step("itinerary", {}, op="remove", id="b"))
    assert code(do("alice", Step("itinerary", {"activity": "B"}, id="b"))) == "not_found"
    outcome = do("bob", Step("itinerary", {}, op="restore", id="b"))
    assert order() == ["a", "b", "c"]
    assert outcome.changes[0].after["activity"] == "b", "a restore carries the whole object"


def test_to_restore_what_is_there_brings_nobody_back(do: Do) -> None:
    """To undo it must not take anybody away."""
    (change,) = do("alice", Step("member", {"user_id": "bob"}, op="restore")).changes
    assert (change.op, change.after, change.before) == ("set", {"user_id": "bob"}, {})


def test_removing_an_activity_takes_nothing_from_its_stops(do: Do) -> None:
    do("bob", Step("activity", {"activity_id": "act1", "name": "Louvre", "cost": 22, "place": "1er"}))
    do("bob", Step("itinerary", {"day": 1, "activity_id": "act1", "place": "Pyramid"}, id="s1"))
    outcome = do("bob", Step("activity", {}, op="remove", id="act1"))
    assert [(change.kind, change.op) for change in outcome.changes] == [("itinerary", "set"), ("activity", "remove")]
    (left,) = snapshot.take(Trip.objects.get())["itinerary"]
    assert (left["activity"], left["activity_id"], left["cost"], left["place"]) == ("Louvre", None, 22, "Pyramid")


def test_an_edit_of_what_somebody_else_changed_is_a_conflict(do: Do) -> None:
    do("alice", stop("Louvre"))
    base = do("alice", Step("itinerary", {"time": "10:00"}, id="Louvre")).seq
    do("bob", Step("itinerary", {"time": "11:00"}, id="Louvre"))
    refused = do("alice", Step("itinerary", {"time": "12:00"}, id="Louvre", base_seq=base)).refused
    assert refused
    assert refused.code == "conflict"
    assert refused.current
    assert refused.current["data"] == {"time": "11:00"}
    assert refused.current["updated_by"] == "bob"
    assert code(do("alice", Step("itinerary", {"notes": "Early"}, id="Louvre", base_seq=base))) is None
    assert code(do("bob", Step("itinerary", {"time": "12:00"}, id="Louvre", base_seq=base))) is None, "his own"


def test_money_is_exact(do: Do) -> None:
    do("bob", Step("budget", {"category": "food", "amount": "0.1"}))
    for n in range(20):
        do("bob", Step("budget", {"category": f"c{n}", "amount": "123456789.1234"}))
    amounts = {line["category"]: str(line["amount"]) for line in snapshot.take(Trip.objects.get())["budget"]}
    assert amounts.pop("food") == "0.1"
    assert set(amounts.values()) == {"123456789.1234"}


def test_a_category_set_again_after_its_removal_comes_back(do: Do) -> None:
    do("bob", Step("budget", {"category": "food", "amount": 100}))
    do("bob", Step("budget", {"category": "food"}, op="remove"))
    outcome = do("bob", Step("budget", {"category": "food", "amount": 50}))
    assert outcome.changes[0].op == "restore"
    assert snapshot.take(Trip.objects.get())["budget"] == [{"category": "food", "name": "", "amount": 50}]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (Step("trip", {"title": " "}), "title"),
        (Step("trip", {"title": "x" * 201}), "title"),
        (Step("trip", {"title": "a\x00b"}), "title"),
        (Step("trip", {"notes": "\ud800"}), "notes"),
        (Step("trip", {"currency": "XYZ"}), "currency"),
        (Step("trip", {"end_date": "2027-04-01"}), "end_date"),
        (Step("trip", {"colour": "red"}), "colour"),
        (Step("itinerary", {"day": 1000, "activity": "x"}), "day"),
        (Step("itinerary", {"day": "1", "activity": "x"}), "day"),
        (Step("itinerary", {"day": 1}), "activity"),
        (Step("itinerary", {"activity": "x", "time": "10:00 XM"}), "time"),
        (Step("itinerary", {"activity": "x", "activity_id": "nope"}), "activity_id"),
        (Step("itinerary", {"activity": "x", "activity_id": "a\x00b"}), "activity_id"),
        (Step("itinerary", {"activity": "x", "after": "\ud800"}), "after"),
        (Step("activity", {"name": "x", "latitude": 48.8}), "longitude"),
        (Step("activity", {"name": "x", "link": "javascript:alert(1)"}), "link"),
        (Step("budget", {"category": "food", "amount": 10**400}), "amount"),
        (Step("budget", {"category": "food", "amount": "1e9999999"}), "amount"),
        (Step("budget", {"category": "food", "amount": "1.23456"}), "amount"),
        (Step("budget", {"category": "food", "amount": True}), "amount"),
        (Step("budget", {"category": "fo od", "amount": 1}), "category"),
        (Step("member", {"user_id": "nobody", "role": "viewer"}), "user_id"),
        (Step("member", {"user_id": "mallory", "role": "king"}), "role"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(do: Do, step: Step, field: str, told: list[Change]) -> None:
    refused = do("alice", step).refused
    assert refused
    assert refused.code == "invalid"
    assert list(refused.fields or {}) == [field]
    assert told == []


@pytest.mark.parametrize(("currency", "places"), [("JPY", 2), ("EUR", 4), ("TND", 5), ("CLF", 5)])
def test_an_amount_is_kept_to_its_last_place(do: Do, currency: str, places: int) -> None:
    do("alice", Step("trip", {"currency": currency}))
    amount, finer = Decimal(1).scaleb(-places), Decimal(1).scaleb(-places - 1)
    do("bob", Step("budget", {"amount": amount}, id="food")).unwrap()
    assert BudgetLine.objects.get().amount == amount
    refused = do("bob", Step("budget", {"amount": finer}, id="food")).refused
    assert refused
    assert f"An amount in {currency} has at most {places} decimal places." in str(refused.fields)


def test_a_trip_holds_only_so_many_objects(do: Do, settings: Any) -> None:
    settings.OBJECTS_PER_TRIP = 4
    assert code(do("bob", stop("fourth"))) is None
    assert code(do("bob", stop("fifth"))) == "invalid"
    do("bob", Step("itinerary", {}, op="remove", id="fourth"))
    assert code(do("bob", stop("fifth"))) is None


def test_a_removed_trip_is_gone_until_its_owner_restores_it(do: Do) -> None:
    assert code(do("bob", Step("trip", {}, op="remove"))) == "read_only"
    assert code(do("alice", Step("trip", {}, op="remove"))) is None
    assert code(do("bob", stop("Louvre"))) == "not_found"
    assert code(do("bob", Step("trip", {}, op="restore"))) == "not_found"
    assert code(do("alice", Step("trip", {}, op="restore"))) is None
    assert code(do("bob", stop("Louvre"))) is None


def test_the_number_of_queries_does_not_grow_with_the_batch(do: Do, people: dict[str, User]) -> None:
    do("bob", *(stop(f"s{n}") for n in range(20)))

    def queries(count: int) -> int:
        edits = [
            Mutation("paris", people["bob"], (Step("itinerary", {"notes": f"{count}"}, id=f"s{n}"),), f"{count}-{n}")
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            apply(edits)
        return len(captured)

    assert queries(1) == queries(20)
