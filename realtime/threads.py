"""Threads that talk to the database, so that the event loop never waits for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from trips.refusals import Refused

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """One thread with connections of its own, which it keeps while they work.

    Whoever asks waits for those before them, but not for a database that answers nobody.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._asking = 0
        self._answered_at = 0.0  # when the database last answered, or there was nothing to ask

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work`, done in the thread. Raises Refused: unavailable, when the database does not answer."""
        if not self._asking:
            self._answered_at = monotonic()
        self._asking += 1
        patience = settings.DATABASE_PATIENCE or None
        answer = asyncio.wrap_future(self._executor.submit(lambda: self._ask(lambda: work(*args, **kwargs))))
        try:
            while not (await asyncio.wait({answer}, timeout=patience))[0]:
                if monotonic() - self._answered_at >= settings.DATABASE_PATIENCE:
                    raise away()
            return answer.result()
        finally:
            answer.cancel()  # who gave up, or left, need not be served any more
            self._asking -= 1

    def _ask(self, work: Callable[[], T]) -> T:
        """Do it; a connection that failed is closed, so that the next call opens a new one."""
        answered = True
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            answered = False
            connections.close_all()
            raise away() from error
        except DatabaseError:
            connections.close_all()
            raise
        finally:
            if answered:
                self._answered_at = monotonic()

    def stop(self) -> None:
        """Finish what is under way, and close the connections."""
        self._executor.submit(connections.close_all)
        self._executor.shutdown(wait=True)


def away() -> Refused:
    return Refused("unavailable", "Storage is away for a moment.", retry_after=2.0)
