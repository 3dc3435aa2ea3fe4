"""The rows that a batch needs, read in a few queries under its locks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from . import bulk
from .kinds import KINDS, OBJECT_KINDS, Kind
from .models import Change, Member, Trip, TripObject, User
from .mutations import Mutation
from .refusals import Refused

Known = Sequence[tuple[int, Mutation]]  # with the key of its trip, for each whose trip is there


def lock_trips(trip_ids: Iterable[str], *, wait: bool = True) -> dict[str, Trip]:
    """The trips by public id, locked in the order of their keys so that two batches never wait for each other."""
    named = {(trip_id,) for trip_id in trip_ids}
    trips = bulk.find(Trip, ["public_id"], named, bulk.locking(wait=wait))
    return {trip.public_id: trip for trip in trips()}


class Rows:
    """Objects by (trip, kind, id), and what the same askers did before by (trip, asker, mutation_id).

    `roles` holds, by the keys of trip and asker, what they may do: None for an account that is disabled.
    """

    def __init__(self, trips: dict[str, Trip], batch: Sequence[Mutation]) -> None:
        self.objects: dict[tuple[str, str, str], TripObject] = {}
        self.earlier: dict[tuple[str, int, str], list[Change]] = defaultdict(list)
        self._by_pk = {trip.pk: trip for trip in trips.values()}
        known = [(trips[mutation.trip_id].pk, mutation) for mutation in batch if mutation.trip_id in trips]
        roles = find_roles({(trip, mutation.actor.pk) for trip, mutation in known})
        objects = [(kind, bulk.find(kind.model, ["trip_id", "public_id"], keys)) for kind, keys in named_by(known)]
        earlier = find_earlier(known)
        self.roles = {(trip, user): role if is_active else None for trip, user, role, is_active in roles()}
        for kind, things in objects:
            self._take_objects(kind, things())
        self._take_earlier(earlier())

    def _take_objects(self, kind: Kind, things: list[TripObject]) -> None:
        bulk.link(things, *kind.related)
        for thing in things:
            self.adopt(kind.name, thing)

    def _take_earlier(self, changes: list[Change]) -> None:
        bulk.link(changes, "actor")
        for change in sorted(changes, key=lambda change: change.seq):
            trip = self._by_pk[change.trip_id]
            change.bind("trip", trip)
            self.earlier[trip.public_id, change.actor_id or 0, change.mutation_id or ""].append(change)

    def adopt(self, kind: str, row: Any) -> Any:
        """The one instance that stands for this row: the one known already, or this one, bound to its locked trip."""
        trip = self._by_pk[row.trip_id]
        row.bind("trip", trip)
        if vars(row).get("activity_id") is not None:
            row.bind("activity", self.adopt("activity", row.activity))
        return self.objects.setdefault((trip.public_id, kind, row.public_id), row)


def find_roles(askers: set[tuple[int, int]]) -> bulk.Answer[tuple[Any, ...]]:
    """Ask for trip, user, role, and whether the user may sign in, by the keys of trip and user."""
    if not askers:
        return list
    keys = list(askers)
    return bulk.ask(_roles(), bulk.wanted(keys))


@cache
def _roles() -> str:
    members = bulk.rows_wanted(Member, ("trip_id", "user_id"))
    user = f"{bulk.quoted(User._meta.db_table)} asker ON asker.id = found.user_id"
    names = "found.trip_id, found.user_id, found.role, asker.is_active"
    return f"SELECT {names} FROM {members} JOIN {user} WHERE NOT found.removed"  # noqa: S608 (of models' names)


def find_earlier(batch: Known) -> bulk.Answer[Change]:
    """Ask for what the same askers were given for the same mutations."""
    keys = {(trip, mutation.actor.pk, mutation.mutation_id) for trip, mutation in batch if mutation.mutation_id}
    return bulk.find(Change, ["trip_id", "actor_id", "mutation_id"], keys)


def named_by(batch: Known) -> list[tuple[Kind, set[tuple[int, str]]]]:
    """Of each kind: every object that these name, by the key of its trip and its id."""
    named: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for trip, mutation in batch:
        for kind, name in named_in(mutation):
            named[kind].add((trip, name))
    return [(kind, named[kind.name]) for kind in OBJECT_KINDS if named[kind.name]]


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
