"""The rows that a batch needs, read in a few queries under its locks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from . import bulk
from .kinds import KINDS, OBJECT_KINDS
from .models import Change, Member, Trip, TripObject, User
from .mutations import Mutation
from .refusals import Refused


def lock_trips(trip_ids: Iterable[str], *, wait: bool = True) -> dict[str, Trip]:
    """The trips by public id, locked in the order of their keys so that two batches never wait for each other."""
    named = {(trip_id,) for trip_id in trip_ids}
    return {trip.public_id: trip for trip in bulk.found(Trip, ["public_id"], named, bulk.locking(wait=wait))}


class Rows:
    """Objects by (trip, kind, id), and what the same askers did before by (trip, asker, mutation_id).

    `roles` holds, by the keys of trip and asker, what they may do: None for an account that is disabled.
    """

    def __init__(self, trips: dict[str, Trip], batch: Sequence[Mutation]) -> None:
        self.objects: dict[tuple[str, str, str], TripObject] = {}
        self.earlier: dict[tuple[str, int, str], list[Change]] = defaultdict(list)
        self._by_pk = {trip.pk: trip for trip in trips.values()}
        known = [(trips[mutation.trip_id].pk, mutation) for mutation in batch if mutation.trip_id in trips]
        self.roles = self._load_roles({(trip, mutation.actor.pk) for trip, mutation in known})
        self._load_objects(known)
        self._load_earlier(known)

    @staticmethod
    def _load_roles(askers: set[tuple[int, int]]) -> dict[tuple[int, int], str | None]:
        if not askers:
            return {}
        members, parameters = bulk.wanted(Member, ["trip_id", "user_id"], list(askers))
        user = f"{bulk.quoted(User._meta.db_table)} asker ON asker.id = found.user_id"
        names = "found.trip_id, found.user_id, found.role, asker.is_active"
        sql = f"SELECT {names} FROM {members} JOIN {user} WHERE NOT found.removed"  # noqa: S608 (of models' names)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return {(trip, user): role if is_active else None for trip, user, role, is_active in cursor.fetchall()}

    def _load_objects(self, batch: Sequence[tuple[int, Mutation]]) -> None:
        wanted: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for trip, mutation in batch:
            for kind_name, name in named_in(mutation):
                wanted[kind_name].add((trip, name))
        for kind in OBJECT_KINDS:
            if keys := wanted[kind.name]:
                found = bulk.found(kind.model, ["trip_id", "public_id"], keys)
                bulk.link(found, *kind.related)
                for row in found:
                    self.adopt(kind.name, row)

    def adopt(self, kind: str, row: Any) -> Any:
        """The one instance that stands for this row: the one known already, or this one, bound to its locked trip."""
        row.trip = self._by_pk[row.trip_id]
        if activity := getattr(row, "activity", None):
            row.activity = self.adopt("activity", activity)
        return self.objects.setdefault((row.trip.public_id, kind, row.public_id), row)

    def _load_earlier(self, batch: Sequence[tuple[int, Mutation]]) -> None:
        keys = {(trip, mutation.actor.pk, mutation.mutation_id) for trip, mutation in batch if mutation.mutation_id}
        found = bulk.found(Change, ["trip_id", "actor_id", "mutation_id"], keys)
        bulk.link(found, "actor")
        for change in sorted(found, key=lambda change: change.seq):
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
