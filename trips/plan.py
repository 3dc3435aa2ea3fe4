"""Deciding a batch in memory, on locked rows, and writing what came of it in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.conf import settings
from django.utils import timezone

from . import access, ids, journal
from .fields import shown
from .kinds import KINDS, OBJECT_KINDS, Kind, kind_named
from .ledger import Ledger
from .models import Activity, Change, ItineraryItem, Member, Role, Trip, TripObject, User
from .mutations import Mutation, Outcome, Step
from .positions import Places
from .refusals import Refused, conflict, invalid, no_such_trip
from .rows import Rows


class Plan:
    """What a batch will do. Each mutation sees what those before it did; a refused one leaves no trace."""

    def __init__(self, rows: Rows) -> None:
        self.ledger = Ledger()
        self._rows = rows
        self._places: dict[tuple[str, int | None], Places] = {}
        self._ranks: dict[int, str | None] = {}
        self._now = timezone.now()
        self._mutation: Mutation | None = None

    # Deciding

    def decide(self, mutation: Mutation) -> Outcome:
        """What comes of one mutation. A refusal is an outcome, not an exception."""
        step: Step | None = None
        self.ledger.begin()
        try:
            if mutation.mutation_id and (repeated := self._repeat(mutation)):
                return Outcome(changes=repeated, repeated=True)
            self._mutation = mutation
            trip = self._begin(mutation) if mutation.creates else self._rows.trips.get(mutation.trip_id)
            if trip is None:
                raise no_such_trip()
            for step in mutation.steps[1:] if mutation.creates else mutation.steps:
                self._take(trip, mutation.actor, step)
            return Outcome(changes=self._sealed(mutation))
        except Refused as refused:
            self.ledger.take_back()
            refused.step = step
            return Outcome(refused=refused)

    def _repeat(self, mutation: Mutation) -> tuple[Change, ...]:
        earlier = self._rows.earlier.get((mutation.trip_id, mutation.actor.id, mutation.mutation_id or ""), [])
        if earlier and earlier[0].digest != mutation.digest:
            raise Refused("mutation_reused", "This mutation_id was used before, for something else.")
        return tuple(earlier)

    def _begin(self, mutation: Mutation) -> Trip:
        """The trip that this mutation makes, owned by its asker."""
        if mutation.trip_id in self._rows.trips:
            raise invalid({"id": [f"The id {shown(mutation.trip_id)} is taken."]})
        kind = KINDS["trip"]
        attributes = kind.validate(mutation.steps[0].data, None, "EUR")
        trip = Trip(public_id=mutation.trip_id, **attributes)
        self._rows.trips[mutation.trip_id] = trip
        self.ledger.undo_with(lambda: self._rows.trips.pop(mutation.trip_id, None))
        self.ledger.make(trip)
        self._record(kind, trip, trip, "set", kind.represent(trip), None)
        owner = Member(trip=trip, public_id=mutation.actor.username, user=mutation.actor, role=Role.OWNER, place=1)
        self._add(KINDS["member"], owner)
        return trip

    def _sealed(self, mutation: Mutation) -> tuple[Change, ...]:
        """The changes of this mutation, which is known from now on."""
        made = tuple(self.ledger.since_begin)
        if mutation.mutation_id:
            self._rows.earlier[mutation.trip_id, mutation.actor.id, mutation.mutation_id].extend(made)
        return made

    # One step

    def _take(self, trip: Trip, actor: User, step: Step) -> None:
        kind = kind_named(step.kind)
        role = self.role(trip, actor)
        comes_back = trip.removed and not kind.collection and step.op == "restore" and access.may_own(role)
        if not access.may_see(role) or (trip.removed and not comes_back):
            raise no_such_trip()
        kind.rules.check_right(role, step, actor)
        name = kind.id_in(step, trip.public_id)
        thing = self.find(trip, kind.name, name) if kind.collection else trip
        if step.base_seq is not None and thing is not None:
            self._check_base(kind, trip, thing, actor, step)
        match step.op:
            case "set":
                self._set(kind, trip, thing, name, step.data)
            case "remove":
                self._remove(kind, trip, self._present(kind, name, thing))
            case "restore":
                self._restore(kind, trip, self._known(kind, name, thing))
            case _:
                raise invalid({"op": [f"{shown(step.op)} is not one of “set”, “remove”, “restore”."]})

    def _set(
        self, kind: Kind, trip: Trip, thing: Trip | TripObject | None, name: str | None, data: Mapping[str, Any]
    ) -> None:
        if thing is None:
            self._create(kind, trip, name, data)
        elif thing.removed and kind.natural_key:
            self._restore(kind, trip, thing, data)
        else:
            self._change(kind, trip, self._present(kind, name, thing), data)

    def _create(self, kind: Kind, trip: Trip, name: str | None, data: Mapping[str, Any]) -> None:
        whole = kind.rules.complete(self, trip, data)
        attributes = kind.validate({**whole, kind.identified_by: name} if name else whole, None, trip.currency)
        attributes.setdefault("public_id", ids.new_id())
        thing = kind.model(trip=trip)
        kind.rules.assign(self, thing, attributes)
        self._add(kind, thing)

    def _add(self, kind: Kind, thing: TripObject) -> None:
        trip = thing.trip
        self._resize(trip, +1)
        self.ledger.make(thing)
        self._rows.put(kind.name, thing)
        self.ledger.undo_with(lambda: self._rows.drop(kind.name, thing))
        self._record(kind, trip, thing, "set", kind.represent(thing), None)

    def _change(self, kind: Kind, trip: Trip, thing: Trip | TripObject, data: Mapping[str, Any]) -> None:
        attributes = kind.validate(data, thing, trip.currency)
        attributes.pop("public_id", None)
        followed, was = kind.followed(thing), self.ledger.touch(thing)
        kind.rules.assign(self, thing, attributes)
        self._record(kind, trip, thing, "set", *kind.difference(thing, was, followed, data))

    def _remove(self, kind: Kind, trip: Trip, thing: Trip | TripObject) -> None:
        kind.rules.removing(self, thing)
        before = kind.represent(thing)
        self.ledger.touch(thing)
        thing.removed = True
        if kind.collection:
            self._resize(trip, -1)
        self._record(kind, trip, thing, "remove", {}, before)

    def _restore(self, kind: Kind, trip: Trip, thing: Trip | TripObject, data: Mapping[str, Any] | None = None) -> None:
        if not thing.removed:  # nobody comes back, and to undo it takes nobody away
            self._record(kind, trip, thing, "set", {}, {})
            return
        self.ledger.touch(thing)
        if kind.collection:
            self._resize(trip, +1)
        kind.rules.restoring(self, thing)
        thing.removed = False
        if data is not None:
            attributes = kind.validate({**data, kind.identified_by: thing.public_id}, None, trip.currency)
            kind.rules.assign(self, thing, attributes)
        self._record(kind, trip, thing, "restore", kind.represent(thing), {})

    # What rules ask for

    def find(self, trip: Trip, kind: str, name: Any) -> TripObject | None:
        """An object of the trip by its id, removed ones too."""
        return self._rows.find(trip.public_id, kind, name) if isinstance(name, str) else None

    def role(self, trip: Trip, user: User) -> str | None:
        """What `user` may do in `trip` as this transaction sees it."""
        member = cast(Member | None, self.find(trip, "member", user.username))
        if member is not None and not member.removed:
            return member.role if member.user.is_active else None
        if member is None and (key := (trip.public_id, user.id)) in self._rows.roles:
            return self._rows.roles[key]
        if user.id not in self._ranks:
            self._ranks[user.id] = access.role_of_staff(user)
        return self._ranks[user.id]

    def places(self, trip: Trip, day: int | None) -> Places:
        """The positions on one list."""
        key = (trip.public_id, day)
        if key not in self._places:
            taken = ItineraryItem.on_list(trip, day).values_list("position", flat=True) if trip.pk else ()
            self._places[key] = Places(list(taken))
        return self._places[key]

    def members(self, trip: Trip) -> Iterator[Member]:
        """The living members, as this transaction sees them."""
        yield from cast(Iterator[Member], self._living("member", trip))

    def free_place(self, trip: Trip) -> int:
        """The lowest place that no living member has, or had until now: the database checks row by row."""
        taken = {member.place for member in self.members(trip)} | self.ledger.were(Member, trip, "place")
        return next(place for place in range(1, len(taken) + 2) if place not in taken)

    def stops_of(self, activity: Activity) -> Iterator[ItineraryItem]:
        """The living stops that point to an activity."""
        stops = cast(Iterator[ItineraryItem], self._living("itinerary", activity.trip, activity=activity.pk))
        yield from (stop for stop in stops if stop.activity == activity)

    def stops_on(self, trip: Trip, day: int | None) -> list[ItineraryItem]:
        """The living stops on one list, in order."""
        stops = cast(Iterator[ItineraryItem], self._living("itinerary", trip, day=day))
        return sorted((stop for stop in stops if stop.day == day), key=lambda stop: stop.position)

    def _living(self, kind: str, trip: Trip, **where: Any) -> Iterator[TripObject]:
        """Living objects of a kind: those in the database, seen as they are here, and those made here."""
        if trip.pk:
            for row in KINDS[kind].living(trip, **where):
                self._rows.adopt(kind, row)
        for thing in list(self._rows.all_of(trip.public_id, kind).values()):
            if not thing.removed:
                yield thing

    def amend(self, thing: TripObject, **attributes: Any) -> None:
        """A change that follows from another one."""
        kind = next(kind for kind in OBJECT_KINDS if kind.model is type(thing))
        followed, was = kind.followed(thing), self.ledger.touch(thing)
        for name, value in attributes.items():
            setattr(thing, name, value)
        self._record(kind, thing.trip, thing, "set", *kind.difference(thing, was, followed, ()))

    # Refusing

    def _known(self, kind: Kind, name: str | None, thing: Trip | TripObject | None) -> Trip | TripObject:
        if thing is None:
            raise Refused("not_found", f"This trip has no {kind.name} {shown(name)}.")
        return thing

    def _present(self, kind: Kind, name: str | None, thing: Trip | TripObject | None) -> Trip | TripObject:
        if self._known(kind, name, thing).removed:
            raise Refused("not_found", f"{shown(thing)} was removed. Restore it first.")
        return cast(Trip | TripObject, thing)

    def _check_base(self, kind: Kind, trip: Trip, thing: Trip | TripObject, actor: User, step: Step) -> None:
        if type(step.base_seq) is not int or step.base_seq < 0:
            raise invalid({"base_seq": ["This must be a whole number, 0 or more."]})
        names = None if step.op != "set" else set(step.data) - {kind.identified_by}
        planned = [change for change in self.ledger.changes if change.trip is trip]
        last = journal.last_conflict(step.base_seq, trip, kind.name, thing.public_id, actor, names, planned)
        if last or not journal.reaches_back(trip, step.base_seq, planned):
            values = kind.represent(thing)
            raise conflict(last, {name: value for name, value in values.items() if names is None or name in names})

    def _resize(self, trip: Trip, by: int) -> None:
        if by > 0 and trip.size >= settings.OBJECTS_PER_TRIP:
            raise invalid({"data": [f"A trip holds at most {settings.OBJECTS_PER_TRIP:,} objects."]})
        self.ledger.touch(trip)
        trip.size += by

    # Recording

    def _record(
        self,
        kind: Kind,
        trip: Trip,
        thing: Trip | TripObject,
        op: str,
        after: dict[str, Any],
        before: dict[str, Any] | None,
    ) -> None:
        mutation = cast(Mutation, self._mutation)
        self.ledger.touch(trip)
        trip.seq += 1
        itself = {kind.identified_by: thing.public_id} if kind.collection else {}
        self.ledger.changes.append(
            Change.made(
                {"trip": trip, "actor": mutation.actor},
                seq=trip.seq,
                kind=kind.name,
                op=op,
                object_id=thing.public_id,
                after={**itself, **after},
                before=before,
                mutation_id=mutation.mutation_id,
                part=self.ledger.parts,
                digest=mutation.digest,
                audience=kind.audience,
                time=self._now,
            )
        )
