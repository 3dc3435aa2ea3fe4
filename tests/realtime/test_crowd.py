"""A thousand people in one room."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from realtime import attendance
from realtime.auth import Identity
from realtime.entry import Asked, Entry
from realtime.hub import Hub
from realtime.outbox import Outbox
from realtime.presence import MOST_SHOWN
from realtime.session import Session
from trips.models import User

CROWD = 1_500


class Spectator:
    """A socket, and how many messages of each kind it was told, and who it shows."""

    def __init__(self, name: str, news: asyncio.Event) -> None:
        self.told: Counter[str] = Counter()
        self.count = 0
        self.shown: set[str] = set()
        self._news = news
        self.session = Session(Identity(User(username=name), name), Outbox(self._send, joins=True))

    async def _send(self, frame: dict[str, Any]) -> None:
        for line in frame["text"].split("\n"):
            message = json.loads(line)
            self.told[message["type"]] += 1
            match message["type"]:
                case "joined":
                    self.shown = {person["user_id"] for person in message["present"]}
                case "user_joined":
                    self.shown.add(message["user_id"])
                case "user_left":
                    self.shown.discard(message["user_id"])
            self.count = message.get("present_count", self.count)
        self._news.set()


@pytest_asyncio.fixture
async def hub(settings: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """Alone, and with a trip that everybody may see."""
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    monkeypatch.setattr(attendance, "CROWD_PACE", 0.05)
    monkeypatch.setattr("realtime.hub.look_around", lambda hub: asyncio.sleep(0))
    running = Hub()

    async def read(asked: Asked) -> Entry:
        return Entry("viewer", asked.user.username, 1, 1, {"seq": 1}, [])

    monkeypatch.setattr(running.entries, "read", read)
    yield running
    await running.stop()


async def test_a_crowd_that_comes_at_once_does_not_cost_its_square(hub: Hub) -> None:
    told = asyncio.Event()
    crowd = [Spectator(f"p{n}", told) for n in range(CROWD)]
    await asyncio.gather(*(hub.join(each.session, "paris", None) for each in crowd))
    await until(told, lambda: all(each.count == CROWD for each in crowd))
    messages = sum((each.told for each in crowd), Counter[str]())
    assert messages["joined"] == CROWD
    assert all(each.told["user_joined"] for each in crowd)
    assert messages["user_joined"] <= CROWD * (MOST_SHOWN + 1)
    assert messages["crowd"] <= CROWD * 100
    last = crowd[-1]
    for each in crowd[:-1]:
        hub.dismiss(each.session, broke=False)
    await until(told, lambda: last.count == MOST_SHOWN)
    await until(told, lambda: last.shown == {last.session.user_id})


async def until(told: asyncio.Event, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            told.clear()
            await told.wait()
