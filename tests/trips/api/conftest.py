"""People who call the API, and a trip of theirs."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connections
from rest_framework.test import APIClient

from trips import changes
from trips.models import User
from trips.mutations import Step

SignedIn = Callable[[str], APIClient]
TRIPS = "/api/v1/trips/"
PARIS = "/api/v1/trips/paris/"


@pytest.fixture(autouse=True)
def reads_on_the_writing_connection(request: pytest.FixtureRequest) -> Iterator[None]:
    """So that a test's changes can be seen before they are committed, and taken back at its end: much faster."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("db")
    own = connections["reader"]
    connections["reader"] = connections["default"]
    yield
    connections["reader"] = own


@pytest.fixture(autouse=True)
def nobody_was_too_fast_yet() -> None:
    """The limits count in the cache."""
    cache.clear()


@pytest.fixture
def signed_in() -> SignedIn:
    """A program of somebody's."""

    def of(username: str) -> APIClient:
        user, _ = User.objects.get_or_create(username=username, defaults={"name": username.title()})
        client = APIClient()
        client.force_login(user)
        return client

    return of


@pytest.fixture
def alice(signed_in: SignedIn) -> APIClient:
    return signed_in("alice")


@pytest.fixture
def bob(signed_in: SignedIn) -> APIClient:
    return signed_in("bob")


@pytest.fixture
def vera(signed_in: SignedIn) -> APIClient:
    return signed_in("vera")


@pytest.fixture
def mallory(signed_in: SignedIn) -> APIClient:
    return signed_in("mallory")


@pytest.fixture
def paris(alice: APIClient, bob: APIClient, vera: APIClient) -> str:
    """Alice's trip, which Bob edits and Vera views."""
    return changes.create_trip(
        User.objects.get(username="alice"),
        {"title": "Five days in Paris", "destination": "Paris", "start_date": "2027-04-12", "end_date": "2027-04-16"},
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step("member", {"user_id": "vera", "role": "viewer"}),
        Step("activity", {"activity_id": "louvre", "name": "Louvre", "cost": 22}),
        Step("itinerary", {"id": "s1", "day": 1, "activity_id": "louvre"}),
        Step("budget", {"category": "food", "amount": 450}),
        trip_id="paris",
    )
