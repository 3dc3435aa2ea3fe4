"""The hub when storage does not answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from realtime.auth import Identity
from realtime.entry import Asked, Entry
from realtime.hub import Hub
from realtime.outbox import Outbox
from realtime.session import Session
from trips.models import User
from trips.refusals import Refused


@pytest_asyncio.fixture
async def hub(settings: Any) -> AsyncIterator[Hub]:
    settings.REDIS_URL = ""
    running = Hub()
    yield running
    await running.stop()


@pytest.fixture
def storage(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Set `away`, and nothing can be read."""
    state = {"away": False}

    async def read(_: Asked) -> Entry:
        if state["away"]:
            raise Refused("unavailable", "Storage is away for a moment.", retry_after=2.0)
        return Entry("editor", "Alice Archer", 1, 7, {"seq": 7}, [])

    monkeypatch.setattr(hub.entries, "read", read)
    return state


def connect(hub: Hub, pk: int, username: str) -> Session:
    async def send(_: dict[str, Any]) -> None: ...

    session = Session(Identity(User(pk=pk, username=username), f"key of {username}"), Outbox(send, joins=True))
    hub.admit(session)
    return session


async def test_who_cannot_enter_leaves_no_room_behind(hub: Hub, storage: dict[str, bool]) -> None:
    storage["away"] = True
    with pytest.raises(Refused, match="away"):
        await hub.join(connect(hub, 1, "alice"), "paris", None)
    assert hub.rooms == {}


async def test_who_cannot_enter_again_is_not_here_for_ever(
    hub: Hub, storage: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.PRESENCE_GRACE", 0)
    alice, bob = connect(hub, 1, "alice"), connect(hub, 2, "bob")
    for session in (alice, bob):
        await hub.join(session, "paris", None)
    storage["away"] = True
    with pytest.raises(Refused, match="away"):
        await hub.join(alice, "paris", None)
    assert alice.rooms == {}
    room = hub.rooms["paris"]
    hub.expire_people(room)
    assert [person.user_id for person in room.people] == ["bob"]
    hub.dismiss(alice, broke=False)
    hub.dismiss(bob, broke=False)
    assert hub.rooms == {}
