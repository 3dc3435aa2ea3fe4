"""Reading the journal."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max

from . import bulk
from .models import Change, Trip, User
from .turn import write_turn

FEW = 50  # changes that are found one by one in the index, rather than by a query for each trip


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


def replays(wanted: Iterable[tuple[Trip, int]], most: int) -> list[list[Change] | None]:
    """For each trip and `since`, the changes after it, in order; None where they are more than `most`, or not all kept.

    The trips are of one view. Those that go back a little only are read for together, by two queries.
    """
    wanted = list(wanted)
    few = [(trip, range(since + 1, trip.seq + 1)) for trip, since in wanted if 0 < trip.seq - since <= min(FEW, most)]
    changes = _found({trip.pk: trip for trip, _ in few}, {(trip.pk, seq) for trip, seqs in few for seq in seqs})
    return [_replay(trip, since, most, changes) for trip, since in wanted]


def _replay(trip: Trip, since: int, most: int, read: Mapping[tuple[int, int], Change]) -> list[Change] | None:
    behind = trip.seq - since
    if not 0 <= behind <= most:
        return None
    if behind <= FEW:
        changes = [read[trip.pk, seq] for seq in range(since + 1, trip.seq + 1) if (trip.pk, seq) in read]
    else:
        changes = after(trip, since, most)
    return changes if len(changes) == behind else None


def _found(trips: Mapping[int, Trip], keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], Change]:
    """Changes by (trip's key, seq)."""
    if not keys:
        return {}
    using = next(iter(trips.values()))._state.db or DEFAULT_DB_ALIAS
    changes = bulk.found(Change, ["trip_id", "seq"], keys, using=using)
    bulk.link(changes, "actor", using=using)
    for change in changes:
        change.bind("trip", trips[change.trip_id])
    return {(change.trip_id, change.seq): change for change in changes}


def after(trip: Trip, seq: int, most: int) -> list[Change]:
    """The first `most` changes of `trip` after `seq`, in order."""
    using = trip._state.db or DEFAULT_DB_ALIAS
    changes = list(Change.objects.using(using).filter(trip=trip, seq__gt=seq).order_by("seq")[:most])
    bulk.link(changes, "actor", using=using)
    for change in changes:
        change.bind("trip", trip)
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
