"""What a process runs on, moved by hand: things happen at the same time only where a test says so.

The clock stands still, threads work when they are told to, and what is sent between processes hangs in the air.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from realtime.threads import DatabaseThread
from realtime.writer import Writer

TURNS = 25  # of the loop: more than any chain of awaits here is long


class HandLoop(asyncio.SelectorEventLoop):
    """Its clock goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__()

    def time(self) -> float:
        return self.now

    def turn(self, seconds: float = 0) -> None:
        """Let time pass, and do all that can be done."""
        self.now += seconds
        for _ in range(TURNS):
            self.call_soon(self.stop)
            self.run_forever()


@dataclass
class Job:
    work: Callable[[], Any]
    answer: asyncio.Future[Any]
    result: Callable[[], Any] | None = None

    def do(self) -> None:
        try:
            value = self.work()
            self.result = lambda: value
        except Exception as error:
            failed = error
            self.result = lambda: failed

    def tell(self) -> None:
        if self.answer.done():
            return
        result = self.result() if self.result else None
        if isinstance(result, Exception):
            self.answer.set_exception(result)
        else:
            self.answer.set_result(result)


class HandThread(DatabaseThread):
    """A thread for the database: its work is done, and a while later its answer is heard, both in order."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.jobs: deque[Job] = deque()

    async def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        job = Job(lambda: self._ask(lambda: work(*args, **kwargs)), asyncio.get_running_loop().create_future())
        self.jobs.append(job)
        return await job.answer

    def work(self) -> None:
        """Do what is next; its answer is not heard yet."""
        if job := next((job for job in self.jobs if job.result is None), None):
            job.do()

    def tell(self) -> None:
        """Have the next answer heard."""
        if self.jobs and self.jobs[0].result:
            self.jobs.popleft().tell()


class HandWriter(Writer):
    """The writer, whose thread runs when it is told to, and then does all that waits."""

    def _start(self) -> None:
        """Not by itself."""

    @property
    def idle(self) -> bool:
        return self._waiting.empty()

    def work(self) -> None:
        self._waiting.put(None)
        self._told.set()
        self._run()

    def _gather(self) -> None:
        """Nobody else comes meanwhile."""


@dataclass
class Air:
    """A channel layer that loses, repeats, swaps and delays, as it is told to."""

    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    channels: dict[str, asyncio.Queue[Any]] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    away: bool = False
    numbers: Iterator[int] = field(default_factory=count)

    def deliver(self, *indexes: int) -> None:
        """These arrive, in this order, and whatever is in the air besides is lost."""
        for index in indexes:
            channel, message = self.sent[index]
            if channel in self.channels:
                self.channels[channel].put_nowait(deepcopy(message))
        self.sent.clear()

    def forget(self, channel: str) -> None:
        """Its process is dead."""
        self.channels.pop(channel, None)


class Ear:
    """The layer as one process has it."""

    def __init__(self, air: Air) -> None:
        self.air = air
        self.channel = ""
        self.dead = False

    async def new_channel(self, prefix: str) -> str:
        self.channel = f"{prefix}{next(self.air.numbers)}"
        self.air.channels[self.channel] = asyncio.Queue()
        return self.channel

    async def group_add(self, group: str, channel: str) -> None:
        self._reach()
        self.air.groups[group].add(channel)

    async def group_discard(self, group: str, channel: str) -> None:
        self._reach()
        self.air.groups[group].discard(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self._reach()
        self.air.sent += [(channel, deepcopy(message)) for channel in sorted(self.air.groups[group])]

    async def receive(self, channel: str) -> dict[str, Any]:
        message: dict[str, Any] = await self.air.channels[channel].get()
        return message

    def _reach(self) -> None:
        if self.dead or self.air.away:
            raise ConnectionError
