"""A transaction that is one pipeline of PostgreSQL's goes wrong as any other: nothing is stored, the line is kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.db import DataError, IntegrityError, connection, transaction
from psycopg.pq import PipelineStatus, TransactionStatus

from trips import bulk
from trips.changes import apply, create_trip
from trips.models import Trip, User
from trips.mutations import Mutation, Outcome, Step

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]

AT_REST = TransactionStatus.IDLE, PipelineStatus.OFF, True
TOO_LONG = "x" * 10_000
EITHER = DataError, LookupError  # whichever is noticed first


@pytest.fixture(autouse=True)
def trip() -> Trip:
    return Trip.objects.create(public_id="paris", title="Paris")


def together(*steps: Callable[[], object], durable: bool = True) -> None:
    with bulk.pipeline(), transaction.atomic(durable=durable):
        for step in steps:
            step()


def rename(title: str) -> Callable[[], None]:
    return lambda: bulk.tell("UPDATE trips_trip SET title = %s", [[title]])


def read() -> None:
    """Two questions, of which only one is waited for."""
    found = bulk.find(Trip, ["public_id"], [("paris",)])
    bulk.find(Trip, ["public_id"], [("rome",)])
    found()


def add_a_row_of_nobody() -> None:
    """Foreign keys are looked at when all is there."""
    LogEntry.objects.bulk_create([LogEntry(user_id=4711, action_flag=ADDITION)])


def break_off() -> None:
    raise LookupError


def title() -> str:
    return Trip.objects.get().title


def backend() -> int:
    """The process that serves this connection."""
    return answer("SELECT pg_backend_pid()")


def answer(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


def state() -> tuple[Any, ...]:
    """What psycopg knows of the connection."""
    line = connection.connection
    return line.pgconn.transaction_status, line.pgconn.pipeline_status, line.autocommit


def test_it_is_stored_where_it_ends() -> None:
    seen = []
    together(rename("Rome"), lambda: seen.append(title()), rename("Oslo"))
    assert (seen, title(), state()) == (["Rome"], "Oslo", AT_REST)


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((rename(TOO_LONG), rename("Oslo")), DataError),
        ((rename(TOO_LONG), read, rename("Oslo")), DataError),
        ((add_a_row_of_nobody,), IntegrityError),
        ((break_off,), LookupError),
        ((rename(TOO_LONG), break_off), EITHER),
        ((read, rename(TOO_LONG), rename("Oslo"), break_off), EITHER),
    ],
    ids=["refused", "refused before it is read", "refused at the end", "ours", "both", "both, in the middle"],
)
def test_what_goes_wrong_takes_all_along(steps: tuple[Callable[[], None], ...], error: Any) -> None:
    before = backend()
    with pytest.raises(error):
        together(rename("Rome"), *steps)
    assert (title(), state(), backend()) == ("Paris", AT_REST, before)
    together(rename("Oslo"))
    assert title() == "Oslo"


@pytest.mark.parametrize(
    ("steps", "error"),
    [((), DataError), ((read,), DataError), ((break_off,), EITHER)],
    ids=["end", "read", "both"],
)
def test_within_another_transaction_only_its_own_is_taken_back(
    steps: tuple[Callable[[], None], ...], error: Any
) -> None:
    with transaction.atomic():
        together(rename("Rome"), durable=False)
        with pytest.raises(error):
            together(rename("Oslo"), rename(TOO_LONG), *steps, durable=False)
        assert title() == "Rome"
    assert (title(), state()) == ("Rome", AT_REST)


def test_a_line_that_was_cut_between_two_is_made_anew() -> None:
    gone = backend()
    with closing(connection.copy()) as another, another.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])
    connection.close_if_unusable_or_obsolete()  # as at the beginning of each request
    together(rename("Rome"))
    assert title() == "Rome"
    assert backend() != gone


def test_what_is_read_is_as_whoever_kept_the_trip_locked_has_left_it() -> None:
    """All is asked for at once, but answered in turn."""
    alice = User.objects.create_user("alice")
    trip_id = create_trip(alice, {"title": "Lyon"}, Step("itinerary", {"activity": "Louvre"}, id="s1"))
    change = Mutation(trip_id, alice, (Step("itinerary", {"activity": "Orsay"}, id="s1"),))
    with closing(connection.copy()) as another, ThreadPoolExecutor(1) as elsewhere:
        cursor = another.cursor()
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM trips_trip WHERE public_id = %s FOR UPDATE", [trip_id])
        storing = elsewhere.submit(stored_by_this_thread, change)
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        while not storing.done() and answer(waiting) == 0:
            pass
        cursor.execute("UPDATE trips_itineraryitem SET title = 'Jardin'")
        cursor.execute("COMMIT")
        [told] = storing.result().unwrap()
    assert (told.before, told.after["activity"]) == ({"activity": "Jardin"}, "Orsay")


def stored_by_this_thread(change: Mutation) -> Outcome:
    try:
        return apply([change])[0]
    finally:
        connection.close()
