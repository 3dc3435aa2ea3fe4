"""The channel layer as this process uses it: a doorbell for the other processes, which may be away."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds; a hung Redis blocks for as long as it is let
EVERYONE = "hubs"  # the group of all processes, for what concerns a person wherever they are, or several trips

Heard = Callable[[dict[str, Any]], None]
Spawn = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


class Doorbell:
    """ONE channel a process. What is rung here is heard by all other processes of the group, or lost.

    Nobody needs to know whether it was heard: each process looks into the journal each second anyway.
    """

    def __init__(self, heard: Heard, spawn: Spawn) -> None:
        self._id = secrets.token_hex(8)
        self._layer: Any = get_channel_layer()
        self._channel: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._heard = heard
        self._spawn = spawn
        spawn(self._listen())

    def ring(self, group: str, message: dict[str, Any]) -> None:
        """For the other processes; this one drops its own copy."""
        if not self._is_alone(group):
            self._spawn(self._briefly(lambda: self._layer.group_send(group, {**message, "from": self._id})))

    def _is_alone(self, group: str) -> bool:
        """Whether nobody else could hear it: the layer in memory is of one process, which may have no second hub."""
        if not isinstance(self._layer, InMemoryChannelLayer):
            return False
        mine = self._channel.result() if self._channel.done() else None
        return all(channel == mine for channel in self._layer.groups.get(group, ()))

    async def join(self, group: str) -> bool:
        """From now on, hear what is rung for this group. False where the layer is away."""
        return await self._briefly(lambda: self._with_channel(self._layer.group_add, group))

    async def leave(self, group: str) -> None:
        await self._briefly(lambda: self._with_channel(self._layer.group_discard, group))

    async def _with_channel(self, act: Callable[[str, str], Coroutine[Any, Any, None]], group: str) -> None:
        await act(group, await asyncio.shield(self._channel))

    @staticmethod
    async def _briefly(act: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        with suppress(Exception):  # away: the look each second finds what was stored
            async with asyncio.timeout(PATIENCE):
                await act()
                return True
        return False

    async def _listen(self) -> None:
        channel = None
        while True:
            try:
                channel = channel or await self._layer.new_channel("hub")
                if not self._channel.done():
                    await self._layer.group_add(EVERYONE, channel)
                    self._channel.set_result(channel)
                message = await self._layer.receive(channel)
            except Exception as error:
                logger.warning("The channel layer does not answer: %s", type(error).__name__)
                await asyncio.sleep(PATIENCE)
            else:
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        """What cannot be read, perhaps from another version of this program, is dropped."""
        try:
            if message.pop("from", None) != self._id:
                self._heard(message)
        except Exception as error:
            kind = str(message.get("type"))[:40] if isinstance(message, dict) else type(message).__name__
            logger.warning("What another process rang cannot be read: %s, %s", kind, type(error).__name__)
