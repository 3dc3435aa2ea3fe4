"""The kinds of shared object. A new one is a line here, and then has REST, live updates, history and replay."""

import re
import threading
from collections.abc import Callable, Mapping
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
        if found is not None and not (isinstance(found, str) and re.fullmatch(ids.PATTERN, found)):
            raise invalid({self.identified_by: [f"{shown(found)} is not an id. An id is {ids.RULE}."]})
        return found

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        """Of each field that is sent: its name, how to find its value on the object, and how to tell it."""
        fields = {name: field for name, field in self.serializer().fields.items() if not field.write_only}
        return [(name, reader_of(field.source or name), field.to_representation) for name, field in fields.items()]

    def living(self, trip: Trip, **where: Any) -> QuerySet[Any]:
        """The objects of this kind that `trip` has now, from the database that the trip was read from."""
        rows: QuerySet[Any] = self.model._default_manager.using(trip._state.db).filter(
            trip=trip, removed=False, **where
        )
        return rows.select_related(*self.related).order_by("pk")

    def represent(self, thing: Trip | TripObject) -> dict[str, Any]:
        """The whole object, as everyone is sent it."""
        values = ((name, read(thing), tell) for name, read, tell in self._readers)
        return {name: None if value is None else tell(value) for name, value, tell in values}

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
