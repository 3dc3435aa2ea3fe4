"""A reconnect storm: everybody is cut at once, and comes back at once."""

import asyncio
import time
from dataclasses import dataclass

from picows import WSHandshakeError

from ..bench import Bench, Side, named
from ..crowd import Crowd
from ..database import Plan, World
from ..dialects import READY, UPDATED
from ..load import Client, Stopwatch, settled
from ..results import Bar, Figures, Section, Table, percentile
from ..servers import OURS, Server

MISSED = 3  # changes of each trip


class Returning:
    """Who is back, and when."""

    def __init__(self) -> None:
        self.live_at: list[float] = []
        self.refused = 0

    async def bring_back(self, gone: Client, port: int) -> None:
        """Connects; whose handshake is refused tries again a little later, as a browser does."""
        while True:
            try:
                await Client(gone.dialect, gone.person, gone.trip, self.hear, since=0).open(port)
                return
            except (WSHandshakeError, ConnectionError):
                self.refused += 1
                await asyncio.sleep(0.5)

    def hear(self, client: Client, payload: bytes) -> None:
        was_live = client.ready.done() and client.received >= MISSED
        if READY in payload and not client.ready.done():
            client.ready.set_result(None)
        client.received += payload.count(UPDATED)
        if client.ready.done() and client.received >= MISSED and not was_live:
            self.live_at.append(time.perf_counter())


@dataclass(frozen=True)
class Storm:
    async def __call__(self, server: Server, world: World) -> Figures:
        crowd = Crowd(world)
        await crowd.join(server)
        for _ in range(MISSED):  # what they will not know of when they come back
            for members in crowd.trips:
                crowd.write(members[0])
            await settled(lambda: crowd.updates == sum(client.sent for client in crowd.clients), "a change was refused")
        await crowd.finish()
        for client in crowd.clients:
            client.cut()
        returning = Returning()
        began, watch = time.perf_counter(), Stopwatch(lambda: server.cpu)
        async with asyncio.TaskGroup() as group:
            for client in crowd.clients:
                group.create_task(returning.bring_back(client, server.port))
        clients = crowd.clients
        await settled(lambda: len(returning.live_at) == len(clients), "not all came back")
        took, span = [at - began for at in returning.live_at], watch.read()
        return {
            "clients": len(clients),
            "refused": returning.refused,
            "all live s": max(took),
            "half live s": percentile(took, 50),
            "CPU ms a client": 1000 * span.servers / len(clients),
            "generator busy %": span.busy,
        }


async def run(bench: Bench) -> Section:
    sides = [Side(contender, bench.sqlite) for contender in OURS]
    sides += [Side(contender, bench.postgresql) for contender in OURS]
    found = await bench.side_by_side(sides, Plan(bench.sized(375, 10), 4), Storm())
    section = Section([Table.of(named(found))])
    section.bars = [Bar(side.name, found[side]["all live s"], 5, least=False, unit="s") for side in sides]
    return section
