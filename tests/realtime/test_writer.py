"""What waits is stored together, but not so much of it that nobody else gets a turn."""

import asyncio
import logging
import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from realtime.writer import MOST_GATHERING, Writer
from trips.memory import Memory
from trips.models import User
from trips.mutations import Mutation, Outcome, Step


async def test_a_transaction_takes_a_number_of_steps_not_of_mutations(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
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


async def test_what_is_known_after_one_transaction_is_known_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    memories: list[Memory] = []
    stored = asyncio.Semaphore(0)

    def apply(batch: Sequence[Mutation], *, memory: Memory) -> list[Outcome]:
        memories.append(memory)
        return [Outcome() for _ in batch]

    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(asyncio.get_running_loop())
    for _ in range(2):
        writer.submit(Mutation("t", User(), (Step("trip", {}),)), lambda _: stored.release())
        await asyncio.wait_for(stored.acquire(), 5)
    await asyncio.to_thread(writer.stop)
    first, second = memories
    assert first is second


async def test_what_is_said_to_what_was_told_together_is_stored_together(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    stored: list[int] = []

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        stored.append(len(batch))
        return [Outcome() for _ in batch]

    def say(pause: int, rounds: int) -> None:
        """Something, some rounds of the loop from now; and again, as soon after its answer."""
        if rounds:
            loop.call_soon(say, pause, rounds - 1)
        elif len(stored) > 20:
            ended.set()
        else:
            writer.submit(Mutation("t", User(), (Step("trip", {}),)), lambda _: say(pause, pause))

    for patience in ("PATIENCE", "MOST_GATHERING"):
        monkeypatch.setattr(f"realtime.writer.{patience}", 5)
    monkeypatch.setattr("realtime.writer.GATHERING", 1e9)
    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(loop)
    for pause in (0, 3):
        say(pause, 0)
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.to_thread(writer.stop)
    assert set(stored[1:]) == {2}


async def test_two_who_take_turns_are_stored_together(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    stored: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        stored.append(len(batch))
        begun.set()
        go_on.wait(5)
        return [Outcome() for _ in batch]

    def say() -> None:
        """Something; and again, a moment after its answer."""
        if len(stored) > 10:
            ended.set()
        else:
            writer.submit(Mutation("t", User(), (Step("trip", {}),)), lambda _: again())

    def again() -> None:
        loop.call_later(0.002, say)

    for patience in ("PATIENCE", "MOST_GATHERING"):
        monkeypatch.setattr(f"realtime.writer.{patience}", 5)
    monkeypatch.setattr("realtime.writer.GATHERING", 1e9)
    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(loop)
    say()
    await asyncio.to_thread(begun.wait, 5)
    say()  # another one, while the first is stored
    go_on.set()
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.to_thread(writer.stop)
    assert set(stored[1:]) == {2}


async def test_who_stays_away_is_waited_for_once_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, waits = asyncio.get_running_loop(), list[float]()
    begun, go_on = threading.Event(), threading.Event()

    class Watched(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            return super().wait(timeout)

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        begun.set()
        go_on.wait(5)
        return [Outcome() for _ in batch]

    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(loop)
    writer._came = Watched()
    answers: asyncio.Queue[Outcome] = asyncio.Queue()

    def say() -> None:
        writer.submit(Mutation("t", User(), (Step("trip", {}),)), answers.put_nowait)

    say()
    await asyncio.to_thread(begun.wait, 5)
    for _ in range(3):
        say()  # they are stored together
    go_on.set()
    for _ in range(4):
        await asyncio.wait_for(answers.get(), 5)
    for _ in range(3):
        say()
        await asyncio.wait_for(answers.get(), 5)
    await asyncio.to_thread(writer.stop)
    assert len(waits) == 1
    assert 0 < waits[0] <= MOST_GATHERING


async def test_those_who_were_waited_for_in_vain_are_waited_for_again_but_ever_more_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Until they do come."""
    come = iter([False] * 8 + [True, False, False])
    waited, writer = list[int](), Writer(asyncio.get_running_loop())

    def wait(_: float) -> bool:
        waited.append(batches)
        return next(come)

    monkeypatch.setattr(writer, "_expected", 2)
    monkeypatch.setattr(writer._came, "wait", wait)
    batches = 0
    while len(waited) < 11:
        writer._gather()
        batches += 1
    await asyncio.to_thread(writer.stop)
    assert [after - before - 1 for before, after in pairwise(waited)] == [4, 8, 16, 32, 64, 64, 64, 64, 0, 4]


async def test_no_more_are_waited_for_than_one_transaction_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    expected: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        expected.append(writer._expected)
        begun.set()
        go_on.wait(5)
        return [Outcome() for _ in batch]

    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(asyncio.get_running_loop())
    one = Mutation("t", User(), (Step("trip", {}),))
    writer.submit(one, lambda _: None)
    await asyncio.to_thread(begun.wait, 5)
    for _ in range(3 * Writer.MOST):
        writer.submit(one, lambda _: None)
    go_on.set()
    await asyncio.to_thread(writer.stop)
    assert max(expected) == Writer.MOST


async def test_a_loop_that_is_busy_does_not_hold_up_storing(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        stored.append(sum(len(mutation.steps) for mutation in batch))
        return [Outcome() for _ in batch]

    monkeypatch.setattr("trips.changes.apply", apply)
    writer = Writer(asyncio.get_running_loop())
    for _ in range(4):
        writer.submit(Mutation("t", User(), (Step("trip", {}),) * 200), lambda _: None)
    writer.stop()  # on the loop, which hears of nothing meanwhile
    assert sum(stored) == 800


async def test_whatever_goes_wrong_all_are_answered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        raise KeyError

    monkeypatch.setattr("trips.changes.apply", fail)
    caplog.set_level(logging.CRITICAL)
    writer = Writer(asyncio.get_running_loop())
    answers: asyncio.Queue[Outcome] = asyncio.Queue()
    for _ in range(2):
        writer.submit(Mutation("t", User(), (Step("trip", {}),)), answers.put_nowait)
        outcome = await asyncio.wait_for(answers.get(), 5)
        assert outcome.refused
        assert outcome.refused.code == "internal"
    await asyncio.to_thread(writer.stop)


async def test_one_who_cannot_be_answered_takes_nobody_with_them(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    together, answered = threading.Event(), asyncio.Event()

    def apply(batch: Sequence[Mutation], **_: Any) -> list[Outcome]:
        together.wait(5)
        return [Outcome() for _ in batch]

    def broken(_: Outcome) -> None:
        raise KeyError

    monkeypatch.setattr("trips.changes.apply", apply)
    caplog.set_level(logging.CRITICAL)
    writer = Writer(asyncio.get_running_loop())
    for answer in (broken, broken, lambda _: answered.set()):
        writer.submit(Mutation("t", User(), (Step("trip", {}),)), answer)
    together.set()
    await asyncio.wait_for(answered.wait(), 5)
    await asyncio.to_thread(writer.stop)
