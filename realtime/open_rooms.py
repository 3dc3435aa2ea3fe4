"""The rooms of this process that somebody is in, and that the layer rings for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .rooms import Room

if TYPE_CHECKING:
    from .hub import Hub


class OpenRooms(dict[str, Room]):
    """By trip. For each, this process belongs to the layer's group `trip_<id>`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def of(self, trip_id: str) -> Room:
        """That of a trip, or a new one, which is still to be opened."""
        return self.get(trip_id) or self.setdefault(trip_id, self._hub.attendance.room(trip_id))

    async def open(self, room: Room) -> None:
        """Have its group ring for a room."""
        if room.opened is None:
            room.opened = self._hub.spawn(self._subscribe(room))
        await asyncio.shield(room.opened)

    def open_again(self, room: Room) -> None:
        """A room that the layer was away for when it opened: have its group ring now."""
        if room.opened is not None and room.opened.done() and not room.opened.result():
            room.opened = self._hub.spawn(self._subscribe(room))

    def close_if_empty(self, room: Room) -> None:
        """Nobody is in it any more: it need not ring."""
        if room.empty and self.get(room.trip_id) is room:
            del self[room.trip_id]
            self._hub.spawn(self._unsubscribe(room))

    async def _subscribe(self, room: Room) -> bool:
        heard = await self._hub.doorbell.join(f"trip_{room.trip_id}")
        if heard:
            await self._hub.attendance.fresh(room.trip_id)
        return heard

    async def _unsubscribe(self, room: Room) -> None:
        if room.trip_id not in self:
            await self._hub.doorbell.leave(f"trip_{room.trip_id}")
