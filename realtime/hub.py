"""The hub: what connects the rooms of this process with its sockets, the journal and the other processes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar

from django.conf import settings

from trips.refusals import Refused, no_such_trip

from . import protocol
from .broadcast import Announcement
from .doorbell import EVERYONE, Doorbell
from .entry import Entry, read_entry, read_hole
from .farewell import take_leave_on_sigterm
from .look import look_around
from .protocol import Close, Message
from .rooms import Room, Seat
from .session import Session
from .threads import DatabaseThread
from .writer import Writer

HOLE_PATIENCE = 0.05  # seconds that a missing change may still arrive by itself
HOLE_CHUNK = 500


class Hub:
    """One a process, on the event loop of its first connection.

    It belongs to the layer's group `trip_<id>` of each trip that it has a room for. What it commits itself it delivers
    at once; for the others it rings. The layer is a doorbell; the journal, looked at each second, is the truth.
    """

    running: ClassVar[Hub | None] = None

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[str, Room] = {}
        self.sessions: dict[str, set[Session]] = defaultdict(set)
        self.reader = DatabaseThread("reader")
        self.gate = DatabaseThread("gate")
        self.writer = Writer(self.loop)
        self.leaving = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self.doorbell = Doorbell(self._heard, self.spawn)
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
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.reader.stop)
        await asyncio.to_thread(self.gate.stop)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task that somebody keeps."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # Changes

    def announce_soon(self, announcements: list[Announcement]) -> None:
        """From any thread: these were committed."""
        with suppress(RuntimeError):  # the loop ended: nobody is left to be told
            self.loop.call_soon_threadsafe(self.announce, announcements)

    def announce(self, announcements: list[Announcement]) -> None:
        """Deliver here at once, and publish for the other processes."""
        by_trip: dict[str, list[Announcement]] = defaultdict(list)
        for each in announcements:
            by_trip[each.trip_id].append(each)
        for trip_id, changes in by_trip.items():
            self._offer(trip_id, changes)
            packed = [each.packed() for each in changes]
            self.doorbell.ring(f"trip_{trip_id}", {"type": "room.changes", "trip_id": trip_id, "changes": packed})
        for each in announcements:
            for user_id, message in each.for_persons():
                self.tell_person(user_id, message)

    def _offer(self, trip_id: str, changes: Iterable[Announcement]) -> None:
        if room := self.rooms.get(trip_id):
            room.offer(changes)
            if room.has_hole:
                self.fill(room, HOLE_PATIENCE)

    def fill(self, room: Room, patience: float = 0) -> None:
        """Read what the room was not told of from the journal, once for the whole process."""
        if room.filling is None or room.filling.done():
            room.filling = self.spawn(self._fill(room, patience))

    async def _fill(self, room: Room, patience: float) -> None:
        await asyncio.sleep(patience)
        if patience and not room.has_hole:
            return
        with suppress(Refused):  # no storage: the next look tries again
            while (before := room.seq) is not None and self.rooms.get(room.trip_id) is room:
                found = await self.reader.run(read_hole, room.trip_id, before, HOLE_CHUNK)
                unheard = [each for each in found if room.lacks(each.seq)]
                room.offer(found)
                for each in unheard:
                    for user_id, message in each.for_persons():
                        self._put_for_person(user_id, protocol.encode({**message, "timestamp": protocol.now()}))
                if found and room.seq == before:  # the journal does not reach back so far
                    await self.start_over(room)
                if len(found) < HOLE_CHUNK:
                    break

    # Entering and leaving

    def admit(self, session: Session) -> None:
        """A new socket. Raises Refused: rate_limited, when the person has too many."""
        if self.leaving:
            raise going_down()
        mine = self.sessions[session.user_id]
        if len(mine) >= settings.CONNECTIONS_PER_PERSON:
            raise Refused("rate_limited", f"You have {len(mine)} connections open; that is the most there may be.")
        mine.add(session)

    def dismiss(self, session: Session, *, broke: bool) -> None:
        """A socket is gone; `broke`: perhaps its person comes back in a moment."""
        for trip_id in list(session.rooms):
            self.leave(session, trip_id, broke=broke)
        session.gone.set()
        self.sessions[session.user_id].discard(session)
        if not self.sessions[session.user_id]:
            del self.sessions[session.user_id]

    async def join(self, session: Session, trip_id: str, since: int | None) -> None:
        """Enter a room. Its deliveries are held back for this socket alone until it knows where it stands."""
        room = self.rooms.setdefault(trip_id, Room(trip_id))
        seat = room.seats[session] = Seat()
        try:
            await self._open(room)
            entry = await self.reader.run(read_entry, trip_id, session.identity.user, since)
            if room.seq is None:
                room.start_at(entry.seq)
            if room.seats.get(session) is not seat:  # put out meanwhile, perhaps by what just went out
                raise no_such_trip()
        except BaseException:
            if room.seats.get(session) is seat:
                del room.seats[session]
            self.leave(session, trip_id)  # where it was in already
            self._close_if_empty(room)
            raise
        self._seat(session, room, seat, entry)

    async def start_over(self, room: Room) -> None:
        """Everyone in the room is given the trip anew: its journal does not go on from what they know."""
        room.seq = None
        for session in [session for session, seat in room.seats.items() if seat.held is None]:
            if session not in room.seats:
                continue
            try:
                await self.join(session, room.trip_id, None)
            except Refused as refused:  # a client that lost its room without knowing would wait for ever
                session.outbox.tell(protocol.error(refused, trip_id=room.trip_id))
                session.outbox.close(Close.CANNOT_SERVE)

    def _seat(self, session: Session, room: Room, seat: Seat, entry: Entry) -> None:
        session.rooms[room.trip_id] = room
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
            joined["snapshot"] = entry.snapshot
        session.outbox.put(protocol.encode(joined), counts=False)
        room.admit(session, seat, entry.role, entry.seq, entry.missed)
        if came:
            self._tell_of_person("user_joined", room, session.user_id)
        if room.has_hole:
            self.fill(room)

    def leave(self, session: Session, trip_id: str, *, broke: bool = False) -> None:
        """Out of a room, for good or after a moment of grace."""
        room = session.rooms.pop(trip_id, None)
        if room is None:
            return
        room.seats.pop(session, None)
        person = room.people.get(session.user_id)
        until = monotonic() + settings.PRESENCE_GRACE if broke else None
        if room.people.leave(session.user_id, session.id, until) and person:
            self.tell_room(room, self.of_room("user_left", room, **person.who()))
        self._close_if_empty(room)

    def expire_people(self, room: Room) -> None:
        """Those whose grace is over are gone."""
        for person in room.people.overdue(monotonic()):
            self.tell_room(room, self.of_room("user_left", room, **person.who()))
        self._close_if_empty(room)

    def _tell_of_person(self, what: str, room: Room, user_id: str) -> None:
        if person := room.people.get(user_id):
            self.tell_room(room, self.of_room(what, room, **person.who()))

    async def _open(self, room: Room) -> None:
        """Have the layer's group ring for this room."""
        if room.opened is None:
            room.opened = self.spawn(self.doorbell.join(f"trip_{room.trip_id}"))
        await asyncio.shield(room.opened)

    def open_again(self, room: Room) -> None:
        """A room that the layer was away for when it opened: have its group ring now."""
        if room.opened is not None and room.opened.done() and not room.opened.result():
            room.opened = self.spawn(self.doorbell.join(f"trip_{room.trip_id}"))

    def _close_if_empty(self, room: Room) -> None:
        if room.empty and self.rooms.get(room.trip_id) is room:
            del self.rooms[room.trip_id]
            self.spawn(self._unsubscribe(room))

    async def _unsubscribe(self, room: Room) -> None:
        if room.trip_id not in self.rooms:
            await self.doorbell.leave(f"trip_{room.trip_id}")

    # Telling

    @staticmethod
    def of_room(what: str, room: Room, **more: Any) -> dict[str, Any]:
        """A message about a room."""
        return {"type": what, "trip_id": room.trip_id, **more, "timestamp": protocol.now()}

    def tell_room(self, room: Room, message: Message, but: Session | None = None) -> None:
        """Something fleeting, to everyone in the room, in all processes."""
        text = room.tell(message, but)
        self.doorbell.ring(f"trip_{room.trip_id}", {"type": "room.tell", "trip_id": room.trip_id, "text": text})

    def tell_person(self, user_id: str, message: Message) -> None:
        """To all sockets of a person, wherever they are connected."""
        text = protocol.encode({**message, "timestamp": protocol.now()})
        self._put_for_person(user_id, text)
        self.doorbell.ring(EVERYONE, {"type": "person.tell", "user_id": user_id, "text": text})

    def _put_for_person(self, user_id: str, text: str) -> None:
        for session in self.sessions.get(user_id, ()):
            session.outbox.put(text)

    def _heard(self, message: dict[str, Any]) -> None:
        """What another process rang for."""
        match message.get("type"):
            case "room.changes":
                self._offer(message["trip_id"], [Announcement(*packed) for packed in message["changes"]])
            case "room.tell":
                if room := self.rooms.get(message["trip_id"]):
                    room.tell_text(message["text"])
            case "person.tell":
                self._put_for_person(message["user_id"], message["text"])


def going_down() -> Refused:
    """This process ends; another one, or this one in a moment, goes on."""
    return Refused("unavailable", "The site is being restarted. Nothing was stored.", retry_after=1.0)
