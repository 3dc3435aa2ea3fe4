"""What a change, a replay and a snapshot cost in databases of different sizes, as JSON; `with_django` runs it."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from fractional_indexing import generate_n_keys_between

from realtime.broadcast import announced
from trips import changes, journal, snapshot
from trips.models import Change, ItineraryItem, Member, Role, Trip, User
from trips.mutations import Mutation, Step

BATCH = 5_000
numbers = count(1)


def trip_of(owner: User, stops: int, journal_rows: int) -> Trip:
    """A trip with so many stops, and so many changes behind it."""
    trip = Trip.objects.create(public_id=f"trip{next(numbers)}", title="Paris", size=stops + 1, seq=journal_rows)
    Member.objects.create(trip=trip, public_id=owner.username, user=owner, role=Role.OWNER, place=1)
    positions = generate_n_keys_between(None, None, stops)
    ItineraryItem.objects.bulk_create(
        (
            ItineraryItem(trip=trip, public_id=f"s{at}", day=at // 20 + 1, position=position, title=f"Stop {at}")
            for at, position in enumerate(positions)
        ),
        batch_size=BATCH,
    )
    began = timezone.now() - timedelta(days=30)
    Change.objects.bulk_create(
        (
            Change(
                trip=trip,
                seq=seq,
                kind="itinerary",
                op=Change.Op.SET,
                object_id=f"s{seq % stops}",
                after={"activity": f"Visit {seq}"},
                before={"activity": f"Visit {seq - 1}"},
                actor=owner,
                mutation_id=f"m{seq}",
                part=0,
                audience=Change.Audience.EVERYONE,
                time=began + timedelta(seconds=seq),
                digest="0" * 64,
            )
            for seq in range(1, journal_rows + 1)
        ),
        batch_size=BATCH,
    )
    return trip


def costs(works: Mapping[int, Callable[[], Any]], times: int) -> dict[int, dict[str, float]]:
    """Of each: milliseconds by the clock, the median of several, in turn; and how many queries it takes."""
    queries = {size: counted(work) for size, work in works.items()}
    took: dict[int, list[float]] = {size: [] for size in works}
    for _ in range(times):
        for size, work in works.items():
            began = time.perf_counter()
            work()
            took[size].append(time.perf_counter() - began)
    return {size: {"ms": 1000 * median(took[size]), "queries": queries[size]} for size in works}


def counted(work: Callable[[], Any]) -> int:
    work()
    with CaptureQueriesContext(connections["default"]) as writes, CaptureQueriesContext(connections["reader"]) as reads:
        work()
    return len(writes) + len(reads)


def change(owner: User, trip: Trip) -> Callable[[], Any]:
    """One change of one stop."""

    def write() -> None:
        number = next(numbers)
        step = Step("itinerary", {"activity": f"Visit {number}"}, id="s7")
        changes.apply_one(Mutation(trip.public_id, owner, (step,), f"w{number}"))

    return write


def new_stop(owner: User, trip: Trip) -> Callable[[], Any]:
    """One more stop, at the end of the first day."""

    def write() -> None:
        step = Step("itinerary", {"activity": "Visit", "day": 1})
        changes.apply_one(Mutation(trip.public_id, owner, (step,), f"w{next(numbers)}"))

    return write


def replay(trip: Trip, missed: int) -> Callable[[], Any]:
    """What a client that missed so many changes is sent."""

    def read() -> list[str]:
        with transaction.atomic(using="reader"):
            there = Trip.objects.using("reader").get(pk=trip.pk)
            (found,) = journal.replays([(there, there.seq - missed)], missed)
            return [announced(change).text for change in found or []]

    return read


def whole(trip: Trip) -> Callable[[], Any]:
    """The snapshot of a trip."""

    def read() -> dict[str, Any]:
        with transaction.atomic(using="reader"):
            return snapshot.take(Trip.objects.using("reader").get(pk=trip.pk))

    return read


def probe(journals: list[int], sizes: list[int], replays: list[int], times: int) -> dict[str, Any]:
    owner = User.objects.create(username="owner", email="owner@example.org", password="!")
    old = {rows: trip_of(owner, 50, rows) for rows in journals}
    big = {stops: trip_of(owner, stops, 10) for stops in sizes}
    return {
        "journal": costs({rows: change(owner, trip) for rows, trip in old.items()}, times),
        "objects": costs({stops: change(owner, trip) for stops, trip in big.items()}, times),
        "new": costs({stops: new_stop(owner, trip) for stops, trip in big.items()}, times),
        "replay": costs({missed: replay(old[max(journals)], missed) for missed in replays}, times // 10),
        "snapshot": costs({stops: whole(trip) for stops, trip in big.items()}, times // 10),
    }


def main(given: str) -> None:
    call_command("migrate", verbosity=0)
    print(json.dumps(probe(*json.loads(given))))
