"""The look around, each second: what nobody announced, who is gone, who is silent, and whose sign-in ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings

from trips.refusals import Refused

from .entry import read_counters
from .protocol import Close
from .revocation import end, look_at_identities

if TYPE_CHECKING:
    from .hub import Hub

logger = logging.getLogger(__name__)
Look = Callable[["Hub"], Awaitable[None]]
EACH = 0.8  # seconds; so that what the layer lost is told within one, reading and telling included


async def look_around(hub: Hub, *looks: Look, each: float = EACH) -> None:
    """For as long as the process serves. Each look keeps its own pace: one that hangs holds up no other."""
    async with asyncio.TaskGroup() as group:
        for look in looks or (look_at_layer, look_at_people, look_at_sockets, look_at_journal, look_at_identities):
            group.create_task(look_again_and_again(look, hub, each))


async def look_again_and_again(look: Look, hub: Hub, each: float) -> None:
    """A look that fails closes nobody; the next one tries again."""
    while True:
        await asyncio.sleep(each)
        try:
            await look(hub)
        except Refused:
            continue  # no storage just now
        except Exception as error:
            logger.error("A look failed, %s: %s", getattr(look, "__name__", look), type(error).__name__)


async def look_at_layer(hub: Hub) -> None:
    """Rooms that were opened while the layer was away would stay deaf to the other processes."""
    for room in list(hub.rooms.values()):
        hub.rooms.open_again(room)


async def look_at_people(hub: Hub) -> None:
    """Those whose connection broke some time ago have left."""
    for room in list(hub.rooms.values()):
        hub.expire_people(room)


async def look_at_sockets(hub: Hub) -> None:
    """Cut clients that ping, and have not for too long; end tokens that are over."""
    silent_since = monotonic() - settings.CLIENT_SILENCE
    for session in hub.sessions.all():
        if session.pings and session.heard_at < silent_since:
            session.outbox.close(Close.TOO_SLOW)
        elif session.identity.is_over():
            end(session)


async def look_at_journal(hub: Hub) -> None:
    """Find changes that no message announced, in one query for all rooms; and a database that was put back."""
    delivered = {trip_id: room.seq for trip_id, room in hub.rooms.items() if room.seq is not None}
    if not delivered:
        return
    counters = await hub.journal_look.run(read_counters, list(delivered))
    for trip_id, known in delivered.items():
        room, seq = hub.rooms.get(trip_id), counters.get(trip_id, -1)
        if room is None:
            continue
        if seq > known:
            hub.delivery.fill(room, up_to=seq)
        elif seq < known:
            hub.spawn(hub.start_over(room))
