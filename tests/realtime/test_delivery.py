"""How changes come to the rooms: what is heard while something is stored, and what is not heard of at all."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio

from realtime.broadcast import Announcement
from realtime.hub import Hub
from tests.realtime.conftest import numbers
from tests.realtime.database import ask
from tests.realtime.screen import PATIENCE, Screen
from trips.changes import apply, apply_one, create_trip
from trips.models import Trip, User
from trips.mutations import Mutation, Outcome, Step

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])


def titled(trip: str, asker: User, title: str) -> Mutation:
    return Mutation(trip, asker, (Step("trip", {"title": title}),))


async def change(trip: str, asker: User, title: str) -> None:
    await ask(lambda: apply_one(titled(trip, asker, title)))


def fail(*_: object) -> None:
    raise LookupError


class SlowStorage:
    """Holds up whatever is to be stored, until it is told to go on."""

    def __init__(self, hub: Hub, trip: str, asker: User) -> None:
        self._hub, self._mutation = hub, titled(trip, asker, "Stored here")
        self._begun, self._go_on = threading.Event(), threading.Event()

    def apply(self, batch: Sequence[Mutation], **how: Any) -> list[Outcome]:
        self._begun.set()
        self._go_on.wait(PATIENCE)
        return apply(batch, **how)

    async def begin(self) -> None:
        """From now on, something is being stored."""
        self._hub.writer.submit(self._mutation, lambda outcome: None)
        assert await asyncio.to_thread(self._begun.wait, PATIENCE)

    def go_on(self) -> None:
        self._go_on.set()


@pytest_asyncio.fixture
async def trips(hub: Hub, people: dict[str, User], screens: dict[str, Screen]) -> list[str]:
    """Two of Alice's; she looks at both."""
    alice = screens["alice"]
    made = [
        await ask(lambda: create_trip(people["alice"], {"title": "Paris"}, trip_id=f"trip{next(numbers)}"))
        for _ in range(2)
    ]
    for trip in made:
        await hub.join(alice.session, trip, None)
    await alice.until(lambda: alice.kinds().count("joined") == 2)
    return made


@pytest_asyncio.fixture
async def storage(
    hub: Hub, trips: list[str], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlowStorage]:
    """What is stored here is about the first of the trips."""
    storage = SlowStorage(hub, trips[0], people["alice"])
    monkeypatch.setattr("trips.changes.apply", storage.apply)
    yield storage
    storage.go_on()


def stored_elsewhere(hub: Hub, trip: str, after: int = 0, loses: tuple[str, ...] = ()) -> Announcement:
    """As another process announces it: the next change of a trip, or the one that comes `after` so many more."""
    seq = (hub.rooms[trip].seq or 0) + 1 + after
    return Announcement(trip, seq, "everyone", f'{{"type":"trip_updated","trip_id":"{trip}","seq":{seq}}}', loses)


async def test_what_is_heard_while_something_is_stored_is_told_with_it_in_one_frame(
    hub: Hub, trips: list[str], screens: dict[str, Screen], storage: SlowStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.delivery.MOST_HELD", PATIENCE * 10)
    alice = screens["alice"]
    await storage.begin()
    hub.delivery.hear([stored_elsewhere(hub, trips[1])])
    storage.go_on()
    await alice.until(lambda: len(alice.seqs()) == 2)
    assert sorted(message["trip_id"] for message in alice.frames[-1]) == sorted(trips)


async def test_what_is_heard_is_told_in_a_moment_however_long_something_is_stored(
    hub: Hub, trips: list[str], screens: dict[str, Screen], storage: SlowStorage
) -> None:
    alice = screens["alice"]

    async def are_told(times: int) -> None:
        hub.delivery.hear([stored_elsewhere(hub, trips[1])])
        await alice.until(lambda: len(alice.seqs()) == times)

    await storage.begin()
    await are_told(1)
    await are_told(2)


async def test_what_is_heard_while_nothing_is_stored_is_told_at_once(hub: Hub, trips: list[str]) -> None:
    told = stored_elsewhere(hub, trips[1])
    hub.delivery.hear([told])
    assert hub.rooms[trips[1]].seq == told.seq


async def test_that_somebody_is_put_out_elsewhere_does_not_wait_for_what_is_being_stored(
    hub: Hub, trips: list[str], screens: dict[str, Screen], storage: SlowStorage
) -> None:
    alice, room = screens["alice"], hub.rooms[trips[1]]
    hub.admit(alice.session)
    await storage.begin()
    hub.delivery.hear([stored_elsewhere(hub, trips[1])])
    hub.delivery.hear([stored_elsewhere(hub, trips[1], after=1, loses=("alice",))])
    room.tell({"type": "typing"})
    hub.tell_persons("trip_shared", trips[1], ["alice"], everywhere=False)
    await alice.until(lambda: "trip_shared" in alice.kinds())
    assert alice.kinds()[-3:] == ["trip_updated", "trip_unshared", "trip_shared"]
    assert "typing" not in alice.kinds()


async def test_what_is_held_fills_a_hole_before_the_journal_is_read(
    hub: Hub, trips: list[str], storage: SlowStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.delivery.MOST_HELD", PATIENCE * 10)
    monkeypatch.setattr(hub.reader, "run", fail)
    room, missing = hub.rooms[trips[1]], stored_elsewhere(hub, trips[1])
    following = stored_elsewhere(hub, trips[1], after=1)
    await storage.begin()
    hub.delivery.offer([following])
    hub.delivery.hear([missing])
    assert room.filling
    await room.filling
    assert room.seq == following.seq


async def test_what_is_held_is_told_before_the_hub_has_stopped(
    hub: Hub, trips: list[str], storage: SlowStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.delivery.MOST_HELD", PATIENCE * 10)
    await storage.begin()
    told = stored_elsewhere(hub, trips[1])
    hub.delivery.hear([told])
    storage.go_on()
    await hub.stop()
    assert hub.rooms[trips[1]].seq == told.seq


async def test_a_hole_that_is_heard_of_is_filled_without_a_look(
    hub: Hub, trips: list[str], screens: dict[str, Screen], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = screens["alice"]
    with monkeypatch.context() as deaf:
        deaf.setattr(hub, "announce_soon", lambda announcements: None)
        await change(trips[0], people["alice"], "Unheard")
    await change(trips[0], people["alice"], "Heard")
    await alice.until(lambda: len(alice.seqs()) == 2)
    assert [message["data"]["title"] for message in alice.told if "data" in message] == ["Unheard", "Heard"]


async def test_what_comes_by_itself_in_a_moment_is_not_read_from_the_journal(
    hub: Hub, trips: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, following = hub.rooms[trips[0]], stored_elsewhere(hub, trips[0])
    monkeypatch.setattr(hub.reader, "run", fail)
    hub.delivery.fill(room, up_to=following.seq)  # as the look does that sees a change before it is announced
    room.offer([following])
    assert room.filling
    await room.filling
    assert room.seq == following.seq


async def test_a_hole_in_a_trip_that_the_database_has_no_more_is_nobody_s_fault(
    hub: Hub, trips: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    await ask(lambda: Trip.objects.filter(public_id=trips[0]).update(public_id="before"))
    room = hub.rooms[trips[0]]
    hub.delivery.fill(room, up_to=9)
    assert room.filling
    await room.filling
    assert caplog.records == []
