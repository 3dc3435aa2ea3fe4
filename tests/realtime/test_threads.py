"""Threads that talk to the database."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from realtime.threads import DatabaseThread
from trips.refusals import Refused


@pytest_asyncio.fixture
async def thread(settings: Any) -> AsyncIterator[DatabaseThread]:
    settings.DATABASE_PATIENCE = 0.2
    thread = DatabaseThread("test")
    yield thread
    await asyncio.to_thread(thread.stop)


async def test_who_asks_a_database_that_hangs_is_told_that_it_is_away(thread: DatabaseThread) -> None:
    answers = threading.Event()
    asked: list[str] = []
    waiting = [thread.run(answers.wait), thread.run(asked.append, "never")]
    refused = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert [getattr(each, "code", each) for each in refused] == ["unavailable"] * 2
    answers.set()
    assert await thread.run(lambda: "again") == "again"
    assert asked == []  # who was told so is not served any more


async def test_who_asks_a_database_that_is_busy_waits_for_those_before(thread: DatabaseThread) -> None:
    """Together they take longer than anybody waits for a database that does not answer."""
    work = [thread.run(threading.Event().wait, 0.05) for _ in range(10)]
    assert await asyncio.gather(*work) == [False] * 10


async def test_a_refusal_is_an_answer_too(thread: DatabaseThread) -> None:
    def not_found() -> None:
        threading.Event().wait(0.05)
        raise Refused("not_found", "No such trip.")

    refused = await asyncio.gather(*(thread.run(not_found) for _ in range(10)), return_exceptions=True)
    assert {getattr(each, "code", each) for each in refused} == {"not_found"}
