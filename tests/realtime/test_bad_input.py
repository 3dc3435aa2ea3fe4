"""Whatever somebody sends: the documented error, and everything else goes on as if nothing had been said."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.realtime.conftest import Open
from tests.realtime.database import ask
from tests.realtime.tab import Message, Tab
from trips.models import Change, Trip

pytestmark = pytest.mark.usefixtures("quiet_log")


def journal() -> tuple[int, list[int]]:
    """How many changes there are, and where each trip stands."""
    return Change.objects.count(), list(Trip.objects.order_by("pk").values_list("seq", flat=True))


TRIP = "TRIP"  # stands for the trip's id
COMING_AND_GOING = {"user_joined", "user_left"}


@asynccontextmanager
async def nothing_comes_of_it(*tabs: Tab) -> AsyncIterator[None]:
    """What is said inside stores nothing and reaches none of `tabs`, which all go on on the same connections."""
    before = await ask(journal)
    for tab in tabs:
        await tab.settle()
    yield
    for tab in tabs:
        assert {message["type"] for message in await tab.settle()} <= COMING_AND_GOING
    assert await ask(journal) == before
    await tabs[-1].send("trip_update", {"title": "Life goes on"})
    for tab in tabs:
        assert (await tab.expect("trip_updated"))["data"] == {"title": "Life goes on"}


async def answer_to(open_tab: Open, trip: str, frame: str | bytes) -> Message:
    """What Alice is told when she sends this. It is not stored, and her connection goes on."""
    before = await ask(journal)
    alice = await open_tab("alice")
    await alice.send("join_trip", trip_id=trip)
    await alice.expect("joined")
    await alice.send_text(frame.replace(TRIP, trip) if isinstance(frame, str) else frame)
    answer = await alice.expect("error")
    told = await alice.settle()
    assert {message["type"] for message in told} <= {"user_joined"}, (frame, told)
    await alice.close()
    assert await ask(journal) == before
    return answer


def of_trip(kind: str, **envelope: Any) -> str:
    return json.dumps({"type": kind, "trip_id": TRIP, **envelope})


def title(text: str) -> str:
    """A change of the title, to what is given as JSON."""
    return f'{{"type": "trip_update", "trip_id": "TRIP", "data": {{"title": {text}}}}}'


def amount(text: str) -> str:
    """A change of a budget line, to what is given as JSON."""
    return f'{{"type": "budget_update", "trip_id": "TRIP", "data": {{"category": "food", "amount": {text}}}}}'


UNREADABLE: dict[str, str | bytes] = {
    "not JSON": "{'type': 'ping'}",
    "half a message": '{"type": "ping"',
    "two messages": '{"type": "ping"}{"type": "ping"}',
    "empty text": "",
    "binary": b'{"type": "ping"}',
    "binary that is no text": b"\xff\xfe\x00",
    "NaN": amount("NaN"),
    "Infinity": amount("-Infinity"),
    "a lone surrogate": title(r'"\ud800"'),
    "the surrogates the wrong way round": title(r'"\udc00\ud800"'),
    "a raw control character": title('"a\x00b"'),
    "a list": "[]",
    "a number": "1",
    "null": "null",
}


async def test_what_is_no_message_is_answered_as_such(
    open_tab: Open, bob: Tab, trip: str, subtests: pytest.Subtests
) -> None:
    async with nothing_comes_of_it(bob):
        for name, frame in UNREADABLE.items():
            with subtests.test(name):
                assert (await answer_to(open_tab, trip, frame))["code"] == "bad_json"


INVALID: dict[str, tuple[str, set[str]]] = {
    "100 kB": (title(f'"{"x" * 100_000}"'), set()),
    "depth 5,000": (title("[" * 5_000 + "]" * 5_000), set()),
    "depth 17": (title("[" * 15 + "]" * 15), set()),
    "5,000 digits": (amount("9" * 5_000), set()),
    "400 digits": (amount("9" * 400), {"amount"}),
    "400 places": (amount("1." + "1" * 400), {"amount"}),
    "a huge exponent": (amount("1e400"), {"amount"}),
    "an exponent without end": (amount("1e99999999999999999999"), set()),
    "a tiny exponent": (amount("1e-400"), {"amount"}),
    "a negative amount": (amount("-1"), {"amount"}),
    "an amount that is a list": (amount("[1]"), {"amount"}),
    "an amount that is true": (amount("true"), {"amount"}),
    "NUL": (title(r'"a\u0000b"'), {"title"}),
    "a control character": (title(r'"a\u0007b"'), {"title"}),
    "no type": ('{"trip_id": "TRIP"}', {"type"}),
    "a type that is a number": ('{"type": 1}', {"type"}),
    "a type that is a list": ('{"type": ["ping"]}', {"type"}),
    "no trip_id": ('{"type": "trip_update", "data": {"title": "x"}}', {"trip_id"}),
    "a trip_id that is a number": ('{"type": "trip_update", "trip_id": 1, "data": {"title": "x"}}', {"trip_id"}),
    "a trip_id that is no id": ('{"type": "join_trip", "trip_id": "../etc"}', {"trip_id"}),
    "a trip_id with NUL": (r'{"type": "join_trip", "trip_id": "trip\u0000"}', {"trip_id"}),
    "a mutation_id that is a number": (of_trip("trip_update", data={"title": "x"}, mutation_id=1), {"mutation_id"}),
    "a mutation_id that is too long": (
        of_trip("trip_update", data={"title": "x"}, mutation_id="m" * 65),
        {"mutation_id"},
    ),
    "no data": (of_trip("trip_update"), {"data"}),
    "data that is a list": (of_trip("trip_update", data=[]), {"data"}),
    "data that is null": (of_trip("trip_update", data=None), {"data"}),
    "an unknown field": (of_trip("trip_update", data={"title": "x", "colour": "red"}), {"colour"}),
    "a field that is read only": (of_trip("itinerary_update", data={"id": "stop1", "position": "a0"}), {"position"}),
    "an unknown op": (of_trip("trip_update", data={}, op="explode"), {"op"}),
    "an op that is a list": (of_trip("trip_update", data={}, op=[]), {"op"}),
    "an id that is a number": (of_trip("itinerary_update", id=7, data={"day": 2}), {"id"}),
    "an id that is a list": (of_trip("itinerary_update", data={"id": ["stop1"], "day": 2}), {"id"}),
    "two ids": (of_trip("itinerary_update", id="stop1", data={"id": "stop2", "day": 2}), {"id"}),
    "a title that is a number": (title("7"), {"title"}),
    "a title that is null": (title("null"), {"title"}),
    "an empty title": (title('"   "'), {"title"}),
    "a title that is too long": (title(json.dumps("x" * 201)), {"title"}),
    "notes that are too long": (of_trip("trip_update", data={"notes": "x" * 10_001}), {"notes"}),
    "a day that is text": (of_trip("itinerary_update", data={"id": "stop1", "day": "2"}), {"day"}),
    "a day that is true": (of_trip("itinerary_update", data={"id": "stop1", "day": True}), {"day"}),
    "day 0": (of_trip("itinerary_update", data={"id": "stop1", "day": 0}), {"day"}),
    "day 1000": (of_trip("itinerary_update", data={"id": "stop1", "day": 1_000}), {"day"}),
    "a day of many digits": (of_trip("itinerary_update", data={"id": "stop1", "day": 10**399}), {"day"}),
    "a time that is none": (of_trip("itinerary_update", data={"id": "stop1", "time": "25:00"}), {"time"}),
    "a time that is an object": (of_trip("itinerary_update", data={"id": "stop1", "time": {}}), {"time"}),
    "a neighbour that is an object": (of_trip("itinerary_update", data={"id": "stop1", "after": {}}), {"after"}),
    "an activity that is nowhere": (
        of_trip("itinerary_update", data={"day": 1, "activity": "x", "activity_id": "nowhere"}),
        {"activity_id"},
    ),
    "a stop without a title": (of_trip("itinerary_update", data={"day": 1}), {"activity"}),
    "a category that is none": (of_trip("itinerary_update", data={"id": "stop1", "category": "war"}), {"category"}),
    "half a place": (of_trip("activity_update", data={"activity_id": "act456", "latitude": 1}), {"longitude"}),
    "a latitude beyond the pole": (
        of_trip("activity_update", data={"activity_id": "act456", "latitude": 91, "longitude": 0}),
        {"latitude"},
    ),
    "a latitude of many digits": (
        of_trip("activity_update", data={"activity_id": "act456", "latitude": 10**399, "longitude": 0}),
        {"latitude"},
    ),
    "a link that runs": (
        of_trip("activity_update", data={"activity_id": "act456", "link": "javascript:alert(1)"}),
        {"link"},
    ),
    "a budget line without a category": (of_trip("budget_update", data={"amount": 1}), {"category"}),
    "a budget line without an amount": (of_trip("budget_update", data={"category": "museums"}), {"amount"}),
    "a date that is none": (of_trip("trip_update", data={"start_date": "2027-02-30"}), {"start_date"}),
    "an end before the start": (of_trip("trip_update", data={"end_date": "2027-04-01"}), {"end_date"}),
    "a currency that is none": (of_trip("trip_update", data={"currency": "XYZ"}), {"currency"}),
    "a base_seq that is text": (of_trip("trip_update", data={"title": "x"}, base_seq="1"), {"base_seq"}),
    "a base_seq below zero": (of_trip("trip_update", data={"title": "x"}, base_seq=-1), {"base_seq"}),
    "a since that is text": (of_trip("join_trip", since="1"), {"since"}),
    "a since below zero": (of_trip("join_trip", since=-1), {"since"}),
    "a since that is true": (of_trip("join_trip", since=True), {"since"}),
    "typing without a field": (of_trip("typing"), {"field"}),
    "typing a field that is a number": (of_trip("typing", field=1), {"field"}),
    "typing a field that is endless": (of_trip("typing", field="x" * 201), {"field"}),
    "typing that is half active": (of_trip("typing", field="x", active="yes"), {"active"}),
    "presence without data": (of_trip("presence"), {"data"}),
    "presence of something else": (of_trip("presence", data={"mood": "fine"}), {"mood"}),
    "presence on a view that is an object": (of_trip("presence", data={"view": {}}), {"view"}),
    "a ping with an object": (of_trip("ping", timestamp={}), {"timestamp"}),
    "a ping with a long text": (of_trip("ping", timestamp="x" * 101), {"timestamp"}),
    "a ping of 400 digits": (of_trip("ping", timestamp=10**399), {"timestamp"}),
    "a batch of nothing": (of_trip("batch", mutations=[]), {"mutations"}),
    "a batch that is an object": (of_trip("batch", mutations={}), {"mutations"}),
    "a batch of numbers": (of_trip("batch", mutations=[1]), {"mutations"}),
}


async def test_what_does_not_fit_is_refused_by_name(
    open_tab: Open, bob: Tab, trip: str, subtests: pytest.Subtests
) -> None:
    async with nothing_comes_of_it(bob):
        for name, (frame, fields) in INVALID.items():
            with subtests.test(name):
                refusal = await answer_to(open_tab, trip, frame)
                assert refusal["code"] == "invalid"
                assert set(refusal.get("fields", {})) == fields


async def test_an_unknown_type_is_refused(open_tab: Open, bob: Tab, trip: str, subtests: pytest.Subtests) -> None:
    async with nothing_comes_of_it(bob):
        for kind in ("explode", "", "trip", "trip_updated", "_update", "__init__", "joined", "room.tell"):
            with subtests.test(kind):
                frame = of_trip(kind, data={"title": "x"}, mutation_id="m1")
                refusal = await answer_to(open_tab, trip, frame)
                assert (refusal["code"], refusal["mutation_id"]) == ("unknown_type", "m1")


async def test_unknown_keys_of_the_envelope_are_ignored(alice: Tab) -> None:
    await alice.send("trip_update", {"title": "Paris again"}, mood="fine", mutation_id="m1")
    await alice.expect("ack", mutation_id="m1")


async def test_a_base_seq_of_many_digits_is_nothing_special(alice: Tab) -> None:
    await alice.send("trip_update", {"title": "Paris again"}, base_seq=10**399, mutation_id="m1")
    await alice.expect("ack", mutation_id="m1")


async def test_a_since_of_many_digits_is_answered_with_a_snapshot(alice: Tab) -> None:
    await alice.send("join_trip", since=10**399)
    assert (await alice.expect("joined"))["snapshot"]["trip"]["title"] == "Paris"


async def test_who_speaks_another_protocol_is_sent_away(alice: Tab, bob: Tab) -> None:
    async with nothing_comes_of_it(bob):
        await alice.send_text("EHLO")
        for _ in range(9):
            await alice.send_text("HELO")
        await alice.send("trip_update", {"title": "Said after the last word"})
        assert await alice.expect_close() == 4400


async def test_a_good_word_between_bad_ones_keeps_the_connection(alice: Tab) -> None:
    for _ in range(4):
        for _ in range(9):
            await alice.send_text("HELO")
        await alice.settle()


# Rights


async def test_a_viewer_edits_nothing(vera: Tab, alice: Tab) -> None:
    edits: list[tuple[str, Message, str]] = [
        ("trip_update", {"title": "Mine"}, "set"),
        ("trip_update", {}, "remove"),
        ("itinerary_update", {"day": 1, "activity": "Mine"}, "set"),
        ("itinerary_update", {"id": "stop1"}, "remove"),
        ("activity_update", {"activity_id": "act456", "name": "Mine"}, "set"),
        ("budget_update", {"category": "food", "amount": 1}, "set"),
        ("member_update", {"user_id": "vera", "role": "owner"}, "set"),
        ("member_update", {"user_id": "alice"}, "remove"),
    ]
    async with nothing_comes_of_it(vera, alice):
        for number, (kind, data, op) in enumerate(edits):
            await vera.send(kind, data, op=op, mutation_id=f"m{number}")
            refusal = await vera.expect("error", mutation_id=f"m{number}")
            assert refusal["code"] == "read_only"


async def test_an_editor_does_not_say_who_takes_part(bob: Tab, alice: Tab) -> None:
    async with nothing_comes_of_it(bob, alice):
        for data, op in (({"user_id": "mallory", "role": "editor"}, "set"), ({"user_id": "vera"}, "remove")):
            await bob.send("member_update", data, op=op)
            assert (await bob.expect("error"))["code"] == "read_only"
        await bob.send("trip_update", {}, op="remove")
        assert (await bob.expect("error"))["code"] == "read_only"


async def test_a_stranger_s_trip_does_not_exist(open_tab: Open, alice: Tab, trip: str) -> None:
    """The answers for a trip of others and for one that nobody has are the same."""
    mallory = await open_tab("mallory")
    async with nothing_comes_of_it(alice):
        answers = []
        for trip_id in (trip, "nowhere"):
            await mallory.send("join_trip", trip_id=trip_id)
            await mallory.send("trip_update", {"title": "Mine"}, trip_id=trip_id)
            answers.append([await mallory.expect("error", trip_id=trip_id) for _ in range(2)])
        told = [[(answer["code"], answer["message"]) for answer in both] for both in answers]
        assert told[0] == told[1]
        assert {code for code, _ in told[0]} == {"not_found"}
    assert [message["type"] for message in await mallory.settle()] == []


async def test_a_trip_socket_to_a_stranger_s_trip_is_closed(open_tab: Open, alice: Tab, trip: str) -> None:
    async with nothing_comes_of_it(alice):
        for trip_id in (trip, "nowhere"):
            mallory = await open_tab("mallory", trip=trip_id, greeted=False)
            assert await mallory.expect_close() == 4404
            assert (await mallory.expect("error"))["code"] == "not_found"


async def test_typing_in_a_room_that_was_not_joined_reaches_nobody(open_tab: Open, alice: Tab, trip: str) -> None:
    bob = await open_tab("bob")
    async with nothing_comes_of_it(alice):
        for kind, more in (("typing", {"field": "x"}), ("presence", {"data": {"view": "plan"}})):
            await bob.send(kind, trip_id=trip, **more)
            assert (await bob.expect("error"))["code"] == "invalid"


# Too much


async def test_a_thousand_messages_at_once(alice: Tab, bob: Tab) -> None:
    async with nothing_comes_of_it(bob):
        await asyncio.gather(*(alice.send("ping", timestamp=n) for n in range(1_000)))
        refusals = 0
        for _ in range(1_000):
            answer = await _next_answer(alice)
            refusals += answer["type"] == "error"
            if answer["type"] == "error":
                assert answer["code"] == "rate_limited"
                assert 0 < answer["retry_after"] <= 0.05
                wait = answer["retry_after"]
        assert 600 <= refusals <= 945  # but for a burst of 60, and 20 more a second
    await asyncio.sleep(wait)
    await alice.settle()


async def _next_answer(tab: Tab) -> Message:
    while not (answers := [message for message in tab.kept if message["type"] in ("pong", "error")]):
        await tab.read()
    tab.kept.remove(answers[0])
    return answers[0]


async def test_a_flood_is_closed(alice: Tab, bob: Tab) -> None:
    async with nothing_comes_of_it(bob):
        flood = "x" * 10
        await asyncio.gather(*(alice.send("ping", timestamp=flood) for _ in range(2_500)), return_exceptions=True)
        assert await alice.expect_close() == 4429


async def test_a_thousand_edits_at_once_are_refused_and_none_is_lost(alice: Tab, bob: Tab) -> None:
    """Whoever is refused knows it: as many are stored as were not refused."""
    before = (await ask(journal))[0]
    for n in range(1_000):
        await alice.send("trip_update", {"title": f"Trip {n}"}, mutation_id=f"m{n}")
    acks = refusals = 0
    while acks + refusals < 1_000:
        await alice.read()
        acks += len([message for message in alice.kept if message["type"] == "ack"])
        refusals += len([message for message in alice.kept if message["type"] == "error"])
        assert all(message["code"] == "rate_limited" for message in alice.kept if message["type"] == "error")
        alice.kept = []
    assert acks >= 40
    assert (await ask(journal))[0] - before == acks
    told = [message for message in await bob.settle() if message["type"] == "trip_updated"]
    assert len(told) == acks


async def test_the_twenty_first_connection_is_one_too_many(open_tab: Open, alice: Tab) -> None:
    others = [await open_tab("alice") for _ in range(19)]
    async with nothing_comes_of_it(alice):
        one_too_many = await open_tab("alice", greeted=False)
        assert await one_too_many.expect_close() == 4429
        assert (await one_too_many.expect("error"))["code"] == "rate_limited"
    await others[0].close()
    await alice.settle()
    again = await open_tab("alice")
    await again.settle()
    await (await open_tab("bob")).settle()


# Together


async def test_a_batch_with_one_bad_mutation_stores_nothing(alice: Tab, bob: Tab) -> None:
    good: Message = {"type": "itinerary_update", "data": {"id": "new", "day": 1, "activity": "Louvre"}}
    for bad in (
        {"type": "itinerary_update", "data": {"id": "stop1", "day": 0}},
        {"type": "itinerary_update", "id": "nowhere", "op": "remove", "data": {}},
        {"type": "explode", "data": {}},
        {"type": "budget_update", "data": {"category": "food", "amount": "lots"}},
    ):
        for mutations in ([good, bad], [bad, good], [good, bad, good]):
            async with nothing_comes_of_it(alice, bob):
                await alice.send("batch", mutations=mutations, mutation_id="all-or-none")
                refusal = await alice.expect("error")
                assert refusal["mutation_id"] == "all-or-none"
                assert refusal["code"] in ("invalid", "not_found", "unknown_type")
    # Refusals are not remembered: the same id may be used for what is good.
    await alice.send("batch", mutations=[good], mutation_id="all-or-none")
    assert "duplicate" not in await alice.expect("ack")


async def test_two_people_create_the_same_activity_at_once(alice: Tab, bob: Tab) -> None:
    """One of them creates it, the other changes it; both are told, and everybody sees the same."""
    for tab in (alice, bob):
        await tab.send("activity_update", {"activity_id": "orsay", "name": f"Orsay {id(tab)}"}, mutation_id="mine")
    for tab in (alice, bob):
        await tab.expect("ack")
    told = [[await tab.expect("activity_updated") for _ in range(2)] for tab in (alice, bob)]
    assert told[0] == told[1]
    assert told[0][1]["seq"] == told[0][0]["seq"] + 1
    snapshot = await snapshot_of(alice)
    names = [activity["name"] for activity in snapshot["activities"] if activity["activity_id"] == "orsay"]
    assert names == [told[0][1]["data"]["name"]]


async def test_two_people_insert_at_the_same_place_at_once(alice: Tab, bob: Tab) -> None:
    """Both are there, one after the other, right behind what they were put after."""
    await alice.send("itinerary_update", {"id": "last", "day": 1, "activity": "Dinner"})
    await bob.expect("itinerary_updated")
    for tab, name in ((alice, "hers"), (bob, "his")):
        await tab.send("itinerary_update", {"id": name, "day": 1, "after": "stop1", "activity": name}, mutation_id="m")
    for tab in (alice, bob):
        await tab.expect("ack")
    stops = (await snapshot_of(bob))["itinerary"]
    order = [stop["id"] for stop in sorted(stops, key=lambda stop: (stop["position"].encode(), stop["id"]))]
    assert order[0] == "stop1"
    assert set(order[1:3]) == {"hers", "his"}
    assert order[3] == "last"
    assert len({stop["position"] for stop in stops}) == 4


async def snapshot_of(tab: Tab) -> Message:
    """The trip as it is stored."""
    await tab.send("join_trip")
    snapshot: Message = (await tab.expect("joined"))["snapshot"]
    return snapshot
