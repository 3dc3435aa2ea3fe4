"""Threads that talk to the database, so that the event loop never waits for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connections

from trips.refusals import Refused

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """One thread with connections of its own, which it keeps while they work."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work`, done in the thread. Raises Refused: unavailable, when the database does not answer."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: guarded(work, *args, **kwargs))

    def stop(self) -> None:
        """Finish what is under way, and close the connections."""
        self._executor.submit(connections.close_all)
        self._executor.shutdown(wait=True)


def guarded(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Do it; a connection that failed is closed, so that the next call opens a new one."""
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        connections.close_all()
        raise Refused("unavailable", "Storage is away for a moment.", retry_after=2.0) from error
    except DatabaseError:
        connections.close_all()
        raise
