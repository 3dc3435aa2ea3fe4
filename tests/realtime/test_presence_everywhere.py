"""Who is here, over two processes that Redis joins."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.request import Request, urlopen

import pytest
import pytest_asyncio
import redis
from django.conf import settings

from tests.realtime.conftest import Open, Start
from tests.realtime.tab import Message, Tab
from tests.server import Server

pytestmark = pytest.mark.scaled

LEASE = 3.0  # seconds, in place of ten
LIMIT = 3  # connections a person
# A name of their own in Redis: what a server that another test killed said of its people is believed for ten seconds.
PREFIX = f"{os.environ['REDIS_PREFIX']}-everywhere"
FEW = {"PRESENCE_GRACE": str(LEASE), "CONNECTIONS_PER_PERSON": str(LIMIT), "REDIS_PREFIX": PREFIX}

Enter = Callable[..., Awaitable[tuple[Tab, Message]]]


@pytest.fixture(scope="module")
def server(start: Start) -> Server:
    return start("one", **FEW)


@pytest.fixture(scope="module")
def other(start: Start) -> Server:
    return start("other", **FEW)


@pytest.fixture(scope="module")
def silent(start: Start) -> Server:
    """A process that nobody has a socket to."""
    return start("silent", **FEW)


@pytest.fixture
def enter(open_tab: Open, server: Server, trip: str) -> Enter:
    """A tab in the trip's room, and what it was told on entering: `await enter("bob", at=other)`."""

    async def enter_one(name: str, at: Server = server) -> tuple[Tab, Message]:
        tab = await open_tab(name, at=at)
        tab.trip = trip
        await tab.send("join_trip")
        return tab, await tab.expect("joined")

    return enter_one


@pytest_asyncio.fixture
async def alice(enter: Enter) -> Tab:
    tab, _ = await enter("alice")
    return tab


@pytest_asyncio.fixture
async def bob(enter: Enter, alice: Tab, other: Server) -> Tab:
    """In the other process, as Alice has been told."""
    tab, _ = await enter("bob", at=other)
    await alice.expect("user_joined", user_id="bob")
    return tab


def names(people: list[dict[str, Any]]) -> set[str]:
    return {person["user_id"] for person in people}


async def comings(tab: Tab) -> list[tuple[str, str]]:
    """Who came and left, as this tab was told."""
    told = await tab.settle()
    return [(each["type"], each["user_id"]) for each in told if each["type"] in ("user_joined", "user_left")]


async def test_who_is_in_the_other_process_is_present(enter: Enter, other: Server, alice: Tab) -> None:
    await alice.send("presence", {"view": "budget"})
    await alice.send("typing", field="trip:x.title")
    await alice.settle()
    bob, joined = await enter("bob", at=other)
    while not joined["present"][0]["data"]:  # told within a hundredth of a second
        await bob.send("join_trip")
        joined = await bob.expect("joined")
    assert names(joined["present"]) == {"alice", "bob"}
    assert joined["present_count"] == 2
    assert joined["present"][0] | {"connections": 1} == {
        "user_id": "alice",
        "name": "Alice Archer",
        "colour": 1,
        "connections": 1,
        "data": {"view": "budget"},
        "typing": "trip:x.title",
    }
    assert (await alice.expect("user_joined", user_id="bob"))["name"] == "Bob Baker"


async def test_who_leaves_the_other_process_has_left(alice: Tab, bob: Tab) -> None:
    began = time.monotonic()
    await bob.close()
    await alice.expect("user_left", user_id="bob")
    assert time.monotonic() - began < LEASE


async def test_one_person_in_two_processes_comes_once_and_leaves_once(
    enter: Enter, other: Server, alice: Tab, bob: Tab
) -> None:
    second, joined = await enter("bob")
    assert names(joined["present"]) == {"alice", "bob"}
    await bob.close()
    vera, _ = await enter("vera", at=other)  # told after it
    await alice.expect("user_joined", user_id="vera")
    assert await comings(alice) == [("user_joined", "alice")]
    assert [entry["connections"] for entry in (await again(vera))["present"] if entry["user_id"] == "bob"] == [1]
    await second.close()
    await alice.expect("user_left", user_id="bob")


async def again(tab: Tab) -> Message:
    await tab.send("join_trip")
    return await tab.expect("joined")


async def test_whose_connection_breaks_and_comes_back_elsewhere_never_left(
    enter: Enter, other: Server, alice: Tab, bob: Tab
) -> None:
    bob.cut()
    back, _ = await enter("bob")
    # The grace that the break began is over when somebody who broke off after it has left.
    vera, _ = await enter("vera", at=other)
    await alice.expect("user_joined", user_id="vera")
    vera.cut()
    await alice.expect("user_left", user_id="vera")
    assert await comings(alice) == [("user_joined", "alice")]
    await back.close()
    await alice.expect("user_left", user_id="bob")


async def test_who_came_back_elsewhere_and_leaves_there_has_left(enter: Enter, alice: Tab, bob: Tab) -> None:
    bob.cut()
    back, _ = await enter("bob")
    vera, _ = await enter("vera")
    vera.cut()
    await alice.expect("user_left", user_id="vera")  # long after the other process heard that Bob is here
    await back.close()
    await alice.expect("user_left", user_id="bob")


async def test_the_people_of_a_process_that_was_killed_leave(enter: Enter, alice: Tab, start: Start) -> None:
    dying = start("dying", **FEW)
    await enter("bob", at=dying)
    await alice.expect("user_joined", user_id="bob")
    dying.kill()
    began = time.monotonic()
    await alice.expect("user_left", user_id="bob")
    assert time.monotonic() - began < 1.5 * LEASE


async def test_a_redis_that_was_emptied_sends_nobody_away(enter: Enter, other: Server, alice: Tab, bob: Tab) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{PREFIX}-*:hub*"):
            client.delete(key)
    vera, _ = await enter("vera", at=other)
    await alice.expect("user_joined", user_id="vera")
    vera.cut()
    await alice.expect("user_left", user_id="vera")  # after a whole lease
    assert await comings(alice) == [("user_joined", "alice")]
    assert names((await again(alice))["present"]) == {"alice", "bob"}


async def test_connections_are_counted_over_all_processes(open_tab: Open, other: Server) -> None:
    for n in range(LIMIT):
        await open_tab("alice", **({"at": other} if n % 2 else {}))
    deadline = time.monotonic() + 5
    while (too_many := await open_tab("alice", greeted=False)) and time.monotonic() < deadline:
        message = await next_message(too_many)
        if message["type"] == "error":
            break
        await too_many.close()  # the other process' count was not known yet
    assert message["code"] == "rate_limited"
    assert await too_many.expect_close() == 4429


async def next_message(tab: Tab) -> Message:
    while not tab.kept:
        await tab.read()
    return tab.kept[0]


async def test_stats_count_over_all_processes(
    enter: Enter, open_tab: Open, cookies: dict[str, str], server: Server, other: Server, silent: Server, trip: str
) -> None:
    await enter("alice")
    await enter("alice", at=other)
    await enter("bob", at=other)
    await open_tab("mallory", at=other)
    expected = {"active_users": 3, "active_rooms": 1, "rooms": {f"trip_{trip}": 2}}
    for asked in (server, other, silent):
        await until(partial(stats, asked, cookies["alice"]), expected)


def stats(server: Server, cookie: str) -> dict[str, Any]:
    request = Request(f"{server.http}/api/v1/ws/stats", headers={"Cookie": f"sessionid={cookie}"})
    with urlopen(request) as answer:
        return dict(json.load(answer))


async def until(ask: Callable[[], dict[str, Any]], expected: dict[str, Any]) -> None:
    """Counts that come from other processes are a second old."""
    deadline = time.monotonic() + 5
    while True:
        told = await asyncio.to_thread(ask)
        if told == expected:
            return
        assert time.monotonic() < deadline, told
        await asyncio.sleep(0.1)  # who asks too often is refused
