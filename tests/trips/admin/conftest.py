"""Alice's trip, and Olga, who operates the site and takes part in no trip."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from trips import changes
from trips.models import Change, Trip, User
from trips.mutations import Mutation, Outcome, Step

from .form_page import FormPage, opened

Do = Callable[..., Outcome]


@pytest.fixture
def people() -> dict[str, User]:
    made = {
        name: User.objects.create_user(name, f"{name}@example.org", name=name.title())
        for name in ("alice", "bob", "vera")
    }
    return made | {"olga": User.objects.create_superuser("olga", "olga@example.org", name="Olga")}


@pytest.fixture
def trip(people: dict[str, User]) -> Trip:
    changes.create_trip(
        people["alice"],
        {"title": "Paris", "start_date": "2027-04-12", "end_date": "2027-04-14", "notes": "One line\nand another "},
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step(
            "activity",
            {"name": "Louvre", "cost": "22", "duration": 90, "latitude": 48.86101, "longitude": 2.33585},
            id="louvre",
        ),
        Step("itinerary", {"day": 1, "activity_id": "louvre", "time": "09:00"}, id="morning"),
        Step("itinerary", {"day": 1, "activity": "Lunch\nwith Bob", "time": "12:30", "cost": "12.50"}, id="lunch"),
        Step("budget", {"amount": 450}, id="food"),
        trip_id="paris",
    )
    return Trip.objects.get()


@pytest.fixture
def do(people: dict[str, User], trip: Trip) -> Do:
    """`do("bob", Step(…))`: what others do while a form is open."""

    def go(who: str, *steps: Step) -> Outcome:
        return changes.apply([Mutation("paris", people[who], steps)])[0]

    return go


@pytest.fixture
def olga(people: dict[str, User], client: Client) -> Client:
    client.force_login(people["olga"])
    return client


@pytest.fixture
def form(olga: Client, trip: Trip) -> FormPage:
    """The trip's page, open in Olga's browser."""
    return opened(olga, reverse("admin:trips_trip_change", args=[trip.pk]))


@pytest.fixture
def told() -> Iterator[list[list[Change]]]:
    """What was announced, a list a time."""
    heard: list[list[Change]] = []

    def hear(changes: list[Change], **_: Any) -> None:
        heard.append(changes)

    changes.committed.connect(hear)
    yield heard
    changes.committed.disconnect(hear)
