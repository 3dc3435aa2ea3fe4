"""People in one trip see each other's changes."""

import pytest

from tests.realtime.conftest import Open
from tests.realtime.tab import Tab


async def test_an_edit_reaches_the_other_browser(alice: Tab, bob: Tab) -> None:
    await alice.send("itinerary_update", {"day": 1, "activity": "Louvre", "time": "10:00 AM"})
    told = await bob.expect("itinerary_updated")
    assert told["data"]["activity"] == "Louvre"
    assert told["data"]["time"] == "10:00"
    assert told["updated_by"] == "alice"
    assert (await alice.expect("itinerary_updated"))["seq"] == told["seq"]


async def test_all_see_the_same_changes_in_the_same_order(alice: Tab, bob: Tab, vera: Tab) -> None:
    for n in range(30):
        await (alice if n % 2 else bob).send("trip_update", {"title": f"Trip {n}"})
    told = [[(await tab.expect("trip_updated"))["seq"] for _ in range(30)] for tab in (alice, bob, vera)]
    first = told[0][0]
    assert told == [list(range(first, first + 30))] * 3


async def test_a_change_by_rest_or_form_reaches_the_room(alice: Tab, trip: str) -> None:
    """See tests/trips for the doors; the room listens to the commit, whichever it came through."""
    await alice.send("budget_update", {"category": "food", "amount": 150.00}, mutation_id="m1")
    ack = await alice.expect("ack", mutation_id="m1")
    told = await alice.expect("budget_updated")
    assert told["data"] == {"category": "food", "amount": 150}
    assert told["seq"] == ack["seq"]


async def test_a_viewer_cannot_edit_the_budget(vera: Tab, alice: Tab) -> None:
    await vera.send("budget_update", {"category": "food", "amount": 1}, mutation_id="m1")
    refusal = await vera.expect("error")
    assert (refusal["code"], refusal["mutation_id"]) == ("read_only", "m1")
    assert await alice.settle() == [] or all(m["type"] != "budget_updated" for m in alice.kept)


async def test_the_same_mutation_sent_twice_is_applied_once(alice: Tab, bob: Tab) -> None:
    for _ in range(2):
        await alice.send("itinerary_update", {"day": 2, "activity": "Picnic"}, mutation_id="once")
    first, second = await alice.expect("ack"), await alice.expect("ack")
    assert second["seq"] == first["seq"]
    assert second["duplicate"]
    told = [message for message in await bob.settle() if message["type"] == "itinerary_updated"]
    assert len(told) == 1


async def test_who_comes_back_gets_what_was_missed(alice: Tab, bob: Tab, open_tab: Open) -> None:
    await alice.send("trip_update", {"title": "One"})
    seq = (await bob.expect("trip_updated"))["seq"]
    await bob.close()
    await alice.send("trip_update", {"title": "Two"})
    await alice.expect("trip_updated", seq=seq + 1)
    again = await open_tab("bob")
    again.trip = bob.trip
    await again.send("join_trip", since=seq)
    joined = await again.expect("joined")
    assert "snapshot" not in joined
    assert (await again.expect("trip_updated"))["data"] == {"title": "Two"}


async def test_a_removed_member_is_out_of_the_room(alice: Tab, bob: Tab) -> None:
    await alice.send("member_update", {"user_id": "bob"}, op="remove")
    await bob.expect("trip_unshared", trip_id=alice.trip)
    await alice.expect("user_left", user_id="bob")
    await alice.send("trip_update", {"title": "Without Bob"})
    await alice.expect("trip_updated")
    assert await bob.settle() == []
    await bob.send("trip_update", {"title": "Still here"})
    assert (await bob.expect("error"))["code"] == "not_found"


@pytest.mark.parametrize("echo", ["2026-01-03T12:00:00Z", 1767441600, 1767441600.25, -1e-7, None])
async def test_a_ping_is_answered_with_its_own_time(alice: Tab, echo: object) -> None:
    await alice.send("ping", timestamp=echo)
    assert (await alice.expect("pong"))["echo"] == echo


async def test_who_becomes_a_viewer_while_connected_edits_nothing_more(alice: Tab, bob: Tab) -> None:
    await alice.send("member_update", {"user_id": "bob", "role": "viewer"})
    assert (await bob.expect("member_updated"))["data"] == {"user_id": "bob", "role": "viewer"}
    await bob.send("trip_update", {"title": "Still editing"})
    assert (await bob.expect("error"))["code"] == "read_only"


async def test_a_trip_that_goes_and_comes_back_is_told_once_to_each_socket_of_its_members(
    alice: Tab, vera: Tab, open_tab: Open
) -> None:
    """In its room or not."""
    bob, mallory = await open_tab("bob"), await open_tab("mallory")
    await vera.settle()
    for op, told in (("remove", "trip_unshared"), ("restore", "trip_shared")):
        await alice.send("trip_update", op=op)
        for tab in (alice, vera, bob):
            await tab.expect(told, trip_id=alice.trip)
            assert told not in {message["type"] for message in await tab.settle()}
    assert await mallory.settle() == []


async def test_somebody_new_is_told_of_the_trip(alice: Tab, open_tab: Open) -> None:
    mallory = await open_tab("mallory")
    await alice.send("member_update", {"user_id": "mallory", "role": "viewer"})
    await mallory.expect("trip_shared", trip_id=alice.trip)
    await mallory.send("join_trip", trip_id=alice.trip)
    assert (await mallory.expect("joined"))["role"] == "viewer"


async def test_a_trip_socket_is_joined_from_the_start(open_tab: Open, trip: str) -> None:
    tab = await open_tab("alice", trip=trip, v1=False)
    joined = await tab.expect("joined")
    assert joined["snapshot"]["trip"]["title"] == "Paris"
    assert [stop["activity"] for stop in joined["snapshot"]["itinerary"]] == ["Breakfast"]
