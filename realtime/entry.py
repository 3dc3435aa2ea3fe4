"""What somebody who enters a room is told, read in one consistent view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from trips import access, journal, snapshot
from trips.models import Change, Member, Trip, User
from trips.refusals import Refused, no_such_trip

from .among import Among
from .broadcast import Announcement, announced
from .gathering import Gathering, Spawn
from .threads import DatabaseThread

STAFF_COLOUR = 8
OBJECTS_A_CHANGE = 10  # as much as can be read in the time that a change takes to be replayed, generously


@dataclass(frozen=True)
class Entry:
    """A snapshot, or none for who has one, and the changes after it up to `seq`."""

    role: str
    name: str
    colour: int
    seq: int
    snapshot: dict[str, Any] | None
    missed: list[Announcement]


@dataclass(frozen=True)
class Asked:
    """Somebody wants to enter a trip's room, and knows the trip as of `since`, or not at all."""

    trip_id: str
    user: User
    since: int | None


@dataclass(frozen=True)
class Door:
    """A trip, and somebody who may enter."""

    user: User
    trip: Trip
    member: Member | None
    role: str

    def entry(self, whole: dict[str, Any] | None, missed: list[Announcement]) -> Entry:
        return Entry(
            role=self.role,
            name=self.user.get_full_name(),
            colour=self.member.colour if self.member else STAFF_COLOUR,
            seq=self.trip.seq,
            snapshot=whole,
            missed=missed,
        )


class Entries:
    """Reads what people find who enter: for those who missed little together, for others one at a time."""

    def __init__(self, reader: DatabaseThread, spawn: Spawn) -> None:
        self._reader = reader
        self._little: Gathering[Asked, Entry | None] = Gathering(reader, read_entries, spawn)

    async def read(self, asked: Asked) -> Entry:
        """Raises Refused: not_found, also for a trip that is not theirs to see."""
        entry = None if asked.since is None else await self._little.ask(asked)
        return await self._reader.run(read_entry, asked) if entry is None else entry


def read_entries(asked: Sequence[Asked]) -> list[Entry | Refused | None]:
    """What each finds, in one view; None for who is to be told a whole trip, or much that they missed."""
    with transaction.atomic(using="reader"):
        doors = doors_of(asked)
        missed = missed_by(list(zip(asked, doors, strict=True)))
        return [
            no_such_trip() if door is None else None if told is None else door.entry(None, told)
            for door, told in zip(doors, missed, strict=True)
        ]


def read_entry(asked: Asked) -> Entry:
    """What one finds, however much it is. Raises Refused: not_found."""
    with transaction.atomic(using="reader"):
        (door,) = doors_of([asked])
        if door is None:
            raise no_such_trip()
        missed = None if asked.since is None else replayed(door.trip, asked.since)
        return door.entry(None, missed) if missed is not None else door.entry(*whole_trip(door.trip))


def doors_of(asked: Sequence[Asked]) -> list[Door | None]:
    """None where there is no such trip, or none for them to see."""
    named = Trip.living.using("reader").filter(Among("public_id", {each.trip_id for each in asked}))
    trips = {trip.public_id: trip for trip in named}
    members = Member.objects.using("reader").filter(
        Among("trip_id", {trip.pk for trip in trips.values()}),
        Among("user_id", {each.user.pk for each in asked}),
        removed=False,
    )
    known = {(member.trip_id, member.user_id): member for member in members}
    doors: list[Door | None] = []
    for each in asked:
        trip = trips.get(each.trip_id)
        member = known.get((trip.pk, each.user.pk)) if trip else None
        role = member.role if member else access.role_of_staff(each.user)
        doors.append(Door(each.user, trip, member, role) if trip and role else None)
    return doors


def missed_by(people: Sequence[tuple[Asked, Door | None]]) -> list[list[Announcement] | None]:
    """The changes that each missed, where they are few. What several of them missed is read and encoded once."""
    few: dict[tuple[str, int | None], tuple[Trip, int]] = {
        (asked.trip_id, asked.since): (door.trip, asked.since)
        for asked, door in people
        if door and asked.since is not None and door.trip.seq - asked.since <= journal.FEW
    }
    found = dict(zip(few, map(told, journal.replays(few.values(), settings.REPLAY_MAX_CHANGES)), strict=True))
    return [found.get((asked.trip_id, asked.since)) if door else None for asked, door in people]


def whole_trip(trip: Trip) -> tuple[dict[str, Any], list[Announcement]]:
    """A snapshot, and what came after it. A large trip is not read anew for each change that somebody makes in it."""
    whole = snapshot.kept.of(trip, behind=trip.size // OBJECTS_A_CHANGE)
    missed = replayed(trip, whole["seq"])
    return (whole, missed) if missed is not None else (snapshot.kept.of(trip), [])


def replayed(trip: Trip, since: int) -> list[Announcement] | None:
    (changes,) = journal.replays([(trip, since)], settings.REPLAY_MAX_CHANGES)
    return told(changes)


def told(changes: list[Change] | None) -> list[Announcement] | None:
    """As who missed them is told; None where a snapshot is shorter, or the journal does not reach back."""
    if changes is None:
        return None
    missed = [announced(change) for change in changes]
    return missed if sum(len(each.text) for each in missed) <= settings.REPLAY_MAX_BYTES else None


def read_hole(trip_id: str, after: int, most: int) -> tuple[int, list[Announcement]]:
    """The trip's `seq`, and the first `most` changes after `after`, in order, for a room that was not told of them.

    Raises Refused: not_found, where the database was put back to before there was such a trip.
    """
    with transaction.atomic(using="reader"):
        trip = Trip.objects.using("reader").filter(public_id=trip_id).first()
        if trip is None:
            raise no_such_trip()
        return trip.seq, [announced(change) for change in journal.after(trip, after, most)]


def read_counters(trip_ids: list[str]) -> dict[str, int]:
    """The `seq` of each trip, in one query."""
    return dict(Trip.objects.using("reader").filter(Among("public_id", trip_ids)).values_list("public_id", "seq"))
