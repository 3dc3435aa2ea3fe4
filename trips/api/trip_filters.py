"""How the list of one's trips is narrowed and ordered."""

from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ..models import Trip

ORDERS = {"start_date": "start_date", "title": "title", "created": "pk"}


class TripFilter(filters.FilterSet):
    search = filters.CharFilter(method="_found", max_length=200, label="Part of the title or the destination.")
    when = filters.ChoiceFilter(
        method="_at",
        choices=[("past", "over"), ("upcoming", "not over, or without an end")],
        label="“past”: its end date is over. “upcoming”: the others.",
    )
    ordering = filters.ChoiceFilter(
        method="_ordered",
        choices=[(sign + name, sign + name) for name in ORDERS for sign in ("", "-")],
        label="The order; with “-”, the other way round. Trips without a date come last.",
    )

    class Meta:
        model = Trip
        fields: list[str] = []

    def _found(self, trips: QuerySet[Trip], _: str, text: str) -> QuerySet[Trip]:
        return trips.filter(Q(title__icontains=text) | Q(destination__icontains=text))

    def _at(self, trips: QuerySet[Trip], _: str, when: str) -> QuerySet[Trip]:
        past = Q(end_date__lt=timezone.localdate())
        return trips.filter(past) if when == "past" else trips.filter(~past | Q(end_date=None))

    def _ordered(self, trips: QuerySet[Trip], _: str, given: str) -> QuerySet[Trip]:
        field = F(ORDERS[given.removeprefix("-")])
        first: Any = field.desc(nulls_last=True) if given.startswith("-") else field.asc(nulls_last=True)
        return trips.order_by(first, "pk")
