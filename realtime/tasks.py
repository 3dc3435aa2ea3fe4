"""Work that goes on in the background: somebody keeps it, and what goes wrong with it is told."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from trips.faults import log_safely

INSIST = 0.5  # seconds; a library may swallow a cancellation, and the task goes on


class Tasks:
    """The tasks of one owner, on the running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin it. The loop itself would forget a task that nobody holds."""
        task = self._loop.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def cancel(self) -> None:
        """End them all."""
        while running := [task for task in self._running if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=INSIST)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            log_safely(error, "Something in the background went wrong")
