"""What another process rings, also one of another version of the program."""

import asyncio
import logging
from typing import Any

import msgspec
import pytest
from channels.layers import InMemoryChannelLayer

from realtime import doorbell
from realtime.broadcast import Announcement, packed, unpacked
from realtime.doorbell import EVERYONE, Doorbell
from realtime.tasks import Tasks

PATIENCE = 5.0


async def test_what_cannot_be_read_is_dropped_and_the_next_is_heard(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    layer, tasks = InMemoryChannelLayer(), Tasks()
    monkeypatch.setattr("realtime.doorbell.get_channel_layer", lambda: layer)
    monkeypatch.setattr(doorbell, "PATIENCE", PATIENCE * 10)  # to wait for the layer would take too long
    heard: list[int] = []
    done = asyncio.Event()

    def hear(message: dict[str, Any]) -> None:
        heard.append(message["n"])
        done.set()

    Doorbell(hear, tasks.spawn)
    other = Doorbell(lambda _: None, tasks.spawn)
    assert await other.join("anything")  # both listen by now
    caplog.set_level(logging.WARNING)
    other.ring(EVERYONE, {"type": "of the next version"})
    other.ring(EVERYONE, {"type": "of this one", "n": 1})
    await asyncio.wait_for(done.wait(), PATIENCE)
    assert heard == [1]
    assert [record.getMessage() for record in caplog.records] == [
        "What another process rang cannot be read: of the next version, KeyError"
    ]
    await tasks.cancel()


def test_an_announcement_of_another_version_is_understood_as_far_as_it_goes() -> None:
    told = Announcement("paris", 7, "everyone", "{}", loses=("bob",))
    assert unpacked(packed([told])) == [told]
    of_the_next, of_the_last = [*msgspec.to_builtins(told), {"something": "new"}], ["paris", 7, "everyone", "{}"]
    given = msgspec.msgpack.encode([of_the_next, of_the_last])
    assert unpacked(given) == [told, Announcement("paris", 7, "everyone", "{}")]


@pytest.mark.parametrize("bad", [["paris", "7", "everyone", "{}"], ["paris"], "paris", None, [None] * 7])
def test_what_is_no_announcement_is_not_taken_for_one(bad: object) -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected"):
        unpacked(msgspec.msgpack.encode([bad]))


def test_what_the_version_before_this_one_rang_is_refused() -> None:
    rung: dict[str, Any] = {"type": "changes", "changes": [["paris", 7, "everyone", "{}"]]}
    with pytest.raises(TypeError):
        unpacked(rung["changes"])
