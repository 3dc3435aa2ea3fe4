"""How the servers are spoken to. The same words everywhere; what differs is the address, the hello and the framing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .database import Person

UPDATED = b'"updated_by"'  # once in each change that is told, and nowhere else
TYPING = b'"expires_in"'  # once in each typing sign
READY = b'"joined"'


@dataclass(frozen=True)
class Dialect:
    """A server that joins a socket to one trip by its address, and takes and tells plain JSON."""

    path: str = "/ws/{trip}?user_id={person}"
    signs_in: bool = False

    def address(self, port: int, person: Person, trip: str) -> tuple[str, dict[str, str]]:
        """The URL and the headers."""
        url = f"ws://127.0.0.1:{port}{self.path.format(trip=trip, person=person.name)}"
        if not self.signs_in:
            return url, {}
        return url, {"Cookie": f"sessionid={person.session}", "Origin": f"http://127.0.0.1:{port}"}

    def hello(self, person: Person, trip: str, since: int | None) -> bytes:
        """What is said first; nothing if empty."""
        return b""

    def update(self, trip: str, stop: str, token: str) -> bytes:
        """A change of a stop's title. `token` is in the title, so that whoever is told can be recognised."""
        data = {"activity": f"Visit {token} and the gardens behind"}
        return self.framed("itinerary_update", trip_id=trip, id=stop, data=data, mutation_id=token)

    def typing(self, trip: str) -> bytes:
        return self.framed("typing", trip_id=trip, field="itinerary:s1.activity")

    def framed(self, kind: str, **message: Any) -> bytes:
        return json.dumps({"type": kind, **message}).encode()

    def answer(self, payload: bytes) -> bytes:
        """What the protocol wants to be said to a message; nothing if empty."""
        return b""


@dataclass(frozen=True)
class GlobeTrotter(Dialect):
    path: str = "/api/v1/ws/{person}"
    signs_in: bool = True

    def address(self, port: int, person: Person, trip: str) -> tuple[str, dict[str, str]]:
        url, headers = super().address(port, person, trip)
        return url, {**headers, "Sec-WebSocket-Protocol": "globetrotter.v1"}

    def hello(self, person: Person, trip: str, since: int | None) -> bytes:
        return self.framed("join_trip", trip_id=trip, **({} if since is None else {"since": since}))


@dataclass(frozen=True)
class SocketIO(Dialect):
    """Engine.IO 4 and Socket.IO 5, over the websocket transport alone."""

    path: str = "/socket.io/?EIO=4&transport=websocket&trip={trip}&user={person}"

    def framed(self, kind: str, **message: Any) -> bytes:
        return b"42" + json.dumps([kind, {"type": kind, **message}]).encode()

    def answer(self, payload: bytes) -> bytes:
        if payload.startswith(b"0"):
            return b"40"  # the handshake is over: open the default namespace
        return b"3" if payload == b"2" else b""
