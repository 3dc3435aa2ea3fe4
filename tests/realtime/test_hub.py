"""The hub, on the loop of the test: what happens when things happen at once."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from realtime import entry as entries
from realtime.auth import Identity
from realtime.consumers import UserConsumer
from realtime.entry import Entry
from realtime.hub import Hub
from realtime.look import look_at_journal, look_at_layer
from realtime.outbox import Outbox
from realtime.protocol import Close
from realtime.session import Session
from tests.realtime.database import ask
from trips.changes import apply_one, create_trip
from trips.models import Change, Trip, User
from trips.mutations import Mutation, Step
from trips.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

PATIENCE = 5.0


class Screen:
    """A socket of the hub, and what it was told."""

    def __init__(self, user: User) -> None:
        self.told: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self._news = asyncio.Event()
        self.session = Session(Identity(user, "a session"), Outbox(self._send, joins=True))

    async def _send(self, frame: dict[str, Any]) -> None:
        self.told += [json.loads(line) for line in frame.get("text", "").split("\n") if line]
        self.closed_with = frame.get("code")
        self._news.set()

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.told]

    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.told if message["type"].endswith("_updated")]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for what is told; fails when it does not come."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._news.wait()


class Pause:
    """Holds up the next read of a trip after it was read, until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._has_read, self._go_on = threading.Event(), threading.Event()
        monkeypatch.setattr("realtime.hub.read_entry", self._read_entry)

    def _read_entry(self, trip_id: str, user: User, since: int | None) -> Entry:
        found = entries.read_entry(trip_id, user, since)
        self._has_read.set()
        self._go_on.wait(PATIENCE)
        return found

    async def has_read(self) -> None:
        assert await asyncio.to_thread(self._has_read.wait, PATIENCE)

    def go_on(self) -> None:
        self._go_on.set()


@pytest.fixture
def trip(people: dict[str, User]) -> str:
    """Alice's; each test has a hub of its own, so that the id may be always the same."""
    members = [
        Step("member", {"user_id": "bob", "role": "editor"}),
        Step("member", {"user_id": "vera", "role": "viewer"}),
    ]
    return create_trip(people["alice"], {"title": "Paris"}, *members, trip_id="trip123")


@pytest_asyncio.fixture
async def hub(trip: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> AsyncIterator[Hub]:
    """The hub of this process; it looks around only when a test says so."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    monkeypatch.setattr("realtime.hub.take_leave_on_sigterm", lambda hub: None)
    monkeypatch.setattr("realtime.hub.look_around", lambda hub: asyncio.sleep(0))
    hub = Hub.here()
    yield hub
    await hub.stop()


@pytest_asyncio.fixture
async def screens(people: dict[str, User]) -> dict[str, Screen]:
    return {name: Screen(user) for name, user in people.items()}


@pytest.fixture
def unheard(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored is announced to nobody, as by a command on a terminal, or a process that died."""
    monkeypatch.setattr(hub, "announce_soon", lambda announcements: None)


async def change(trip: str, actor: User, kind: str, data: dict[str, Any], op: str = "set") -> None:
    await ask(lambda: apply_one(Mutation(trip, actor, (Step(kind, data, op),))))


async def test_a_change_during_an_entrance_is_told_once(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = screens["alice"], screens["bob"]
    await hub.join(alice.session, trip, None)
    pause = Pause(monkeypatch)
    entering = asyncio.create_task(hub.join(bob.session, trip, None))
    await pause.has_read()
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
    monkeypatch.setattr("realtime.hub.read_entry", away)
    with pytest.raises(Refused):
        await hub.join(bob.session, trip, None)
    assert [person.user_id for person in hub.rooms[trip].people] == ["alice"]
    await alice.until(lambda: "user_left" in alice.kinds())
    hub.leave(alice.session, trip)
    assert not hub.rooms


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


async def test_where_the_database_was_put_back_everyone_is_given_the_trip_anew(
    hub: Hub, trip: str, screens: dict[str, Screen]
) -> None:
    alice = screens["alice"]
    await hub.join(alice.session, trip, None)
    await ask(lambda: Trip.objects.update(seq=1))
    await look_at_journal(hub)
    await alice.until(lambda: alice.kinds().count("joined") == 2)
    assert alice.told[-1]["seq"] == 1


async def test_who_cannot_be_given_the_trip_anew_is_sent_away_to_come_back(
    hub: Hub, trip: str, screens: dict[str, Screen]
) -> None:
    alice = screens["alice"]
    await hub.join(alice.session, trip, None)
    await ask(lambda: Trip.objects.update(removed=True, seq=1))
    await look_at_journal(hub)
    await alice.until(lambda: alice.closed_with == Close.CANNOT_SERVE)
    assert not hub.rooms


async def test_a_removed_trip_leaves_nobody_in_its_room(
    hub: Hub, trip: str, screens: dict[str, Screen], people: dict[str, User]
) -> None:
    for screen in screens.values():
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
