"""Browsers, and a trip to look at."""

from collections.abc import Callable

import pytest
from django.test import Client

from trips import changes
from trips.models import User
from trips.mutations import Mutation, Step

SignIn = Callable[[str], Client]


@pytest.fixture
def signed_in() -> SignIn:
    """Somebody's browser, signed in."""

    def of(username: str) -> Client:
        user, _ = User.objects.get_or_create(username=username, defaults={"name": f"{username.title()} Example"})
        client = Client()
        client.force_login(user)
        return client

    return of


@pytest.fixture
def alice(signed_in: SignIn) -> Client:
    return signed_in("alice")


@pytest.fixture
def trip(alice: Client, signed_in: SignIn) -> str:
    """Alice's trip to Paris, which Bob edits and Vera views."""
    signed_in("bob")
    signed_in("vera")
    return changes.create_trip(
        User.objects.get(username="alice"),
        {"title": "Five days in Paris", "destination": "Paris, France"},
        Step("member", {"user_id": "bob", "role": "editor"}, id="bob"),
        Step("member", {"user_id": "vera", "role": "viewer"}, id="vera"),
        Step("activity", {"name": "Eiffel Tower", "latitude": 48.8584, "longitude": 2.2945}, id="tower"),
        Step("activity", {"name": "Louvre", "latitude": 48.8606, "longitude": 2.3376}, id="louvre"),
        Step("activity", {"name": "Musée Rodin"}, id="rodin"),
        Step("itinerary", {"day": 1, "activity_id": "tower"}, id="s1"),
        Step("itinerary", {"day": 1, "activity_id": "louvre"}, id="s2"),
        trip_id="paris",
    )


def change(trip_id: str, **fields: object) -> None:
    """Alice changes her trip."""
    alice = User.objects.get(username="alice")
    changes.apply_one(Mutation(trip_id, alice, (Step("trip", fields, id=trip_id),)))
