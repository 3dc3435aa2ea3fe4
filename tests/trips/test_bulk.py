"""Rows that are read and stored by statements of our own are those that the ORM reads and stores."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from trips import bulk, columns
from trips.kinds import KINDS, Kind
from trips.models import Change, ItineraryItem, Member, Trip, TripObject, User
from trips.rows import _roles

pytestmark = pytest.mark.django_db
KEPT = {"id", "public_id", "trip", "day", "position", "place", "user"}  # what rows are told apart by


@pytest.fixture(autouse=True, params=[False, True], ids=["plain", "watched"])
def trip(settings: Any, request: pytest.FixtureRequest) -> None:
    """With DEBUG, Django watches every statement, and is asked through its own cursor."""
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    settings.DEBUG = request.param


@pytest.mark.parametrize("model", [*(kind.model for kind in KINDS.values()), Change])
@pytest.mark.parametrize("many", [1, 3, 100])
def test_they_are_the_same(model: type[TripObject], many: int) -> None:
    rows = list(model._default_manager.order_by("pk")[:many])
    read = bulk.found(model, ["id"], [(row.pk,) for row in reversed(rows)])
    assert [values_of(row) for row in read] == [values_of(row) for row in rows]


WHOLE = re.compile("SCAN found|Seq Scan|Hash Join|Merge Join")


def test_rows_are_looked_up_in_an_index_however_few_there_are() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = bulk.rows_wanted(ItineraryItem, ("trip__public_id", "public_id"))
    plan = planned(f"SELECT found.id FROM {rows}", bulk.wanted([("paris", "a"), ("rome", "b")]))
    assert "itineraryitem_public_id_in_trip" in plan
    assert "trips_trip_public_id" in plan or "sqlite_autoindex_trips_trip" in plan
    assert not WHOLE.search(plan)
    plan = planned(bulk._selection(Trip, ("public_id",), bulk.locking(wait=True)), bulk.wanted([("a",), ("b",)]))
    assert not WHOLE.search(plan)


@pytest.mark.parametrize("model", [Member, User, Change])
@pytest.mark.parametrize("analyzed", [True, False])
def test_a_plan_that_is_made_before_there_is_anything_reads_nothing_whole(model: type[Model], analyzed: bool) -> None:
    """PostgreSQL keeps it. What it then reads whole, or all of a trip, takes longer with each row that comes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
        if analyzed:
            cursor.execute("ANALYZE")
    plan = planned(_roles(), bulk.wanted([("paris", 1), ("rome", 2)]))
    assert "member_once_in_trip" in plan
    assert not WHOLE.search(plan)
    assert "trips_user_pkey" in plan or "INTEGER PRIMARY KEY" in plan
    rows = bulk.rows_wanted(Change, ("trip__public_id", "actor_id", "mutation_id"))
    plan = planned(f"SELECT found.id FROM {rows}", bulk.wanted([("paris", 1, "m1"), ("rome", 2, "m2")]))
    assert re.search("change_once_a_mutation.*mutation_id", plan)
    assert not re.search("Filter", plan)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no table of what a constraint lists")
def test_no_table_is_made_on_the_side_for_each_change_that_is_stored() -> None:
    names = columns.of_model(Change)[1:]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {bulk._insertion(Change, names, False)}", [None] * len(names))
        steps = {step[1] for step in cursor.fetchall()}
    assert "Insert" in steps
    assert "OpenEphemeral" not in steps


def planned(sql: str, parameters: list[str]) -> str:
    """What the database is going to do. PostgreSQL keeps that, whatever it is given then."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW plan_cache_mode")
            assert cursor.fetchone() == ("force_generic_plan",)
            cursor.execute(f"PREPARE wanted AS {sql.replace('%s', '$1')}")
            cursor.execute(f"EXPLAIN EXECUTE wanted ('{parameters[0]}')")
            plan = str(cursor.fetchall())
            cursor.execute("DEALLOCATE wanted")
            return plan
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return str(cursor.fetchall())


def test_who_points_to_nothing_is_linked_to_nothing() -> None:
    changes = list(Change.objects.order_by("pk"))
    changes[0].actor_id = None
    bulk.link(changes, "actor")
    assert changes[0].actor is None
    assert {change.actor_id for change in changes[1:]} == {change.actor.pk for change in changes[1:] if change.actor}


def values_of(row: Model) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.mark.parametrize("many", [1, 3, 100])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_stored_is_what_the_orm_would_have_stored(kind: Kind, many: int) -> None:
    """Every kind of column: dates, times, amounts, text, and nothing."""
    rows = list(kind.model._default_manager.order_by("pk")[:many])
    fields = [field for field in kind.model._meta.concrete_fields if field.name not in KEPT]
    before = [values_of(row) for row in rows]
    emptied = {field.name: None for field in fields if field.null}
    if emptied:
        kind.model._default_manager.update(**emptied)
    bulk.update(kind.model, rows, [field.attname for field in fields])
    assert [values_of(row) for row in kind.model._default_manager.order_by("pk")[:many]] == before


@pytest.mark.parametrize("many", [1, 3])
def test_what_is_made_is_what_the_orm_would_have_made(many: int) -> None:
    trip = Trip.objects.latest("pk")
    amounts = {"cost": Decimal("12.30"), "note": "a “quote”, a 'quote', a \\ and a \n", "none": None, "list": [1, {}]}
    made = [
        Change(
            trip=trip,
            seq=10_000 + n,
            kind="itinerary",
            op=Change.Op.SET,
            object_id="s1",
            after=amounts,
            before=None if n else {},
            mutation_id=None,
            digest="0" * 64,
            audience=Change.Audience.EVERYONE,
            time=timezone.now(),
        )
        for n in range(many)
    ]
    bulk.insert(Change, made)
    stored = list(Change.objects.filter(seq__gte=10_000).order_by("seq"))
    assert [without_key(row) for row in stored] == [without_key(row) for row in made]


def without_key(row: Change) -> dict[str, object]:
    return {name: value for name, value in values_of(row).items() if name != "id"}
