"""Who is here, where they are and what they type."""

import time

import pytest

from tests.realtime.conftest import Open, Start
from tests.realtime.tab import Tab
from tests.server import Server

pytestmark = pytest.mark.usefixtures("quiet_log")

GRACE = 0.5  # seconds, in place of ten
LOOK = 1.0  # seconds between two looks around
FLEETING = {"user_joined", "user_left", "typing", "presence"}


@pytest.fixture(scope="module")
def server(start: Start) -> Server:
    """One that soon gives up on who has lost the connection."""
    return start("presence", PRESENCE_GRACE=str(GRACE))


async def fleeting(tab: Tab) -> list[str]:
    """The kinds of what this tab was told about people."""
    return [message["type"] for message in await tab.settle() if message["type"] in FLEETING]


async def enter(open_tab: Open, name: str, trip: str) -> Tab:
    """Another tab of somebody, in the trip's room."""
    tab = await open_tab(name)
    tab.trip = trip
    await tab.send("join_trip")
    return tab


# Coming and going


async def test_who_joins_is_told_who_is_there(alice: Tab, open_tab: Open, trip: str) -> None:
    bob = await enter(open_tab, "bob", trip)
    joined = await bob.expect("joined")
    assert joined["role"] == "editor"
    assert joined["present_count"] == 2
    assert joined["present"] == [
        {"user_id": "alice", "name": "Alice Archer", "colour": 1, "connections": 1, "data": {}},
        {"user_id": "bob", "name": "Bob Baker", "colour": 2, "connections": 1, "data": {}},
    ]
    for tab in (alice, bob):
        told = await tab.expect("user_joined")
        assert (told["user_id"], told["name"], told["colour"]) == ("bob", "Bob Baker", 2)


async def test_who_leaves_has_left_at_once(alice: Tab, bob: Tab) -> None:
    await bob.send("leave_trip")
    await bob.expect("left")
    assert (await alice.expect("user_left"))["user_id"] == "bob"
    assert await fleeting(bob) == []


@pytest.mark.parametrize("code", [1000, 1005])
async def test_who_closes_has_left_at_once(alice: Tab, bob: Tab, code: int) -> None:
    began = time.monotonic()
    if code == 1005:
        bob.socket.protocol.send_close()
        bob.socket.transport.write(b"".join(bob.socket.protocol.data_to_send()))
    else:
        await bob.close()
    await alice.expect("user_left", user_id="bob")
    assert time.monotonic() - began < GRACE


async def test_who_lost_the_connection_stays_for_a_while(alice: Tab, bob: Tab, open_tab: Open, trip: str) -> None:
    bob.cut()
    began = time.monotonic()
    vera = await enter(open_tab, "vera", trip)
    present = {person["user_id"]: person["connections"] for person in (await vera.expect("joined"))["present"]}
    assert present.keys() == {"alice", "bob", "vera"}
    await alice.expect("user_left", user_id="bob")
    assert GRACE <= time.monotonic() - began <= GRACE + LOOK + 1


async def test_a_page_that_reloads_neither_leaves_nor_comes(alice: Tab, bob: Tab, open_tab: Open, trip: str) -> None:
    await bob.close(1001)
    again = await enter(open_tab, "bob", trip)
    await again.expect("joined")
    # The look around that would have missed bob is over when somebody who broke off after him has left.
    vera = await enter(open_tab, "vera", trip)
    await vera.expect("joined")
    vera.cut()
    await alice.expect("user_left", user_id="vera")
    assert [message for message in alice.kept if message.get("user_id") == "bob"] == []


async def test_two_tabs_are_one_person(alice: Tab, bob: Tab, open_tab: Open, trip: str) -> None:
    second = await enter(open_tab, "bob", trip)
    present = {person["user_id"]: person["connections"] for person in (await second.expect("joined"))["present"]}
    assert present == {"alice": 1, "bob": 2}
    await bob.close()
    await second.settle()
    assert await fleeting(alice) == []
    await second.close()
    await alice.expect("user_left", user_id="bob")


async def test_who_leaves_one_trip_stays_connected(alice: Tab, bob: Tab) -> None:
    await bob.send("leave_trip")
    await alice.expect("user_left")
    await alice.send("trip_update", {"title": "Without Bob"})
    await alice.expect("trip_updated")
    assert "trip_updated" not in {message["type"] for message in await bob.settle()}
    await bob.send("trip_update", {"title": "An edit needs no room"}, mutation_id="m1")
    await bob.expect("ack")
    assert (await alice.expect("trip_updated"))["updated_by"] == "bob"


async def test_leaving_where_one_never_was_is_no_trouble(alice: Tab, open_tab: Open) -> None:
    mallory = await open_tab("mallory")
    for trip_id in (alice.trip, "nowhere"):
        await mallory.send("leave_trip", trip_id=trip_id)
        await mallory.expect("left", trip_id=trip_id)
    assert await fleeting(alice) == []


async def test_joining_twice_is_joining_once(alice: Tab, bob: Tab) -> None:
    await bob.send("join_trip")
    present = (await bob.expect("joined"))["present"]
    assert [person["connections"] for person in present] == [1, 1]
    assert await fleeting(alice) == []
    await alice.send("trip_update", {"title": "Once"})
    await bob.expect("trip_updated")
    assert "trip_updated" not in {message["type"] for message in await bob.settle()}


# Where, and what


async def test_where_i_am_is_told_to_the_others_only(alice: Tab, bob: Tab) -> None:
    await alice.send("presence", {"view": "plan", "focus": "itinerary:stop1"})
    told = await bob.expect("presence")
    assert (told["user_id"], told["name"], told["colour"]) == ("alice", "Alice Archer", 1)
    assert told["data"] == {"view": "plan", "focus": "itinerary:stop1"}
    assert await fleeting(alice) == []


async def test_who_comes_later_sees_where_everybody_is(alice: Tab, open_tab: Open, trip: str) -> None:
    await alice.send("presence", {"view": "budget", "focus": None})
    await alice.settle()
    bob = await enter(open_tab, "bob", trip)
    assert (await bob.expect("joined"))["present"][0]["data"] == {"view": "budget", "focus": None}


async def test_typing_is_told_to_the_others_only(alice: Tab, bob: Tab) -> None:
    await alice.send("typing", field="itinerary:stop1.activity")
    told = await bob.expect("typing")
    assert (told["user_id"], told["name"], told["colour"]) == ("alice", "Alice Archer", 1)
    assert (told["field"], told["active"], told["expires_in"]) == ("itinerary:stop1.activity", True, 6)
    await alice.send("typing", field="itinerary:stop1.activity", active=False)
    assert (await bob.expect("typing"))["active"] is False
    assert await fleeting(alice) == []


async def test_my_other_tab_sees_that_i_type(alice: Tab, open_tab: Open, trip: str) -> None:
    second = await enter(open_tab, "alice", trip)
    await second.expect("joined")
    await alice.send("typing", field="trip:x.title")
    assert (await second.expect("typing"))["user_id"] == "alice"


async def test_who_comes_later_sees_who_types_until_it_ends(alice: Tab, open_tab: Open, trip: str) -> None:
    """That it also ends by itself is arithmetic: see test_presence_rules.py."""
    await alice.send("typing", field="trip:x.title")
    await alice.settle()
    bob = await enter(open_tab, "bob", trip)
    assert (await bob.expect("joined"))["present"][0]["typing"] == "trip:x.title"
    await alice.send("typing", field="trip:x.title", active=False)
    await alice.settle()
    await bob.send("join_trip")
    assert "typing" not in (await bob.expect("joined"))["present"][0]


async def test_a_viewer_is_seen_too(alice: Tab, vera: Tab) -> None:
    await vera.send("presence", {"view": "budget"})
    assert (await alice.expect("presence"))["user_id"] == "vera"


async def test_what_is_fleeting_stays_in_its_room(alice: Tab, open_tab: Open) -> None:
    mallory = await open_tab("mallory")
    await alice.send("typing", field="x")
    await alice.send("presence", {"view": "plan"})
    await alice.settle()
    assert await fleeting(mallory) == []
