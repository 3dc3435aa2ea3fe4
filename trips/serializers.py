"""The shape of each kind of object: what REST takes, what a socket takes, and what everyone is sent."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from rest_framework import serializers
from rest_framework.fields import SkipField, empty

from .fields import Choice, Clock, Currency, Degrees, Minutes, Money, PublicId, Text, Whole
from .models import ItineraryItem, Role
from .models.activity import Category


class Shape(serializers.Serializer[Any]):
    """A serializer that refuses what it does not know, by name, and never asks the database."""

    def read(self, data: Mapping[str, Any], instance: Any, currency: str) -> dict[str, Any]:
        """What `data` sets, as attributes; with an instance, only the fields given. Raises ValidationError.

        It may be called again and again, by one thread.
        """
        self.instance, self.partial = instance, instance is not None
        self._context = {"currency": currency}
        attributes: dict[str, Any] = self.validate(self.to_internal_value(data))
        return attributes

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As the framework's, in fewer steps: of an object that is there it would ask each field that is not given."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"data": ["This must be an object."]})
        if unknown := [name for name in data if name not in self._writable]:
            known = ", ".join(sorted(self._writable))
            raise serializers.ValidationError(
                {name: [f"There is no such field. Known are: {known}."] for name in unknown}
            )
        attributes: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for name in data if self.partial else self._writable:
            field, check = self._writable[name]
            try:
                self.set_value(attributes, field.source_attrs, check(field.run_validation(data.get(name, empty))))
            except SkipField:
                pass
            except serializers.ValidationError as error:
                errors[name] = error.detail
        if errors:
            raise serializers.ValidationError(errors)
        return attributes

    @cached_property
    def _writable(self) -> dict[str, tuple[serializers.Field[Any, Any, Any, Any], Callable[[Any], Any]]]:
        """Each field, and what else its value has to pass (`validate_<name>`)."""
        return {
            name: (field, getattr(self, f"validate_{name}", as_it_is))
            for name, field in self.fields.items()
            if not field.read_only
        }


def as_it_is(value: Any) -> Any:
    return value


class TripSerializer(Shape):
    title = Text(max_length=200, filled=True)
    destination = Text(max_length=200, required=False)
    start_date = serializers.DateField(required=False, allow_null=True)
    end_date = serializers.DateField(required=False, allow_null=True)
    currency = Currency(required=False)
    notes = Text(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start: date | None = attrs.get("start_date", getattr(self.instance, "start_date", None))
        end: date | None = attrs.get("end_date", getattr(self.instance, "end_date", None))
        if start and end and end < start:
            name = "end_date" if "end_date" in attrs else "start_date"
            raise serializers.ValidationError({name: [f"start_date {start} is after end_date {end}."]})
        if start and end and (days := (end - start).days + 1) > ItineraryItem.LAST_DAY:
            sentence = f"A trip has at most {ItineraryItem.LAST_DAY} days; these dates span {days:,}."
            raise serializers.ValidationError({"end_date": [sentence]})
        return attrs


class MemberSerializer(Shape):
    user_id = PublicId(source="public_id")
    name = serializers.CharField(source="user.get_full_name", read_only=True)
    role = Choice(Role.values)
    colour = serializers.IntegerField(read_only=True)


class ActivitySerializer(Shape):
    activity_id = PublicId(source="public_id", required=False)
    name = Text(max_length=200, filled=True)
    place = Text(max_length=200, required=False)
    latitude = Degrees(highest=90, required=False, allow_null=True)
    longitude = Degrees(highest=180, required=False, allow_null=True)
    category = Choice(Category.values, required=False)
    cost = Money(required=False, allow_null=True)
    duration = Minutes(required=False, allow_null=True)
    link = Text(max_length=2000, required=False)
    notes = Text(required=False)

    def validate_link(self, link: str) -> str:
        if link and not link.startswith(("https://", "http://")):
            raise serializers.ValidationError("A link starts with https:// or http://.")
        return link

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        at = [attrs.get(name, getattr(self.instance, name, None)) for name in ("latitude", "longitude")]
        if (at[0] is None) != (at[1] is None):
            missing = "latitude" if at[0] is None else "longitude"
            raise serializers.ValidationError({missing: ["latitude and longitude come together."]})
        return attrs


class ItinerarySerializer(Shape):
    id = PublicId(source="public_id", required=False)
    day = Whole(lowest=1, highest=ItineraryItem.LAST_DAY, required=False, allow_null=True)
    after = PublicId(write_only=True, required=False, allow_null=True)
    position = serializers.CharField(read_only=True)
    activity = Text(source="title", max_length=200, filled=True)
    activity_id = PublicId(source="activity.public_id", required=False, allow_null=True)
    time = Clock(required=False, allow_null=True)
    duration = Minutes(required=False, allow_null=True)
    place = Text(max_length=200, required=False)
    category = Choice(Category.values, required=False)
    cost = Money(required=False, allow_null=True)
    notes = Text(required=False)
    status = Choice(ItineraryItem.Status.values, required=False)


class BudgetLineSerializer(Shape):
    category = PublicId(source="public_id")
    name = Text(max_length=100, required=False)
    amount = Money()
