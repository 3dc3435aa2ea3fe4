"""The hub, on the loop of the test: what happens when things happen at once."""

import asyncio
import json
import logging
import threading
from time import monotonic
from typing import Any
from unittest.mock import patch

import pytest
from channels.testing import WebsocketCommunicator

from realtime.broadcast import Announcement, packed
from realtime.consumers import UserConsumer
from realtime.doorbell import EVERYONE
from realtime.entry import Asked, Entry, read_entry
from realtime.extension import TEXT
from realtime.hub import Hub
from realtime.look import look_at_journal, look_at_layer
from realtime.protocol import Close
from realtime.routing import websocket
from tests.realtime.conftest import numbers
from tests.realtime.database import ask
from tests.realtime.screen import Screen
from trips.changes import apply_one, create_trip
from trips.models import Change, Trip, User
from trips.mutations import Mutation, Step
from trips.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

PATIENCE = 5.0


class Pause:
    """Holds up the next read of a trip after it was read, until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._has_read, self._go_on = threading.Event(), threading.Event()
        monkeypatch.setattr("realtime.entry.read_entry", self._read)

    def _read(self, asked: Asked) -> Entry:
        found = read_entry(asked)
        self._has_read.set()
        self._go_on.wait(PATIENCE)
        return found

    async def has_read(self) -> None:
        assert await asyncio.to_thread(self._has_read.wait, PATIENCE)

    def go_on(self) -> None:
        self._go_on.set()


async def half_entered(
    hub: Hub, trip: str, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> tuple[Pause, asyncio.Task[None]]:
    """Somebody has read the trip, and is not in yet."""
    pause = Pause(monkeypatch)
    entering = asyncio.create_task(hub.join(screen.session, trip, None))
    await pause.has_read()
    return pause, entering


@pytest.fixture
def trip(people: dict[str, User]) -> str:
    """Alice's. Each test has another: in Redis, the people of the last hub stay a while."""
    members = [
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step("member", {"user_id": "vera", "role": "viewer"}),
    ]
    return create_trip(people["alice"], {"title": "Paris"}, *members, trip_id=f"trip{next(numbers)}")


async def test_a_fault_while_a_trip_socket_enters_is_told_and_closes_it(
    hub: Hub, trip: str, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr("realtime.entry.read_entry", fail)
    socket = socket_of_alice(trip, cookies)
    assert await socket.connect() == (True, None)
    assert (await socket.receive_json_from())["type"] == "connection"
    assert (await socket.receive_json_from())["code"] == "internal"
    assert await socket.receive_output() == {"type": "websocket.close", "code": Close.CANNOT_SERVE}
    await socket.wait()


def socket_of_alice(trip: str, cookies: dict[str, str]) -> WebsocketCommunicator:
    headers = {"Host": "localhost", "Origin": "http://localhost", "Cookie": f"sessionid={cookies['alice']}"}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return WebsocketCommunicator(websocket, f"/api/v1/ws/trip/{trip}?user_id=alice", encoded)


async def test_a_server_that_offers_a_shorter_way_is_given_text_by_it(
    hub: Hub, trip: str, cookies: dict[str, str]
) -> None:
    written: asyncio.Queue[str] = asyncio.Queue()

    def write(text: str) -> bool:
        written.put_nowait(text)
        return True

    socket = socket_of_alice(trip, cookies)
    socket.scope["extensions"] = {TEXT: {"write": write}}
    assert await socket.connect() == (True, None)
    kinds = [json.loads(await asyncio.wait_for(written.get(), PATIENCE))["type"] for _ in range(2)]
    assert kinds == ["connection", "joined"]
    await socket.disconnect()


@pytest.fixture
def unheard(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored is announced to nobody, as by a command on a terminal, or a process that died."""
    monkeypatch.setattr(hub, "announce_soon", lambda announcements: None)


async def change(trip: str, actor: User, kind: str, data: dict[str, Any], op: str = "set") -> None:
    await ask(lambda: apply_one(Mutation(trip, actor, (Step(kind, data, op),))))


async def test_who_has_too_many_connections_elsewhere_is_not_connected_here(
    hub: Hub, screens: dict[str, Screen], settings: Any
) -> None:
    settings.CONNECTIONS_PER_PERSON = 1
    hub.attendance.others.heard("another", beat=1, now=monotonic()).connections["alice"] = 1
    with pytest.raises(Refused, match="1 connections open"):
        hub.admit(screens["alice"].session)
    assert not hub.sessions


async def test_a_change_during_an_entrance_is_told_once(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = screens["alice"], screens["bob"]
    await hub.join(alice.session, trip, None)
    pause, entering = await half_entered(hub, trip, bob, monkeypatch)
    await change(trip, people["alice"], "trip", {"title": "Meanwhile"})
    await alice.until(lambda: len(alice.seqs()) == 1)
    pause.go_on()
    await entering
    await change(trip, people["alice"], "trip", {"title": "Afterwards"})
    await alice.until(lambda: len(alice.seqs()) >= 2 and len(bob.seqs()) >= 2)
    first = alice.seqs()[0]
    assert alice.seqs() == bob.seqs() == [first, first + 1]


async def test_who_is_removed_while_being_the_first_to_enter_is_not_let_in(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = screens["bob"].session
    pause = Pause(monkeypatch)
    entering = asyncio.create_task(hub.join(bob, trip, None))
    await pause.has_read()
    await change(trip, people["alice"], "member", {"user_id": "bob"}, "remove")
    pause.go_on()
    with pytest.raises(Refused):
        await entering
    assert not bob.rooms
    assert not hub.rooms


async def test_who_comes_again_and_is_refused_leaves_nothing_behind(
    hub: Hub, trip: str, screens: dict[str, Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Entry:
        raise Refused("unavailable", "Storage is away.")

    alice, bob = screens["alice"], screens["bob"]
    for one in (alice, bob):
        await hub.join(one.session, trip, None)
    monkeypatch.setattr("realtime.entry.read_entry", away)
    with pytest.raises(Refused):
        await hub.join(bob.session, trip, None)
    assert [person.user_id for person in hub.rooms[trip].people] == ["alice"]
    await alice.until(lambda: "user_left" in alice.kinds())
    hub.leave(alice.session, trip)
    assert not hub.rooms


async def test_into_a_large_trip_that_is_being_edited_one_enters_where_the_last_one_did_and_catches_up(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = screens["alice"], screens["bob"]
    ideas = tuple(Step("activity", {"name": f"Idea {n}"}) for n in range(30))
    await ask(lambda: apply_one(Mutation(trip, people["alice"], ideas)))
    await hub.join(alice.session, trip, None)
    for title in ("Lyon", "Rome"):
        await change(trip, people["alice"], "trip", {"title": title})
    await alice.until(lambda: len(alice.seqs()) == 2)
    with patch("trips.snapshot.take", side_effect=AssertionError("it was read again")):
        await hub.join(bob.session, trip, None)
    await change(trip, people["alice"], "trip", {"title": "Oslo"})
    await bob.until(lambda: len(bob.seqs()) == 3)
    entered = bob.told[0]
    assert entered["seq"] == entered["snapshot"]["seq"] == alice.told[0]["seq"]
    assert bob.seqs() == [entered["seq"] + n for n in (1, 2, 3)]


@pytest.mark.usefixtures("unheard")
async def test_who_is_removed_unheard_is_told_so(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    bob = screens["bob"]
    hub.admit(bob.session)
    await hub.join(bob.session, trip, None)
    await change(trip, people["alice"], "member", {"user_id": "bob"}, "remove")
    await look_at_journal(hub)
    await bob.until(lambda: "trip_unshared" in bob.kinds())
    assert not bob.session.rooms


@pytest.mark.usefixtures("unheard")
async def test_where_the_journal_has_a_gap_everyone_is_given_the_trip_anew(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    alice = screens["alice"]
    await hub.join(alice.session, trip, None)
    for title in ("Pruned", "Kept"):
        await change(trip, people["alice"], "trip", {"title": title})
    second_last = await ask(Change.objects.order_by("-seq")[1:2].get)
    await ask(second_last.delete)
    await look_at_journal(hub)
    await alice.until(lambda: alice.kinds().count("joined") == 2)
    assert alice.told[-1]["snapshot"]["trip"]["title"] == "Kept"


@pytest.mark.usefixtures("unheard")
async def test_where_the_journal_keeps_nothing_more_everyone_is_given_the_trip_anew(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    alice = screens["alice"]
    await hub.join(alice.session, trip, None)
    await change(trip, people["alice"], "trip", {"title": "Pruned"})
    await ask(Change.objects.all().delete)
    await look_at_journal(hub)
    await alice.until(lambda: alice.kinds().count("joined") == 2)
    assert alice.told[-1]["snapshot"]["trip"]["title"] == "Pruned"


@pytest.mark.usefixtures("unheard")
async def test_who_enters_while_the_room_starts_over_misses_nothing(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = screens["alice"], screens["bob"]
    await hub.join(alice.session, trip, None)
    pause, entering = await half_entered(hub, trip, bob, monkeypatch)
    await change(trip, people["alice"], "trip", {"title": "Pruned"})
    room = hub.rooms[trip]
    room.start_at((room.seq or 0) + 1)  # as the look does when the journal tells no more of it
    pause.go_on()
    await entering
    await bob.until(lambda: "joined" in bob.kinds())
    assert bob.told[0]["snapshot"]["trip"]["title"] == "Pruned"


@pytest.mark.usefixtures("unheard")
async def test_who_came_back_before_their_removal_was_heard_of_stays(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    alice, bob = screens["alice"], screens["bob"]
    await hub.join(alice.session, trip, None)
    for op in ("remove", "restore"):
        await change(trip, people["alice"], "member", {"user_id": "bob"}, op)
    await hub.join(bob.session, trip, None)
    await look_at_journal(hub)
    await alice.until(lambda: len(alice.seqs()) == 2)
    assert bob.session.rooms
    assert "trip_unshared" not in bob.kinds()


async def test_who_is_put_out_of_a_room_is_told_once(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    """On a socket in the room, and on one that is not."""
    alice, bob, other = screens["alice"], screens["bob"], Screen(people["bob"])
    for session in (bob.session, other.session):
        hub.admit(session)
    for screen in (alice, bob):
        await hub.join(screen.session, trip, None)
    await change(trip, people["alice"], "member", {"user_id": "bob"}, "remove")
    await bob.until(lambda: "trip_unshared" in bob.kinds())
    await other.until(lambda: "trip_unshared" in other.kinds())
    await alice.until(lambda: len(alice.seqs()) == 1)
    assert [screen.kinds().count("trip_unshared") for screen in (alice, bob, other)] == [0, 1, 1]


async def test_where_the_database_was_put_back_everyone_is_given_the_trip_anew(
    hub: Hub, trip: str, screens: dict[str, Screen]
) -> None:
    alice = screens["alice"]
    await hub.join(alice.session, trip, None)
    await ask(lambda: Trip.objects.update(seq=1))
    await look_at_journal(hub)
    await alice.until(lambda: alice.kinds().count("joined") == 2)
    assert alice.told[-1]["seq"] == 1


async def test_what_was_stored_together_is_one_ring_for_the_other_processes(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, bytes]] = []
    monkeypatch.setattr(hub.doorbell, "ring", lambda group, message: rung.append((group, message["changes"])))
    paris, rome = Announcement("paris", 1, "everyone", "{}"), Announcement("rome", 1, "everyone", "{}")
    hub.announce([paris, rome])
    hub.announce([rome])
    assert rung == [(EVERYONE, packed([paris, rome])), ("trip_rome", packed([rome]))]


async def test_who_cannot_be_given_the_trip_anew_is_sent_away_to_come_back(
    hub: Hub, trip: str, screens: dict[str, Screen]
) -> None:
    alice = screens["alice"]
    await hub.join(alice.session, trip, None)
    await ask(lambda: Trip.objects.update(removed=True, seq=1))
    await look_at_journal(hub)
    await alice.until(lambda: alice.closed_with == Close.CANNOT_SERVE)
    assert not hub.rooms


async def test_who_is_given_the_trip_anew_is_told_nothing_of_it_before(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alice's turn is first; what she is told after it would look to Bob like what comes next."""
    alice, bob = screens["alice"], screens["bob"]
    for screen in (alice, bob):
        await hub.join(screen.session, trip, None)
    await ask(lambda: Trip.objects.update(seq=1))
    await ask(Change.objects.filter(seq__gt=1).delete)
    pause = Pause(monkeypatch)
    await look_at_journal(hub)
    await pause.has_read()
    for title in ("Oslo", "Rome", "Lima", "Kyoto"):
        await change(trip, people["alice"], "trip", {"title": title})
    pause.go_on()
    await alice.until(lambda: len(alice.seqs()) == 4)
    await bob.until(lambda: bob.kinds().count("joined") == 2)
    assert bob.told[-1]["snapshot"]["trip"]["title"] == "Kyoto"
    assert bob.seqs() == []


def fail(*_: Any) -> Entry:
    raise LookupError


async def test_whatever_keeps_a_room_from_starting_over_nobody_is_left_in_it(
    hub: Hub, trip: str, screens: dict[str, Screen], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    alice, bob = screens["alice"], screens["bob"]
    for screen in (alice, bob):
        await hub.join(screen.session, trip, None)
    monkeypatch.setattr("realtime.entry.read_entry", fail)
    await hub.start_over(hub.rooms[trip])
    await alice.until(lambda: alice.closed_with == Close.CANNOT_SERVE)
    await bob.until(lambda: bob.closed_with == Close.CANNOT_SERVE)
    assert not hub.rooms


async def test_a_removed_trip_leaves_nobody_in_its_room(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    for screen in screens.values():
        hub.admit(screen.session)
        if screen is not screens["mallory"]:
            await hub.join(screen.session, trip, None)
    await change(trip, people["alice"], "trip", {}, "remove")
    await screens["vera"].until(lambda: "trip_unshared" in screens["vera"].kinds())
    assert not screens["vera"].session.rooms
    assert not hub.rooms[trip].people
    hub.expire_people(hub.rooms[trip])
    assert not hub.rooms


async def test_who_was_sent_away_changes_nothing_any_more(hub: Hub, trip: str, screens: dict[str, Screen]) -> None:
    alice = screens["alice"]
    alice.session.outbox.close(Close.NOT_SIGNED_IN)
    late = {"type": "trip_update", "trip_id": trip, "data": {"title": "Too late"}}
    await UserConsumer().on_frame(hub, alice.session, {"text": json.dumps(late)})
    await asyncio.to_thread(hub.writer.stop)
    assert await ask(lambda: Trip.objects.get().title) == "Paris"


async def test_a_room_that_was_opened_while_the_layer_was_away_hears_of_it_later(
    hub: Hub, trip: str, screens: dict[str, Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([False, False, True])
    asked: list[str] = []

    async def join(group: str) -> bool:
        asked.append(group)
        return next(answers)

    monkeypatch.setattr(hub.doorbell, "join", join)
    await hub.join(screens["alice"].session, trip, None)
    for _ in range(4):
        await look_at_layer(hub)
        await asyncio.sleep(0)
    assert asked == [f"trip_{trip}"] * 3
