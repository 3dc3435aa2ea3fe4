"""Shapes of the API that are no kind of object: for its schema."""

from typing import Any

from rest_framework import serializers

from ..fields import PublicId
from ..kinds import OBJECT_KINDS
from ..models import Role
from ..serializers import TripSerializer


class TripEntrySerializer(TripSerializer):
    """A trip without what is in it."""

    id = PublicId(read_only=True)
    role = serializers.ChoiceField(Role.values, read_only=True, help_text="What you may do in it.")
    seq = serializers.IntegerField(read_only=True, help_text="The trip's counter of changes.")


class NewTripSerializer(TripSerializer):
    """A trip to be made."""

    id = PublicId(required=False, help_text="An id of your own; without it, one is made.")


class TripFieldsSerializer(TripSerializer):
    """The trip's own fields."""

    id = PublicId(read_only=True)


class SnapshotSerializer(serializers.Serializer[Any]):
    """A whole trip."""

    seq = serializers.IntegerField(help_text="The trip's counter of changes, of which this is the state.")
    role = serializers.ChoiceField(Role.values, help_text="What you may do in it.")
    trip = TripFieldsSerializer()

    def get_fields(self) -> dict[str, Any]:
        collections = {kind.collection: kind.serializer(many=True) for kind in OBJECT_KINDS}
        return {**super().get_fields(), **collections}
