"""An operator sees who is in a trip."""

import asyncio
from urllib.request import Request, urlopen

import pytest
from django.test import Client

from tests.realtime.tab import Tab
from tests.server import Server
from trips.models import Trip, User


@pytest.fixture
def operator(people: dict[str, User]) -> str:
    """The session of somebody who may open the admin."""
    client = Client()
    client.force_login(User.objects.create_superuser("olga", "olga@example.org", "correct horse"))
    return client.cookies["sessionid"].value


@pytest.fixture
def page(server: Server, trip: str, operator: str) -> Request:
    key = Trip.objects.get(public_id=trip).pk
    return Request(f"{server.http}/admin/trips/trip/{key}/change/", headers={"Cookie": f"sessionid={operator}"})


async def test_the_trips_page_tells_who_is_in_the_room_and_what_they_edit(page: Request, bob: Tab) -> None:
    await bob.send("presence", {"view": "plan", "focus": "itinerary:stop1"})
    await bob.send("typing", field="itinerary:stop1.notes")
    await bob.settle()
    html = await asyncio.to_thread(lambda: urlopen(page).read().decode())
    panel = html[html.index("In the room now") :]
    panel = panel[: panel.index("</section>")]
    for told in ("Alice Archer", "Bob Baker", "itinerary:stop1", "itinerary:stop1.notes"):
        assert told in panel
    assert "Vera" not in panel


async def test_an_empty_room_is_said_to_be_empty(page: Request) -> None:
    html = await asyncio.to_thread(lambda: urlopen(page).read().decode())
    assert "Nobody has this trip open." in html
