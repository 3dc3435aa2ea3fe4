"""The look around, each second: what nobody announced, who is gone, and whose sign-in ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session as StoredSession
from django.utils import timezone

from trips.models import User
from trips.refusals import Refused

from . import protocol
from .auth import Identity
from .entry import read_counters
from .protocol import Close

if TYPE_CHECKING:
    from .hub import Hub
    from .session import Session

logger = logging.getLogger(__name__)
EACH = 1.0  # seconds


async def look_around(hub: Hub) -> None:
    """For as long as the process serves. A look that fails closes nobody; the next one tries again."""
    while True:
        await asyncio.sleep(EACH)
        for look in (look_at_layer, look_at_people, look_at_sockets, look_at_journal, look_at_identities):
            try:
                await look(hub)
            except Refused:
                continue  # no storage just now
            except Exception as error:
                logger.error("A look failed in %s: %s", look.__name__, type(error).__name__)


async def look_at_layer(hub: Hub) -> None:
    """Rooms that were opened while the layer was away would stay deaf to the other processes."""
    for room in list(hub.rooms.values()):
        hub.open_again(room)


async def look_at_people(hub: Hub) -> None:
    """Those whose connection broke some time ago have left."""
    for room in list(hub.rooms.values()):
        hub.expire_people(room)


async def look_at_sockets(hub: Hub) -> None:
    """Cut clients that ping, and have not for too long; end tokens that are over."""
    silent_since = monotonic() - settings.CLIENT_SILENCE
    for session in all_sessions(hub):
        if session.pings and session.heard_at < silent_since:
            session.outbox.close(Close.TOO_SLOW)
        elif session.identity.is_over():
            end(session)


async def look_at_journal(hub: Hub) -> None:
    """Find changes that no message announced, in one query for all rooms; and a database that was put back."""
    delivered = {trip_id: room.seq for trip_id, room in hub.rooms.items() if room.seq is not None}
    if not delivered:
        return
    counters = await hub.gate.run(read_counters, list(delivered))
    for trip_id, known in delivered.items():
        room, seq = hub.rooms.get(trip_id), counters.get(trip_id, -1)
        if room is None:
            continue
        if seq > known:
            hub.fill(room)
        elif seq < known:
            hub.spawn(hub.start_over(room))


async def look_at_identities(hub: Hub) -> None:
    """Close the sockets of who signed out, has a new password, or was disabled."""
    sessions = list(all_sessions(hub))
    if sessions:
        ended = await hub.gate.run(ended_identities, {session.identity for session in sessions})
        for session in sessions:
            if session.identity in ended:
                end(session)


def all_sessions(hub: Hub) -> Iterable[Session]:
    return [session for mine in hub.sessions.values() for session in mine]


def end(session: Session) -> None:
    """Say why, and close."""
    over = Refused("unauthenticated", "Your sign-in has ended.")
    session.outbox.tell(protocol.error(over))
    session.outbox.close(Close.NOT_SIGNED_IN)


def ended_identities(identities: Iterable[Identity]) -> set[Identity]:
    """Those whose session is over, or whose account is disabled, or has another password or rank. Two queries."""
    identities = list(identities)
    keys = {identity.session_key for identity in identities}
    alive = set(
        StoredSession.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    people = User.objects.filter(pk__in={identity.user.pk for identity in identities}, is_active=True)
    accounts = {row[0]: row for row in people.values_list("pk", "password", "is_staff", "is_superuser")}
    return {
        identity
        for identity in identities
        if identity.session_key not in alive or accounts.get(identity.user.pk) != account(identity.user)
    }


def account(user: User) -> tuple[int, str, bool, bool]:
    """What a person's being signed in, and their rank, hang on."""
    return user.pk, user.password, user.is_staff, user.is_superuser
