"""Fan-out: how many deliveries a second one process manages in one big room."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..database import Plan, World
from ..dialects import UPDATED
from ..load import Client, Span, Stopwatch, open_all, settled
from ..results import Bar, Figures, Section, Table
from ..servers import FASTAPI, NODE_WS, OURS, OURS_DAPHNE, OURS_UVICORN, SOCKET_IO, TEXTBOOK, Server

IN_FLIGHT = 8


class Room:
    """Keeps the changes in flight, and counts. Everybody is told the same, in the same order."""

    def __init__(self, members: int) -> None:
        self.members = members
        self.clients: list[Client] = []
        self.sent = self.deliveries = self.frames = self.octets = 0
        self.done = 0  # changes that have reached everybody
        self._told = Counter({0: members})  # of how many changes so many members have been told
        self.open = True

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.deliveries, self.frames, self.octets

    @property
    def at_rest(self) -> bool:
        """Whether everything that was sent has reached everybody."""
        return self.done == self.sent

    def hear(self, client: Client, payload: bytes) -> None:
        told = payload.count(UPDATED)
        if not told:
            client.other(payload)
            return
        self.frames += 1
        self.octets += len(payload)
        self.deliveries += told
        before, client.received = client.received, client.received + told
        self._told[client.received] += 1
        self._told[before] -= 1
        if not self._told[before]:
            del self._told[before]
            self.done = min(self._told)
            self.send()

    def send(self) -> None:
        """As many as are wanted in flight."""
        while self.open and self.sent < self.done + IN_FLIGHT:
            self.sent += 1
            at = self.sent % IN_FLIGHT
            writer = self.clients[at]
            writer.send(writer.dialect.update(writer.trip, f"s{at}", f"n{self.sent}"))

    def figures(self, before: tuple[int, int, int], span: Span) -> Figures:
        deliveries, frames, octets = (now - then for now, then in zip(self.counts, before, strict=True))
        return {
            "deliveries/s": deliveries / span.wall,
            "changes a frame": deliveries / max(frames, 1),
            "bytes a delivery": octets / max(deliveries, 1),
            "CPU µs a delivery": 1e6 * span.servers / max(deliveries, 1),
            "generator busy %": span.busy,
        }


@asynccontextmanager
async def busy_room(server: Server, world: World, warm_up: float) -> AsyncIterator[Room]:
    """The room of the one trip that there is, with everybody in it and the changes in flight."""
    ((trip, people),) = world.people.items()
    room = Room(len(people))
    dialect = server.contender.dialect
    # With `since`, as those come who know the trip already: who is measured is told changes, and no snapshot.
    room.clients = await open_all((Client(dialect, person, trip, room.hear, since=0) for person in people), server.port)
    room.send()
    await asyncio.sleep(warm_up)
    yield room
    room.open = False
    await settled(lambda: room.at_rest, f"{room.done} of {room.sent} changes reached everybody")


@dataclass(frozen=True)
class FanOut:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        async with busy_room(server, world, self.seconds / 4) as room:
            before, watch = room.counts, Stopwatch(lambda: server.cpu)
            await asyncio.sleep(self.seconds)
            return room.figures(before, watch.read())


async def run(bench: Bench) -> Section:
    section = Section()
    contenders = (*OURS, TEXTBOOK, FASTAPI, NODE_WS, SOCKET_IO)
    for size in (bench.sized(100, 10), bench.sized(1_000, 20)):
        sides = {contender: Side(contender, bench.sqlite) for contender in contenders}
        measured = await bench.side_by_side(list(sides.values()), Plan(1, size), FanOut(bench.seconds))
        found = {contender: measured[side] for contender, side in sides.items()}
        rate = {contender: figures["deliveries/s"] for contender, figures in found.items()}
        section.tables.append(Table.of(named(found), f"A room of {size:,}", ratio="deliveries/s", to=SOCKET_IO.name))
        section.bars += [
            Bar(f"{size:,}: daphne, to Socket.IO", rate[OURS_DAPHNE] / rate[SOCKET_IO], 1.0),
            Bar(f"{size:,}: daphne, to the textbook consumer", rate[OURS_DAPHNE] / rate[TEXTBOOK], 5.0),
            Bar(f"{size:,}: uvicorn, to Socket.IO", rate[OURS_UVICORN] / rate[SOCKET_IO], 1.5),
            Bar(f"{size:,}: daphne, to FastAPI", rate[OURS_DAPHNE] / rate[FASTAPI], 2.0),
            Bar(f"{size:,}: uvicorn, to FastAPI", rate[OURS_UVICORN] / rate[FASTAPI], 2.0),
        ]
    return section
