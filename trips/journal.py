"""Reading the journal."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from .models import Change, Trip, User
from .turn import write_turn


def last_conflict(
    base_seq: int,
    trip: Trip,
    kind: str,
    object_id: str,
    actor: User,
    names: set[str] | None,
    planned: Iterable[Change],
) -> Change | None:
    """The last change after `base_seq` by somebody else that touched one of `names` (None: any field) of an object.

    `planned` are changes of this trip and this transaction, which are not stored yet.
    """
    stored = Change.objects.filter(trip=trip, kind=kind, object_id=object_id, seq__gt=base_seq).exclude(actor=actor)
    here = (
        change for change in planned if (change.kind, change.object_id) == (kind, object_id) and change.seq > base_seq
    )
    later = [
        *stored.select_related("actor").order_by("seq"),
        *(change for change in here if change.actor_id != actor.pk),
    ]
    return next((change for change in reversed(later) if touches(change, names)), None)


def touches(change: Change, names: set[str] | None) -> bool:
    """Whether a change gave one of these fields another value."""
    if names is None or change.op != Change.Op.SET or change.before is None:
        return True
    return any(name in change.after and change.after[name] != change.before.get(name) for name in names)


def replay(trip: Trip, since: int, most: int) -> list[Change] | None:
    """The changes after `since`, in order; None where they are more than `most`, or not all kept."""
    behind = trip.seq - since
    if not 0 <= behind <= most:
        return None
    changes = after(trip, since, most)
    return changes if len(changes) == behind else None


def after(trip: Trip, seq: int, most: int) -> list[Change]:
    """The first `most` changes of `trip` after `seq`, in order."""
    found = Change.objects.using(trip._state.db).filter(trip=trip, seq__gt=seq).select_related("actor").order_by("seq")
    changes = list(found[:most])
    for change in changes:
        change.trip = trip
    return changes


def reaches_back(trip: Trip, seq: int, planned: Iterable[Change] = ()) -> bool:
    """Whether every change after `seq` is still kept."""
    following = seq + 1
    known = following > trip.seq or any(change.seq == following for change in planned)
    return known or Change.objects.filter(trip=trip, seq=following).exists()


def prune(before: datetime, chunk: int = 1_000) -> int:
    """Forget the changes from before a time, oldest first, so that what is kept has no hole; how many they were."""
    old = Change.objects.filter(time__lt=before).values("trip").annotate(last=Max("seq")).order_by("trip")
    return sum(_forget(row["trip"], row["last"], chunk) for row in list(old))


def _forget(trip: int, last: int, chunk: int) -> int:
    """In short transactions, so that nobody waits long for the writer."""
    forgotten = 0
    old = Change.objects.filter(trip=trip, seq__lte=last).order_by("seq").values_list("pk", flat=True)
    while keys := list(old[:chunk]):
        with write_turn():
            forgotten += Change.objects.filter(pk__in=keys).delete()[0]
    return forgotten
