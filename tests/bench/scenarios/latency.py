"""Durable latency: from sending a change to its being seen by another member."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from ..bench import Bench, Side, named
from ..crowd import Crowd
from ..database import Plan, World
from ..load import Client
from ..results import Bar, Figures, Section, Table, percentile
from ..servers import NODE_SQLITE, OURS, TEXTBOOK, Server

TURNS = 3  # of everybody's writing and of half of that: the machine's pace changes from one second to the next
TOKEN = re.compile(rb"Visit (u\d+-\d+) and")


class Watched(Crowd):
    """Times each change from its sending to when the next member of the trip is told of it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.sent_at: dict[bytes, float] = {}
        self.took: list[float] = []
        self.watching = False
        self.seen = asyncio.Event()

    def write(self, client: Client) -> None:
        if self.watching:
            self.sent_at[f"{client.person.name}-{client.sent + 1}".encode()] = time.perf_counter()
        super().write(client)

    def hear(self, client: Client, payload: bytes) -> None:
        now = time.perf_counter()
        super().hear(client, payload)
        if self.watching:
            author = self.author_watched_by(client)
            for token in TOKEN.findall(payload):
                if token.startswith(author) and (began := self.sent_at.pop(token, None)):
                    self.took.append(now - began)
                    self.seen.set()

    def author_watched_by(self, client: Client) -> bytes:
        """Each member watches the one before; the first, the last."""
        number, members = int(client.person.name[1:]), self.world.plan.members
        before = number - 1 if number % members else number + members - 1
        return f"u{before}-".encode()

    def milliseconds(self, percent: float) -> float:
        return 1000 * percentile(self.took, percent)

    async def alone(self, seconds: float) -> None:
        """One change at a time."""
        self.watching = True
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            self.seen.clear()
            self.write(self.trips[0][0])
            await asyncio.wait_for(self.seen.wait(), 20)
        self.watching = False

    async def together(self, seconds: float) -> float:
        """Everybody writes as fast as they are answered: updates/s."""
        self.start()
        await self.warm(seconds / 2)
        before = self.updates
        await asyncio.sleep(seconds)
        rate = (self.updates - before) / seconds
        await self.finish()
        return rate

    async def steadily(self, rate: float, seconds: float) -> None:
        """From all members in turn, whether the ones before are answered or not."""
        self.watching = True
        turns, sent, began = self.in_turn(), 0, time.perf_counter()
        while (elapsed := time.perf_counter() - began) < seconds:
            while sent < elapsed * rate:
                self.write(next(turns))
                sent += 1
            await asyncio.sleep(0.001)
        await self.finish()
        self.watching = False

    def in_turn(self) -> Iterator[Client]:
        while True:
            for at in range(self.world.plan.members):
                yield from (members[at] for members in self.trips)


@dataclass(frozen=True)
class Latency:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        crowd = Watched(world)
        await crowd.join(server)
        await crowd.alone(self.seconds / 6)
        crowd.took.clear()
        await crowd.alone(self.seconds)
        found = {"alone p50 ms": crowd.milliseconds(50), "alone p99 ms": crowd.milliseconds(99)}
        crowd.took.clear()
        rates = []
        for _ in range(TURNS):
            rates.append(await crowd.together(self.seconds / TURNS) / 2)
            await crowd.steadily(max(rates[-1], 20), self.seconds / TURNS)
        found |= {"half load p50 ms": crowd.milliseconds(50), "half load p99 ms": crowd.milliseconds(99)}
        return {**found, "half load/s": fmean(rates)}


async def run(bench: Bench) -> Section:
    section = Section()
    lite, post = bench.sqlite, bench.postgresql
    sides = [Side(contender, lite) for contender in (*OURS, TEXTBOOK, NODE_SQLITE)]
    sides += [Side(contender, post) for contender in (*OURS, TEXTBOOK)]
    found = await bench.side_by_side(sides, Plan(bench.sized(50, 5), 4), Latency(bench.seconds))
    section.tables.append(Table.of(named(found)))
    for side in sides:
        if side.contender in OURS:
            middle, asked = found[side]["alone p50 ms"], 3 if side.storage is lite else 4
            section.bars += [
                Bar(f"{side.name}: alone, p50", middle, asked, least=False, unit="ms"),
                Bar(f"{side.name}: half load, p99", found[side]["half load p99 ms"], 30, least=False, unit="ms"),
            ]
    return section
