"""How many are connected, over all processes."""

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from trips.models import Member

from . import whereabouts


@extend_schema(
    responses=inline_serializer(
        "Stats",
        {
            "active_users": serializers.IntegerField(help_text="People who are connected."),
            "active_rooms": serializers.IntegerField(help_text="Trips with somebody in them."),
            "rooms": serializers.DictField(
                child=serializers.IntegerField(), help_text="People in each room that you may see, by trip_<id>."
            ),
        },
    ),
    auth=[],
)
@api_view(["GET"])
@permission_classes([AllowAny])
def stats(request: Request) -> Response:
    """Who is connected: people, not tabs. The rooms are those of your trips; all of them, for staff."""
    rooms = whereabouts.rooms()
    seen = visible_to(request.user, set(rooms))
    return Response(
        {
            "active_users": len(whereabouts.connected()),
            "active_rooms": len(rooms),
            "rooms": {f"trip_{trip_id}": len(people) for trip_id, people in rooms.items() if trip_id in seen},
        }
    )


def visible_to(user: Any, trip_ids: set[str]) -> set[str]:
    """Those of the trips that this person may know of."""
    if not user.is_authenticated:
        return set()
    if user.is_staff:
        return trip_ids
    mine = Member.objects.filter(user=user, removed=False, trip__removed=False, trip__public_id__in=trip_ids)
    return set(mine.values_list("trip__public_id", flat=True))
