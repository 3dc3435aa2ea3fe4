"""The rows that a batch needs, read in a few queries under its locks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from .kinds import KINDS, OBJECT_KINDS
from .models import Change, Trip, TripObject
from .mutations import Mutation
from .refusals import Refused


def lock_trips(trip_ids: Iterable[str]) -> dict[str, Trip]:
    """The trips by public id, locked in the order of their keys so that two batches never wait for each other."""
    found = Trip.objects.select_for_update().filter(public_id__in=set(trip_ids)).order_by("pk")
    return {trip.public_id: trip for trip in found}


class Rows:
    """Objects by (trip, kind, id), and what the same askers did before by (trip, asker, mutation_id)."""

    def __init__(self, trips: dict[str, Trip], batch: Sequence[Mutation]) -> None:
        self.objects: dict[tuple[str, str, str], TripObject] = {}
        self.earlier: dict[tuple[str, int, str], list[Change]] = defaultdict(list)
        self._by_pk = {trip.pk: trip for trip in trips.values()}
        batch = [mutation for mutation in batch if mutation.trip_id in trips]
        self._load_objects(batch)
        self._load_earlier(batch)

    def _load_objects(self, batch: Sequence[Mutation]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for mutation in batch:
            wanted["member"].add(mutation.actor.username)
            for kind_name, name in named_in(mutation):
                wanted[kind_name].add(name)
        for kind in OBJECT_KINDS:
            if names := wanted[kind.name]:
                found = kind.model._default_manager.filter(trip__in=self._by_pk, public_id__in=names)
                for row in found.select_related(*kind.related):
                    self.adopt(kind.name, row)

    def adopt(self, kind: str, row: Any) -> Any:
        """The one instance that stands for this row: the one known already, or this one, bound to its locked trip."""
        row.trip = self._by_pk[row.trip_id]
        if activity := getattr(row, "activity", None):
            row.activity = self.adopt("activity", activity)
        return self.objects.setdefault((row.trip.public_id, kind, row.public_id), row)

    def _load_earlier(self, batch: Sequence[Mutation]) -> None:
        sent = [mutation for mutation in batch if mutation.mutation_id]
        if not sent:
            return
        found = Change.objects.filter(
            trip__in=self._by_pk,
            actor__in={mutation.actor.pk for mutation in sent},
            mutation_id__in={mutation.mutation_id for mutation in sent},
        )
        for change in found.select_related("actor").order_by("seq"):
            change.trip = self._by_pk[change.trip_id]
            self.earlier[change.trip.public_id, change.actor_id or 0, change.mutation_id or ""].append(change)


def named_in(mutation: Mutation) -> Iterable[tuple[str, str]]:
    """Every object that a mutation names, as (kind, id). What cannot be read is left to be refused later."""
    for step in mutation.steps:
        kind = KINDS.get(step.kind)
        if kind is None:
            continue
        try:
            itself = kind.id_in(step, mutation.trip_id)
        except Refused:
            continue
        for name, value in ((kind.name, itself), *kind.rules.references(step.data)):
            if isinstance(value, str) and name != "trip":
                yield name, value
