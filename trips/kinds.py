"""The kinds of shared object. A new one is a line here, and then has REST, live updates, history and replay."""

import threading
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, cast

from django.db.models import QuerySet
from rest_framework import serializers

from . import ids
from .fields import shown
from .models import Activity, BudgetLine, Change, ItineraryItem, Member, Trip, TripObject
from .mutations import Step
from .refusals import Refused, invalid
from .rules import ActivityRules, ItineraryRules, MemberRules, Rules, TripRules
from .serializers import (
    ActivitySerializer,
    BudgetLineSerializer,
    ItinerarySerializer,
    MemberSerializer,
    Shape,
    TripSerializer,
)


@dataclass(frozen=True)
class Told:
    """A field that is sent: the column that holds it, by attribute, or else how it is found."""

    name: str
    column: str | None
    read: Callable[[Any], Any]
    field: serializers.Field[Any, Any, Any, Any]

    def of(self, thing: Trip | TripObject) -> Any:
        """What is sent of an object."""
        return self.value(self.read(thing))

    def value(self, stored: Any) -> Any:
        """What is sent of a value that an object holds."""
        return None if stored is None else self.field.to_representation(stored)


def reader_of(source: str) -> Callable[[Any], Any]:
    """A function that follows a serializer field's source: attributes, of which any may be None, or methods."""
    first, *more = source.split(".")
    if not more:
        return attrgetter(first)

    def read(thing: Any) -> Any:
        for name in (first, *more):
            thing = getattr(thing, name, None)
        return thing() if callable(thing) else thing

    return read


@dataclass(frozen=True)
class Kind:
    """How one kind is stored, shaped, and ruled.

    `collection` is its plural in URLs and snapshots; `identified_by` names the key of `data` that holds the id.
    A kind with `natural_key` is known by what it is about, so setting a removed one brings it back.
    """

    name: str
    model: type[Any]
    serializer: type[Shape]
    rules: Rules
    collection: str = ""
    identified_by: str = ""
    related: tuple[str, ...] = ()
    natural_key: bool = False
    audience: str = Change.Audience.EVERYONE

    def id_in(self, step: Step, trip_id: str) -> str | None:
        """Which object a step is about; None for one that is to be created. Raises Refused."""
        if not self.collection:
            return trip_id
        inner = step.data.get(self.identified_by)
        if step.id is not None and inner is not None and inner != step.id:
            raise invalid({self.identified_by: [f"{shown(inner)} is not the id {shown(step.id)} of the message."]})
        found = step.id if inner is None else inner
        if found is not None and not (isinstance(found, str) and ids.is_id(found)):
            raise invalid({self.identified_by: [f"{shown(found)} is not an id. An id is {ids.RULE}."]})
        return found

    @cached_property
    def _told(self) -> list[Told]:
        """The fields that are sent."""
        columns = {field.attname for field in self.model._meta.concrete_fields}
        fields = {name: field for name, field in self.serializer().fields.items() if not field.write_only}
        return [
            Told(name, source if (source := field.source or name) in columns else None, reader_of(source), field)
            for name, field in fields.items()
        ]

    @cached_property
    def _followed(self) -> list[Told]:
        """Those that are no column of the object itself: what a link leads to, or what is worked out."""
        return [told for told in self._told if told.column is None]

    def living(self, trip: Trip, **where: Any) -> QuerySet[Any]:
        """The objects of this kind that `trip` has now, from the database that the trip was read from."""
        rows: QuerySet[Any] = self.model._default_manager.using(trip._state.db).filter(
            trip=trip, removed=False, **where
        )
        return rows.select_related(*self.related).order_by("pk")

    def represent(self, thing: Trip | TripObject) -> dict[str, Any]:
        """The whole object, as everyone is sent it."""
        return {told.name: told.of(thing) for told in self._told}

    def followed(self, thing: Trip | TripObject) -> dict[str, Any]:
        """The fields that are sent, but are no columns of the object: `difference` cannot read what they were."""
        return {told.name: told.of(thing) for told in self._followed}

    def difference(
        self, thing: Trip | TripObject, was: Mapping[str, Any], followed: Mapping[str, Any], given: Container[str]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The fields that are sent, now and before: those `given`, and those that differ from what the columns held.

        `was` are the object's columns before, and `followed` what the method of that name told of it.
        """
        after, before, now = {}, {}, vars(thing)
        for told in self._told:
            name, column = told.name, told.column
            if column is None:
                value = told.of(thing)
                if name in given or value != followed[name]:
                    after[name], before[name] = value, followed[name]
            elif name in given or (now[column] is not was[column] and now[column] != was[column]):
                after[name], before[name] = told.value(now[column]), told.value(was[column])
        return after, before

    def validate(self, data: Mapping[str, Any], instance: Trip | TripObject | None, currency: str) -> dict[str, Any]:
        """What `data` sets, as attributes; with an instance, only the fields given. Raises Refused."""
        try:
            return self._shape().read(data, instance, currency)
        except serializers.ValidationError as error:
            fields = cast(Mapping[str, list[Any]], error.detail)
            raise invalid({name: [str(each) for each in sentences] for name, sentences in fields.items()}) from None

    def _shape(self) -> Shape:
        """This thread's own: building a serializer costs more than all it does."""
        if not hasattr(self._threads, "shape"):
            self._threads.shape = self.serializer(context={})
        return cast(Shape, self._threads.shape)

    @cached_property
    def _threads(self) -> threading.local:
        return threading.local()


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("trip", Trip, TripSerializer, TripRules()),
        Kind(
            "member",
            Member,
            MemberSerializer,
            MemberRules(),
            collection="members",
            identified_by="user_id",
            related=("user",),
            natural_key=True,
            audience=Change.Audience.MEMBERS,
        ),
        Kind("activity", Activity, ActivitySerializer, ActivityRules(), "activities", "activity_id"),
        Kind("itinerary", ItineraryItem, ItinerarySerializer, ItineraryRules(), "itinerary", "id", ("activity",)),
        Kind(
            "budget",
            BudgetLine,
            BudgetLineSerializer,
            Rules(),
            collection="budget",
            identified_by="category",
            natural_key=True,
            audience=Change.Audience.MEMBERS,
        ),
    )
}
OBJECT_KINDS = tuple(kind for kind in KINDS.values() if kind.collection)


def kind_named(name: str) -> Kind:
    """Raises Refused: unknown_type."""
    if name not in KINDS:
        raise Refused("unknown_type", f"There is no kind “{name}”. Known are: {', '.join(KINDS)}.")
    return KINDS[name]
