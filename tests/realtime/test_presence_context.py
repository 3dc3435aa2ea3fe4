"""Who is here now, on the pages that the server renders."""

from types import SimpleNamespace

import pytest
from django.test import Client

from realtime.elsewhere import Elsewhere
from realtime.hub import Hub
from realtime.presence import People
from trips import changes
from trips.models import User
from trips.mutations import Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> Client:
    """Alice is signed in, and shares a trip with Bob."""
    user = User.objects.create_user("alice", name="Alice Arnaud")
    User.objects.create_user("bob", name="Bob Bell")
    shared = Step("member", {"user_id": "bob", "role": "editor"}, id="bob")
    changes.create_trip(user, {"title": "Five days in Paris"}, shared, trip_id="paris")
    client.force_login(user)
    return client


def test_without_anybody_connected_nobody_is_here(alice: Client) -> None:
    assert "here now" not in alice.get("/trips/").content.decode()


def test_who_is_in_the_room_is_on_the_trips_card(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People()
    people.enter("alice", "Alice Arnaud", 1, "a tab")
    nobody = SimpleNamespace(others=Elsewhere(lasts=10))
    running = SimpleNamespace(rooms={"paris": SimpleNamespace(people=people)}, attendance=nobody)
    monkeypatch.setattr(Hub, "running", running)
    assert "here now" not in alice.get("/trips/").content.decode()
    people.enter("bob", "Bob Bell", 2, "a tab")
    html = alice.get("/trips/").content.decode()
    assert "Bob is here now" in html
    assert '<span class="face" data-who="2"' in html
