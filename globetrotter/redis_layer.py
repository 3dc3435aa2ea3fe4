"""The channel layer of channels-redis, in which a group is told without waiting for Redis to say how many heard it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

UNANSWERED = ("CLIENT", "REPLY", "SKIP")  # what follows, in Redis' words


class RedisLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    """A doorbell: what is sent to a group is heard, or lost. To wait for Redis takes four times as much as to send.

    `send` still waits: it tells whether Redis is there.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines: WeakKeyDictionary[Redis, AbstractConnection] = WeakKeyDictionary()
        self._reading: set[asyncio.Task[None]] = set()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Raises redis.RedisError where Redis is away."""
        layer = self._get_layer()
        channel = layer._get_group_channel_name(group)
        line = await self._line(layer._get_shard(channel))
        packed = line.pack_commands([UNANSWERED, ("PUBLISH", channel, self.serialize(message))])
        await line.send_packed_command(packed, check_health=False)

    async def _line(self, shard: Any) -> AbstractConnection:
        """A connection for this alone. The shard closes it, with all others of its client."""
        async with shard._lock:
            shard._ensure_redis()
            client = shard._redis
            line = self._lines.get(client)
            if line is None:
                line = self._lines[client] = await client.connection_pool.get_connection()
            elif line.is_connected:
                return line
            else:
                await line.connect()  # type: ignore[no-untyped-call]
            reading = asyncio.create_task(read_to_the_end(line))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)
            return line


async def read_to_the_end(line: AbstractConnection) -> None:
    """Notice when Redis goes, and drop what it says where it may not keep silent, as behind some proxies."""
    with suppress(exceptions.ConnectionError, exceptions.TimeoutError):
        while True:
            with suppress(exceptions.ResponseError):
                await line.read_response()
