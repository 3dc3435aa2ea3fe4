"""A transaction in a pipeline that goes wrong stores nothing, and leaves its connection usable."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError
from psycopg.pq import PipelineStatus, TransactionStatus

from trips import bulk
from trips.changes import apply, create_trip
from trips.models import Trip, User
from trips.mutations import Mutation, Outcome, Step
from trips.plan import Plan

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]

Errors = type[Exception] | tuple[type[Exception], ...]

AT_REST = TransactionStatus.IDLE, PipelineStatus.OFF, True
TOO_LONG = "x" * 10_000
REFUSED_OR_OURS = DataError, LookupError  # the answer may have come when we break off, or not
COUNTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
WAITING_FOR_LOCKS = f"{COUNTED} wait_event_type = 'Lock'"
SLEEPING = f"{COUNTED} wait_event = 'PgSleep'"


@pytest.fixture(autouse=True)
def paris() -> None:
    Trip.objects.create(public_id="paris", title="Paris")


def together(*steps: Callable[[], object], durable: bool = True) -> None:
    with bulk.pipeline(), transaction.atomic(durable=durable):
        for step in steps:
            step()


def rename(title: str) -> Callable[[], None]:
    return lambda: bulk.tell("UPDATE trips_trip SET title = %s WHERE public_id = 'paris'", [[title]], connection)


def read() -> None:
    """Two questions, of which only one is waited for."""
    found = bulk.find(Trip, ["public_id"], [("paris",)])
    bulk.find(Trip, ["public_id"], [("rome",)])
    found()


def add_a_row_of_nobody() -> None:
    """Its foreign key is deferred: PostgreSQL refuses it at COMMIT."""
    LogEntry.objects.bulk_create([LogEntry(user_id=4711, action_flag=ADDITION)])


def break_off() -> None:
    raise LookupError


def title() -> str:
    return Trip.objects.get(public_id="paris").title


def backend() -> int:
    """The process that serves this connection."""
    return answer("SELECT pg_backend_pid()")


def answer(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


def state() -> tuple[TransactionStatus, PipelineStatus, bool]:
    """Transaction, pipeline and autocommit as psycopg has them."""
    line = connection.connection
    return line.info.transaction_status, PipelineStatus(line.pgconn.pipeline_status), line.autocommit


def test_it_is_stored_with_commit_and_not_before() -> None:
    seen: list[object] = []
    with closing(connection.copy()) as another:

        def look() -> None:
            seen.append(title())
            with another.cursor() as cursor:
                cursor.execute("SELECT title FROM trips_trip")
                seen.extend(cursor.fetchone())

        together(rename("Rome"), look, rename("Oslo"))
    assert (seen, title(), state()) == (["Rome", "Paris"], "Oslo", AT_REST)


def test_begin_is_not_waited_for() -> None:
    """That a transaction has begun is known when that was answered."""
    seen: list[object] = []
    together(lambda: seen.extend(state()), rename("Rome"))
    assert seen[:2] == [TransactionStatus.ACTIVE, PipelineStatus.ON]
    with transaction.atomic():
        rename("Oslo")()
        assert state() == (TransactionStatus.INTRANS, PipelineStatus.OFF, False)


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((rename(TOO_LONG), rename("Oslo")), DataError),
        ((rename(TOO_LONG), read, rename("Oslo")), DataError),
        ((add_a_row_of_nobody,), IntegrityError),
        ((break_off,), LookupError),
        ((rename(TOO_LONG), break_off), REFUSED_OR_OURS),
        ((read, rename(TOO_LONG), rename("Oslo"), break_off), REFUSED_OR_OURS),
    ],
    ids=["refused", "refused, then read", "refused at COMMIT", "ours", "refused, then ours", "read, refused, ours"],
)
def test_an_error_takes_the_whole_transaction_back(steps: tuple[Callable[[], None], ...], error: Errors) -> None:
    before = backend()
    with pytest.raises(error):
        together(rename("Rome"), *steps)
    assert (title(), state(), backend()) == ("Paris", AT_REST, before)
    together(rename("Oslo"))
    assert title() == "Oslo"


@pytest.mark.parametrize(
    ("steps", "error"),
    [((), DataError), ((read,), DataError), ((break_off,), REFUSED_OR_OURS)],
    ids=["noticed at the end", "noticed when read", "then ours"],
)
def test_within_another_transaction_only_the_inner_one_is_taken_back(
    steps: tuple[Callable[[], None], ...], error: Errors
) -> None:
    with transaction.atomic():
        together(rename("Rome"), durable=False)
        with pytest.raises(error):
            together(rename("Oslo"), rename(TOO_LONG), *steps, durable=False)
        assert title() == "Rome"
    assert (title(), state()) == ("Rome", AT_REST)


def test_a_connection_that_was_cut_between_two_requests_is_replaced() -> None:
    gone = backend()
    cut(gone)
    connection.close_if_unusable_or_obsolete()  # as at the beginning of each request
    together(rename("Rome"))
    assert title() == "Rome"
    assert backend() != gone


@pytest.mark.parametrize("before", [(), (rename("Rome"), read)], ids=["before", "within"])
def test_one_that_was_cut_fails_once(before: tuple[Callable[[], None], ...]) -> None:
    """As a command has it, which makes no requests."""
    gone = backend()
    steps = (*before, lambda: cut(gone), rename("Oslo"))
    if not before:
        cut(gone)
        steps = (rename("Oslo"),)
    with pytest.raises(OperationalError):
        together(*steps)
    together(read)
    assert (title(), state()) == ("Paris", AT_REST)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell has what it starts in the background ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_at_the_end_leaves_the_connection_usable() -> None:
    """Somebody presses Ctrl-C while the answer to COMMIT is waited for."""
    with ThreadPoolExecutor(1) as elsewhere:
        pressing = elsewhere.submit(interrupt_when_it_sleeps)
        with pytest.raises(KeyboardInterrupt):
            together(rename("Rome"), lambda: bulk.tell("SELECT pg_sleep(%s)", [[60]], connection))
        pressing.result()
    together(read)
    assert (title(), state()) == ("Paris", AT_REST)


def interrupt_when_it_sleeps() -> None:
    deadline = time.monotonic() + 20
    with closing(connection):  # this thread's own
        while answer(SLEEPING) == 0:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("read", [list, Trip.objects.count], ids=["its rows", "something more"])
def test_a_process_that_freezes_after_it_has_read_keeps_nothing_locked(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], object]
) -> None:
    def freeze(*_: object) -> Outcome:
        read()
        with closing(connection.copy()) as another, another.cursor() as cursor:
            deadline = time.monotonic() + 5
            while cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [frozen]).fetchone():
                assert time.monotonic() < deadline, "it is still connected"
                time.sleep(0.01)
        return Outcome()

    alice = User.objects.create_user("alice")
    stop = Step("itinerary", {"activity": "Louvre", "activity_id": "a1"}, id="s1")
    trip_id = create_trip(alice, {"title": "Paris"}, Step("activity", {"name": "Louvre"}, id="a1"), stop)
    monkeypatch.setattr(Plan, "decide", freeze)
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '200ms'")
    frozen = backend()
    [outcome] = apply([Mutation(trip_id, alice, (stop,))])
    assert outcome.refused
    assert outcome.refused.code == "unavailable"


def test_what_was_broken_is_not_taken_for_stored() -> None:
    def pass_over() -> None:
        with suppress(DataError):
            bulk.await_answers()

    with pytest.raises(TransactionManagementError):
        together(rename("Rome"), rename(TOO_LONG), pass_over)
    assert (title(), state()) == ("Paris", AT_REST)


def test_the_orm_knows_at_once_what_came_of_it() -> None:
    found = []
    together(
        lambda: found.append(Trip.objects.filter(title="Paris").update(title="Rome")),
        lambda: Trip.objects.get().save(),
        lambda: found.append(Trip.objects.filter(title="Paris").delete()[0]),
    )
    assert (found, title(), state()) == ([1, 0], "Rome", AT_REST)


def test_what_failed_before_a_savepoint_is_not_taken_back_with_it() -> None:
    def inner() -> None:
        with suppress(LookupError), transaction.atomic():
            break_off()

    with pytest.raises(DataError):
        together(rename(TOO_LONG), inner)
    assert (title(), state()) == ("Paris", AT_REST)


def test_a_connection_that_is_closed_within_one_is_given_to_nobody() -> None:
    line, closed = connection.connection, []
    with pytest.raises(ProgrammingError, match="Cannot open a new connection"):
        together(rename("Rome"), read, connection.close, lambda: closed.append(line.closed), rename("Oslo"))
    assert (closed, title()) == ([True], "Paris")
    together(rename("Oslo"))
    assert (title(), state()) == ("Oslo", AT_REST)


def test_one_within_another_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="pipeline"):
        together(rename("Rome"), together)
    assert (title(), state()) == ("Paris", AT_REST)


def cut(process: int) -> None:
    with closing(connection.copy()) as another, another.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


def test_a_change_that_waited_for_a_lock_sees_what_its_holder_stored() -> None:
    """The trip and its stops are asked for together; the stops are still read after the lock."""
    alice = User.objects.create_user("alice")
    trip_id = create_trip(alice, {"title": "Paris"}, Step("itinerary", {"activity": "Louvre"}, id="s1"))
    edit = Mutation(trip_id, alice, (Step("itinerary", {"activity": "Orsay"}, id="s1"),))
    with closing(connection.copy()) as another, ThreadPoolExecutor(1) as elsewhere:
        cursor = another.cursor()
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM trips_trip WHERE public_id = %s FOR UPDATE", [trip_id])
        storing = elsewhere.submit(apply_in_a_thread, edit)
        while answer(WAITING_FOR_LOCKS) == 0:
            assert not storing.done(), "it did not wait for the lock"
            time.sleep(0.01)
        cursor.execute("UPDATE trips_itineraryitem SET title = 'Jardin' WHERE public_id = 's1'")
        cursor.execute("COMMIT")
        [change] = storing.result().unwrap()
    assert (change.before, change.after["activity"]) == ({"activity": "Jardin"}, "Orsay")


def apply_in_a_thread(edit: Mutation) -> Outcome:
    """Its connection ends with it, or the test's database could not be dropped."""
    try:
        return apply([edit])[0]
    finally:
        connection.close()
