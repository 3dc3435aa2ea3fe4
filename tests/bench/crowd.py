"""Everybody writes: each member of each trip has one change under way, as the browser has."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from .database import World
from .dialects import UPDATED
from .load import Client, Span, Stopwatch, open_all, settled
from .results import Figures
from .servers import Server
from .threads import Taken, Threads


class Crowd:
    """The members of all trips. A change is done when its author is told of it; then the next one goes out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.trips: list[list[Client]] = []
        self.updates = self.deliveries = self.frames = 0
        self.open = False
        self._sent_before: list[int] = []

    @property
    def clients(self) -> list[Client]:
        return [client for members in self.trips for client in members]

    async def join(self, *servers: Server, apart: bool = False) -> None:
        """Over several servers, the members of each trip alternate, or with `apart` whole trips do."""
        dialect, count = servers[0].contender.dialect, len(servers)
        self.trips = [
            [Client(dialect, person, trip, self.hear) for person in people]
            for trip, people in self.world.people.items()
        ]
        for at, server in enumerate(servers):
            theirs = self.trips[at::count] if apart else [members[at::count] for members in self.trips]
            await open_all((client for members in theirs for client in members), server.port)

    def hear(self, client: Client, payload: bytes) -> None:
        told = payload.count(UPDATED)
        if not told:
            client.other(payload)
            return
        self.frames += 1
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
        self._sent_before = [client.sent for client in self.clients]
        for client in self.clients:
            self.write(client)

    async def warm(self, at_least: float) -> None:
        """Wait until everybody was answered twice."""
        await asyncio.sleep(at_least)
        await settled(self._all_answered_twice, "not everybody is answered", patience=60)

    def _all_answered_twice(self) -> bool:
        return all(client.sent > 2 + before for client, before in zip(self.clients, self._sent_before, strict=True))

    async def finish(self) -> Figures:
        """Wait for what is under way; how many deliveries never came, and how many came once more, since all joined."""
        self.open = False
        try:
            await settled(lambda: not any(self.owed()), "lost", patience=10)
        except TimeoutError:
            refused = {client.refused for client in self.clients if client.refused}
            print(f"not told what was sent: {sum(map(bool, self.owed()))} clients; {sorted(refused)[:3]}")
        owed = list(self.owed())
        return {"lost": sum(each for each in owed if each > 0), "doubled": -sum(each for each in owed if each < 0)}

    def owed(self) -> Iterator[int]:
        """Of each client: what was sent in its trip, less what it was told."""
        for members in self.trips:
            sent = sum(client.sent for client in members)
            yield from (sent - client.received for client in members)

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.updates, self.deliveries, self.frames


class Load:
    """Everybody writes, on one server or several, in one turn or in many: what all turns together took.

    A turn is of `seconds`, after some of `warm` that do not count.
    """

    def __init__(self, crowd: Crowd, *servers: Server, warm: float, seconds: float) -> None:
        self._crowd = crowd
        self._servers = servers
        self._warm, self._seconds = warm, seconds
        self._updates = self._deliveries = self._frames = 0
        self._span = Span()
        self._threads = Taken()
        self._faults: Figures = {}

    @classmethod
    async def joined(cls, world: World, *servers: Server, warm: float, seconds: float, apart: bool = False) -> Load:
        """Of a world's people, who have all joined; nobody writes yet."""
        crowd = Crowd(world)
        await crowd.join(*servers, apart=apart)
        return cls(crowd, *servers, warm=warm, seconds=seconds)

    async def turn(self) -> None:
        crowd = self._crowd
        crowd.start()
        await crowd.warm(self._warm)
        updates, deliveries, frames = crowd.counts
        threads, watch = Threads(*self._servers), Stopwatch(lambda: sum(server.cpu for server in self._servers))
        await asyncio.sleep(self._seconds)
        self._span += watch.read()
        self._threads += threads.read()
        self._updates += crowd.updates - updates
        self._deliveries += crowd.deliveries - deliveries
        self._frames += crowd.frames - frames
        self._faults = await crowd.finish()

    @property
    def figures(self) -> Figures:
        span, updates = self._span, self._updates
        return {
            "updates/s": updates / span.wall,
            "CPU µs an update": 1e6 * span.servers / max(updates, 1),
            "deliveries/CPU s": self._deliveries / max(span.servers, 1e-9),
            "changes a frame": self._deliveries / max(self._frames, 1),
            "generator busy %": span.busy,
            **self._faults,
        }

    @property
    def by_threads(self) -> Figures:
        """What each change took of the servers' threads."""
        return self._threads.a_change(self._updates)
