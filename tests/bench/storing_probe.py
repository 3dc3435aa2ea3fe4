"""What each part of storing takes when many changes are stored together, as JSON; `with_django` runs it."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count, cycle, islice
from statistics import median
from typing import Any
from unittest.mock import patch

from django.db import connection

from trips import changes, plan, rows
from trips.ledger import Ledger
from trips.memory import Memory
from trips.models import User
from trips.mutations import Mutation, Step

numbers = count(1)


class Parts:
    """How long the calls of some functions take, by the clock."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - began

    def timing(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.timed(part):
                return work(*args, **kwargs)

        return timed


def batches(people: Mapping[str, list[str]], size: int) -> Iterator[list[Mutation]]:
    """Changes of the members of all trips in turn, of a stop each, for ever."""
    users = User.objects.in_bulk(field_name="username")
    askers = cycle((trip, at % 8, users[name]) for trip, names in people.items() for at, name in enumerate(names))
    while True:
        yield [
            Mutation(trip, user, (Step("itinerary", {"activity": f"Visit {number}"}, id=f"s{stop}"),), f"m{number}")
            for (trip, stop, user), number in zip(islice(askers, size), numbers, strict=False)
        ]


def probe(people: Mapping[str, list[str]], size: int, times: int) -> dict[str, float]:
    """Microseconds a change, of each part and in all: the medians of several batches."""
    whole: list[dict[str, float]] = []
    memory = Memory()
    for at, batch in enumerate(islice(batches(people, size), times + times // 2)):
        parts = Parts()
        with ExitStack() as watched:
            for part, owner, name in (
                ("read", Memory, "recall"),
                ("read", rows.Rows, "read"),
                ("decide", plan.Plan, "decide"),
                ("write", Ledger, "write"),
                ("commit", connection, "commit"),
            ):
                watched.enter_context(patch.object(owner, name, parts.timing(part, getattr(owner, name))))
            processor = time.thread_time()
            with parts.timed("in all"):
                outcomes = changes.apply(batch, memory=memory)
            parts.seconds["CPU"] = time.thread_time() - processor
        for outcome in outcomes:
            outcome.unwrap()
        if at >= times // 2:  # warm by then
            whole.append(parts.seconds)
    return {part: 1e6 * median(each[part] for each in whole) / size for part in whole[0]}


def main(given: str) -> None:
    people, size, times = json.loads(given)
    gc.freeze()
    print(json.dumps(probe(people, size, times)))
