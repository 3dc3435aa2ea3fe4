"""What waits is stored together, but not so much of it that nobody else gets a turn."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from realtime.writer import Writer
from trips.models import User
from trips.mutations import Mutation, Outcome, Step


async def test_a_transaction_takes_a_number_of_steps_not_of_mutations(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def apply(batch: Sequence[Mutation]) -> list[Outcome]:
        begun.set()
        go_on.wait(5)
        stored.append(len(batch))
        return [Outcome() for _ in batch]

    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(asyncio.get_running_loop())
    first, light = Mutation("t", User(), (Step("trip", {}),)), Mutation("t", User(), (Step("trip", {}),))
    heavy = Mutation("t", User(), (Step("trip", {}),) * 200)
    writer.submit(first, lambda _: None)
    await asyncio.to_thread(begun.wait, 5)
    for mutation in (heavy, heavy, heavy, light):
        writer.submit(mutation, lambda _: None)
    go_on.set()
    await asyncio.to_thread(writer.stop)
    assert stored == [1, 2, 2]
