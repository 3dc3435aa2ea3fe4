"""What the other processes say of their people: pure rules, no I/O. Times are seconds of any one clock."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .presence import Person

MISSED_FOR = 0.8  # of the time that a lease lasts it may be missing: longer than it takes to write it again

Room = Mapping[str, Person]


@dataclass
class Process:
    """One other process. It lives for as long as its `beat` goes on; `version` counts what it told."""

    beat: int
    heard_at: float
    missing: bool = False
    version: int = -1
    rooms: dict[str, Room] = field(default_factory=dict)
    connections: dict[str, int] = field(default_factory=dict)


class Elsewhere:
    """All other processes that live. `lasts`: seconds that a process is believed after its last beat.

    It changes on the event loop, while threads read it: they look at each dict once, by one call.
    """

    def __init__(self, lasts: float) -> None:
        self._lasts = lasts
        self.processes: dict[str, Process] = {}

    def heard(self, name: str, beat: int, now: float) -> Process:
        """A process' lease was read."""
        process = self.processes.setdefault(name, Process(beat, now))
        process.missing = False
        if process.beat != beat:
            process.beat, process.heard_at = beat, now
        return process

    def missed(self, names: set[str]) -> None:
        """These leases are there; others that were are not."""
        for name, process in self.processes.items():
            process.missing = name not in names

    def forget_silent(self, now: float) -> set[str]:
        """Drop the processes that died; the trips whose rooms they were in."""
        dead = [
            name
            for name, process in self.processes.items()
            if now - process.heard_at > self._lasts * (MISSED_FOR if process.missing else 1)
        ]
        return {trip_id for name in dead for trip_id in self.processes.pop(name).rooms}

    def people_in(self, trip_id: str) -> list[Room]:
        """The people of a trip's room, a process each."""
        rooms = [process.rooms.get(trip_id) for process in list(self.processes.values())]
        return [room for room in rooms if room is not None]

    def connections_of(self, user_id: str) -> int:
        return sum(process.connections.get(user_id, 0) for process in self.processes.values())

    def connected(self) -> set[str]:
        """The ids of all who have a connection."""
        return {user_id for process in list(self.processes.values()) for user_id in list(process.connections)}

    def rooms(self) -> Mapping[str, set[str]]:
        """The ids of who is in each room."""
        found: dict[str, set[str]] = defaultdict(set)
        for trip_id, room in self._all_rooms():
            found[trip_id] |= room.keys()
        return found

    def _all_rooms(self) -> Iterator[tuple[str, Room]]:
        for process in list(self.processes.values()):
            yield from list(process.rooms.items())
