"""What is sent to a group over Redis, which may be gone, or hang."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis import Redis as Client
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError, ResponseError

from realtime.redis_layer import RedisLayer
from tests.own_services import Redis, require_programs, service_folder

pytestmark = pytest.mark.scaled
PATIENCE = 10.0  # seconds


@pytest.fixture
def redis() -> Iterator[Redis]:
    """One that faults are done to. Pytest's own folders would shut out its user."""
    require_programs()
    with tempfile.TemporaryDirectory(prefix="globetrotter-layer-") as folder:
        Path(folder).chmod(0o755)
        mine = Redis(service_folder(Path(folder), "redis"))
        mine.start()
        yield mine
        mine.stop()


@pytest_asyncio.fixture
async def here(redis: Redis) -> AsyncIterator[RedisLayer]:
    layer = RedisLayer(hosts=[redis.url])
    yield layer
    await layer.flush()


@pytest_asyncio.fixture
async def heard(redis: Redis) -> AsyncIterator[asyncio.Queue[int]]:
    """The numbers that another process hears."""
    there, numbers = RedisLayer(hosts=[redis.url]), asyncio.Queue[int]()

    async def listen() -> None:
        while True:
            numbers.put_nowait((await there.receive(channel))["n"])

    channel = await there.new_channel()
    await there.group_add("hubs", channel)
    listening = asyncio.create_task(listen())
    yield numbers
    listening.cancel()
    await asyncio.wait([listening])
    await there.flush()


@pytest.fixture
def said(here: RedisLayer, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What Redis answers to what is sent to groups."""
    answers: list[object] = []
    read = AbstractConnection.read_response

    async def listen(line: AbstractConnection, *args: Any, **kwargs: Any) -> object:
        try:
            answer: object = await read(line, *args, **kwargs)
        except ResponseError as error:
            answer = error
        if line in here._lines.values():
            answers.append(answer)
        if isinstance(answer, ResponseError):
            raise answer
        return answer

    monkeypatch.setattr(AbstractConnection, "read_response", listen)
    return answers


async def next_of(heard: asyncio.Queue[int]) -> int:
    return await asyncio.wait_for(heard.get(), PATIENCE)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 (nobody says when)
            await asyncio.sleep(0.01)


async def until_it_is_listened_to(redis: Redis) -> None:
    """Again: who listens looks for it each second."""
    with Client.from_url(redis.url) as client:
        await until(lambda: client.pubsub_numsub("asgi__group__hubs")[0][1] == 1)


async def test_what_is_sent_at_once_is_heard_in_order_and_redis_says_nothing_to_it(
    here: RedisLayer, heard: asyncio.Queue[int], said: list[object]
) -> None:
    await asyncio.gather(*(here.group_send("hubs", {"n": n}) for n in range(100)))
    assert [await next_of(heard) for _ in range(100)] == list(range(100))
    await here.group_send_answered("nobody", {})  # its answer comes after all that might have come
    assert here._lines
    assert not said


async def test_where_redis_may_not_keep_silent_what_it_says_is_read_and_dropped(
    redis: Redis, here: RedisLayer, heard: asyncio.Queue[int], said: list[object]
) -> None:
    with Client.from_url(redis.url) as client:
        client.execute_command("ACL", "SETUSER", "default", "-client")
    for n in range(100):
        await here.group_send("hubs", {"n": n})
    assert [await next_of(heard) for _ in range(100)] == list(range(100))
    await until(lambda: len(said) == 200)


async def test_a_layer_that_was_emptied_is_used_as_if_it_were_new(here: RedisLayer, heard: asyncio.Queue[int]) -> None:
    for n in range(2):
        await here.group_send("hubs", {"n": n})
        assert await next_of(heard) == n
        await here.flush()


async def test_nothing_is_lost_for_a_redis_that_went_and_came_back_meanwhile(
    redis: Redis, here: RedisLayer, heard: asyncio.Queue[int]
) -> None:
    await here.group_send("hubs", {"n": 0})
    assert await next_of(heard) == 0
    await redis.restart(signal.SIGKILL)
    await until_it_is_listened_to(redis)
    await here.group_send("hubs", {"n": 1})
    assert await next_of(heard) == 1


async def test_while_redis_is_away_whoever_sends_is_told(
    redis: Redis, here: RedisLayer, heard: asyncio.Queue[int]
) -> None:
    await here.group_send("hubs", {"n": 0})
    assert await next_of(heard) == 0
    redis.stop()
    try:
        await until(lambda: not here._reading)
        with pytest.raises(RedisError):
            await here.group_send("hubs", {"n": 1})
    finally:
        redis.start()
    await until_it_is_listened_to(redis)  # or its end would come in the middle of connecting


async def test_a_redis_that_hangs_holds_up_who_asks_whether_it_is_there_and_nobody_else(
    redis: Redis, here: RedisLayer, heard: asyncio.Queue[int]
) -> None:
    await here.group_send("hubs", {"n": 0})
    redis.send_signal(signal.SIGSTOP)
    try:
        asking = asyncio.create_task(here.group_send_answered("nobody", {}))
        await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE):
            await here.group_send("hubs", {"n": 1})
        await asyncio.wait([asking], timeout=0.2)
        assert not asking.done()
    finally:
        redis.send_signal(signal.SIGCONT)
    await asking
    assert [await next_of(heard) for _ in range(2)] == [0, 1]


async def test_once_a_redis_that_hung_goes_on_what_is_sent_is_heard(
    redis: Redis, here: RedisLayer, heard: asyncio.Queue[int]
) -> None:
    """Also where it hung for so long that nothing more could be sent."""

    async def fill() -> None:
        while True:
            await here.group_send("hubs", {"n": 0, "much": b" " * 100_000})

    await here.group_send("hubs", {"n": 0})
    redis.send_signal(signal.SIGSTOP)
    try:
        for send in (fill(), here.group_send("hubs", {"n": 0})):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(send, 0.5)
    finally:
        redis.send_signal(signal.SIGCONT)
    await here.group_send("hubs", {"n": 1})
    (line,) = here._lines.values()
    for n in range(2, 50):
        while await next_of(heard) != n - 1:
            pass  # what had left before
        await here.group_send("hubs", {"n": n})
    assert list(here._lines.values()) == [line]
    assert line.is_connected
