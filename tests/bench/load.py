"""The load generator: many sockets in one loop, which count what they are told without reading it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from .database import Person
from .dialects import READY, Dialect

Hear = Callable[["Client", bytes], None]
PATIENCE = 120.0  # seconds that a socket may take to open
AT_ONCE = 64  # sockets that are being opened, unless said otherwise


class Client(WSListener):
    """One socket of one person in one trip. What it hears goes to `hear`."""

    def __init__(self, dialect: Dialect, person: Person, trip: str, hear: Hear, since: int | None = None) -> None:
        self.dialect = dialect
        self.person = person
        self.trip = trip
        self.hear = hear
        self.since = since
        self.ready = asyncio.get_running_loop().create_future()
        self.received = 0
        self.sent = 0
        self.token = b"\0"  # in no message
        self.refused = b""
        self.closed_with: int | None = None
        self.transport: WSTransport

    async def open(self, port: int) -> Client:
        """Connect and join; returns once that was answered. Raises ConnectionError, or picows' WSHandshakeError."""
        url, headers = self.dialect.address(port, self.person, self.trip)
        given: dict[str, Any] = {"extra_headers": headers, "max_frame_size": 64 * 2**20}
        _, listener = await ws_connect(lambda: self, url, websocket_handshake_timeout=PATIENCE, **given)
        if listener is not self:
            raise ConnectionError("the line was cut in the middle of the handshake")
        await asyncio.wait_for(self.ready, PATIENCE)
        return self

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        if hello := self.dialect.hello(self.person, self.trip, self.since):
            self.send(hello)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.TEXT:
            self.hear(self, frame.get_payload_as_bytes())
        elif frame.msg_type is WSMsgType.CLOSE:
            self.closed_with = int.from_bytes(frame.get_payload_as_bytes()[:2])

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"closed while entering: {self.closed_with}"))

    def other(self, payload: bytes) -> None:
        """What is not counted: the answer to joining, or something that the protocol wants answered."""
        if not self.ready.done() and READY in payload:
            self.ready.set_result(None)
        elif answer := self.dialect.answer(payload):
            self.send(answer)
        elif b'"error"' in payload:
            self.refused = payload

    def send(self, message: bytes) -> None:
        self.transport.send(WSMsgType.TEXT, message)

    def cut(self) -> None:
        """The line breaks: no goodbye is said."""
        self.transport.underlying_transport.abort()


async def open_all(clients: Iterable[Client], port: int, at_once: int = AT_ONCE) -> list[Client]:
    """Connect them, some at a time, and wait until all have joined."""
    gate = asyncio.Semaphore(at_once)

    async def one(client: Client) -> Client:
        async with gate:
            return await client.open(port)

    async with asyncio.TaskGroup() as group:
        opening = [group.create_task(one(client)) for client in clients]
    return [task.result() for task in opening]


async def settled(reached: Callable[[], bool], otherwise: str, patience: float = 20) -> None:
    """Wait until it is so. Raises TimeoutError where it never is."""
    deadline = time.monotonic() + patience
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        await asyncio.sleep(0.01)


@dataclass
class Stopwatch:
    """Wall-clock and processor time, of this process and of the servers', since it was made."""

    cpu_of_servers: Callable[[], float]

    def __post_init__(self) -> None:
        self._began, self._own, self._theirs = time.perf_counter(), time.process_time(), self.cpu_of_servers()

    def read(self) -> Span:
        wall = time.perf_counter() - self._began
        return Span(wall, time.process_time() - self._own, self.cpu_of_servers() - self._theirs)


@dataclass(frozen=True)
class Span:
    """Seconds: by the clock, of the generator's processor time, and of the servers'."""

    wall: float = 0.0
    generator: float = 0.0
    servers: float = 0.0

    def __add__(self, other: Span) -> Span:
        return Span(self.wall + other.wall, self.generator + other.generator, self.servers + other.servers)

    @property
    def busy(self) -> float:
        """How much of its core the generator took, in percent: near 100 it would be the bottleneck."""
        return 100 * self.generator / self.wall
