"""A transaction that is one pipeline of PostgreSQL's goes wrong as any other: nothing is stored, the line is kept."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.db import DataError, IntegrityError, connection, transaction
from psycopg.pq import PipelineStatus, TransactionStatus

from trips import bulk
from trips.models import Trip

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]

AT_REST = TransactionStatus.IDLE, PipelineStatus.OFF, True
TOO_LONG = "x" * 10_000


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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
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
        ((rename(TOO_LONG), break_off), LookupError),
        ((read, rename(TOO_LONG), rename("Oslo"), break_off), LookupError),
    ],
    ids=["refused", "refused before it is read", "refused at the end", "ours", "both", "both, in the middle"],
)
def test_what_goes_wrong_takes_all_along(steps: tuple[Callable[[], None], ...], error: type[Exception]) -> None:
    before = backend()
    with pytest.raises(error):
        together(rename("Rome"), *steps)
    assert (title(), state(), backend()) == ("Paris", AT_REST, before)
    together(rename("Oslo"))
    assert title() == "Oslo"


@pytest.mark.parametrize(
    ("steps", "error"),
    [((), DataError), ((read,), DataError), ((break_off,), LookupError)],
    ids=["end", "read", "both"],
)
def test_within_another_transaction_only_its_own_is_taken_back(
    steps: tuple[Callable[[], None], ...], error: type[Exception]
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
