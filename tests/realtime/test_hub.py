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
from realtime.entry import Entry
from realtime.hub import Hub
from realtime.outbox import Outbox
from realtime.session import Session
from tests.realtime.database import ask
from trips.changes import apply_one
from trips.models import User
from trips.mutations import Mutation, Step
from trips.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

PATIENCE = 5.0


class Screen:
    """A socket of the hub, and what it was told."""

    def __init__(self, user: User) -> None:
        self.told: list[dict[str, Any]] = []
        self.session = Session(Identity(user, "a session"), Outbox(self._send, joins=True))

    async def _send(self, frame: dict[str, Any]) -> None:
        self.told += [json.loads(line) for line in frame.get("text", "").split("\n") if line]

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.told]

    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.told if message["type"].endswith("_updated")]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(0.005)


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


@pytest_asyncio.fixture
async def hub(trip: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> AsyncIterator[Hub]:
    """The hub of this process; it looks around only when a test says so."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    monkeypatch.setattr("realtime.hub.take_leave_on_sigterm", lambda hub: None)
    monkeypatch.setattr("realtime.hub.look_around", lambda hub: asyncio.sleep(0))
    hub = Hub.here()
    yield hub
    await hub.stop()


@pytest.fixture
def screens(people: dict[str, User]) -> dict[str, Screen]:
    return {name: Screen(user) for name, user in people.items()}


async def change(actor: User, kind: str, data: dict[str, Any], op: str = "set") -> None:
    await ask(lambda: apply_one(Mutation("trip123", actor, (Step(kind, data, op),))))


async def test_a_change_during_an_entrance_is_told_once(
    hub: Hub, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = screens["alice"], screens["bob"]
    await hub.join(alice.session, "trip123", None)
    pause = Pause(monkeypatch)
    entering = asyncio.create_task(hub.join(bob.session, "trip123", None))
    await pause.has_read()
    await change(people["alice"], "trip", {"title": "Meanwhile"})
    await alice.until(lambda: len(alice.seqs()) == 1)
    pause.go_on()
    await entering
    await change(people["alice"], "trip", {"title": "Afterwards"})
    await alice.until(lambda: len(alice.seqs()) >= 2 and len(bob.seqs()) >= 2)
    first = alice.seqs()[0]
    assert alice.seqs() == bob.seqs() == [first, first + 1]


async def test_who_is_removed_while_being_the_first_to_enter_is_not_let_in(
    hub: Hub, screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = screens["bob"].session
    pause = Pause(monkeypatch)
    entering = asyncio.create_task(hub.join(bob, "trip123", None))
    await pause.has_read()
    await change(people["alice"], "member", {"user_id": "bob"}, "remove")
    pause.go_on()
    with pytest.raises(Refused):
        await entering
    assert not bob.rooms
    assert not hub.rooms


async def test_who_comes_again_and_is_refused_leaves_nothing_behind(
    hub: Hub, screens: dict[str, Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Entry:
        raise Refused("unavailable", "Storage is away.")

    alice, bob = screens["alice"], screens["bob"]
    for one in (alice, bob):
        await hub.join(one.session, "trip123", None)
    monkeypatch.setattr("realtime.hub.read_entry", away)
    with pytest.raises(Refused):
        await hub.join(bob.session, "trip123", None)
    assert [person.user_id for person in hub.rooms["trip123"].people] == ["alice"]
    await alice.until(lambda: "user_left" in alice.kinds())
    hub.leave(alice.session, "trip123")
    assert not hub.rooms
