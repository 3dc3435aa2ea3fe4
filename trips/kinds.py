"""The kinds of shared object. A new one is a line here, and then has REST, live updates, history and replay."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
    def _fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: field for name, field in self.serializer().fields.items() if not field.write_only}

    def living(self, trip: Trip, **where: Any) -> QuerySet[Any]:
        """The objects of this kind that `trip` has now, from the database that the trip was read from."""
        rows: QuerySet[Any] = self.model._default_manager.using(trip._state.db).filter(
            trip=trip, removed=False, **where
        )
        return rows.select_related(*self.related).order_by("pk")

    def represent(self, thing: Trip | TripObject) -> dict[str, Any]:
        """The whole object, as everyone is sent it."""
        values = ((name, field, field.get_attribute(thing)) for name, field in self._fields.items())
        return {name: None if value is None else field.to_representation(value) for name, field, value in values}

    def validate(self, data: Mapping[str, Any], instance: Trip | TripObject | None, currency: str) -> dict[str, Any]:
        """What `data` sets, as attributes; with an instance, only the fields given. Raises Refused."""
        shape = self.serializer(instance, data=dict(data), partial=instance is not None, context={"currency": currency})
        if not shape.is_valid():
            raise invalid({name: [str(error) for error in errors] for name, errors in shape.errors.items()})
        attributes: dict[str, Any] = shape.validated_data
        return attributes


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
