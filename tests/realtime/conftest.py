"""People with sockets, on a real daphne."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from django.test import Client

from realtime.hub import Hub
from realtime.protocol import SUBPROTOCOL
from tests.realtime.database import ask
from tests.realtime.screen import Screen
from tests.realtime.tab import Tab
from tests.server import Server
from trips import tokens
from trips.changes import create_trip
from trips.models import User
from trips.mutations import Step

Open = Callable[..., Awaitable[Tab]]
Token = Callable[..., Awaitable[str]]
Start = Callable[..., Server]
numbers = count(1)


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("daphne") / "log.txt").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def start(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Servers of a module's own: `start("other", PRESENCE_GRACE="3")`. They are stopped at its end."""
    started: list[Server] = []

    def start_one(name: str, **settings: str) -> Server:
        started.append(Server(tmp_path_factory.mktemp(name) / "log.txt", **settings))
        return started[-1].start()

    yield start_one
    for each in started:
        each.stop()


@pytest.fixture
def quiet_log(server: Server) -> Iterator[None]:
    """The server printed nothing meanwhile: no traceback, and nothing that somebody sent."""
    before = len(server.log)
    yield
    assert server.log[before:] == ""


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    """Alice owns the trip, Bob edits, Vera views, Mallory is a stranger."""
    names = {"alice": "Alice Archer", "bob": "Bob Baker", "vera": "Vera Vance", "mallory": "Mallory Moss"}
    return {
        username: User.objects.create_user(username, f"{username}@example.org", "correct horse", name=name)
        for username, name in names.items()
    }


@pytest.fixture
def trip(people: dict[str, User]) -> str:
    """Three days in Paris; its public id. Each test has another, since a room outlives a connection that broke."""
    return create_trip(
        people["alice"],
        {"title": "Paris", "destination": "Paris, France", "start_date": "2027-04-12", "end_date": "2027-04-14"},
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step("member", {"user_id": "vera", "role": "viewer"}),
        Step("activity", {"activity_id": "act456", "name": "Louvre", "cost": "22.00", "category": "art"}),
        Step("itinerary", {"id": "stop1", "day": 1, "activity": "Breakfast", "time": "09:00"}),
        Step("budget", {"category": "food", "amount": 450}),
        trip_id=f"trip{next(numbers)}",
    )


@pytest.fixture
def cookies(people: dict[str, User]) -> dict[str, str]:
    """Session keys; signing in is tested where it belongs."""
    return {name: _signed_in(user) for name, user in people.items()}


@pytest.fixture
def token(people: dict[str, User]) -> Token:
    """Makes a JWT: `await token("alice")`, or one that ends soon: `await token("alice", seconds=1)`."""

    async def issue(name: str, seconds: int = 900) -> str:
        return await ask(lambda: tokens.issue(people[name], timedelta(seconds=seconds)))

    return issue


@pytest_asyncio.fixture
async def hub(people: dict[str, User], monkeypatch: pytest.MonkeyPatch, settings: Any) -> AsyncIterator[Hub]:
    """The hub of this process; it looks around only when a test says so."""
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    monkeypatch.setattr("realtime.hub.take_leave_on_sigterm", lambda hub: None)
    monkeypatch.setattr("realtime.hub.look_around", lambda hub: asyncio.sleep(0))
    hub = Hub.here()
    yield hub
    for session in hub.sessions.all():
        hub.dismiss(session, broke=False)
    if Hub.running is hub:
        await hub.stop()


@pytest_asyncio.fixture
async def screens(people: dict[str, User]) -> dict[str, Screen]:
    return {name: Screen(user) for name, user in people.items()}


@pytest_asyncio.fixture
async def open_tab(server: Server, cookies: dict[str, str]) -> AsyncIterator[Open]:
    """Opens sockets, signed in by cookie: `await open_tab("alice")`, or `open_tab("alice", trip="paris")`."""
    opened: list[Tab] = []

    async def open_one(
        name: str, *, trip: str | None = None, v1: bool = True, at: Server = server, greeted: bool = True
    ) -> Tab:
        path = f"trip/{trip}?user_id={name}" if trip else name
        headers = {"Cookie": f"sessionid={cookies[name]}", "Origin": at.http}
        tab = await Tab.open(f"{at.ws}/{path}", headers=headers, offers=[SUBPROTOCOL] if v1 else [])
        opened.append(tab)
        if greeted:
            await tab.expect("connection")
        return tab

    yield open_one
    for tab in opened:
        await tab.close()


@pytest_asyncio.fixture
async def alice(open_tab: Open, trip: str) -> Tab:
    return await _joined(open_tab, "alice", trip)


@pytest_asyncio.fixture
async def bob(open_tab: Open, trip: str, alice: Tab) -> Tab:
    tab = await _joined(open_tab, "bob", trip)
    await alice.expect("user_joined", user_id="bob")
    return tab


@pytest_asyncio.fixture
async def vera(open_tab: Open, trip: str) -> Tab:
    return await _joined(open_tab, "vera", trip)


async def _joined(open_tab: Open, name: str, trip: str) -> Tab:
    tab = await open_tab(name)
    tab.trip = trip
    await tab.send("join_trip")
    await tab.expect("joined")
    await tab.expect("user_joined", user_id=name)
    return tab


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
