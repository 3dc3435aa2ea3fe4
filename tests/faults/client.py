"""One person with a browser: writes and reads all the time, comes back with `since`, resends what has no answer."""

import asyncio
import json
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from realtime.protocol import SUBPROTOCOL
from tests.realtime.client_state import ClientState

from .recording import Ack, Kind, Recording, Told
from .wishes import Wishes, steps_in

Message = dict[str, Any]
PATIENCE = 10.0  # seconds without an answer, and the line counts as dead
LONGEST_BACKOFF = 2.0


@dataclass(frozen=True)
class Habits:
    """How somebody behaves. `pause`: seconds between two edits, None for who only reads; `padding`: bytes of each.

    `small_buffer`: little fits on the line to somebody who does not read; `server`: where they connect
    first; only ever there, if they are `faithful`.
    """

    pause: tuple[float, float] | None = (0.25, 0.5)
    padding: int = 0
    small_buffer: bool = False
    ping_each: float = 5.0
    server: int | None = None
    faithful: bool = False


def is_quiet(number: int) -> bool:
    """Three of ten are in a trip where little happens, so that no later change tells of one that was missed."""
    return number % 10 >= 7


def usual(number: int) -> Habits:
    return Habits(pause=(4, 8) if is_quiet(number) else (0.25, 0.5), server=number % 2)


class Client:
    """`servers` says where one may connect to now, as addresses by number; each time one of them is taken."""

    def __init__(self, recording: Recording, token: str, servers: Callable[[], dict[int, str]], habits: Habits) -> None:
        self.recording = recording
        self.person, self.trip = recording.person, recording.trip
        self.state: ClientState | None = None
        self.present: set[str] = set()
        self.server_ahead = 0.0  # seconds, by the clock of whoever answered last
        self.entries: list[float] = []
        self._knocked_at = 0.0
        self.told_to_wait = 0
        self.close_codes: list[int] = []
        self.server: int | None = None
        self.seq: int | None = None
        self.writing = True
        self.reading = asyncio.Event()
        self.reading.set()
        self.token = token
        self._servers, self._habits = servers, habits
        self._wishes = Wishes(self.person, self.trip, habits.padding)
        self._socket: ClientConnection | None = None
        self._unanswered: Message | None = None
        self._answer: asyncio.Future[Message] | None = None
        self._refused_entry: asyncio.Queue[float] = asyncio.Queue()
        self._fresh: ClientState | None = None
        self._snapshot: asyncio.Future[Message] | None = None
        self.joined = asyncio.Event()
        self.others: Sequence[Callable[[Message], Awaitable[None]]] = ()

    async def run(self) -> None:
        """Until cancelled, or until this person stays away."""
        attempt = 0
        while self.recording.stays:
            try:
                await self._connected()
                attempt = 0
            except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError):
                attempt += 1
            await asyncio.sleep(random.uniform(0, min(LONGEST_BACKOFF, 0.25 * 2**attempt)))

    async def _connected(self) -> None:
        servers = self._servers()
        habits = self._habits
        server = random.choice(list(servers)) if habits.server is None else habits.server % len(servers)
        if self.recording.servers and not habits.faithful:
            server = random.choice(list(servers))
        self.server = server
        address = f"{servers[server]}/{self.person}"
        try:
            self._knocked_at = monotonic()
            async with connect(address, sock=await self._line(address), **self._offers()) as self._socket:
                self.recording.servers.append((monotonic(), server))
                work = (self._read, self._join, self._write, self._ping)
                tasks = [asyncio.create_task(each()) for each in work]
                try:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in tasks:
                        task.cancel()
                    ended = await asyncio.gather(*tasks, return_exceptions=True)
                for error in ended:
                    if isinstance(error, Exception) and not isinstance(error, ConnectionClosed):
                        raise error
        finally:
            if self._socket and self._socket.close_code:
                self.close_codes.append(int(self._socket.close_code))
            self.joined.clear()
            self.server = None
            self.recording.told.append(Told(monotonic(), Kind.CUT))

    def _offers(self) -> dict[str, Any]:
        deaf = self._habits.small_buffer
        return {
            "subprotocols": [SUBPROTOCOL],
            "additional_headers": {"Authorization": f"Bearer {self.token}"},
            "max_size": None,
            "max_queue": 1 if deaf else None,
            "ping_interval": None,
            "close_timeout": 1,
            "open_timeout": PATIENCE,
            "compression": None,
        }

    async def _line(self, address: str) -> socket.socket:
        line = socket.socket()
        if self._habits.small_buffer:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = address.split("/")[2].split(":")
        line.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(line, (host, int(port)))
        except BaseException:
            line.close()
            raise
        return line

    async def _send(self, message: Message) -> None:
        assert self._socket
        await self._socket.send(json.dumps(message))

    # Reading

    async def _read(self) -> None:
        assert self._socket
        while True:
            await self.reading.wait()
            frame = await self._socket.recv()
            at = monotonic()
            text = frame if isinstance(frame, str) else frame.decode()
            for line in text.split("\n"):
                self._hear(json.loads(line), at)

    def _hear(self, message: Message, at: float) -> None:
        match message["type"]:
            case "joined":
                self._enter(message, at)
            case "ack":
                self._stored(message, at)
            case "error":
                self._refused(message)
            case "user_joined":
                self.present.add(message["user_id"])
            case "user_left":
                self.present.discard(message["user_id"])
            case kind if kind == "skipped" or kind.endswith("_updated"):
                self._learn(message, at)

    def _enter(self, message: Message, at: float) -> None:
        if self._snapshot and not self._snapshot.done():  # asked for to compare with
            self._fresh = ClientState.of(message["snapshot"])
            self._snapshot.set_result(message)
            return
        self.recording.told.append(Told(at, Kind.JOINED, message["seq"]))
        self.present = {each["user_id"] for each in message["present"]}
        if "snapshot" in message:
            self.state = ClientState.of(message["snapshot"])
            self.recording.told.append(Told(at, Kind.SNAPSHOT, message["seq"]))
            self.seq = message["seq"]
        self.joined.set()
        self.entries.append(at - self._knocked_at)

    def _learn(self, message: Message, at: float) -> None:
        if self._fresh:
            self._fresh.take(message)
            return
        self.recording.told.append(Told(at, Kind.CHANGE, message["seq"]))
        self.seq = message["seq"]
        if self.state:
            self.state.take(message)

    def _stored(self, message: Message, at: float) -> None:
        mine = self._unanswered
        self.server_ahead = datetime.fromisoformat(message["timestamp"]).timestamp() - time()
        if mine and mine["mutation_id"] == message["mutation_id"]:
            duplicate = message.get("duplicate", False)
            self.recording.acks.append(Ack(at, mine["mutation_id"], message["seq"], steps_in(mine), duplicate))
            self._settle(message)

    def _refused(self, message: Message) -> None:
        if message["code"] not in ("unavailable", "rate_limited"):
            self.recording.refused.append(f"{message['code']}: {message['message']}")
        self.told_to_wait += 1
        if "mutation_id" in message:
            self._settle(message)
        elif self._snapshot and not self._snapshot.done():
            self._snapshot.set_result(message)
        else:
            self._refused_entry.put_nowait(message.get("retry_after", 1))

    def _settle(self, answer: Message) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(answer)

    # Writing

    async def _join(self) -> None:
        """Again, as often as this is refused for a while."""
        self._refused_entry = asyncio.Queue()
        while True:
            since = {} if self.seq is None else {"since": self.seq}
            await self._send({"type": "join_trip", "trip_id": self.trip, **since})
            await asyncio.sleep(await self._refused_entry.get())

    async def _write(self) -> None:
        await self.joined.wait()
        while True:
            if self._unanswered is None:
                if self._habits.pause:
                    await asyncio.sleep(random.uniform(*self._habits.pause))
                if not (self._habits.pause and self.writing):
                    await asyncio.sleep(0.05)
                    continue
                self._unanswered = self._wishes.next()
            await self._send_until_answered(self._unanswered)

    async def _send_until_answered(self, mutation: Message) -> None:
        self._answer = asyncio.get_running_loop().create_future()
        await asyncio.gather(self._send(mutation), *(send(mutation) for send in self.others))
        async with asyncio.timeout(PATIENCE):
            answer = await self._answer
        if answer["type"] == "ack" or answer["code"] not in ("unavailable", "rate_limited"):
            self._unanswered = None
        else:
            await asyncio.sleep(answer.get("retry_after", 1))

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._habits.ping_each)
            if self.reading.is_set():
                await self._send({"type": "ping"})

    # What faults and checks ask of a client

    @property
    def idle(self) -> bool:
        """Whether everything that was sent is answered."""
        return self._unanswered is None

    def cut(self) -> None:
        """The line breaks, without a goodbye."""
        if self._socket:
            self._socket.transport.abort()

    def stay_away(self) -> None:
        """The line breaks, and this person does not come back."""
        self.recording.stays = False
        self.cut()

    async def fresh(self) -> ClientState:
        """The trip as it is given to who enters now. Nothing of it is learned."""
        async with asyncio.timeout(PATIENCE):
            while self._fresh is None:
                self._snapshot = asyncio.get_running_loop().create_future()
                await self._send({"type": "join_trip", "trip_id": self.trip})
                answer = await self._snapshot
                if answer["type"] == "error":
                    await asyncio.sleep(answer.get("retry_after", 1))
            while self._fresh.seq != self.seq:  # noqa: ASYNC110 (what was changed after the snapshot follows it)
                await asyncio.sleep(0.01)
        return self._fresh
