"""Every example of the feature document, against a real daphne."""

import asyncio
import json
import re
import sys
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.realtime.conftest import Open, Token
from tests.realtime.feature_document import CLIENT_MESSAGES, STATS, WSCAT_LINE, server_message
from tests.realtime.program import Program
from tests.realtime.tab import Message, Tab
from tests.server import ROOT, Server
from trips.changes import create_trip
from trips.models import User
from trips.mutations import Step

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
Run = Callable[..., Awaitable[Program]]


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    names = {"user123": "Noor Haddad", "user456": "Teo Marin", "testuser": "Vera Vance", "operator": "Olga Operator"}
    return {
        username: User.objects.create_user(username, name=name, is_staff=username == "operator")
        for username, name in names.items()
    }


@pytest.fixture
def trip(people: dict[str, User]) -> str:
    """The trip of the examples. The others are for wscat, and for the statistics."""
    others = [Step("member", {"user_id": name, "role": "editor"}) for name in ("user456", "testuser")]
    museum = Step("activity", {"activity_id": "act456", "name": "Louvre", "cost": "22.00"})
    for trip_id in ("trip123", "trip456", "123", "456", "789"):
        create_trip(people["user123"], {"title": "Paris", "destination": "France"}, *others, museum, trip_id=trip_id)
    return "trip123"


@pytest_asyncio.fixture
async def user456(open_tab: Open, trip: str) -> Tab:
    """The other one, who watches."""
    tab = await open_tab("user456", trip=trip)
    await tab.expect("joined")
    await tab.expect("user_joined", user_id="user456")
    return tab


@pytest_asyncio.fixture(params=["user socket", "user socket, v1", "trip socket", "trip socket, v1"])
async def user123(request: pytest.FixtureRequest, open_tab: Open, user456: Tab, trip: str) -> Tab:
    """The one who says what is printed, on either endpoint, as the document's client and as ours."""
    v1, on_trip = request.param.endswith("v1"), request.param.startswith("trip")
    tab = await open_tab("user123", trip=trip if on_trip else None, v1=v1)
    if on_trip:
        await tab.expect("joined", trip_id=trip)
    await tab.send_text(CLIENT_MESSAGES["Join Trip Room"])
    await tab.expect("joined", trip_id=trip)
    await user456.expect("user_joined", user_id="user123")
    return tab


def assert_like(received: Message, example: Message) -> None:
    """Every key of the example is there, and every value that the scene determines."""
    assert set(example) <= set(received)
    for name, value in example.items():
        if name == "timestamp":
            assert RFC_3339.fullmatch(received[name])
        elif name == "data":
            assert value.items() <= received[name].items()
        else:
            assert received[name] == value


# Client → server


@pytest.mark.parametrize(
    ("heading", "kind", "data"),
    [
        ("Trip Update", "trip_updated", {"title": "Updated Trip Title", "destination": "Paris"}),
        ("Itinerary Update", "itinerary_updated", {"day": 1, "activity": "Visit Eiffel Tower", "time": "10:00"}),
        ("Budget Update", "budget_updated", {"category": "accommodation", "amount": 150}),
        ("Activity Update", "activity_updated", {"activity_id": "act456", "name": "Museum Visit"}),
    ],
)
async def test_an_update_reaches_everyone(user123: Tab, user456: Tab, heading: str, kind: str, data: Message) -> None:
    await user123.send_text(CLIENT_MESSAGES[heading])
    told = [await tab.expect(kind) for tab in (user123, user456)]
    assert told[0] == told[1]
    assert_like(told[0], {"trip_id": "trip123", "data": data, "updated_by": "user123", "timestamp": ""})
    assert "error" not in {message["type"] for message in await user123.settle()}


async def test_join_leave_typing_and_ping(user123: Tab, user456: Tab) -> None:
    await user123.send_text(CLIENT_MESSAGES["Typing Indicator"])
    typing = await user456.expect("typing")
    assert (typing["user_id"], typing["field"]) == ("user123", "itinerary_day1")
    await user123.send_text(CLIENT_MESSAGES["Heartbeat/Ping"])
    assert (await user123.expect("pong"))["echo"] == "2026-01-03T12:00:00Z"
    await user123.send_text(CLIENT_MESSAGES["Leave Trip Room"])
    await user123.expect("left", trip_id="trip123")
    await user456.expect("user_left", user_id="user123")


# Server → client


async def test_connection_established(open_tab: Open, trip: str) -> None:
    for on in (None, trip):
        tab = await open_tab("user123", trip=on, v1=False, greeted=False)
        assert_like(await tab.expect("connection"), server_message("Connection Established"))


async def test_user_joined_and_left(open_tab: Open, trip: str) -> None:
    watcher = await open_tab("user123", trip=trip, v1=False)
    await watcher.expect("joined")
    comes = await open_tab("user456")
    await comes.send_text(CLIENT_MESSAGES["Join Trip Room"])
    assert_like(await watcher.expect("user_joined", user_id="user456"), server_message("User Joined Trip"))
    await comes.close()
    assert_like(await watcher.expect("user_left"), server_message("User Left Trip"))


@pytest.mark.parametrize(
    ("heading", "kind"), [("Trip Updated", "trip_update"), ("Itinerary Updated", "itinerary_update")]
)
async def test_updates_are_told(user123: Tab, user456: Tab, heading: str, kind: str) -> None:
    example = server_message(heading)
    await user456.send(kind, example["data"], trip_id="trip123")
    assert_like(await user123.expect(example["type"]), example)


# The statistics


async def test_the_statistics_have_the_documented_shape(
    server: Server, open_tab: Open, trip: str, token: Token
) -> None:
    for name in ("user123", "user456"):
        for trip_id in ("123", "456"):
            await (await open_tab(name, trip=trip_id)).expect("joined")
    await (await open_tab("testuser", trip="789")).expect("joined")
    rooms = {"trip_123": 2, "trip_456": 2, "trip_789": 1}
    assert json.loads(STATS).keys() == {"active_users", "active_rooms", "rooms"}
    assert await statistics(server) == {"active_users": 3, "active_rooms": 3, "rooms": {}}
    for who in ("testuser", "operator"):
        seen = await statistics(server, await token(who))
        assert seen == {"active_users": 3, "active_rooms": 3, "rooms": rooms}


GRACE = 20.0  # seconds; somebody whose connection broke before is still shown for ten
POLITE = 0.1  # seconds between two questions: who asks too often is refused


async def statistics(server: Server, token: str | None = None) -> Any:
    """`curl http://…/api/v1/ws/stats`, once those of earlier tests are gone."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"{server.http}/api/v1/ws/stats", headers=headers)

    def curl() -> Any:
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Content-Type"] == "application/json"
            return json.load(answer)

    async with asyncio.timeout(GRACE):
        while True:
            told = await asyncio.to_thread(curl)
            if told["active_rooms"] == 3:
                return told
            await asyncio.sleep(POLITE)


# wscat


async def test_wscat_with_a_token_of_the_command(server: Server, trip: str) -> None:
    """wscat -c ws://…/api/v1/ws/user123 -H "Authorization: Bearer $(python manage.py token user123)" """
    manage = await asyncio.create_subprocess_exec(
        *(sys.executable, "manage.py", "token", "user123"),
        cwd=ROOT,
        env=server.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    token = (await manage.communicate())[0].decode().strip()
    wscat = await Tab.open(f"{server.ws}/user123", headers={"Authorization": f"Bearer {token}"}, offers=[])
    await wscat.send_text(WSCAT_LINE)
    assert (await wscat.expect("joined"))["snapshot"]["trip"]["id"] == "trip456"
    await wscat.close()


# The React hook, and the class that reconnects


@pytest_asyncio.fixture
async def run(server: Server, token: Token, trip: str) -> AsyncIterator[Run]:
    """Starts a program of tests/realtime/node as user123, whose window is on `trip`."""
    started: list[Program] = []

    async def start(*command: str) -> Program:
        secret = await token("user123")
        program = await Program.run(*command, PORT=str(server.port), TOKEN=secret, USER="user123", TRIP=trip)
        started.append(program)
        return program

    yield start
    for program in started:
        await program.end()


@pytest.mark.parametrize("whose", ["document", "ours"])
async def test_the_react_hook(run: Run, user456: Tab, whose: str) -> None:
    page = await run("hook.js", whose)
    await page.until(lambda told: told.get("shown") == "🟢 Live")
    await user456.expect("user_joined", user_id="user123")

    await user456.send("trip_update", {"title": "Seen by React"}, trip_id="trip123")
    change = await user456.expect("trip_updated")
    await page.do("look")
    await _look_until(page, lambda messages: change in messages)

    await page.do("sendMessage", json.loads(CLIENT_MESSAGES["Itinerary Update"]))
    assert (await user456.expect("itinerary_updated"))["updated_by"] == "user123"

    await page.do("leaveTrip", "trip123")
    await user456.expect("user_left", user_id="user123")
    await page.do("joinTrip", "trip123")
    await user456.expect("user_joined", user_id="user123")

    await page.do("unmount")
    await user456.expect("user_left", user_id="user123")


async def _look_until(page: Program, there: Callable[[list[Message]], bool]) -> None:
    """Look at what the hook gives until this is in it."""
    while not there((await page.until(lambda told: "messages" in told))["messages"] or []):
        await page.do("look")


@pytest.fixture
def own_server(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """One that may be stopped."""
    return Server(tmp_path_factory.mktemp("own") / "log.txt")


class TestWhenTheServerIsStoppedAndStarted:
    @pytest.fixture
    def server(self, own_server: Server) -> Server:
        return own_server.start()

    async def test_the_class_of_the_document_comes_back(self, server: Server, run: Run, open_tab: Open) -> None:
        client = await run("reconnecting.js")
        await client.says("Connected")
        await asyncio.to_thread(server.stop)
        await client.says("Reconnecting... (1/5)")
        await client.do("later")
        await client.says("Reconnecting... (2/5)")
        await asyncio.to_thread(server.start)
        await client.do("later")
        await client.says("Connected")
        watcher = await open_tab("user456", trip="trip123")
        await watcher.expect("joined")
        await client.do("send", json.loads(CLIENT_MESSAGES["Join Trip Room"]))
        await watcher.expect("user_joined", user_id="user123")
        await client.do("end")
        await watcher.expect("user_left", user_id="user123")
        await watcher.close()
        await asyncio.to_thread(server.stop)

    async def test_our_hook_comes_back_into_the_room(self, server: Server, run: Run, open_tab: Open) -> None:
        page = await run("hook.js", "ours")
        await page.until(lambda told: told.get("shown") == "🟢 Live")
        await asyncio.to_thread(server.stop)
        await page.until(lambda told: told.get("shown") == "🔴 Offline")
        await asyncio.to_thread(server.start)
        await page.until(lambda told: told.get("shown") == "🟢 Live")
        watcher = await open_tab("user456", trip="trip123")
        present = {person["user_id"] for person in (await watcher.expect("joined"))["present"]}
        if "user123" not in present:
            await watcher.expect("user_joined", user_id="user123")
        await page.do("unmount")
        await watcher.expect("user_left", user_id="user123")
        await watcher.close()
        await asyncio.to_thread(server.stop)
