"""The journal, to read: every change of every trip, with what was there before."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .. import exact_json
from ..kinds import OBJECT_KINDS
from ..models import Change
from . import links
from .filters import ActorFilter, KindFilter, MutationFilter, ObjectFilter, TripFilter
from .telling import Line, kind_word, lines, name_in, op_word

MOST_LINES = 3
MOST_CHARACTERS = 80
MOST_TOGETHER = 20


@admin.register(Change)
class ChangeAdmin(ModelAdmin):
    list_display = ["what", "who", "when", "in_trip", "seq"]
    list_display_links = ["seq"]
    list_filter = [
        TripFilter,
        ActorFilter,
        KindFilter,
        "op",
        ObjectFilter,
        MutationFilter,
        "time",
    ]
    list_select_related = ["trip", "actor"]
    list_per_page = 50
    search_fields = ["object_id", "mutation_id", "trip__title", "trip__public_id", "actor__username", "actor__name"]
    search_help_text = "By trip, object id, mutation id, or who did it."
    show_full_result_count = False
    date_hierarchy = "time"
    ordering = ["-pk"]
    actions = None
    fields = ["what_it_did", "in_trip", "thing", "who", "when", "seq", "together_with", "seen_by", "asked", "stored"]

    # Nobody writes here: a change is made by the door alone.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Change | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Change | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Journal", **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        changes: QuerySet[Change] = super().get_queryset(request)
        return changes.annotate(called=name_now())

    # The list

    @admin.display(description="what")
    def what(self, change: Any) -> str:
        told = list(lines(change)) if change.op == "set" and change.before is not None else []
        more = f" and {len(told) - MOST_LINES} more" if len(told) > MOST_LINES else ""
        return format_html(
            '<span class="op {}">{}</span> {} <b>{}</b>{}{}',
            op_word(change).split()[-1],
            op_word(change).capitalize(),
            kind_word(change.kind),
            self.name(change),
            format_html_join(
                "",
                '<br><span class="line">{}: {}</span>',
                ((line.label, told_in_line(line)) for line in told[:MOST_LINES]),
            ),
            more,
        )

    @admin.display(description="when (UTC)", ordering="time")
    def when(self, change: Change) -> str:
        return format_html('<time datetime="{}">{}</time>', change.time.isoformat(), f"{change.time:%Y-%m-%d %H:%M:%S}")

    @admin.display(ordering="actor__username")
    def who(self, change: Change) -> str:
        if change.actor is None:
            return "somebody whose account is gone"
        return links.to_user(change.actor)

    @admin.display(description="trip", ordering="trip__title")
    def in_trip(self, change: Change) -> str:
        return links.to_trip(change.trip)

    def name(self, change: Any) -> str:
        return change.called or name_in(change)

    # One change

    @admin.display(description="what it did")
    def what_it_did(self, change: Any) -> str:
        rows = list(lines(change))
        if not rows:
            return "It set what was there already." if change.op == "set" else "It carries no values."
        body = format_html_join(
            "",
            "<tr><th scope=row>{}</th><td>{}</td><td>{}</td></tr>",
            ((line.label, crossed(line.before), written(line.after)) for line in rows),
        )
        return format_html(
            '<table class="diff"><caption>{} {} “{}”</caption>'
            "<thead><tr><th scope=col>field</th><th scope=col>before</th><th scope=col>after</th></tr></thead>"
            "<tbody>{}</tbody></table>",
            op_word(change).capitalize(),
            kind_word(change.kind),
            self.name(change),
            body,
        )

    @admin.display(description="object")
    def thing(self, change: Change) -> str:
        where = links.journal(trip=change.trip.public_id, kind=change.kind, object=change.object_id)
        return format_html('{} {} – <a href="{}">all that happened to it</a>', change.kind, change.object_id, where)

    @admin.display(description="together with")
    def together_with(self, change: Change) -> str:
        """The other changes of the same mutation."""
        same = Change.objects.filter(trip=change.trip, actor=change.actor, digest=change.digest, time=change.time)
        others = list(same.exclude(pk=change.pk).order_by("seq")[:MOST_TOGETHER])
        linked = ((reverse("admin:trips_change_change", args=[other.pk]), str(other)) for other in others)
        return format_html(
            "{} {}",
            f"(mutation {change.mutation_id})" if change.mutation_id else "",
            format_html_join(", ", '<a href="{}">{}</a>', linked) or "alone",
        )

    @admin.display(description="seen by")
    def seen_by(self, change: Change) -> str:
        return str(change.get_audience_display())

    @admin.display(description="digest of the request")
    def asked(self, change: Change) -> str:
        return change.digest

    @admin.display(description="as stored")
    def stored(self, change: Change) -> str:
        both = exact_json.encode({"before": change.before, "after": change.after}).decode()
        return format_html("<code>{}</code>", both)


def name_now() -> Case:
    """What the object of a change is called today, whether it is there or removed."""
    columns = {"member": "user__name", "activity": "name", "itinerary": "title", "budget": "name"}
    cases = [
        When(kind=kind.name, then=Subquery(named.values(columns[kind.name])[:1]))
        for kind in OBJECT_KINDS
        if kind.name in columns
        for named in [kind.model._default_manager.filter(trip=OuterRef("trip"), public_id=OuterRef("object_id"))]
    ]
    return Case(When(kind="trip", then=F("trip__title")), *cases, default=Value(""), output_field=CharField())


def told_in_line(line: Line) -> SafeString:
    """Before → after, each cut where it is long."""
    if line.before is None:
        return written(cut(line.after))
    return mark_safe(f"{crossed(cut(line.before))} → {written(cut(line.after))}")  # noqa: S308  (both are escaped)


def crossed(text: str | None) -> SafeString:
    return format_html("<del>{}</del>", text) if text is not None else mark_safe("")


def written(text: str | None) -> SafeString:
    return format_html("<ins>{}</ins>", text) if text is not None else mark_safe("")


def cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
