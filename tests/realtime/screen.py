"""A socket of the hub on the loop of the test."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from realtime.auth import Identity
from realtime.outbox import Outbox
from realtime.session import Session
from trips.models import User

PATIENCE = 5.0  # seconds until what should come is missed


class Screen:
    """What somebody's socket was told."""

    def __init__(self, user: User, session_key: str = "a session") -> None:
        self.frames: list[list[dict[str, Any]]] = []
        self.closed_with: int | None = None
        self._news = asyncio.Event()
        self.session = Session(Identity(user, session_key), Outbox(self._send, joins=True))

    async def _send(self, frame: dict[str, Any]) -> None:
        if text := frame.get("text"):
            self.frames.append([json.loads(line) for line in text.split("\n")])
        self.closed_with = frame.get("code")
        self._news.set()

    @property
    def told(self) -> list[dict[str, Any]]:
        return [message for frame in self.frames for message in frame]

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.told]

    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.told if message["type"].endswith("_updated")]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for what is told; fails when it does not come."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._news.wait()
