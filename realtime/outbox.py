"""What waits to be sent on one socket."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from .protocol import Close, Message, encode

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outbox:
    """Nobody waits for a reader: what is put here leaves by a task of its own, joined into frames.

    With `joins`, everything that waits at the end of a loop tick leaves as one frame, a message a line.
    A reader for whom too much waits, or (daphne takes everything, so this is how it shows) who was sent too much
    since it last pinged, is closed with 4408. It comes back with `since` and has lost nothing.
    """

    def __init__(self, send: Send, *, joins: bool) -> None:
        self._send = send
        self.joins = joins
        self._waiting: list[str] = []
        self._bytes = 0
        self._since_ping = 0
        self._task: asyncio.Task[None] | None = None
        self._close: int | None = None
        self.closed = False

    def put(self, text: str, *, counts: bool = True) -> None:
        """Send this message. `counts` is off for what was asked for: a snapshot, or a replay."""
        if self.closed:
            return
        self._waiting.append(text)
        if counts:
            self._bytes += len(text)
            self._since_ping += len(text)
        if max(self._bytes, self._since_ping if self.joins else 0) > settings.OUTBOX_MAX_BYTES:
            self._waiting.clear()
            self.close(Close.TOO_SLOW)
        self._wake()

    def tell(self, message: Message) -> None:
        """Encode and send."""
        self.put(encode(message))

    def pinged(self) -> None:
        """The reader has read everything it was sent before its ping."""
        self._since_ping = 0

    def close(self, code: int) -> None:
        """Send what waits, then close the socket."""
        if not self.closed:
            self.closed, self._close = True, code
            self._wake()

    async def drained(self) -> None:
        """Wait until everything has left."""
        if self._task:
            await self._task

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting:
                texts, self._waiting, self._bytes = self._waiting, [], 0
                for frame in ["\n".join(texts)] if self.joins else texts:
                    await self._send({"type": "websocket.send", "text": frame})
            if self._close is not None:
                code, self._close = self._close, None
                await self._send({"type": "websocket.close", "code": int(code)})
        except Exception:  # the socket is gone, whatever the server calls that; its consumer is told by a disconnect
            self.closed = True
            self._waiting.clear()
