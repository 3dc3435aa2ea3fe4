"""What somebody who enters a room is told, read in one consistent view."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from trips import access, journal, snapshot
from trips.models import Member, Trip, User
from trips.refusals import no_such_trip

from .broadcast import Announcement, announced

STAFF_COLOUR = 8


@dataclass(frozen=True)
class Entry:
    """Either a snapshot, or the changes that were missed; both as of `seq`."""

    role: str
    name: str
    colour: int
    seq: int
    snapshot: dict[str, Any] | None
    missed: list[Announcement]


def read_entry(trip_id: str, user: User, since: int | None) -> Entry:
    """What `user` finds in the trip's room. Raises Refused: not_found, also for a trip that is not theirs to see."""
    with transaction.atomic(using="reader"):
        trip = Trip.living.using("reader").filter(public_id=trip_id).first()
        if trip is None:
            raise no_such_trip()
        member = Member.objects.using("reader").filter(trip=trip, user=user, removed=False).first()
        role = member.role if member else access.role_of_staff(user)
        if role is None:
            raise no_such_trip()
        missed = None if since is None else missed_since(trip, since)
        return Entry(
            role=role,
            name=user.get_full_name(),
            colour=member.colour if member else STAFF_COLOUR,
            seq=trip.seq,
            snapshot=snapshot.take(trip) if missed is None else None,
            missed=missed or [],
        )


def missed_since(trip: Trip, since: int) -> list[Announcement] | None:
    """The changes after `since`; None where a snapshot is shorter, or the journal does not reach back."""
    changes = journal.replay(trip, since, settings.REPLAY_MAX_CHANGES)
    if changes is None:
        return None
    missed = [announced(change) for change in changes]
    return missed if sum(len(each.text) for each in missed) <= settings.REPLAY_MAX_BYTES else None


def read_hole(trip_id: str, after: int, most: int) -> list[Announcement]:
    """The first `most` changes after `after`, in order, for a room that was not told of them."""
    with transaction.atomic(using="reader"):
        trip = Trip.objects.using("reader").get(public_id=trip_id)
        return [announced(change) for change in journal.after(trip, after, most)]


def read_counters(trip_ids: list[str]) -> dict[str, int]:
    """The `seq` of each trip, in one query."""
    return dict(Trip.objects.using("reader").filter(public_id__in=trip_ids).values_list("public_id", "seq"))
