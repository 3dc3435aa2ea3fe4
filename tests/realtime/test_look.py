"""The look around: each at its own pace."""

import asyncio
import logging
from typing import Any

import pytest

from realtime.hub import Hub
from realtime.look import look_around
from trips.refusals import Refused

PATIENCE = 5.0
HUB: Any = None  # the looks of these tests see nothing of it


async def nothing_answers(_: Hub) -> None:
    await asyncio.Event().wait()


class Counting:
    """A look that counts how often it looked, and may fail each time."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.looks = 0
        self.failure = failure
        self._looked = asyncio.Event()

    async def __call__(self, _: Hub) -> None:
        self.looks += 1
        self._looked.set()
        if self.failure:
            raise self.failure

    async def looked(self, times: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.looks < times:
                self._looked.clear()
                await self._looked.wait()


async def test_a_look_that_hangs_or_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    looks = Counting(ValueError()), Counting(Refused("unavailable", "Away.")), Counting()
    looking = asyncio.create_task(look_around(HUB, nothing_answers, *looks, each=0.01))
    for look in looks:
        await look.looked(3)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking


async def test_a_look_never_meets_itself() -> None:
    under_way, most = 0, 0
    enough = asyncio.Event()

    async def slow(_: Hub) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.03)
        under_way -= 1
        calls.append(None)
        if len(calls) == 3:
            enough.set()

    calls: list[None] = []
    looking = asyncio.create_task(look_around(HUB, slow, each=0.01))
    await asyncio.wait_for(enough.wait(), PATIENCE)
    looking.cancel()
    assert most == 1
