"""Trips: the caller's list, and each as a whole."""

import re
from typing import Any

from django.db import transaction
from django.db.models import F
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from .. import ids, snapshot
from ..kinds import KINDS
from ..models import Trip
from ..mutations import Step
from ..refusals import invalid
from ..serializers import TripSerializer
from .requests import (
    Pages,
    address,
    base_seq_of,
    caller,
    fields_in,
    mutation_id_of,
    opened,
    seq_header,
    store,
)
from .shapes import NewTripSerializer, SnapshotSerializer, TripEntrySerializer
from .trip_filters import TripFilter

KIND = KINDS["trip"]


class TripViewSet(GenericViewSet[Trip]):
    """Everything here goes through `trips.changes.apply`, as on the sockets."""

    queryset = Trip.living.all()
    serializer_class: type[serializers.BaseSerializer[Any]] = TripEntrySerializer
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = TripFilter
    kind = KIND

    def list(self, request: Request) -> Response:
        """The trips that you take part in, those without a date last."""
        with transaction.atomic(using="reader"):
            mine = (
                Trip.living.using("reader")
                .filter(members__user=caller(request), members__removed=False)
                .annotate(role=F("members__role"))
                .order_by(F("start_date").asc(nulls_last=True), "pk")
            )
            page = self.paginate_queryset(self.filter_queryset(mine)) or []
            return self.get_paginated_response([entry(trip, trip.role) for trip in page])

    @extend_schema(request=NewTripSerializer, responses={200: TripEntrySerializer, 201: TripEntrySerializer})
    def create(self, request: Request) -> Response:
        """Make a trip, which you then own. The same Idempotency-Key again answers 200, with the same trip."""
        data = dict(fields_in(request))
        trip_id = id_for_new(request, data.pop("id", None))
        outcome = store(request, trip_id, Step("trip", data), creates=True)
        headers = address(request, "trip-detail", trip_id)
        code = status.HTTP_200_OK if outcome.repeated else status.HTTP_201_CREATED
        return self.told(request, trip_id, outcome.seq, code, headers)

    @extend_schema(responses=SnapshotSerializer)
    def retrieve(self, request: Request, trip_id: str) -> Response:
        """The whole trip, as of its `seq`, and your role in it."""
        with opened(trip_id, caller(request)) as (trip, role):
            whole = {**snapshot.kept.of(trip), "role": role}
        return Response(whole, headers=seq_header(trip.seq))

    @extend_schema(request=TripSerializer)
    def partial_update(self, request: Request, trip_id: str) -> Response:
        """Change the fields given."""
        return self.changed(request, trip_id, Step("trip", fields_in(request), base_seq=base_seq_of(request)))

    def destroy(self, request: Request, trip_id: str) -> Response:
        """Remove the trip, as its owner. It can be restored."""
        outcome = store(request, trip_id, Step("trip", {}, "remove", base_seq=base_seq_of(request)))
        return Response(status=status.HTTP_204_NO_CONTENT, headers=seq_header(outcome.seq))

    def restore(self, request: Request, trip_id: str) -> Response:
        """Bring a removed trip back, as its owner."""
        return self.changed(request, trip_id, Step("trip", {}, "restore", base_seq=base_seq_of(request)))

    def changed(self, request: Request, trip_id: str, step: Step) -> Response:
        return self.told(request, trip_id, store(request, trip_id, step).seq)

    def told(
        self, request: Request, trip_id: str, seq: int, code: int = 200, headers: dict[str, str] | None = None
    ) -> Response:
        """The trip as it is now; `seq` is that of the caller's own change."""
        with opened(trip_id, caller(request)) as (trip, role):
            return Response(entry(trip, role), status=code, headers=seq_header(seq) | (headers or {}))


def entry(trip: Trip, role: str) -> dict[str, Any]:
    """A trip in a list: its own fields, and what the caller may do in it."""
    return {"id": trip.public_id, **KIND.represent(trip), "role": role, "seq": trip.seq}


def id_for_new(request: Request, wished: Any) -> str:
    """The id of the trip to make; without a wish, the same for the same Idempotency-Key. Raises Refused."""
    if wished is not None:
        if not (isinstance(wished, str) and re.fullmatch(ids.PATTERN, wished)):
            raise invalid({"id": [f"An id is {ids.RULE}."]})
        return wished
    key = mutation_id_of(request)
    return ids.derived_id(caller(request).username, key) if key else ids.new_id()
