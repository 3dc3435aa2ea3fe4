"""The pages' addresses."""

from django.urls import URLPattern, URLResolver, path

from . import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.front, name="front"),
    path("trips/", pages.my_trips, name="my_trips"),
    path("trips/<slug:trip_id>/", pages.trip, name="trip"),
    path("trips/<slug:trip_id>/budget/", pages.trip, {"current": "budget"}, name="trip_budget"),
    path("accounts/", pages.account, name="account"),
    path("theme/", pages.theme, name="theme"),
    path("demo/", pages.demo, name="demo"),
]
