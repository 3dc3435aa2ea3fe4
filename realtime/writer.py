"""Group commit: what waits is stored together, in one transaction. Alone, a mutation waits for nobody."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue

from django.db import connections

from trips import changes
from trips.mutations import Mutation, Outcome

Answer = Callable[[Outcome], None]


class Writer:
    """Takes mutations from the event loop, in order, and answers there."""

    MOST = 256  # steps in one transaction, so that others get their turn; a mutation's own stay together

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: SimpleQueue[tuple[Mutation, Answer] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, mutation: Mutation, answer: Answer) -> None:
        """Have it stored; `answer` is called on the event loop with what came of it."""
        self._waiting.put((mutation, answer))

    def stop(self) -> None:
        """Finish what was submitted."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, ends = self._with_others(first)
            outcomes = changes.apply([mutation for mutation, _ in batch])
            if any(outcome.refused and outcome.refused.code == "unavailable" for outcome in outcomes):
                connections.close_all()
            self._loop.call_soon_threadsafe(self._answer, [answer for _, answer in batch], outcomes)
            if ends:
                break
        connections.close_all()

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

    @staticmethod
    def _answer(answers: list[Answer], outcomes: list[Outcome]) -> None:
        for answer, outcome in zip(answers, outcomes, strict=True):
            answer(outcome)
