"""The open sockets."""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from .auth import Identity
from .limits import Limits
from .outbox import Outbox

if TYPE_CHECKING:
    from .rooms import Room


@dataclass(eq=False)
class Session:
    """Who it is, what it is joined to, and what waits to be sent to it. `home`: the trip of a trip socket."""

    identity: Identity
    outbox: Outbox
    home: str | None = None
    pings: bool = False  # a client of globetrotter.v1, which pings; others never do
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    rooms: dict[str, "Room"] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    heard_at: float = field(default_factory=monotonic)
    bad_messages: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def user_id(self) -> str:
        return self.identity.user.username


class Sessions(dict[str, set[Session]]):
    """Those of this process, by person. Who has none is not in it."""

    def add(self, session: Session) -> None:
        self.setdefault(session.user_id, set()).add(session)

    def discard(self, session: Session) -> None:
        mine = self.get(session.user_id, set())
        mine.discard(session)
        if not mine:
            self.pop(session.user_id, None)

    def all(self) -> list[Session]:
        return [session for mine in self.values() for session in mine]

    def tell(self, people: Iterable[str], text: str, unless_in: str | None = None) -> None:
        """On all sockets of these people, but for those that are in this trip's room."""
        for session in [session for user_id in people for session in self.get(user_id, ())]:
            if unless_in not in session.rooms:
                session.outbox.put(text)
