"""The stage of one scene: people at work on an installation, what a fault may do to it, what is found afterwards."""

import asyncio
import random
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from time import monotonic

from .client import Client, Habits, is_quiet
from .recording import Recording, Row, Standstill
from .site import Site
from .verdict import Verdict, judge

PATIENCE = 30.0  # seconds until who should be connected, or told, has failed to be
GONE_AFTER = 15.0  # seconds after which nobody may be shown who is not there


class Stage:
    """`short`: everything takes as long as it must, and no longer."""

    def __init__(self, site: Site, *, short: bool = False) -> None:
        self.site = site
        self.short = short
        self.clients: list[Client] = []
        self.standstills: list[Standstill] = []
        self.remarks: list[str] = []
        self.did_not_happen: list[str] = []
        self._tasks: list[asyncio.Task[None]] = []

    def enter(self, tokens: dict[str, str], trips: list[str], habits: Callable[[int], Habits]) -> None:
        """Everyone opens their browser, most in the first trip, some in the second."""
        for number, (person, token) in enumerate(tokens.items()):
            trip = trips[is_quiet(number)]
            client = Client(Recording(person, trip), token, self.addresses, habits(number))
            self.clients.append(client)
            self._tasks.append(asyncio.create_task(client.run()))

    def addresses(self) -> dict[int, str]:
        """Where one may connect to. Nobody is told which servers are down."""
        return {number: server.ws for number, server in enumerate(self.site.servers)}

    @property
    def blocked(self) -> float:
        """How many seconds an event loop stands still on SIGUSR2."""
        return 1.0 if self.short else 3.0

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What a fault may do

    async def wait(self, seconds: float, short: float | None = None) -> None:
        await asyncio.sleep(seconds if short is None or not self.short else short)

    @property
    def here(self) -> list[Client]:
        """Those who stay to the end."""
        return [client for client in self.clients if client.recording.stays]

    def at(self, server: int) -> list[Client]:
        """Those who are connected there now."""
        return [client for client in self.here if client.server == server]

    def go_away(self, clients: Iterable[Client], count: int = 1) -> None:
        """Some lines break for good."""
        for client in random.sample(list(clients), count):
            client.stay_away()

    @asynccontextmanager
    async def standstill(self, server: int | None = None, people: Iterable[str] = ()) -> AsyncIterator[None]:
        """A server, or everything, can tell nobody anything meanwhile; or these people do not listen."""
        since = monotonic()
        yield
        self.standstills.append(Standstill(since, monotonic(), server, tuple(people)))

    def send_signal(self, server: int, how: signal.Signals) -> None:
        self.site.servers[server].send_signal(how)

    # What is found

    async def everybody_is_in(self) -> bool:
        """Returns when everybody who stays is in a room; false where that takes too long."""
        return await self._until(lambda client: client.joined.is_set())

    async def comes_to_rest(self) -> None:
        """Nobody edits any more; returns when everybody has an answer for everything and knows everything."""
        for client in self.here:
            client.writing = False
        await self._until(lambda client: client.idle and client.joined.is_set())
        last = {row.trip: row.seq for row in await asyncio.to_thread(self.rows)}
        await self._until(lambda client: client.seq == last[client.trip])

    async def _until(self, so: Callable[[Client], bool]) -> bool:
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            for task in self._tasks:
                if task.done() and not task.cancelled() and (error := task.exception()):
                    raise error  # a client that fails is no client
            if all(so(client) for client in self.here):
                return True
            await asyncio.sleep(0.02)
        return False

    def presence(self) -> list[str]:
        """Who is shown though gone, or not shown though there, to anybody."""
        wrong: dict[str, list[str]] = defaultdict(list)
        for trip in {client.trip for client in self.here}:
            there = [client for client in self.here if client.trip == trip]
            names = {client.person for client in there}
            for client in there:
                for name in client.present - names:
                    wrong[f"{name} is gone, and shown"].append(client.person)
                for name in names - client.present:
                    wrong[f"{name} is there, and not shown"].append(client.person)
        return [f"{what} to {len(whom)}: {', '.join(whom[:3])} …" for what, whom in wrong.items()]

    def rows(self) -> list[Row]:
        """The journal of the trips of this scene."""
        trips = {client.trip for client in self.clients}
        return [row for row in self.site.journal() if row.trip in trips]

    async def answers_lost(self) -> int:
        """Mutations that were stored, while no answer told their senders that they are new."""
        stored = {row.mutation_id for row in await asyncio.to_thread(self.rows) if row.mutation_id}
        recordings = [client.recording for client in self.clients]
        told = {ack.mutation_id for each in recordings for ack in each.acks if not ack.duplicate}
        told |= {name for each in recordings for name, (_, duplicate) in each.twice.items() if not duplicate}
        return len(stored - told)

    async def tell_how_it_went(self) -> None:
        """What is no promise, but good to know."""
        entries = [took for client in self.clients for took in client.entries]
        self.remarks.append(f"{len(entries)} entered a room, within {max(entries):.1f} s of knocking")
        if lost := await self.answers_lost():
            self.remarks.append(f"{lost} mutations were stored, and the answer that they are new was lost")

    async def verdict(self) -> Verdict:
        """Everybody's recording against the journal, and everybody's trip against a fresh one."""
        rows = await asyncio.to_thread(self.rows)
        verdict = judge([client.recording for client in self.clients], rows, self.standstills)
        for client in self.here:
            verdict.lost += await self._differences(client)
            if not client.idle:
                verdict.lost.append(f"{client.person} got no answer")
        return verdict

    @staticmethod
    async def _differences(client: Client) -> list[str]:
        """Between what somebody made of all they were told, and the trip as it is given to who enters now."""
        try:
            fresh = await client.fresh()
        except Exception as error:
            return [f"{client.person} is given no snapshot: {error!r}"]
        mine = client.state.objects if client.state else {}
        keys = sorted(mine.keys() | fresh.objects.keys())
        return [f"{client.person} has another {key}" for key in keys if mine.get(key) != fresh.objects.get(key)]
