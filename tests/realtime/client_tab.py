"""A client on the loop of the test: it believes what it is told, and complains of what it should not have been told."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from realtime.auth import Identity
from realtime.consumers import UserConsumer
from realtime.hub import Hub
from realtime.outbox import Outbox
from realtime.session import Session
from tests.realtime.client_state import ClientState
from trips.models import User

Message = dict[str, Any]
MayHear = Callable[[str, int], bool]


class Line:
    """One connection to a hub: the real consumer at its end, and what is on its way to the client."""

    def __init__(self, hub: Hub, user: User) -> None:
        self.hub = hub
        self.wire: deque[Message] = deque()
        self.cut = False
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.session = Session(Identity(user, "a session"), Outbox(self._send, joins=True), pings=True)
        hub.admit(self.session)
        consumer = UserConsumer()
        consumer.reasons = False
        hub.spawn(consumer.serve(hub, self.session, self._said.get))

    def say(self, message: Message) -> None:
        if mutation_id := message.get("mutation_id"):
            self.asked[mutation_id] += 1
        self._said.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def end(self, code: int) -> None:
        self.cut = True
        self._said.put_nowait({"type": "websocket.disconnect", "code": code})

    async def _send(self, event: dict[str, Any]) -> None:
        if self.cut:
            return
        if event["type"] == "websocket.close":
            self.wire.append({"type": "closed", "code": event["code"]})
        else:
            self.wire += [json.loads(line) for line in event["text"].split("\n")]


class ClientTab:
    """A page that stays open while its connections come and go. `inside`: it was let into the room, and not put out."""

    def __init__(self, user: User, trip_id: str, may_hear: MayHear) -> None:
        self.user = user
        self.trip_id = trip_id
        self.line: Line | None = None
        self.state: ClientState | None = None
        self.inside = False
        self.heard: list[Message] = []
        self.acks: list[Message] = []
        self._may_hear = may_hear
        self._joined_at = 0
        self._last: int | None = None

    def connect(self, hub: Hub) -> None:
        self.line = Line(hub, self.user)
        self.join(self.state.seq if self.state else None)

    def join(self, since: int | None) -> None:
        self.say({"type": "join_trip"} if since is None else {"type": "join_trip", "since": since})

    def say(self, message: Message) -> None:
        if self.line:
            self.line.say({"trip_id": self.trip_id, **message})

    def cut(self, arrives: int = 0) -> None:
        """The line breaks; this much of what was on its way arrives."""
        self.read(arrives)
        if self.line:
            self.line.end(1006)
        self.line, self.inside = None, False

    def read(self, most: int | None = None) -> None:
        """Take in what came, or the first of it."""
        left = len(self.line.wire) if self.line and most is None else most or 0
        while self.line and self.line.wire and left:
            self._take(self.line.wire.popleft())
            left -= 1

    def _take(self, message: Message) -> None:
        if message.get("trip_id") == self.trip_id:
            self.heard.append(message)
        kind = message["type"]
        if kind.endswith("_updated") or kind == "skipped":
            self._follow(message)
        elif kind in ("ack", "error") and (mutation_id := message.get("mutation_id")):
            assert self.line
            self.line.answered[mutation_id] += 1
            self.acks += [message] if kind == "ack" else []
        elif reader := getattr(self, f"_read_{kind}", None):
            reader(message)
        assert message.get("code") != "internal"

    def _follow(self, message: Message) -> None:
        """A change comes once, in order, and only to who may know of it."""
        seq, name = message["seq"], self.user.username
        assert self.inside, f"{name} is told something of a room they are not in: {message}"
        assert self.state
        expected = range(1, self.state.seq + 2) if self._last is None else [self._last + 1]
        assert seq in expected, f"{name} is told #{seq} after #{self._last}, knowing #{self.state.seq}"
        assert self._may_hear(name, max(seq, self._joined_at)), f"{name} may not hear of {message}"
        assert message["type"] != "secret_updated" or message["id"] == name
        self._last = seq
        self.state.take(message)

    def _read_joined(self, message: Message) -> None:
        self.inside, self._joined_at, self._last = True, message["seq"], None
        if "snapshot" in message:
            self.state = ClientState.of(message["snapshot"])
            self._last = self.state.seq
            self.heard = [message]

    def _read_left(self, message: Message) -> None:
        self.inside = False

    _read_trip_unshared = _read_left

    def _read_trip_shared(self, message: Message) -> None:
        self.join(self.state.seq if self.state else None)

    def _read_error(self, message: Message) -> None:
        """It could not enter."""
        self.inside = False

    def _read_closed(self, message: Message) -> None:
        self.cut()
