"""Many who ask at the same time are answered together: one query for all costs little more than one for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

from trips.refusals import Refused

from .threads import DatabaseThread

Q = TypeVar("Q")
A = TypeVar("A")
Spawn = Callable[[Coroutine[Any, Any, None]], object]
MOST = 100  # at once; what each asks is to take little, for the first waits for the last


class Gathering(Generic[Q, A]):
    """One kind of question. `answer` takes those that wait, in a thread, and answers each, or says why not."""

    def __init__(
        self,
        thread: DatabaseThread,
        answer: Callable[[Sequence[Q]], Sequence[A | Refused]],
        spawn: Spawn,
    ) -> None:
        self.answer = answer
        self._thread = thread
        self._spawn = spawn
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._busy = False

    async def ask(self, question: Q) -> A:
        """What was found after this call. Raises Refused."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if not self._busy:
            self._busy = True
            self._spawn(self._answer_all())
        return await future

    async def _answer_all(self) -> None:
        now: list[tuple[Q, asyncio.Future[A]]] = []
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._answer(now)
        finally:
            self._busy = False
            for _, future in now + self._waiting:  # none is left when all goes well
                future.cancel()

    async def _answer(self, everybody: list[tuple[Q, asyncio.Future[A]]]) -> None:
        if not (asked := [each for each in everybody if not each[1].done()]):
            return
        answers: Sequence[A | Exception]
        try:
            answers = await self._thread.run(self.answer, [question for question, _ in asked])
        except Refused as refused:
            answers = [refused] * len(asked)
        except Exception as error:
            if len(asked) > 1:  # one that cannot be answered takes no other with it
                for each in asked:
                    await self._answer([each])
                return
            answers = [error] * len(asked)
        for (_, future), answer in zip(asked, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
