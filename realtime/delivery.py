"""The ways by which changes come to the rooms of this process: stored here, heard of, or read from the journal."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from trips.refusals import Refused

from .broadcast import Announcement
from .entry import read_hole
from .rooms import Room

if TYPE_CHECKING:
    from .hub import Hub

HOLE_PATIENCE = 0.05  # seconds that a missing change may still arrive by itself
MOST_HELD = 0.03  # seconds that what another process stored waits, at most, for what is being stored here
HOLE_CHUNK = 500  # changes that are read at once


class Delivery:
    """Offers each room its changes. In whatever order, and however often they come, the room puts them right."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._held: list[Announcement] = []
        self._release: asyncio.TimerHandle | None = None

    def offer(self, announcements: Iterable[Announcement] = ()) -> None:
        """Offer these to the rooms of their trips, together with what is held."""
        if self._release:
            self._release.cancel()
        held, self._held, self._release = self._held, [], None
        by_trip: dict[str, list[Announcement]] = defaultdict(list)
        for each in (*held, *announcements):
            by_trip[each.trip_id].append(each)
        for trip_id, changes in by_trip.items():
            if room := self._hub.rooms.get(trip_id):
                room.offer(changes)
                if room.has_hole:
                    self.fill(room)

    def hear(self, announcements: Sequence[Announcement]) -> None:
        """Offer what another process stored: at once, or, where something is being stored here, with that, but soon.

        A frame of its own would cost nearly as much as the one that follows, and take the interpreter from the writer.
        What puts somebody out, or is not for everybody, is not held, nor is what is held already: that they are in
        again is rung apart, waits for nothing, and would come first.
        """
        if not (self._hub.writer.is_busy and all(each.is_for_all for each in announcements)):
            self.offer(announcements)
            return
        self._held += announcements
        self._release = self._release or self._hub.loop.call_later(MOST_HELD, self.offer)

    def fill(self, room: Room, up_to: int = 0) -> None:
        """Read what the room was not told of from the journal, once for the whole process.

        It is given a moment to come by itself: all before what waits behind a hole, and all up to `up_to`.
        """
        if room.filling is None or room.filling.done():
            room.filling = self._hub.spawn(self._fill(room, up_to))

    async def _fill(self, room: Room, up_to: int) -> None:
        hub = self._hub
        await asyncio.sleep(HOLE_PATIENCE)
        self.offer()  # what is missing may be held
        if not room.has_hole and not room.lacks(up_to):
            return
        with suppress(Refused):  # no storage: the next look tries again
            while (before := room.seq) is not None and hub.rooms.get(room.trip_id) is room:
                seq, found = await hub.reader.run(read_hole, room.trip_id, before, HOLE_CHUNK)
                unheard = [each for each in found if room.lacks(each.seq)]
                for each in unheard:
                    hub.tell_persons("trip_unshared", each.trip_id, each.loses, everywhere=False)
                room.offer(found)
                for each in unheard:
                    hub.tell_persons("trip_shared", each.trip_id, each.gains, everywhere=False)
                if room.seq == before < seq:  # the journal does not reach back so far
                    await hub.start_over(room)
                if len(found) < HOLE_CHUNK:
                    break
