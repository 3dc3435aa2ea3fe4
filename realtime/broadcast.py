"""From a commit to the rooms: what was stored is encoded once, and handed to the hub from whatever thread it was."""

from collections.abc import Sequence
from typing import Any

import msgspec

from trips import access
from trips.changes import committed
from trips.models import Change, Member, Trip

from . import protocol


class Announcement(msgspec.Struct, frozen=True, array_like=True):
    """One committed change, ready to be sent. `loses` are who is out of the trip with it, `gains` who is in."""

    trip_id: str
    seq: int
    audience: str
    text: str
    loses: tuple[str, ...] = ()
    gains: tuple[str, ...] = ()
    ends: bool = False  # the trip itself was removed

    @property
    def is_for_all(self) -> bool:
        """Whether everybody in the room is told of it, and stays."""
        return self.audience == access.EVERYONE and not self.loses and not self.ends


def packed(announcements: Sequence[Announcement]) -> bytes:
    """For the channel layer."""
    return msgspec.msgpack.encode(announcements)


def unpacked(message: bytes) -> list[Announcement]:
    """From the channel layer; what a newer version of this program added at the end of each is left out.

    Raises TypeError where it is not bytes, DecodeError where it is not msgpack, ValidationError where it is no list of
    announcements.
    """
    return msgspec.msgpack.decode(message, type=list[Announcement])


def announced(change: Change) -> Announcement:
    """How a change is told."""
    loses, gains = lost_and_won(change)
    return Announcement(
        trip_id=change.trip.public_id,
        seq=change.seq,
        audience=change.audience,
        text=protocol.encode(protocol.changed(change)),
        loses=loses,
        gains=gains,
        ends=change.kind == "trip" and change.op == Change.Op.REMOVE,
    )


def lost_and_won(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is out of the trip with a change, and who is in. Asks the database when the trip itself goes or comes."""
    these: tuple[str, ...]
    if change.kind == "member":
        these = (change.object_id,)
        came = change.op == Change.Op.RESTORE or change.before is None
    elif change.kind == "trip" and change.op != Change.Op.SET:
        these = members_of(change.trip)
        came = change.op == Change.Op.RESTORE
    else:
        return (), ()
    return these if change.op == Change.Op.REMOVE else (), these if came else ()


def members_of(trip: Trip) -> tuple[str, ...]:
    members = Member.objects.using(trip._state.db).filter(trip=trip, removed=False)
    return tuple(members.order_by("pk").values_list("public_id", flat=True))


def tell_rooms(changes: list[Change], **_: Any) -> None:
    """Receives `trips.changes.committed`."""
    from .hub import Hub

    if hub := Hub.running:
        hub.announce_soon([announced(change) for change in changes])


def listen() -> None:
    """Called when the app is ready."""
    committed.connect(tell_rooms, dispatch_uid="realtime.broadcast")
