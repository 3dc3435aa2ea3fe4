"""The rooms of this process: everyone in a trip is told the same changes, in the same order, without holes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trips import access

from . import protocol
from .broadcast import Announcement
from .presence import People
from .protocol import Message

if TYPE_CHECKING:
    from .session import Session


@dataclass
class Seat:
    """A socket's place in a room. `held`: what is kept back for it while it enters; `floor`: the `seq` it knows."""

    role: str | None = None
    floor: int = 0
    held: list[Announcement] | None = field(default_factory=list)


class Room:
    """One trip, as far as this process has people in it. `seq` is the last change that was delivered.

    A later one than the next waits until the hole before it is filled; an older one is dropped. So whatever brings
    the announcements may lose, repeat and swap them.
    """

    def __init__(self, trip_id: str) -> None:
        self.trip_id = trip_id
        self.seq: int | None = None
        self.seats: dict[Session, Seat] = {}
        self.people = People()
        self.opened: asyncio.Task[bool] | None = None
        self.filling: asyncio.Task[None] | None = None
        self._waiting: dict[int, Announcement] = {}

    @property
    def empty(self) -> bool:
        return not self.seats and not self.people

    @property
    def has_hole(self) -> bool:
        """Whether something waits for what was not announced yet."""
        return self.seq is not None and bool(self._waiting)

    def lacks(self, seq: int) -> bool:
        """Whether this change was neither delivered nor announced yet."""
        return self.seq is not None and seq > self.seq and seq not in self._waiting

    def offer(self, announcements: Iterable[Announcement]) -> None:
        """Take what was announced; deliver what is next."""
        for each in announcements:
            if self.seq is None or each.seq > self.seq:
                self._waiting[each.seq] = each
        self.advance()

    def start_at(self, seq: int) -> None:
        """The first to enter read the trip at `seq`: deliveries begin behind it."""
        self.seq = seq
        self._waiting = {each.seq: each for each in self._waiting.values() if each.seq > seq}
        self.advance()

    def advance(self) -> None:
        """Deliver as far as there is no hole."""
        while self.seq is not None and (following := self._waiting.pop(self.seq + 1, None)):
            self.seq = following.seq
            self._deliver(following)

    def _deliver(self, announcement: Announcement) -> None:
        if announcement.loses:
            self.evict(announcement.loses)
        for session, seat in self.seats.items():
            if seat.held is not None:
                seat.held.append(announcement)
            else:
                send(session, seat, announcement)
        if announcement.ends:
            self.tell({"type": "trip_unshared", "trip_id": self.trip_id, "timestamp": protocol.now()})
            self._clear()

    def admit(self, session: Session, seat: Seat, role: str, seq: int, missed: Iterable[Announcement]) -> None:
        """The end of entering: what was missed, then what was held back meanwhile; from now on it is told at once."""
        held, seat.held = seat.held or [], None
        seat.role, seat.floor = role, 0
        for announcement in missed:
            send(session, seat, announcement, counts=False)
        seat.floor = seq
        for announcement in held:
            send(session, seat, announcement)

    def evict(self, user_id: str) -> None:
        """Out with a person, before the next change goes out."""
        for session in [session for session in self.seats if session.user_id == user_id]:
            del self.seats[session]
            session.rooms.pop(self.trip_id, None)
        if (person := self.people.get(user_id)) and self.people.dismiss(user_id):
            self.tell({"type": "user_left", "trip_id": self.trip_id, **person.who(), "timestamp": protocol.now()})

    def _clear(self) -> None:
        """Out with everybody; nobody is left to be told who went."""
        for session in self.seats:
            session.rooms.pop(self.trip_id, None)
        self.seats.clear()
        self.people = People()

    def tell(self, message: Message, but: Session | None = None) -> str:
        """Something fleeting, to everyone who is in; returns it encoded."""
        text = protocol.encode(message)
        self.tell_text(text, but)
        return text

    def tell_text(self, text: str, but: Session | None = None) -> None:
        for session, seat in self.seats.items():
            if session is not but and seat.held is None:
                session.outbox.put(text)


def send(session: Session, seat: Seat, announcement: Announcement, *, counts: bool = True) -> None:
    """One change to one socket, unless its snapshot had it already."""
    if announcement.seq <= seat.floor:
        return
    if access.can_see(announcement.audience, seat.role, session.user_id):
        session.outbox.put(announcement.text, counts=counts)
    else:
        session.outbox.tell(protocol.skipped(announcement.trip_id, announcement.seq))
