"""Who is connected, in all processes, for whoever asks from a thread: pages, the admin, the stats."""

from collections import defaultdict
from threading import Lock
from time import monotonic

from asgiref.sync import async_to_sync
from django.conf import settings
from redis import RedisError

from .elsewhere import Elsewhere
from .hub import Hub
from .leases import Leases, lasts
from .presence import Person, together

BELIEVED = 1.0  # seconds that what was read from Redis is taken for true, by a process that has no hub


def connected() -> set[str]:
    """The ids of all who have a connection."""
    hub = Hub.running
    return others().connected() | (set(hub.sessions) if hub else set())


def rooms() -> dict[str, set[str]]:
    """The ids of who is in each room that is not empty."""
    hub, found = Hub.running, defaultdict(set, others().rooms())
    for trip_id, room in list(hub.rooms.items()) if hub else ():
        found[trip_id] |= set(room.people.here)
    return {trip_id: people for trip_id, people in found.items() if people}


def people_in(trip_id: str) -> list[Person]:
    """The people of a trip's room. Who may know of the trip is for the caller to see to."""
    hub = Hub.running
    room = hub.rooms.get(trip_id) if hub else None
    parts: dict[str, list[Person]] = defaultdict(list)
    for people in ([room.people.here] if room else []) + list(others().people_in(trip_id)):
        for user_id, person in list(people.items()):
            parts[user_id].append(person)
    return [together(of_one) for of_one in parts.values()]


def others() -> Elsewhere:
    """The other processes, as the hub of this one knows them, or as Redis tells where this one has no hub yet."""
    hub = Hub.running  # it may end meanwhile
    return hub.attendance.others if hub else _read.now()


class _Reading:
    """All leases, read anew when what was read is too old."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._found: Elsewhere | None = None
        self._read_at = float("-inf")

    def now(self) -> Elsewhere:
        with self._guard:
            if self._found is None or monotonic() - self._read_at > BELIEVED:
                self._found = async_to_sync(_all_leases)() if settings.REDIS_URL else Elsewhere(lasts())
                self._read_at = monotonic()
            return self._found


_read = _Reading()


async def _all_leases() -> Elsewhere:
    found, leases = Elsewhere(lasts()), Leases("nobody")
    try:
        await leases.read(found)
    except (RedisError, OSError):
        return Elsewhere(lasts())
    finally:
        await leases.close()
    return found
