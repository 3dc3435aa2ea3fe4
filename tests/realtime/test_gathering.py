"""Many who ask at the same time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from realtime.gathering import MOST, Gathering
from realtime.tasks import Tasks
from realtime.threads import DatabaseThread
from trips.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Squares:
    """Answers with squares; not for a negative number, and zero breaks everything."""

    asked: list[int] = field(default_factory=list)

    def __call__(self, numbers: Sequence[int]) -> list[int | Refused]:
        self.asked.append(len(numbers))
        if 0 in numbers:
            raise LookupError
        return [n * n if n > 0 else Refused("invalid", "Too small.") for n in numbers]


@pytest.fixture
def squares() -> Squares:
    return Squares()


@pytest_asyncio.fixture
async def gathering(squares: Squares) -> AsyncIterator[Gathering[int, int]]:
    thread, tasks = DatabaseThread("squares"), Tasks()
    yield Gathering(thread, squares, tasks.spawn)
    await tasks.cancel()
    await asyncio.to_thread(thread.stop)


async def test_each_is_answered_by_a_few_calls(gathering: Gathering[int, int], squares: Squares) -> None:
    many = 3 * MOST
    assert await asyncio.gather(*map(gathering.ask, range(1, many + 1))) == [n * n for n in range(1, many + 1)]
    assert squares.asked == [MOST, MOST, MOST]
    assert await gathering.ask(7) == 49


async def test_who_is_refused_or_cannot_be_answered_takes_nobody_with_them(gathering: Gathering[int, int]) -> None:
    answers = await asyncio.gather(*map(gathering.ask, (2, -1, 0, 3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, Refused, LookupError, int]


async def test_who_is_gone_meanwhile_is_not_asked_for(gathering: Gathering[int, int], squares: Squares) -> None:
    gone = asyncio.create_task(gathering.ask(2))
    stays = asyncio.create_task(gathering.ask(3))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 9
    assert squares.asked == [1]


async def test_storage_that_is_away_is_told_to_all(gathering: Gathering[int, int]) -> None:
    def away(_: Sequence[int]) -> list[int | Refused]:
        raise Refused("unavailable", "Storage is away.")

    gathering.answer = away
    answers = await asyncio.gather(gathering.ask(1), gathering.ask(2), return_exceptions=True)
    assert [isinstance(answer, Refused) and answer.code for answer in answers] == ["unavailable", "unavailable"]
