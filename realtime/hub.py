"""The hub: what connects the rooms of this process with its sockets, the journal and the other processes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar

from django.conf import settings

from trips.faults import fault
from trips.refusals import Refused, no_such_trip

from . import protocol
from .attendance import Attendance
from .auth import identify
from .broadcast import Announcement, packed, unpacked
from .delivery import Delivery
from .doorbell import EVERYONE, Doorbell
from .entry import Asked, Entries, Entry
from .farewell import take_leave_on_sigterm
from .gathering import Gathering
from .look import look_around
from .open_rooms import OpenRooms
from .protocol import Close, Message
from .revocation import look_at_once
from .rooms import Room, Seat
from .session import Session, Sessions
from .tasks import Tasks
from .threads import DatabaseThread
from .writer import Writer


class Hub:
    """One a process, on the event loop of its first connection.

    It belongs to the layer's group `trip_<id>` of each trip that it has a room for. What it commits itself it delivers
    at once; for the others it rings. The layer is a doorbell; the journal, looked at each second, is the truth.
    """

    running: ClassVar[Hub | None] = None

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms = OpenRooms(self)
        self.sessions = Sessions()
        self.reader = DatabaseThread("reader")
        self.gate = DatabaseThread("gate")
        self.journal_look = DatabaseThread("journal-look")
        self.identity_look = DatabaseThread("identity-look")
        self.writer = Writer(self.loop)
        self.leaving = False
        self.tasks = Tasks()
        self.spawn = self.tasks.spawn
        self.identities = Gathering(self.gate, identify, self.spawn)
        self.entries = Entries(self.reader, self.spawn)
        self.doorbell = Doorbell(self._heard, self.spawn)
        self.delivery = Delivery(self)
        self.attendance = Attendance(self.rooms, self.sessions, self._ring_for_people)
        self.attendance.begin(self.spawn)
        self.spawn(look_around(self))
        take_leave_on_sigterm(self)

    @classmethod
    def here(cls) -> Hub:
        """The hub of this process, started at its first connection."""
        if cls.running is None or cls.running.loop is not asyncio.get_running_loop():
            cls.running = cls()
        return cls.running

    async def stop(self) -> None:
        """Finish what was accepted, and let go of everything."""
        if Hub.running is self:
            Hub.running = None
        await asyncio.to_thread(self.writer.stop)
        self.delivery.offer()  # what is held; its timer would find the hub stopped
        await self.tasks.cancel()
        await self.attendance.end()
        for thread in (self.reader, self.gate, self.journal_look, self.identity_look):
            await asyncio.to_thread(thread.stop)

    # Changes

    def announce_soon(self, announcements: list[Announcement]) -> None:
        """From any thread: these were committed."""
        with suppress(RuntimeError):  # the loop ended: nobody is left to be told
            self.loop.call_soon_threadsafe(self.announce, announcements)

    def announce(self, announcements: list[Announcement]) -> None:
        """Deliver here at once, and publish for the other processes.

        What was stored together is one ring: a trip's group hears of its trip alone, everyone of several. A ring for
        each trip would cost more than all else, and come so late that its changes were read from the journal.
        """
        for each in announcements:
            self.tell_persons("trip_unshared", each.trip_id, each.loses)
        self.delivery.offer(announcements)
        trip_ids = {each.trip_id for each in announcements}
        group = f"trip_{trip_ids.pop()}" if len(trip_ids) == 1 else EVERYONE
        self.doorbell.ring(group, {"type": "changes", "changes": packed(announcements)})
        for each in announcements:
            self.tell_persons("trip_shared", each.trip_id, each.gains)

    # Entering and leaving

    def admit(self, session: Session) -> None:
        """A new socket. Raises Refused: rate_limited, when the person has too many."""
        if self.leaving:
            raise going_down()
        mine = len(self.sessions.get(session.user_id, ()))
        connections = mine + self.attendance.others.connections_of(session.user_id)
        if connections >= settings.CONNECTIONS_PER_PERSON:
            raise Refused("rate_limited", f"You have {connections} connections open; that is the most there may be.")
        self.sessions.add(session)
        self.attendance.connected(session.user_id)

    def dismiss(self, session: Session, *, broke: bool) -> None:
        """A socket is gone; `broke`: perhaps its person comes back in a moment."""
        for trip_id in list(session.rooms):
            self.leave(session, trip_id, broke=broke)
        session.gone.set()
        self.sessions.discard(session)
        self.attendance.connected(session.user_id)

    async def join(self, session: Session, trip_id: str, since: int | None) -> None:
        """Enter a room. Its deliveries are held back for this socket alone until it knows where it stands."""
        room = self.rooms.of(trip_id)
        seat = room.seats[session] = Seat()
        try:
            await self.rooms.open(room)
            asked = Asked(trip_id, session.identity.user, since)
            entry = await self.entries.read(asked)
            while not room.goes_on_from(entry.seq, seat):  # it started over meanwhile
                entry = await self.entries.read(asked)
            if room.seq is None:
                room.start_at(entry.seq)
            if room.seats.get(session) is not seat or seat.is_lost(session.user_id, entry.seq):
                raise no_such_trip()
        except BaseException:
            if room.seats.get(session) is seat:  # else it has left meanwhile, or enters once more
                del room.seats[session]
                self.leave(session, trip_id)  # where it was in already
            self.rooms.close_if_empty(room)
            raise
        self._seat(session, room, seat, entry)

    async def start_over(self, room: Room) -> None:
        """Everyone in the room is given the trip anew: its journal does not go on from what they know."""
        room.seq = None
        seats = {session: Seat() for session, seat in room.seats.items() if seat.held is None}
        room.seats.update(seats)  # nobody is told anything more until they know where they stand
        await asyncio.gather(*(self._give_anew(room, session, seat) for session, seat in seats.items()))

    async def _give_anew(self, room: Room, session: Session, seat: Seat) -> None:
        if room.seats.get(session) is not seat:
            return
        try:
            await self.join(session, room.trip_id, None)
        except Exception as error:  # a client that lost its room without knowing would wait for ever
            if session not in room.seats:
                refused = error if isinstance(error, Refused) else fault(error, "A room could not start over")
                session.outbox.tell(protocol.error(refused, trip_id=room.trip_id))
                session.outbox.close(Close.CANNOT_SERVE)

    def _seat(self, session: Session, room: Room, seat: Seat, entry: Entry) -> None:
        session.rooms[room.trip_id] = room
        if not room.people.is_crowd:
            room.tell_news()  # so that the one who enters is not told what `present` says
        came = room.people.enter(session.user_id, entry.name, entry.colour, session.id)
        joined: dict[str, Any] = {
            "type": "joined",
            "trip_id": room.trip_id,
            "seq": entry.seq,
            "role": entry.role,
            "present": room.people.present(monotonic()),
            "present_count": len(room.people),
            "timestamp": protocol.now(),
        }
        if entry.snapshot is not None:
            joined |= {"seq": entry.snapshot["seq"], "snapshot": entry.snapshot}
        session.outbox.put(protocol.encode(joined), counts=False)
        room.admit(session, seat, entry.role, entry.seq, entry.missed)
        if came and room.people.is_crowd:  # the others are told later, and only how many came
            who = {"user_id": session.user_id, "name": entry.name, "colour": entry.colour}
            session.outbox.tell(self.of_room("user_joined", room, **who))
        self.attendance.changed(room)
        if room.has_hole:
            self.delivery.fill(room)

    def leave(self, session: Session, trip_id: str, *, broke: bool = False) -> None:
        """Out of a room, for good or after a moment of grace."""
        room = session.rooms.pop(trip_id, None)
        if room is None:
            return
        room.seats.pop(session, None)
        room.people.leave(session.user_id, session.id, monotonic() + settings.PRESENCE_GRACE if broke else None)
        room.people_changed()
        self.rooms.close_if_empty(room)

    def expire_people(self, room: Room) -> None:
        """Those whose grace is over are gone."""
        if room.people.overdue(monotonic()):
            room.people_changed()
        self.rooms.close_if_empty(room)

    # Telling

    @staticmethod
    def of_room(what: str, room: Room, **more: Any) -> dict[str, Any]:
        """A message about a room."""
        return {"type": what, "trip_id": room.trip_id, **more, "timestamp": protocol.now()}

    def tell_room(self, room: Room, message: Message, but: Session | None = None) -> None:
        """Something fleeting, to everyone in the room, in all processes."""
        text = room.tell(message, but)
        self.doorbell.ring(f"trip_{room.trip_id}", {"type": "room.tell", "trip_id": room.trip_id, "text": text})

    def _ring_for_people(self, process: str, trip_id: str) -> None:
        self.doorbell.ring(f"trip_{trip_id}", {"type": "room.people", "trip_id": trip_id, "process": process})

    def tell_persons(self, what: str, trip_id: str, people: Sequence[str], *, everywhere: bool = True) -> None:
        """To all their sockets that they are in a trip, or out of it. Who is in its room is told there when to go."""
        if not people:
            return
        text = protocol.encode({"type": what, "trip_id": trip_id, "timestamp": protocol.now()})
        unless_in = trip_id if what == "trip_unshared" else None
        self.sessions.tell(people, text, unless_in)
        if everywhere:
            told = {"type": "persons.tell", "user_ids": people, "text": text, "unless_in": unless_in}
            self.doorbell.ring(EVERYONE, told)

    def _heard(self, message: dict[str, Any]) -> None:
        """What another process rang for."""
        match message.get("type"):
            case "changes":
                self.delivery.hear(unpacked(message["changes"]))
            case "room.tell":
                if room := self.rooms.get(message["trip_id"]):
                    room.tell_text(message["text"])
            case "room.people":
                self.attendance.heard(message["process"], message["trip_id"])
            case "persons.tell":
                self.sessions.tell(message["user_ids"], message["text"], message.get("unless_in"))
            case "person.look":
                look_at_once(self, message["user"])


def going_down() -> Refused:
    """This process ends; another one, or this one in a moment, goes on."""
    return Refused("unavailable", "The site is being restarted. Nothing was stored.", retry_after=1.0)
