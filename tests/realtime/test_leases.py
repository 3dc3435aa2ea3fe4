"""What a process says of its own people, in Redis."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic, time

import pytest
import pytest_asyncio
import redis.asyncio as redis
from django.conf import settings

from realtime.elsewhere import Elsewhere
from realtime.leases import Leases, lease_of
from realtime.presence import Person

pytestmark = pytest.mark.scaled

ME = "the-process-of-this-test"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else says anything under this name."""
    monkeypatch.setattr(settings, "REDIS_PREFIX", f"{settings.REDIS_PREFIX}-leases")


@pytest_asyncio.fixture
async def leases() -> AsyncIterator[Leases]:
    """With a room written."""
    mine = Leases(ME)
    await mine.replace({"room:paris": b"[]"})
    yield mine
    await forget()
    await mine.close()


async def forget() -> None:
    """As where Redis was emptied, or the lease ended."""
    async with redis.Redis.from_url(settings.REDIS_URL) as client:
        await client.delete(f"{settings.REDIS_PREFIX}:hub:{ME}")
        await client.srem(f"{settings.REDIS_PREFIX}:hubs", ME)  # type: ignore[misc]


@pytest_asyncio.fixture
async def tell() -> AsyncIterator[Callable[[str, str], Awaitable[None]]]:
    """Another process says something of the people in Paris: `await tell("another", "[]")`."""
    client, told = redis.Redis.from_url(settings.REDIS_URL), []

    async def tell_one(name: str, people: str) -> None:
        told.append(name)
        lease = {"beat": 1, "version": 1, "room:paris": people}
        await client.hset(f"{settings.REDIS_PREFIX}:hub:{name}", mapping=lease)  # type: ignore[misc]
        await client.sadd(f"{settings.REDIS_PREFIX}:hubs", name)  # type: ignore[misc]

    yield tell_one
    await client.delete(*(f"{settings.REDIS_PREFIX}:hub:{name}" for name in told))
    await client.srem(f"{settings.REDIS_PREFIX}:hubs", *told)  # type: ignore[misc]
    await client.aclose()


async def written() -> dict[bytes, bytes]:
    async with redis.Redis.from_url(settings.REDIS_URL) as client:
        found: dict[bytes, bytes] = await client.hgetall(f"{settings.REDIS_PREFIX}:hub:{ME}")  # type: ignore[misc]
        return found


async def test_what_lies_there_is_renewed_and_amended(leases: Leases) -> None:
    assert await leases.renew()
    assert await leases.write({"room:kyoto": b"[]"})
    assert await leases.renew()


WAYS_TO_LAST: dict[str, Callable[[Leases], Awaitable[object]]] = {
    "renew": Leases.renew,
    "write": lambda leases: leases.write({}),
    "replace": lambda leases: leases.replace({}),
}


@pytest.mark.parametrize("lasting", WAYS_TO_LAST.values(), ids=WAYS_TO_LAST)
async def test_whatever_makes_a_lease_last_is_a_sign_of_life(
    leases: Leases, lasting: Callable[[Leases], Awaitable[object]]
) -> None:
    """Or a process that died would be forgotten while its lease lies there, and then be believed once more."""
    others = Elsewhere(lasts=10)
    looking = Leases("another process")
    await looking.read(others)
    others.processes[ME].heard_at = long_ago = 0.0
    await lasting(leases)
    await looking.read(others)
    await looking.close()
    assert others.processes[ME].heard_at > long_ago


async def test_a_part_that_was_written_where_nothing_lay_is_not_taken_for_the_whole(leases: Leases) -> None:
    await forget()
    assert not await leases.write({"room:kyoto": b"[]"})
    assert await written() == {}


async def test_a_lease_that_is_gone_is_to_be_written_whole(leases: Leases) -> None:
    await forget()
    assert not await leases.renew()
    assert await written() == {}


async def test_what_a_process_of_another_version_says_hides_nobody_else(
    leases: Leases, tell: Callable[[str, str], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    bob = lease_of([Person("bob", "Bob Baker", 2)], monotonic(), time())
    assert bob
    await tell("a-newer-one", '[{"person": "vera"}]')
    await tell("one-like-us", bob.decode())
    await tell("a-broken-one", "[")
    others = Elsewhere(lasts=10)
    with caplog.at_level(logging.CRITICAL):
        assert await leases.read(others) == {"paris"}
    assert [name for room in others.people_in("paris") for name in room] == ["bob"]
