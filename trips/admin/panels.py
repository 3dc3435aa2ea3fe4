"""What a trip's page shows above its form. Another app adds to it: `extra_panels.append(…)` in its own admin."""

from collections import defaultdict
from collections.abc import Callable

from django.http import HttpRequest
from django.template.loader import render_to_string

from ..kinds import OBJECT_KINDS
from ..models import Change, Trip
from .telling import kind_word

# Takes the request and the trip; gives safe HTML, or "" for nothing to show.
Panel = Callable[[HttpRequest, Trip], str]
extra_panels: list[Panel] = []

MOST = 50


def removed(request: HttpRequest, trip: Trip) -> str:
    """What was removed from the trip, by whom, and how to bring it back."""
    things = [
        {"kind": kind.name, "word": kind_word(kind.name), "id": thing.public_id, "name": str(thing)}
        for kind in OBJECT_KINDS
        for thing in kind.model._default_manager.filter(trip=trip, removed=True).select_related(*kind.related)[:MOST]
    ]
    last: dict[tuple[str, str], Change] = defaultdict()
    if things:
        names = [thing["id"] for thing in things]
        removals = Change.objects.filter(trip=trip, op="remove", object_id__in=names).select_related("actor")
        last.update({(change.kind, change.object_id): change for change in removals.order_by("seq")})
    for thing in things:
        thing["change"] = last.get((thing["kind"], thing["id"]))
    if not (things or trip.removed):
        return ""
    may_restore = request.user.has_perm("trips.change_trip")
    context = {"trip": trip, "things": things, "may_restore": may_restore}
    return render_to_string("admin/trips/trip/removed.html", context, request)


def panels(request: HttpRequest, trip: Trip) -> list[str]:
    return [html for panel in (*extra_panels, removed) if (html := panel(request, trip))]
