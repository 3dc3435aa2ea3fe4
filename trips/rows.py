"""The rows that a batch needs: its trips, locked, and what is read with them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from . import bulk, ids
from .kinds import KINDS, OBJECT_KINDS, Kind
from .models import Change, Member, Trip, TripObject, User
from .mutations import Mutation
from .refusals import Refused

NOTHING: Mapping[str, TripObject] = {}
Found = TypeVar("Found", TripObject, Change)


class Rows:
    """`trips` by public id, and `earlier` changes by (trip, asker, mutation_id).

    `roles` holds, by trip and the asker's key, what they may do: None for an account that is disabled.
    """

    def __init__(self) -> None:
        self.trips: dict[str, Trip] = {}
        self.roles: dict[tuple[str, int], str | None] = {}
        self.earlier: dict[tuple[str, int, str], list[Change]] = defaultdict(list)
        self._objects: dict[tuple[str, str], dict[str, TripObject]] = {}  # by trip and kind, and id
        self._objects_put = 0  # never fewer, and quicker than to count what is in so many
        self._by_pk: dict[int, Trip] = {}  # those of the batch

    @property
    def count(self) -> int:
        """How many there are, at most."""
        return len(self.trips) + len(self.roles) + self._objects_put

    def read(self, batch: Sequence[Mutation], *, wait: bool) -> None:
        """What a batch needs and is not here yet, and what came of the same mutations earlier.

        Without `wait`, raises OperationalError at once where somebody else has locked a trip.
        """
        # All is asked before anything is read. PostgreSQL still does one after the other: what follows the locks sees
        # what those stored who held them.
        trips = find_locked_trips({each.trip_id for each in batch} - self.trips.keys(), wait=wait)
        roles = find_roles({(each.trip_id, each.actor.pk) for each in batch} - self.roles.keys())
        objects = [(kind, find_objects(kind, self._unknown(kind, keys))) for kind, keys in named_by(batch)]
        earlier = find_earlier(batch)
        self.trips |= {trip.public_id: trip for trip in trips()}
        self._by_pk = {trip.pk: trip for each in batch if (trip := self.trips.get(each.trip_id))}
        for trip, user, role, is_active in roles():
            if trip in self._by_pk:
                self.roles[self._by_pk[trip].public_id, user] = role if is_active else None
        for kind, things in objects:
            self._take_objects(kind, self._of_trips(things()))
        self._take_earlier(self._of_trips(earlier()))

    def _unknown(self, kind: Kind, keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(trip, name) for trip, name in keys if self.find(trip, kind.name, name) is None]

    def _of_trips(self, found: list[Found]) -> list[Found]:
        """Those of locked trips. One that was made just after these were locked is none, but its rows are found."""
        return [row for row in found if row.trip_id in self._by_pk]

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

    def adopt(self, kind: str, row: Any) -> TripObject:
        """The one instance that stands for this row: the one known already, or this one, bound to its locked trip."""
        trip = self._by_pk[row.trip_id]
        row.bind("trip", trip)
        if vars(row).get("activity_id") is not None:
            row.bind("activity", self.adopt("activity", row.activity))
        return self.find(trip.public_id, kind, row.public_id) or self.put(kind, row)

    def put(self, kind: str, thing: TripObject) -> TripObject:
        """One that is not here yet."""
        self._objects_put += 1
        self._objects.setdefault((thing.trip.public_id, kind), {})[thing.public_id] = thing
        return thing

    def drop(self, kind: str, thing: TripObject) -> None:
        """As if it had not been put here."""
        del self._objects[thing.trip.public_id, kind][thing.public_id]

    def find(self, trip_id: str, kind: str, name: str) -> TripObject | None:
        """An object, if it is here."""
        return self.all_of(trip_id, kind).get(name)

    def all_of(self, trip_id: str, kind: str) -> Mapping[str, TripObject]:
        """The objects of a kind that are here, by id."""
        return self._objects.get((trip_id, kind), NOTHING)


def find_locked_trips(trip_ids: Iterable[str], *, wait: bool) -> bulk.Answer[Trip]:
    """Ask for the trips, kept locked, in the order of their keys so that two batches never wait for each other."""
    return bulk.find(Trip, ["public_id"], ((trip_id,) for trip_id in trip_ids), bulk.locking(wait=wait))


def find_roles(askers: Collection[tuple[str, int]]) -> bulk.Answer[tuple[Any, ...]]:
    """Ask for what each asker may do: key of the trip, key of the user, role, and whether the user may sign in."""
    return bulk.ask(_roles(), bulk.wanted(askers), connections[DEFAULT_DB_ALIAS]) if askers else list


def find_objects(kind: Kind, keys: Iterable[tuple[str, str]]) -> bulk.Answer[TripObject]:
    """Ask for objects of a kind, by the id of their trip and their own."""
    return bulk.find(kind.model, ["trip__public_id", "public_id"], keys)


@cache
def _roles() -> str:
    members = bulk.rows_wanted(Member, ("trip__public_id", "user_id"))
    # Not joined: a database that does not know yet how many they are might read all users.
    is_active = f"(SELECT is_active FROM {bulk.quoted(User._meta.db_table)} WHERE id = found.user_id)"  # noqa: S608 (of models' names)
    return f"SELECT found.trip_id, found.user_id, found.role, {is_active} FROM {members} WHERE NOT found.removed"  # noqa: S608 (likewise)


def find_earlier(batch: Sequence[Mutation]) -> bulk.Answer[Change]:
    """Ask for what the same askers were given for the same mutations."""
    keys = {(each.trip_id, each.actor.pk, each.mutation_id) for each in batch if each.mutation_id}
    return bulk.find(Change, ["trip__public_id", "actor_id", "mutation_id"], keys)


def named_by(batch: Sequence[Mutation]) -> list[tuple[Kind, set[tuple[str, str]]]]:
    """Of each kind: every object that these name, by the id of its trip and its own."""
    named: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for mutation in batch:
        for kind, name in named_in(mutation):
            named[kind].add((mutation.trip_id, name))
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
            if name != "trip" and isinstance(value, str) and ids.is_id(value):
                yield name, value
