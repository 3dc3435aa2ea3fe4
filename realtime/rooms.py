"""The rooms of this process: everyone in a trip is told the same changes, in the same order, without holes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trips import access

from . import protocol
from .broadcast import Announcement
from .outbox import Bundle
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

    def knew(self, seq: int) -> bool:
        """Whether its socket is in, and came in before this change."""
        return self.held is None and self.floor < seq

    def is_lost(self, user_id: str, seq: int) -> bool:
        """Whether somebody who enters with what was so at `seq` was put out by what was kept back since."""
        return any(each.seq > seq and (each.ends or user_id in each.loses) for each in self.held or ())


class Room:
    """One trip, as far as this process has people in it. `seq` is the last change that was delivered.

    A later one than the next waits until the hole before it is filled; an older one is dropped. So whatever brings
    the announcements may lose, repeat and swap them.
    """

    def __init__(
        self, trip_id: str, people: People | None = None, people_changed: Callable[[Room], None] | None = None
    ) -> None:
        self.trip_id = trip_id
        self.seq: int | None = None
        self.seats: dict[Session, Seat] = {}
        self.people = People() if people is None else people
        self._people_changed = people_changed or Room.tell_news
        self.opened: asyncio.Task[bool] | None = None
        self.filling: asyncio.Task[None] | None = None
        self._waiting: dict[int, Announcement] = {}

    @property
    def empty(self) -> bool:
        return not self.seats and not self.people.here

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
        run: list[Announcement] = []
        while self.seq is not None and (following := self._waiting.pop(self.seq + 1, None)):
            self.seq = following.seq
            if following.is_for_all:
                run.append(following)
            else:
                self._deliver(run)
                self._deliver_alone(following)
                run = []
        self._deliver(run)

    def _deliver(self, run: list[Announcement]) -> None:
        """Changes that follow each other and that all may see, together: that costs a room little more than one."""
        if not run:
            return
        first = run[0].seq
        bundle = Bundle([each.text for each in run])
        for session, seat in self.seats.items():
            if seat.held is not None:
                seat.held += run
            elif seat.floor < first:
                session.outbox.put_all(bundle)
            else:
                for each in run:
                    send(session, seat, each)

    def _deliver_alone(self, announcement: Announcement) -> None:
        if not announcement.ends:
            for user_id in announcement.loses:
                self._put_out(announcement.seq, user_id)
        for session, seat in self.seats.items():
            if seat.held is not None:
                seat.held.append(announcement)
            else:
                send(session, seat, announcement)
        if announcement.ends:
            self._put_out(announcement.seq)

    def goes_on_from(self, seq: int, seat: Seat) -> bool:
        """Whether what is kept back for a seat goes on from `seq` without a hole."""
        return self.seq is None or self.seq - seq <= sum(each.seq > seq for each in seat.held or ())

    def admit(self, session: Session, seat: Seat, role: str, seq: int, missed: Iterable[Announcement]) -> None:
        """The end of entering: what was missed, then what was held back meanwhile; from now on it is told at once."""
        held, seat.held = seat.held or [], None
        seat.role, seat.floor = role, 0
        for announcement in missed:
            send(session, seat, announcement, counts=False)
        seat.floor = seq
        for announcement in held:
            send(session, seat, announcement)

    def _put_out(self, seq: int, user_id: str | None = None) -> None:
        """Out with a person, before the change `seq` goes out, or with everybody; not with who came in after it.

        Whoever goes is told so here and now: what else tells them may be lost, or come when they are back.
        """
        unshared = protocol.encode({"type": "trip_unshared", "trip_id": self.trip_id, "timestamp": protocol.now()})
        for session, seat in list(self.seats.items()):
            if user_id in (None, session.user_id) and seat.knew(seq):
                del self.seats[session]
                session.rooms.pop(self.trip_id, None)
                self.people.leave(session.user_id, session.id)
                session.outbox.put(unshared)
        staying = {session.user_id for session, seat in self.seats.items() if seat.held is None}
        for name in list(self.people.here):
            if user_id in (None, name) and name not in staying:
                self.people.dismiss(name)
        self.people_changed()

    def people_changed(self) -> None:
        """Somebody came or left: it is to be told."""
        self._people_changed(self)

    def tell_news(self) -> None:
        """Who came and who left since it was told last."""
        for news in self.people.news():
            self.tell({**news, "trip_id": self.trip_id, "timestamp": protocol.now()})

    def tell(self, message: Message, but: Session | None = None) -> str:
        """Something fleeting, to everyone who is in; returns it encoded."""
        text = protocol.encode(message)
        self.tell_text(text, but)
        return text

    def tell_text(self, text: str, but: Session | None = None) -> None:
        bundle = Bundle((text,))
        for session, seat in self.seats.items():
            if session is not but and seat.held is None:
                session.outbox.put_all(bundle)


def send(session: Session, seat: Seat, announcement: Announcement, *, counts: bool = True) -> None:
    """One change to one socket, unless its snapshot had it already."""
    if announcement.seq <= seat.floor:
        return
    if access.can_see(announcement.audience, seat.role, session.user_id):
        session.outbox.put(announcement.text, counts=counts)
    else:
        session.outbox.tell(protocol.skipped(announcement.trip_id, announcement.seq))
