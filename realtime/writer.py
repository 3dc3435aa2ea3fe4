"""Group commit: what waits is stored together, in one transaction. Alone, a mutation waits for nobody.

The writer and the event loop take turns: at the same time they would only take the interpreter from each other. What
was stored is told before more is stored. Then those who were told, and may answer at once, are waited for a moment,
though others wait already; so what comes together stays together, and two groups that take turns become one.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from time import monotonic

from django.db import connections

from trips import changes
from trips.faults import fault, log_safely
from trips.memory import Memory
from trips.mutations import Mutation, Outcome

GATHERING = 0.5  # of the time that the last ones took to be stored: as long others are waited for,
MOST_GATHERING = 0.01  # but no more than these seconds
FIRST_PAUSE = 4  # times that nobody is waited for, after not all came who were; twice as often each time that goes on,
MOST_PAUSE = 64  # but no more than these
PATIENCE = 0.1  # seconds that the writer waits for a loop that is busy with something else

Answer = Callable[[Outcome], None]


class Writer:
    """Takes mutations from the event loop, in order, and answers there."""

    MOST = 256  # steps in one transaction, so that others get their turn; a mutation's own stay together

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: SimpleQueue[tuple[Mutation, Answer] | None] = SimpleQueue()
        self._told = threading.Event()
        self._told.set()
        self._memory = Memory()
        self._expected = 1  # as many as were told last time, and came meanwhile
        self._came = threading.Event()
        self._gathering = 0.0
        self._pause = 0  # how often nobody is waited for, since not all came last time
        self._in_pause = 0  # and how often still
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._start()

    def _start(self) -> None:
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether something waits, is being stored, or was stored and is not told yet.

        A glance at another thread, for what may go wrong either way: it can miss what that has just taken.
        """
        return not (self._told.is_set() and self._waiting.empty())

    def submit(self, mutation: Mutation, answer: Answer) -> None:
        """Have it stored; `answer` is called on the event loop with what came of it."""
        self._waiting.put((mutation, answer))
        if self._waiting.qsize() + 1 == self._expected:  # the writer has one already
            self._came.set()

    def stop(self) -> None:
        """Finish what was submitted."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._told.wait(PATIENCE)
            self._told.clear()
            self._gather()
            began = monotonic()
            batch, ends = self._with_others(first)
            outcomes = self._stored([mutation for mutation, _ in batch])
            self._expected = min(len(batch) + self._waiting.qsize(), self.MOST)
            self._gathering = min(GATHERING * (monotonic() - began), MOST_GATHERING)
            self._loop.call_soon_threadsafe(self._answer, [answer for _, answer in batch], outcomes)
            if ends:
                break
        connections.close_all()

    def _gather(self) -> None:
        """Wait a moment until as many are there as may be."""
        self._came.clear()
        if self._waiting.qsize() + 1 >= self._expected:
            return
        if self._in_pause:
            self._in_pause -= 1
        elif self._came.wait(self._gathering):
            self._pause = 0
        else:
            self._pause = self._in_pause = min(max(2 * self._pause, FIRST_PAUSE), MOST_PAUSE)

    def _with_others(self, first: tuple[Mutation, Answer]) -> tuple[list[tuple[Mutation, Answer]], bool]:
        """What waits now; the flag tells whether the end was asked for."""
        batch, steps = [first], len(first[0].steps)
        while steps < self.MOST and not self._waiting.empty():
            item = self._waiting.get()
            if item is None:
                return batch, True
            batch.append(item)
            steps += len(item[0].steps)
        return batch, False

    def _stored(self, batch: list[Mutation]) -> list[Outcome]:
        """What came of it. Nothing ends the thread: all who ask later would wait for ever."""
        try:
            outcomes = changes.apply(batch, memory=self._memory)
        except Exception as error:
            refused = fault(error, changes.NOT_STORED)
            return [Outcome(refused=refused) for _ in batch]
        if any(outcome.refused and outcome.refused.code == "unavailable" for outcome in outcomes):
            with suppress(Exception):  # it is broken already
                connections.close_all()
        return outcomes

    def _answer(self, answers: list[Answer], outcomes: list[Outcome]) -> None:
        for answer, outcome in zip(answers, outcomes, strict=True):
            try:
                answer(outcome)
            except Exception as error:  # or all others would wait for ever
                log_safely(error, "Somebody could not be answered")
        self._loop.call_soon(self._told.set)  # the answers leave first
