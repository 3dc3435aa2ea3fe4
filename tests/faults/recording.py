"""What one person was told, with times, and what the journal holds. Seconds of one monotonic clock."""

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a client was told. `SNAPSHOT` covers all changes up to its `seq`."""

    JOINED = "joined"
    SNAPSHOT = "snapshot"
    CHANGE = "change"
    CUT = "cut"


@dataclass(frozen=True)
class Told:
    at: float
    kind: Kind
    seq: int = 0


@dataclass(frozen=True)
class Ack:
    """“Stored.” `steps`: how many changes the mutation makes."""

    at: float
    mutation_id: str
    seq: int
    steps: int
    duplicate: bool = False


@dataclass
class Recording:
    """All that one person was told in one trip. `server` is where they are connected, by the time it began."""

    person: str
    trip: str
    told: list[Told] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    twice: dict[str, tuple[int, bool]] = field(default_factory=dict)  # what a second line was answered: seq, duplicate
    refused: list[str] = field(default_factory=list)
    servers: list[tuple[float, int]] = field(default_factory=list)
    stays: bool = True  # at the end, this person is connected and has to know everything

    def server_at(self, at: float) -> int | None:
        """Which server this person was connected to."""
        return next((server for since, server in reversed(self.servers) if since <= at), None)


@dataclass(frozen=True)
class Row:
    """One change of the journal. `marks`: the ids of the mutations that its text says it came from."""

    trip: str
    seq: int
    person: str
    mutation_id: str
    committed_at: float
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standstill:
    """Nobody at this server, or none of these people (else nobody at all) could be told anything meanwhile."""

    since: float
    until: float
    server: int | None = None
    people: tuple[str, ...] = ()

    def concerns(self, person: str, server: int | None) -> bool:
        return person in self.people if self.people else self.server in (None, server)

    def overlap(self, since: float, until: float) -> float:
        return max(0.0, min(until, self.until) - max(since, self.since))
