"""The addresses of the REST API, below /api/; each is found with and without the slash at its end."""

from typing import Any

from django.urls import URLPattern, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView

from .api.docs import docs, protocol
from .api.nowhere import nowhere
from .api.object_views import ObjectViewSet
from .api.trip_views import TripViewSet
from .ids import PATTERN
from .kinds import OBJECT_KINDS, Kind

TRIP = rf"v1/trips/(?P<trip_id>{PATTERN})"
ONE = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
ALL = {"get": "list", "post": "create"}
RESTORE = {"post": "restore"}


def routes(path: str, one: str, name: str, views: Any, **given: Any) -> list[URLPattern]:
    """A collection at `path`, each of its things at `one`."""
    return [
        re_path(rf"^{path}/?$", views.as_view(ALL, **given), name=f"{name}-list"),
        re_path(rf"^{one}/?$", views.as_view(ONE, **given), name=f"{name}-detail"),
        re_path(rf"^{one}/restore/?$", views.as_view(RESTORE, **given), name=f"{name}-restore"),
    ]


def of_kind(kind: Kind) -> list[URLPattern]:
    path = f"{TRIP}/{kind.collection}"
    one = rf"{path}/(?P<object_id>{PATTERN})"
    return routes(path, one, kind.name, ObjectViewSet, kind=kind, serializer_class=kind.serializer)


urlpatterns = [
    *routes("v1/trips", TRIP, "trip", TripViewSet),
    *(route for kind in OBJECT_KINDS for route in of_kind(kind)),
    re_path(r"^schema/?$", SpectacularJSONAPIView.as_view(), name="schema"),
    re_path(r"^docs$", RedirectView.as_view(pattern_name="docs")),
    re_path(r"^docs/$", docs, name="docs"),
    re_path(r"^docs/PROTOCOL.md$", protocol, name="protocol"),
    re_path(r"", nowhere),
]
