"""A whole trip as one value, and, since many ask for it at once, kept as it was last encoded."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import msgspec
from django.conf import settings

from . import exact_json
from .kinds import KINDS, OBJECT_KINDS
from .models import Change, Member, Trip

FLIGHTS = 16  # locks: who asks for a trip that is just being read waits for it, and seldom for another


def take(trip: Trip) -> dict[str, Any]:
    """Everything living in `trip`, as of its `seq`. Inside one consistent read, or the two may not fit."""
    return {
        "seq": trip.seq,
        "trip": {"id": trip.public_id, **KINDS["trip"].represent(trip)},
        **{kind.collection: [kind.represent(thing) for thing in kind.living(trip)] for kind in OBJECT_KINDS},
    }


@dataclass(frozen=True)
class Kept:
    """A snapshot whose parts are encoded, and by what it is known to be still the trip's."""

    seq: int
    mark: tuple[Any, ...]
    parts: dict[str, Any]

    @property
    def size(self) -> int:
        return sum(len(part) for part in self.parts.values() if isinstance(part, msgspec.Raw))


class Snapshots:
    """The last snapshot of each trip, of those that were asked for last, in a bounded number of bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._guard = Lock()
        self._flights = [Lock() for _ in range(FLIGHTS)]

    def of(self, trip: Trip, behind: int = 0) -> dict[str, Any]:
        """What `take` says, its parts encoded: as of the trip's `seq`, or up to `behind` changes before it."""
        with self._flights[hash(trip.public_id) % FLIGHTS]:
            kept = self._kept.get(trip.public_id)
            if kept is None or not 0 <= trip.seq - kept.seq <= behind or kept.mark != mark(trip, kept.seq):
                kept = Kept(trip.seq, mark(trip, trip.seq), encoded(take(trip)))
            self._keep(trip.public_id, kept)
            return dict(kept.parts)

    def _keep(self, trip_id: str, kept: Kept) -> None:
        with self._guard:
            self._forget(trip_id)
            self._kept[trip_id] = kept
            self._bytes += kept.size
            while self._bytes > settings.SNAPSHOTS_MAX_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, trip_id: str) -> None:
        if kept := self._kept.pop(trip_id, None):
            self._bytes -= kept.size


def encoded(whole: dict[str, Any]) -> dict[str, Any]:
    """With a JSON text in place of each part; the encoder takes it over as it is."""
    return {
        name: value if isinstance(value, int) else msgspec.Raw(exact_json.encode(value))
        for name, value in whole.items()
    }


def mark(trip: Trip, seq: int) -> tuple[Any, ...]:
    """What else a snapshot as of `seq` hangs on: people's names, and that the database was not put back meanwhile."""
    change = Change.objects.using(trip._state.db).filter(trip=trip, seq=seq).values_list("pk", "time", "digest").first()
    members = Member.objects.using(trip._state.db).filter(trip=trip, removed=False).order_by("pk")
    return trip.pk, change, *members.values_list("public_id", "user__name")


kept = Snapshots()
