"""Who is connected, in all processes: what this one says of its own people, and what it hears of the others'."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from redis import RedisError

from trips.faults import log_safely

from .elsewhere import Elsewhere
from .leases import Fields, Leases, lasts, lease_of
from .presence import People
from .rooms import Room

if TYPE_CHECKING:
    from .session import Session

logger = logging.getLogger(__name__)

GATHERING = 0.01  # seconds; what changes within goes out together
CROWD_PACE = 1.0  # seconds between two things that are told of a crowd
LOOK_EACH = 1.0  # seconds
RENEW_AFTER = 0.25  # of the time that a lease lasts
FRESH_WITHIN = 0.25  # seconds that somebody who opens a room waits to hear who is there

Ring = Callable[[str, str], None]  # (process, trip): its people in the trip's room are others now


class Attendance:
    """Of one hub. Without Redis there is nobody elsewhere, and nobody to tell.

    Nobody broadcasts for others: each process writes its own lease and rings; each derives from the difference who
    came and went in its rooms, and tells its own sockets.
    """

    def __init__(self, rooms: Mapping[str, Room], sessions: Mapping[str, set[Session]], ring: Ring) -> None:
        self.others = Elsewhere(lasts())
        self._me = secrets.token_hex(8)
        self._rooms = rooms
        self._sessions = sessions
        self._ring = ring
        self._leases = Leases(self._me) if settings.REDIS_URL else None
        self._whole = True  # the lease is to be written whole
        self._away = False  # Redis is
        self._renewed_at = float("-inf")
        self._rooms_due: set[str] = set()
        self._people_due: set[str] = set()
        self._heard: set[tuple[str, str]] = set()
        self._planned: set[tuple[str, Room]] = set()
        self._wake = asyncio.Event()
        self._exchanged = asyncio.Event()  # what is to be written and heard from now on
        self._turn = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def room(self, trip_id: str) -> Room:
        """A new room, with those who are in it elsewhere."""
        return Room(trip_id, People(lambda: self.others.people_in(trip_id)), self.changed)

    # What changes here

    def changed(self, room: Room) -> None:
        """Somebody came to this process' room, or left it."""
        self._tell(room)
        self.moved(room)

    def moved(self, room: Room) -> None:
        """The other processes are to know where somebody is now, or what they type."""
        self._paced("write", room, self._due)

    def _tell(self, room: Room) -> None:
        self._paced("tell", room, Room.tell_news)

    def _due(self, room: Room) -> None:
        if self._leases:
            self._rooms_due.add(room.trip_id)
            self._wake.set()

    def _paced(self, what: str, room: Room, act: Callable[[Room], None]) -> None:
        """At once; for a crowd, once a while, or n people who come would cost n² messages."""
        if not room.people.is_crowd:
            act(room)
        elif (what, room) not in self._planned:
            self._planned.add((what, room))
            asyncio.get_running_loop().call_later(CROWD_PACE, self._as_planned, what, room, act)

    def _as_planned(self, what: str, room: Room, act: Callable[[Room], None]) -> None:
        self._planned.discard((what, room))
        act(room)

    def connected(self, user_id: str) -> None:
        """Somebody has a connection more, or less."""
        if self._leases:
            self._people_due.add(user_id)
            self._wake.set()

    # What is heard

    def heard(self, process: str, trip_id: str) -> None:
        """Another process rang."""
        if process != self._me and trip_id in self._rooms:
            self._heard.add((process, trip_id))
            self._wake.set()

    async def fresh(self, trip_id: str) -> None:
        """Hear who is in a room that this process had nobody in. Not for long: who is missed is told of later."""
        if self._away or not self.others.processes:
            return
        self._heard |= {(process, trip_id) for process in self.others.processes}
        heard = self._exchanged
        self._wake.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(FRESH_WITHIN):
                await heard.wait()

    def _changed_elsewhere(self, trip_ids: set[str]) -> None:
        for room in [self._rooms[trip_id] for trip_id in trip_ids if trip_id in self._rooms]:
            if room.people.look_elsewhere():  # or they would be believed to be here, too, when they leave there
                self.moved(room)
            self._tell(room)

    # Keeping it so

    def begin(self, spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]) -> None:
        if self._leases:
            self._tasks = [spawn(self._keep_in_touch(self._leases)), spawn(self._keep_lease(self._leases))]

    async def _keep_in_touch(self, leases: Leases) -> None:
        """For as long as the process serves: what changed goes out, what was rung for comes in."""
        while await self._wake.wait():
            await asyncio.sleep(GATHERING)
            self._wake.clear()
            done, self._exchanged = self._exchanged, asyncio.Event()
            await self._in_turn(self._exchange, leases)
            done.set()

    async def _keep_lease(self, leases: Leases) -> None:
        """For as long as the process serves: renew its own lease, and look at all others, whatever was rung for."""
        while True:
            await self._in_turn(self._look, leases)
            await asyncio.sleep(LOOK_EACH)

    async def end(self) -> None:
        """Nobody is connected to this process any more; those who were stay shown until the lease is over."""
        if self._leases:
            for task in self._tasks:
                task.cancel()
            self._whole = True
            await self._in_turn(self._look, self._leases)
            await self._leases.close()

    async def _in_turn(self, work: Callable[[Leases], Awaitable[None]], leases: Leases) -> None:
        async with self._turn:
            try:
                await work(leases)
            except (RedisError, OSError) as error:
                if not self._away:
                    logger.warning(
                        "Redis does not answer, so only this process' people are seen: %s", type(error).__name__
                    )
                self._away = self._whole = True
            except Exception as error:  # whatever it is, it may not end the lease of this process
                log_safely(error, "Who is in the other processes could not be exchanged")
                self._whole = True
            else:
                self._away = False

    async def _exchange(self, leases: Leases) -> None:
        rooms, self._rooms_due = self._rooms_due, set()
        people, self._people_due = self._people_due, set()
        heard, self._heard = self._heard, set()
        if (rooms or people) and not await leases.write(self._fields(rooms, people)):
            await self._write_whole(leases)
        for trip_id in rooms:
            self._ring(self._me, trip_id)
        await leases.read_rooms(self.others, heard)
        self._changed_elsewhere({trip_id for _, trip_id in heard})

    async def _look(self, leases: Leases) -> None:
        try:
            if monotonic() - self._renewed_at > lasts() * RENEW_AFTER:
                self._whole = self._whole or not await leases.renew()
                self._renewed_at = monotonic()
            if self._whole:
                await self._write_whole(leases)
            self._changed_elsewhere(await leases.read(self.others))
        finally:  # also where Redis does not answer
            self._changed_elsewhere(self.others.forget_silent(monotonic()))

    async def _write_whole(self, leases: Leases) -> None:
        await leases.replace(self._fields(set(self._rooms), set(self._sessions)))
        self._whole = False

    def _fields(self, trip_ids: set[str], user_ids: set[str]) -> Fields:
        now, wall = monotonic(), time()
        rooms = {name: self._rooms[name].people.here.values() if name in self._rooms else () for name in trip_ids}
        return {
            **{f"room:{trip_id}": lease_of(people, now, wall) for trip_id, people in rooms.items()},
            **{f"user:{user_id}": len(self._sessions.get(user_id, ())) or None for user_id in user_ids},
        }
