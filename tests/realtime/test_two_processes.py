"""Two processes, joined by PostgreSQL and Redis, are one place. What one tells, the other hears: it never looks."""

import asyncio

import pytest
import pytest_asyncio

from tests.realtime.conftest import Open, Start, numbers
from tests.realtime.database import ask
from tests.realtime.page import sign_out_on_the_page
from tests.realtime.tab import Tab
from tests.server import Server
from trips.changes import create_trip
from trips.models import User

pytestmark = pytest.mark.scaled

SELDOM = {"LOOK_EACH": "3600"}


@pytest.fixture(scope="module")
def server(start: Start) -> Server:
    return start("one", **SELDOM)


@pytest.fixture(scope="module")
def other(start: Start) -> Server:
    """A second process, on the same database and the same layer."""
    return start("other", **SELDOM)


@pytest_asyncio.fixture
async def bob(other: Server, open_tab: Open, trip: str, alice: Tab) -> Tab:
    """Bob, in the other process."""
    tab = await open_tab("bob", at=other)
    tab.trip = trip
    await tab.send("join_trip")
    await tab.expect("joined")
    return tab


async def test_an_edit_reaches_the_other_process(alice: Tab, bob: Tab) -> None:
    for n in range(20):
        await (alice if n % 2 else bob).send("trip_update", {"title": f"Trip {n}"})
    told = [[(await tab.expect("trip_updated"))["seq"] for _ in range(20)] for tab in (alice, bob)]
    assert told[0] == told[1] == sorted(told[0])


async def test_edits_of_several_trips_that_are_stored_together_reach_the_other_process(
    alice: Tab, bob: Tab, people: dict[str, User]
) -> None:
    second = await ask(lambda: create_trip(people["alice"], {"title": "Rome"}, trip_id=f"trip{next(numbers)}"))
    for n in range(10):
        for trip in (alice.trip, second):
            await alice.send("trip_update", {"title": f"Trip {n}"}, trip_id=trip)
    told = [(await bob.expect("trip_updated"))["data"]["title"] for _ in range(10)]
    assert told == [f"Trip {n}" for n in range(10)]


async def test_typing_reaches_the_other_process(alice: Tab, bob: Tab) -> None:
    await alice.send("typing", field="trip:trip1.title")
    assert (await bob.expect("typing"))["user_id"] == "alice"


async def test_a_removal_evicts_in_the_other_process(alice: Tab, bob: Tab) -> None:
    await alice.send("member_update", {"user_id": "bob"}, op="remove")
    await bob.expect("trip_unshared")
    await alice.send("trip_update", {"title": "Without Bob"})
    await alice.expect("trip_updated")
    assert all(message["type"] != "trip_updated" for message in await bob.settle())


async def test_who_signs_out_in_the_other_process_is_signed_out_here(
    other: Server, alice: Tab, cookies: dict[str, str]
) -> None:
    await asyncio.to_thread(sign_out_on_the_page, other, cookies["alice"])
    assert await alice.expect_close() == 4401
