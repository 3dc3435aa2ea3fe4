"""What another process stored is told with what is being stored here, but does not wait long for it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from realtime.broadcast import Announcement
from realtime.hub import Hub
from tests.realtime.conftest import numbers
from tests.realtime.database import ask
from tests.realtime.screen import Screen
from trips.changes import apply, create_trip
from trips.models import User
from trips.mutations import Mutation, Outcome, Step

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

PATIENCE = 5.0


class SlowStorage:
    """Holds up whatever is to be stored, until it is told to go on."""

    def __init__(self, hub: Hub, trip: str, asker: User) -> None:
        self._hub, self._mutation = hub, Mutation(trip, asker, (Step("trip", {"title": "Stored here"}),))
        self._begun, self._go_on = threading.Event(), threading.Event()

    def apply(self, batch: Sequence[Mutation]) -> list[Outcome]:
        self._begun.set()
        self._go_on.wait(PATIENCE)
        return apply(batch)

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


def stored_elsewhere(hub: Hub, trip: str) -> Announcement:
    """The next change of a trip, as another process announces it."""
    seq = (hub.rooms[trip].seq or 0) + 1
    return Announcement(trip, seq, "everyone", f'{{"type":"trip_updated","trip_id":"{trip}","seq":{seq}}}')


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
    await storage.begin()
    hub.delivery.hear([stored_elsewhere(hub, trips[1])])
    await alice.until(lambda: len(alice.seqs()) == 1)
    assert alice.told[-1]["trip_id"] == trips[1]


async def test_what_is_heard_while_nothing_is_stored_is_told_at_once(hub: Hub, trips: list[str]) -> None:
    told = stored_elsewhere(hub, trips[1])
    hub.delivery.hear([told])
    assert hub.rooms[trips[1]].seq == told.seq
