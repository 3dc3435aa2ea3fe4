"""The channel layer of channels-redis, in which a group is told without waiting for Redis to say how many heard it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import exceptions
from redis.asyncio.connection import AbstractConnection

UNANSWERED = ("CLIENT", "REPLY", "SKIP")  # Redis does not answer the command after this one
LOOK_UP = 60.0  # seconds that the silence of Redis is waited out at a time, whatever `socket_timeout` the URL has


class RedisLayer(RedisPubSubChannelLayer):
    """A doorbell: what is sent to a group is heard, late, or lost.

    To wait for Redis' answer costs more than to send; nobody needs to know how many heard.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines: WeakKeyDictionary[Any, AbstractConnection] = WeakKeyDictionary()  # by shard: a host, in a loop
        self._reading: set[asyncio.Task[None]] = set()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Raises redis.RedisError where Redis is known to be away. Whoever calls limits the time."""
        layer = self._get_layer()
        channel = layer._get_group_channel_name(group)
        line = await self._line(layer._get_shard(channel))
        packed = line.pack_commands([UNANSWERED, ("PUBLISH", channel, self.serialize(message))])
        await line.send_packed_command(packed, check_health=False)

    async def group_send_answered(self, group: str, message: dict[str, Any]) -> None:
        """The same, but returns once Redis has taken it: for who asks whether it is there."""
        await self._get_layer().group_send(group, message)

    async def _line(self, shard: Any) -> AbstractConnection:
        """A connection for `group_send` alone. The shard closes it, with all others of its client."""
        if not (line := self._lines.get(shard)) or not line.is_connected:
            async with shard._lock:
                line = self._lines.get(shard)
                if not line or not line.is_connected:
                    line = await self._new_line(shard, line)
        return line

    async def _new_line(self, shard: Any, broken: AbstractConnection | None) -> AbstractConnection:
        """Not the broken one, connected again: whoever still waits on that would close what others use."""
        shard._ensure_redis()
        pool = shard._redis.connection_pool
        pool._in_use_connections.discard(broken)
        line: AbstractConnection = await pool.get_connection()
        self._lines[shard] = line
        reading = asyncio.create_task(read_to_the_end(line))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return line


async def read_to_the_end(line: AbstractConnection) -> None:
    """Notice when Redis goes, and drop what it says where it is not allowed to keep silent (an ACL without CLIENT)."""
    with suppress(exceptions.ConnectionError):
        while True:
            with suppress(exceptions.ResponseError):
                await line.read_response(timeout=LOOK_UP)
