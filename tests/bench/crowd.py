"""Everybody writes: each member of each trip has one change under way, as the browser has."""

from __future__ import annotations

import asyncio

from .database import World
from .dialects import UPDATED
from .load import Client, Span, Stopwatch, open_all, settled
from .results import Figures
from .servers import Server


class Crowd:
    """The members of all trips. A change is done when its author is told of it; then the next one goes out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.trips: list[list[Client]] = []
        self.updates = self.deliveries = 0
        self.open = False

    @property
    def clients(self) -> list[Client]:
        return [client for members in self.trips for client in members]

    async def join(self, *servers: Server) -> None:
        """Over several servers, the members of each trip alternate."""
        dialect, count = servers[0].contender.dialect, len(servers)
        self.trips = [
            [Client(dialect, person, trip, self.hear) for person in people]
            for trip, people in self.world.people.items()
        ]
        for at, server in enumerate(servers):
            await open_all((client for members in self.trips for client in members[at::count]), server.port)

    def hear(self, client: Client, payload: bytes) -> None:
        told = payload.count(UPDATED)
        if not told:
            client.other(payload)
            return
        client.received += told
        self.deliveries += told
        if client.token in payload:
            self.updates += 1
            if self.open:
                self.write(client)

    def write(self, client: Client) -> None:
        """Each member changes a stop of their own."""
        client.sent += 1
        token = f"{client.person.name}-{client.sent}"
        client.token = f"Visit {token} and".encode()
        stop = int(client.person.name[1:]) % self.world.plan.members
        client.send(client.dialect.update(client.trip, f"s{stop}", token))

    def start(self) -> None:
        self.open = True
        for client in self.clients:
            self.write(client)

    async def finish(self) -> int:
        """Wait for what is under way; how many deliveries never came."""
        self.open = False
        due = sum(client.sent for client in self.clients) * self.world.plan.members
        try:
            await settled(lambda: self.deliveries >= due, "lost", patience=10)
        except TimeoutError:
            refused = {client.refused for client in self.clients if client.refused}
            print(f"lost: {due - self.deliveries}; {sorted(refused)[:3]}")
        return due - self.deliveries

    def figures(self, before: tuple[int, int], span: Span) -> Figures:
        updates, deliveries = self.updates - before[0], self.deliveries - before[1]
        return {
            "updates/s": updates / span.wall,
            "CPU µs an update": 1e6 * span.servers / max(updates, 1),
            "deliveries/CPU s": deliveries / max(span.servers, 1e-9),
            "generator busy %": span.busy,
        }


async def everybody_writes(world: World, seconds: float, *servers: Server) -> Figures:
    """The durable load, on one server or several."""
    crowd = Crowd(world)
    await crowd.join(*servers)
    crowd.start()
    await asyncio.sleep(seconds / 3)
    before, watch = (crowd.updates, crowd.deliveries), Stopwatch(lambda: sum(server.cpu for server in servers))
    await asyncio.sleep(seconds)
    figures = crowd.figures(before, watch.read())
    return {**figures, "lost": await crowd.finish()}
