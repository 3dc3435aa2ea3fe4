"""What is in a trip: one view set for every kind."""

from typing import Any, cast

from django.db.models import F
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from ..kinds import Kind
from ..models import Change, Trip, TripObject
from ..mutations import Outcome, Step
from ..refusals import Refused
from .requests import SEQ, Pages, address, base_seq_of, caller, fields_in, mutation_id_of, opened, seq_header, store


class ObjectViewSet(GenericViewSet[Any]):
    """The objects of one `kind` in one trip. Reads are one consistent view; writes go through `trips.changes.apply`."""

    kind = cast(Kind, None)  # given by the route
    serializer_class: type[serializers.BaseSerializer[Any]] | None = None
    pagination_class = Pages

    def list(self, request: Request, trip_id: str) -> Response:
        with opened(trip_id, caller(request)) as (trip, _):
            page = self.paginate_queryset(in_order(self.kind, trip)) or []
            answer = self.get_paginated_response([self.kind.represent(thing) for thing in page])
        answer[SEQ] = str(trip.seq)
        return answer

    def create(self, request: Request, trip_id: str) -> Response:
        step = Step(self.kind.name, fields_in(request), base_seq=base_seq_of(request))
        outcome = store(request, trip_id, step)
        made = outcome.changes[-1]
        is_new = made.before is None or made.op == Change.Op.RESTORE
        code = status.HTTP_201_CREATED if is_new and not outcome.repeated else status.HTTP_200_OK
        headers = address(request, f"{self.kind.name}-detail", trip_id, made.object_id)
        return self.told(request, trip_id, made.object_id, outcome, code, headers)

    def retrieve(self, request: Request, trip_id: str, object_id: str) -> Response:
        with opened(trip_id, caller(request)) as (trip, _):
            thing = self.kind.living(trip).filter(public_id=object_id).first()
            if thing is None:
                raise self.no_such(object_id)
            return Response(self.kind.represent(thing), headers=seq_header(trip.seq))

    def partial_update(self, request: Request, trip_id: str, object_id: str) -> Response:
        data = fields_in(request)
        self.check_there(request, trip_id, object_id)
        return self.changed(request, trip_id, object_id, "set", data)

    def destroy(self, request: Request, trip_id: str, object_id: str) -> Response:
        outcome = store(request, trip_id, self.step(request, object_id, "remove"))
        return Response(status=status.HTTP_204_NO_CONTENT, headers=seq_header(outcome.seq))

    def restore(self, request: Request, trip_id: str, object_id: str) -> Response:
        return self.changed(request, trip_id, object_id, "restore")

    def changed(self, request: Request, trip_id: str, object_id: str, op: str, data: Any = None) -> Response:
        outcome = store(request, trip_id, self.step(request, object_id, op, data))
        return self.told(request, trip_id, object_id, outcome)

    def step(self, request: Request, object_id: str, op: str, data: Any = None) -> Step:
        return Step(self.kind.name, data or {}, op, object_id, base_seq_of(request))

    def told(
        self,
        request: Request,
        trip_id: str,
        object_id: str,
        outcome: Outcome,
        code: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The object as it is now (after a repeat: perhaps removed since); the seq is of the caller's own change."""
        with opened(trip_id, caller(request)) as (trip, _):
            rows = self.kind.model._default_manager.using("reader").select_related(*self.kind.related)
            thing: TripObject = rows.get(trip=trip, public_id=object_id)
            return Response(self.kind.represent(thing), code, headers=seq_header(outcome.seq) | (headers or {}))

    def check_there(self, request: Request, trip_id: str, object_id: str) -> None:
        """A PATCH creates nothing, and brings nothing back. A repeat is answered whatever became of the object."""
        with opened(trip_id, caller(request)) as (trip, _):
            sent = mutation_id_of(request)
            mine = Change.objects.using("reader").filter(trip=trip, actor=caller(request), mutation_id=sent)
            if not self.kind.living(trip).filter(public_id=object_id).exists() and not (sent and mine.exists()):
                raise self.no_such(object_id)

    def no_such(self, object_id: str) -> Refused:
        return Refused("not_found", f"This trip has no {self.kind.name} “{object_id}”.")


def in_order(kind: Kind, trip: Trip) -> Any:
    """The living objects in the order that their kind is shown in: a day's stops as they lie, the unscheduled last."""
    names = [*kind.model._meta.ordering, "pk"]
    return kind.living(trip).order_by(*(F(name).asc(nulls_last=True) for name in names))
