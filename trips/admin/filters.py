"""Questions to a list: what is typed, and what is chosen."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ..kinds import KINDS
from ..models import Member, Trip
from .telling import kind_word

Choice = tuple[str, str]


class TextFilter(admin.SimpleListFilter):
    """A filter by what is typed, for lists too long to choose from."""

    template = "admin/trips/text_filter.html"
    hint = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [("", "any")]  # a filter without choices would not be shown

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:  # type: ignore[override]
        given = changelist.get_filters_params()
        others = [(name, value) for name, values in given.items() if name != self.parameter_name for value in values]
        yield {"others": others, "clear": changelist.get_query_string(remove=[self.parameter_name or ""])}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        text = (self.value() or "").strip()
        return queryset.filter(self.matching(text)) if text else queryset

    def matching(self, text: str) -> Q:
        raise NotImplementedError


class ChoiceFilter(admin.SimpleListFilter):
    """A filter by one of a few answers, each with the rows that it means."""

    answers: dict[str, tuple[str, Callable[[QuerySet[Any]], QuerySet[Any]]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [(key, words) for key, (words, _) in self.answers.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        answer = self.answers.get(self.value() or "")
        return answer[1](queryset) if answer else queryset


class RemovedFilter(ChoiceFilter):
    """What is there, unless asked for otherwise."""

    title = "state"
    parameter_name = "state"
    answers = {
        "removed": ("Removed", lambda rows: rows.filter(removed=True)),
        "all": ("All", lambda rows: rows),
    }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return super().queryset(request, queryset) if self.value() in self.answers else queryset.filter(removed=False)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        default, *others = super().choices(changelist)
        yield {**default, "display": "Not removed"}
        yield from others


class WhenFilter(ChoiceFilter):
    title = "dates"
    parameter_name = "when"
    answers = {
        "upcoming": ("Upcoming", lambda trips: trips.filter(start_date__gt=timezone.localdate())),
        "now": (
            "Under way",
            lambda trips: trips.filter(start_date__lte=timezone.localdate(), end_date__gte=timezone.localdate()),
        ),
        "past": ("Past", lambda trips: trips.filter(end_date__lt=timezone.localdate())),
        "undated": ("Without dates", lambda trips: trips.filter(Q(start_date=None) | Q(end_date=None))),
    }


class CurrencyFilter(admin.SimpleListFilter):
    title = "currency"
    parameter_name = "currency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        used = Trip.objects.order_by("currency").values_list("currency", flat=True).distinct()
        return [(code, code) for code in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(currency=self.value()) if self.value() else queryset


def today() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class ChangedFilter(ChoiceFilter):
    """By the trip's last change; asks for rows annotated with `last_time`."""

    title = "last change"
    parameter_name = "changed"
    answers = {
        "today": ("Today", lambda trips: trips.filter(last_time__gte=today())),
        "week": ("Past 7 days", lambda trips: trips.filter(last_time__gte=today() - timedelta(days=7))),
        "month": ("Past 30 days", lambda trips: trips.filter(last_time__gte=today() - timedelta(days=30))),
        "long": ("Not for a year", lambda trips: trips.filter(last_time__lt=today() - timedelta(days=365))),
    }


class CompanyFilter(ChoiceFilter):
    title = "people"
    parameter_name = "people"
    answers = {
        "alone": ("One person's", lambda trips: trips.filter(people_count__lte=1)),
        "shared": ("Shared", lambda trips: trips.filter(people_count__gt=1)),
    }


class MemberFilter(TextFilter):
    title = "member, now or before"
    parameter_name = "member"
    hint = "username or e-mail"

    def matching(self, text: str) -> Q:
        member = Member.objects.filter(trip=OuterRef("pk"))
        return Q(Exists(member.filter(Q(user__username__iexact=text) | Q(user__email__iexact=text))))


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [(name, kind_word(name)) for name in KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class TripFilter(TextFilter):
    title = "trip"
    parameter_name = "trip"
    hint = "id or title"

    def matching(self, text: str) -> Q:
        return Q(trip__public_id=text) | Q(trip__title__icontains=text)


class ActorFilter(TextFilter):
    title = "who did it"
    parameter_name = "actor"
    hint = "username or e-mail"

    def matching(self, text: str) -> Q:
        return Q(actor__username__iexact=text) | Q(actor__email__iexact=text)


class ObjectFilter(TextFilter):
    title = "object"
    parameter_name = "object"
    hint = "its id"

    def matching(self, text: str) -> Q:
        return Q(object_id=text)


class MutationFilter(TextFilter):
    title = "mutation"
    parameter_name = "mutation"
    hint = "its id"

    def matching(self, text: str) -> Q:
        return Q(mutation_id=text)
