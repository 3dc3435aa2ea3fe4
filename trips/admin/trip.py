"""Trips, with all that belongs to them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from .. import words
from ..changes import apply_one
from ..models import Activity, BudgetLine, Change, ItineraryItem, Member, Role, Trip, TripObject
from ..mutations import Mutation, Step
from ..refusals import Refused
from .door import DoorAdmin, DoorInline
from .filters import ChangedFilter, CompanyFilter, CurrencyFilter, MemberFilter, RemovedFilter, WhenFilter
from .forms import ActivityField, BudgetLineForm, DoorForm, MemberForm, TripForm
from .formsets import MOST_ROWS, DoorFormSet
from .links import journal
from .panels import panels


class Rows(DoorInline):
    kind = ""
    formset = DoorFormSet
    form = DoorForm
    readonly_fields = ["history"]

    related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("trip", *self.related)

    @admin.display(description="journal")
    def history(self, thing: TripObject) -> str:
        if not thing.pk:
            return ""
        where = journal(trip=thing.trip.public_id, kind=self.kind, object=thing.public_id)
        return format_html('<a href="{}" aria-label="What happened to {}">Show</a>', where, thing)


class MemberRows(Rows):
    model = Member
    form = MemberForm
    kind = "member"
    fields = ["user", "role", "history"]
    autocomplete_fields = ["user"]
    related = ("user",)
    ordering = ["place"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if person := formset.form.base_fields.get("user"):
            person.widget.can_add_related = person.widget.can_change_related = False
        return formset


class StopRows(Rows):
    model = ItineraryItem
    kind = "itinerary"
    related = ("activity",)
    verbose_name = "stop"
    verbose_name_plural = "itinerary"
    fields = [
        "day", "time", "title", "activity", "place", "duration", "category", "cost", "status", "notes", "history",
    ]  # fmt: skip

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if "activity" in formset.form.base_fields:
            formset.form.base_fields["activity"] = ActivityField(obj)
        return formset


class ActivityRows(Rows):
    model = Activity
    kind = "activity"
    fields = ["name", "place", "latitude", "longitude", "category", "cost", "duration", "link", "notes", "history"]
    ordering = ["name"]


class BudgetRows(Rows):
    model = BudgetLine
    form = BudgetLineForm
    kind = "budget"
    verbose_name_plural = "budget"
    fields = ["public_id", "name", "amount", "history"]
    ordering = ["pk"]


@admin.register(Trip)
class TripAdmin(DoorAdmin):
    form = TripForm
    fields = [("title", "destination"), ("start_date", "end_date", "currency"), "notes"]
    inlines = [MemberRows, StopRows, ActivityRows, BudgetRows]
    actions = ["restore_selected"]
    list_display = ["title", "destination", "dates", "owner", "people", "stops", "last_change", "public_id"]
    list_filter = [RemovedFilter, MemberFilter, WhenFilter, ChangedFilter, CompanyFilter, CurrencyFilter]
    search_fields = [
        "title",
        "destination",
        "public_id",
        "members__user__username",
        "members__user__name",
        "members__user__email",
    ]
    search_help_text = "By title, destination, id, or a member's name, username or e-mail."
    list_per_page = 50
    show_full_result_count = False

    # The list

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Trips", **(extra_context or {})})

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [last_change("time").desc()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trip]:
        trips: QuerySet[Trip] = super().get_queryset(request)
        people = Member.objects.filter(removed=False).select_related("user").order_by("place")
        return trips.annotate(
            last_time=last_change("time"),
            last_actor=last_change("actor__name"),
            people_count=living(Member),
            stop_count=living(ItineraryItem),
        ).prefetch_related(Prefetch("members", people, to_attr="people_now"))

    @admin.display(ordering="start_date")
    def dates(self, trip: Trip) -> str:
        return words.dates(trip.start_date, trip.end_date)

    @admin.display
    def owner(self, trip: Any) -> str:
        return words.listing(
            [str(member.user.get_full_name()) for member in trip.people_now if member.role == Role.OWNER]
        )

    @admin.display(ordering="people_count", description="members")
    def people(self, trip: Any) -> str:
        others = [member.user.get_short_name() for member in trip.people_now if member.role != Role.OWNER]
        return f"{len(trip.people_now)}: with {words.listing(others)}" if others else str(len(trip.people_now))

    @admin.display(ordering="stop_count")
    def stops(self, trip: Any) -> int:
        return int(trip.stop_count or 0)

    @admin.display(ordering="last_time")
    def last_change(self, trip: Any) -> str:
        if trip.last_time is None:
            return "–"
        return format_html(
            '<a href="{}"><time datetime="{}" title="{}">{} ago</time></a> {}',
            journal(trip=trip.public_id),
            trip.last_time.isoformat(),
            f"{trip.last_time:%Y-%m-%d %H:%M:%S} UTC",
            timesince(trip.last_time, depth=1),
            trip.last_actor or "",
        )

    # The page of one trip

    def has_change_permission(self, request: HttpRequest, obj: Trip | None = None) -> bool:
        """What is removed is looked at, and restored, before it is changed."""
        return super().has_change_permission(request, obj) and not (obj and obj.removed)

    def has_delete_permission(self, request: HttpRequest, obj: Trip | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.removed)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context["journal_url"] = journal(trip=obj.public_id)
            context["panels"] = panels(request, obj)
            shown = [
                (group.opts.verbose_name_plural, group.formset.left_out) for group in context["inline_admin_formsets"]
            ]
            context["left_out"] = [{"what": str(what), "more": more, "most": MOST_ROWS} for what, more in shown if more]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        restore = self.admin_site.admin_view(require_POST(self.restore_view))
        return [path("<int:pk>/restore/", restore, name="trips_trip_restore"), *super().get_urls()]

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring back a trip, or one object of it: `kind` and `id`."""
        trip = get_object_or_404(Trip, pk=pk)
        if not super().has_change_permission(request, trip):
            raise PermissionDenied
        kind, name = request.POST.get("kind", "trip"), request.POST.get("id")
        step = Step(kind, {}, "restore", None if kind == "trip" else name)
        try:
            changes = apply_one(Mutation(trip.public_id, request.user, (step,)))  # type: ignore[arg-type]
        except Refused as refused:
            self.message_user(request, refused.message, messages.ERROR)
        else:
            self.log_change(request, trip, f"Restored {changes[0]}.")
            self.message_user(request, "It is back, and everybody sees it.")
        return HttpResponseRedirect(reverse("admin:trips_trip_change", args=[pk]))


def last_change(field: str) -> Subquery:
    return Subquery(Change.objects.filter(trip=OuterRef("pk")).order_by("-seq").values(field)[:1])


def living(model: type[TripObject]) -> Subquery:
    """How many objects of this kind a trip has now."""
    rows = model._default_manager.filter(trip=OuterRef("pk"), removed=False).order_by().values("trip")
    return Subquery(rows.annotate(n=Count("pk")).values("n"))
