"""What each process says of its own people, in Redis, where it lasts for some seconds unless it is renewed.

`<prefix>:hubs` is the set of processes; `<prefix>:hub:<id>` a hash with `beat`, `version`, `user:<id>` (how many
connections) and `room:<trip id>` (its people here, as JSON).
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from time import monotonic, time
from typing import Any

import msgspec
import redis.asyncio as redis
from django.conf import settings
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from .elsewhere import Elsewhere, Process
from .presence import Person

logger = logging.getLogger(__name__)

SHORTEST = 3.0  # seconds that a lease lasts at least, so that it can be renewed in time
PATIENCE = 1.0  # seconds; a hung Redis blocks for as long as it is let

Fields = Mapping[str, bytes | int | None]
Told = dict[bytes, bytes]


class Leases:
    """This process' own lease, and a look at those of the others. Raises redis.RedisError while Redis is away."""

    def __init__(self, me: str) -> None:
        # A connection that a restarted Redis closed is opened again once, without waiting.
        retry = Retry(NoBackoff(), 1)
        self._redis = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=retry
        )
        self._all = f"{settings.REDIS_PREFIX}:hubs"
        self._prefix = f"{settings.REDIS_PREFIX}:hub:"
        self._me = me
        self._mine = self._prefix + me
        self._beat = self._version = 0

    async def close(self) -> None:
        await self._redis.aclose()

    async def renew(self) -> bool:
        """Have it last on. False where what lies there is not what was written last: then it is to be written whole."""
        return await self._amend({}, self._version)

    async def write(self, fields: Fields) -> bool:
        """Change some fields; None takes one away. False as for `renew`: what lay there was emptied, or had ended."""
        self._version += 1
        return await self._amend(fields, self._version - 1)

    async def _amend(self, fields: Fields, version: int) -> bool:
        """Change some fields where this version lies, and only there: a part would pass for the whole."""
        async with self._redis.pipeline(transaction=True) as pipe:
            await pipe.watch(self._mine)
            if await pipe.hget(self._mine, "version") != str(version).encode():  # type: ignore[misc]
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            if gone := [name for name, value in fields.items() if value is None]:
                pipe.hdel(self._mine, *gone)
            self._put(pipe, fields)
            try:
                await pipe.execute()
            except redis.WatchError:
                return False
        return True

    async def replace(self, fields: Fields) -> None:
        """Write the lease whole."""
        self._version += 1
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(self._mine)
            self._put(pipe, fields)
            await pipe.execute()

    def _put(self, pipe: Pipeline, fields: Fields) -> None:
        """Each is a beat: the lease lasts on from it, and so long the others are to believe it."""
        self._beat += 1
        given = {name: value for name, value in fields.items() if value is not None}
        pipe.hset(self._mine, mapping={**given, "beat": self._beat, "version": self._version})
        pipe.pexpire(self._mine, int(lasts() * 1000))
        pipe.sadd(self._all, self._me)

    async def read(self, others: Elsewhere) -> set[str]:
        """Bring what is known of the others up to date; the trips whose people changed."""
        names = {name.decode() for name in await self._redis.smembers(self._all)} - {self._me}  # type: ignore[misc]
        stamps = await self._stamps(names)
        if ended := names - stamps.keys():
            await self._redis.srem(self._all, *ended)  # type: ignore[misc]
        others.missed(set(stamps))
        now, changed = monotonic(), set[str]()
        processes = {name: others.heard(name, beat, now) for name, (beat, _) in stamps.items()}
        news = [name for name, process in processes.items() if process.version != stamps[name][1]]
        # All are read before one is taken: what a Redis that goes away in between had told would be told to nobody.
        for name, told in zip(news, await self._of_each(news, Pipeline.hgetall), strict=True):
            if told:
                changed |= self._take(processes[name], stamps[name][1], told)
        return changed

    async def read_rooms(self, others: Elsewhere, rooms: Collection[tuple[str, str]]) -> None:
        """What processes say of rooms now: (process, trip)."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for name, trip_id in rooms:
                pipe.hget(self._prefix + name, f"room:{trip_id}")
            texts = await pipe.execute()
        now, wall = monotonic(), time()
        for (name, trip_id), text in zip(rooms, texts, strict=True):
            process = others.processes.setdefault(name, Process(beat=0, heard_at=now))
            if text:
                process.rooms[trip_id] = people_of(text, now, wall)
            else:
                process.rooms.pop(trip_id, None)

    async def _stamps(self, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Beat and version of each that is there."""
        names = list(names)
        found = await self._of_each(names, lambda pipe, key: pipe.hmget(key, ["beat", "version"]))
        return {
            name: (int(beat), int(version))
            for name, (beat, version) in zip(names, found, strict=True)
            if beat and version
        }

    async def _of_each(self, names: Iterable[str], ask: Callable[[Pipeline, str], object]) -> list[Any]:
        """What the leases of these processes answer, in one go."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                ask(pipe, self._prefix + name)
            answers: list[Any] = await pipe.execute()
        return answers

    @staticmethod
    def _take(process: Process, version: int, told: Told) -> set[str]:
        """All that a process tells; the trips whose people may not be who they were."""
        now, wall = monotonic(), time()
        texts = {name.decode(): text for name, text in told.items()}
        of = {kind: [name for name in texts if name.startswith(f"{kind}:")] for kind in ("user", "room")}
        before = process.rooms.keys()
        process.version = version
        process.rooms = {name.removeprefix("room:"): people_of(texts[name], now, wall) for name in of["room"]}
        process.connections = {name.removeprefix("user:"): int(texts[name]) for name in of["user"]}
        return before | process.rooms.keys()


def lasts() -> float:
    """Seconds that a lease is good for: the grace of people whose process died."""
    return max(settings.PRESENCE_GRACE, SHORTEST)


def lease_of(people: Iterable[Person], now: float, wall: float) -> bytes | None:
    """A room's people as they are written; None where there are none."""
    leases = [person.lease(now, wall) for person in people]
    return msgspec.json.encode(leases) if leases else None


def people_of(text: bytes, now: float, wall: float) -> dict[str, Person]:
    """A room's people as they were written; nobody, where another version of this program wrote it differently."""
    try:
        return {lease["user_id"]: Person.leased(lease, now, wall) for lease in msgspec.json.decode(text)}
    except Exception as error:
        logger.warning("What another process says of its people cannot be read: %s", type(error).__name__)
        return {}
