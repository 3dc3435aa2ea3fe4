"""From a commit to the rooms: what was stored is encoded once, and handed to the hub from whatever thread it was."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Any

from trips.changes import committed
from trips.models import Change

from . import protocol


@dataclass(frozen=True)
class Announcement:
    """One committed change, ready to be sent. `loses` is who is out of the trip with it, `gains` who is in."""

    trip_id: str
    seq: int
    audience: str
    text: str
    loses: str | None = None
    gains: str | None = None
    ends: bool = False  # the trip itself was removed

    def for_persons(self) -> Iterator[tuple[str, protocol.Message]]:
        """What somebody is told in person, wherever they are connected."""
        if self.gains:
            yield self.gains, {"type": "trip_shared", "trip_id": self.trip_id}
        if self.loses:
            yield self.loses, {"type": "trip_unshared", "trip_id": self.trip_id}

    def packed(self) -> list[Any]:
        """For the channel layer."""
        return list(astuple(self))


def announced(change: Change) -> Announcement:
    """How a change is told."""
    about_member = change.kind == "member"
    removed = change.op == Change.Op.REMOVE
    came = about_member and (change.op == Change.Op.RESTORE or change.before is None)
    return Announcement(
        trip_id=change.trip.public_id,
        seq=change.seq,
        audience=change.audience,
        text=protocol.encode(protocol.changed(change)),
        loses=change.object_id if about_member and removed else None,
        gains=change.object_id if came else None,
        ends=change.kind == "trip" and removed,
    )


def tell_rooms(changes: list[Change], **_: Any) -> None:
    """Receives `trips.changes.committed`."""
    from .hub import Hub

    if hub := Hub.running:
        hub.announce_soon([announced(change) for change in changes])


def listen() -> None:
    """Called when the app is ready."""
    committed.connect(tell_rooms, dispatch_uid="realtime.broadcast")
