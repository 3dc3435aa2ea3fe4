"""A lone message: how soon a typing sign has reached the last of a hundred people."""

import asyncio
import time
from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..database import Plan, World
from ..dialects import TYPING
from ..load import Client, Span, Stopwatch, open_all, settled
from ..results import Bar, Figures, Section, Table, percentile
from ..servers import FASTAPI, OURS, OURS_DAPHNE, Server

IN_FLIGHT = 8
TURNS = 6


class Signs:
    """One writer; everybody else is told of each sign, in order."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self.sent_at: list[float] = []
        self.reached: list[int] = []
        self.took: list[float] = []
        self.closed_loop = False

    async def join(self, server: Server, world: World) -> None:
        ((trip, people),) = world.people.items()
        dialect = server.contender.dialect
        self.clients = await open_all((Client(dialect, person, trip, self.hear) for person in people), server.port)

    def say(self) -> None:
        writer = self.clients[0]
        self.sent_at.append(time.perf_counter())
        self.reached.append(0)
        writer.send(writer.dialect.typing(writer.trip))

    def hear(self, client: Client, payload: bytes) -> None:
        told = payload.count(TYPING)
        if not told:
            client.other(payload)
            return
        others = len(self.clients) - 1
        for number in range(client.received, client.received + told):
            self.reached[number] += 1
            if self.reached[number] == others:
                self.took.append(time.perf_counter() - self.sent_at[number])
                if self.closed_loop:
                    self.say()
        client.received += told

    async def at_most(self, seconds: float) -> float:
        """As many as it takes, some in flight: signs/s."""
        self.closed_loop = True
        for _ in range(IN_FLIGHT):
            self.say()
        await asyncio.sleep(seconds / 2)
        before = len(self.took)
        await asyncio.sleep(seconds)
        self.closed_loop = False
        return (len(self.took) - before) / seconds

    async def steadily(self, rate: float, seconds: float) -> None:
        said, began = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - began) < seconds:
            while said < elapsed * rate:
                self.say()
                said += 1
            await asyncio.sleep(0.001)

    async def settle(self) -> None:
        """Wait until the last one has reached everybody."""
        others = len(self.clients) - 1
        await settled(lambda: self.reached[-1:] in ([], [others]), "a sign did not reach everybody")


@dataclass(frozen=True)
class AtMost:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        signs = Signs()
        await signs.join(server, world)
        return {"signs/s": await signs.at_most(self.seconds)}


class Steady:
    """Signs at a steady rate, in turns. A moment of each turn does not count."""

    def __init__(self, signs: Signs, server: Server, rate: float, seconds: float) -> None:
        self._signs, self._server = signs, server
        self._rate, self._seconds = rate, seconds
        self._took: list[float] = []
        self._span = Span()

    async def turn(self) -> None:
        await self._signs.steadily(self._rate, self._seconds / 4)
        await self._signs.settle()
        self._signs.took.clear()
        watch = Stopwatch(lambda: self._server.cpu)
        await self._signs.steadily(self._rate, self._seconds)
        self._span += watch.read()
        await self._signs.settle()
        self._took += self._signs.took

    @property
    def figures(self) -> Figures:
        p50, p99 = (1000 * percentile(self._took, percent) for percent in (50, 99))
        return {
            "signs/s": self._rate,
            "last receiver p50 ms": p50,
            "last receiver p99 ms": p99,
            "server busy %": 100 * self._span.servers / self._span.wall,
            "generator busy %": self._span.busy,
        }


async def run(bench: Bench) -> Section:
    receivers = bench.sized(100, 10)
    plan = Plan(1, receivers + 1)
    sides = {contender: Side(contender, bench.sqlite) for contender in (*OURS, FASTAPI)}
    most = await bench.side_by_side([sides[OURS_DAPHNE], sides[FASTAPI]], plan, AtMost(bench.seconds / 3))
    rate = min(figures["signs/s"] for figures in most.values()) / 2

    async def begin(server: Server, world: World) -> Steady:
        signs = Signs()
        await signs.join(server, world)
        return Steady(signs, server, rate, bench.seconds / 3)

    found = await bench.in_turns({contender: (side, plan) for contender, side in sides.items()}, begin, TURNS)
    section = Section([Table.of(named(found), f"{receivers} receivers")])
    theirs = found[FASTAPI]["last receiver p99 ms"]
    for contender in OURS:
        p99 = found[contender]["last receiver p99 ms"]
        section.bars += [
            Bar(f"{contender.name}: p99, to FastAPI", p99 / theirs, 1.5, least=False),
            Bar(f"{contender.name}: p99", p99, 10, least=False, unit="ms"),
        ]
    return section
