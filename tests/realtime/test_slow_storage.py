"""Storage that is there, but keeps somebody waiting: who waits is told so soon, and nobody else is harmed."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.realtime.conftest import Open
from tests.realtime.database import ask
from tests.realtime.tab import Tab
from tests.server import Server
from trips.changes import apply, create_trip
from trips.models import Trip, User
from trips.mutations import Mutation, Step

on_postgresql = pytest.mark.scaled


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that does not wait long."""
    log = tmp_path_factory.mktemp("impatient") / "log.txt"
    running = Server(log, DATABASE_PATIENCE="1", DATABASE_LOCK_PATIENCE="0.5").start()
    yield running
    running.stop()


@contextmanager
def held(statement: str, *values: str) -> Iterator[None]:
    """Somebody else keeps what this statement locks."""
    other: BaseDatabaseWrapper = connection.copy()
    other.inc_thread_sharing()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            cursor.execute(statement, values)
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


@asynccontextmanager
async def meanwhile(statement: str, *values: str) -> AsyncIterator[None]:
    """The same, for an async test."""
    lock = held(statement, *values)
    await ask(lock.__enter__)
    try:
        yield
    finally:
        await ask(lambda: lock.__exit__(None, None, None))


@on_postgresql
async def test_a_trip_that_somebody_keeps_locked_is_unavailable_and_the_others_go_on(
    alice: Tab, bob: Tab, trip: str, people: dict[str, User]
) -> None:
    elsewhere = await ask(lambda: create_trip(people["bob"], {"title": "Elsewhere"}))
    async with meanwhile("SELECT 1 FROM trips_trip WHERE public_id = %s FOR UPDATE", trip):
        for n in range(3):
            await alice.send("trip_update", {"title": "Lyon"}, mutation_id=f"m{n}")
            await bob.send("trip_update", {"title": f"Elsewhere {n}"}, trip_id=elsewhere, mutation_id=f"m{n}")
            assert (await bob.expect("ack"))["trip_id"] == elsewhere
            assert (await alice.expect("error"))["code"] == "unavailable"
    await alice.send("trip_update", {"title": "Lyon"}, mutation_id="m0")
    await alice.expect("ack", mutation_id="m0")
    assert (await bob.expect("trip_updated"))["data"] == {"title": "Lyon"}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_in_one_batch_only_the_locked_trip_is_unavailable(people: dict[str, User]) -> None:
    trips = [create_trip(people["alice"], {"title": "Paris"}) for _ in range(3)]
    batch = [
        Mutation(trip_id, people["alice"], (Step("trip", {"title": f"{n}"}),)) for n in range(2) for trip_id in trips
    ]
    with held("SELECT 1 FROM trips_trip WHERE public_id = %s FOR UPDATE", trips[1]), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        outcomes = apply(batch)
        cursor.execute("SET lock_timeout = '20s'")
    assert [outcome.refused and outcome.refused.code for outcome in outcomes] == [None, "unavailable", None] * 2
    assert [Trip.objects.get(public_id=trip_id).title for trip_id in trips] == ["1", "Paris", "1"]


@on_postgresql
async def test_where_sign_ins_cannot_be_read_nobody_is_sent_away_and_who_comes_is_told_soon(
    alice: Tab, open_tab: Open
) -> None:
    async with meanwhile("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE"):
        for _ in range(2):
            newcomer = await open_tab("bob", greeted=False)
            assert await newcomer.expect_close() == 4503
            assert [message["code"] for message in newcomer.kept] == ["unavailable"]
        await alice.settle()
    await alice.settle()
    await (await open_tab("bob")).settle()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows, not the file")
async def test_while_another_program_writes_to_the_file_changes_are_unavailable_and_reading_goes_on(
    alice: Tab, trip: str
) -> None:
    async with meanwhile("UPDATE trips_trip SET title = %s", "Half a change"):
        await alice.send("trip_update", {"title": "Lyon"}, mutation_id="m1")
        assert (await alice.expect("error"))["code"] == "unavailable"
        await alice.send("join_trip")
        assert (await alice.expect("joined"))["snapshot"]["trip"]["title"] == "Paris"
    await alice.send("trip_update", {"title": "Lyon"}, mutation_id="m1")
    await alice.expect("ack", mutation_id="m1")
