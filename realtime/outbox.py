"""What waits to be sent on one socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar

from django.conf import settings

from trips.faults import log_safely

from .protocol import Close, Message, encode

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Write = Callable[[str], bool]


class Post:
    """Sends what waits in the outboxes of an event loop: all together, at the end of a tick."""

    running: ClassVar[Post | None] = None

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._due: list[Outbox] = []

    @classmethod
    def here(cls) -> Post:
        """That of the running loop."""
        if cls.running is None or cls.running.loop is not asyncio.get_running_loop():
            cls.running = cls()
        return cls.running

    def take(self, outbox: Outbox) -> None:
        if not self._due:
            self.loop.call_soon(self._send)
        self._due.append(outbox)

    def _send(self) -> None:
        due, self._due = self._due, []
        for outbox in due:
            outbox.leave()


class Bundle:
    """Messages that go to many: what each outbox has to know of them is worked out once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.joined = ("\n".join(texts),)
        self.size = sum(map(size_of, texts))


class Outbox:
    """Nobody waits for a reader: what is put here leaves with the next post, at the end of the tick.

    With `joins`, everything that waits then leaves as one frame, a message a line.
    A reader for whom too much waits, or (daphne takes everything, so this is how it shows) who was sent too much
    since it last pinged, is closed with 4408. It comes back with `since` and has lost nothing. What it asked for
    itself counts apart, since one snapshot may be large; nobody needs many without ever pinging.
    """

    MOST_ASKED_FOR = 4  # times as much as of other messages

    def __init__(self, send: Send, *, joins: bool, write: Write | None = None) -> None:
        """`write` is a server's shorter way for a text frame. It says whether it took it."""
        self._send = send
        self._write = write
        self.joins = joins
        self._most = settings.OUTBOX_MAX_BYTES
        self._waiting: list[str] = []
        self._bytes = 0
        self._since_ping = self._asked_for = 0
        self._due = self._sending = False
        self._post: Post | None = None
        self._task: asyncio.Task[None] | None = None
        self._close: int | None = None
        self.closed = False

    def put(self, text: str, *, counts: bool = True) -> None:
        """Send this message. `counts` is off for what was asked for: a snapshot, or a replay."""
        if not counts:
            if self._asked_for > self.MOST_ASKED_FOR * self._most:
                self._cut()
            self._asked_for += size_of(text)
        self._add((text,), size_of(text) if counts else 0)

    def put_all(self, bundle: Bundle) -> None:
        """Send these messages."""
        self._add(bundle.joined if self.joins else bundle.texts, bundle.size)

    def _add(self, texts: Sequence[str], size: int) -> None:
        if self.closed:
            return
        self._waiting.extend(texts)
        self._bytes += size
        self._since_ping += size
        if self._bytes > self._most or (self.joins and self._since_ping > self._most):
            self._cut()
        self._wake()

    def _cut(self) -> None:
        self._waiting.clear()
        self.close(Close.TOO_SLOW)

    def tell(self, message: Message) -> None:
        """Encode and send."""
        self.put(encode(message))

    def pinged(self) -> None:
        """The reader has read everything it was sent before its ping."""
        self._since_ping = self._asked_for = 0

    def close(self, code: int) -> None:
        """Send what waits, then close the socket."""
        if not self.closed:
            self.closed, self._close = True, code
            self._wake()

    async def drained(self) -> None:
        """Wait until everything has left."""
        self.leave()
        while self._sending and self._task:
            await self._task
            self.leave()

    def _wake(self) -> None:
        if not self._due and not self._sending:
            self._due = True
            self._post = self._post or Post.here()  # asked for once: it costs as much as what it is for
            self._post.take(self)

    def leave(self) -> None:
        """Send what waits. A line that takes it at once costs no task, which would cost more than the sending."""
        if not self._due:
            return
        self._due = False
        if self._left_at_once() and self._close is None:
            return
        self._sending = True
        draining = self._drain()
        if self._close is not None:
            self._task = asyncio.get_running_loop().create_task(draining)
            return
        try:
            line = draining.send(None)
        except StopIteration:
            return
        self._task = asyncio.get_running_loop().create_task(go_on(draining, line))

    def _left_at_once(self) -> bool:
        """Whether the server took all that waits. What it did not take still waits."""
        if self._write is None:
            return False
        frames = iter(self._taken())
        try:
            for frame in frames:
                if not self._write(frame):
                    self._waiting = [frame, *frames]
                    return False
        except Exception as error:  # a socket that is gone does not raise here
            log_safely(error, "A socket took no text")
            self._give_up()
        return True

    def _taken(self) -> list[str]:
        """What waits, as frames. It waits no longer."""
        texts, self._waiting, self._bytes = self._waiting, [], 0
        return ["\n".join(texts)] if self.joins and len(texts) > 1 else texts

    def _give_up(self) -> None:
        """A message cannot be sent: the socket is gone, or its server refuses it. All that may follow is a goodbye."""
        self.closed = True
        self._waiting.clear()
        if self._close is None:
            self._close = Close.CANNOT_SERVE

    async def _drain(self) -> None:
        try:
            await self._send_frames()
            if self._close is not None:
                code, self._close = self._close, None
                await self._send({"type": "websocket.close", "code": int(code)})
        except (Exception, asyncio.CancelledError):
            # The socket is gone, whatever the server calls that; its consumer is told by a disconnect.
            self.closed = True
            self._waiting.clear()
        finally:
            self._sending = False

    async def _send_frames(self) -> None:
        try:
            while self._waiting:
                for frame in self._taken():
                    await self._send({"type": "websocket.send", "text": frame})
        except Exception:
            self._give_up()


def size_of(text: str) -> int:
    """In bytes, as it is sent."""
    return len(text) if text.isascii() else len(text.encode())


async def go_on(begun: Coroutine[Any, Any, None], until: asyncio.Future[Any] | None) -> None:
    """The rest of a coroutine that has come to where it waits."""
    await (asyncio.wait([until]) if until else asyncio.sleep(0))
    await asyncio.get_running_loop().create_task(begun)
