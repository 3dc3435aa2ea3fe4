"""Which threads of servers take the processor's time."""

import time

from .machine import cpu_of_threads
from .results import Figures
from .servers import Server


class Threads:
    """What event loops take from now on, and what the other threads do: nearly all of theirs is the writers'."""

    def __init__(self, *servers: Server) -> None:
        self._pids = [server.process.pid for server in servers]
        self._began, self._before = time.perf_counter(), self._now()

    def _now(self) -> dict[int, tuple[float, float]]:
        return {thread: taken for pid in self._pids for thread, taken in cpu_of_threads(pid).items()}

    def read(self, changes: float) -> Figures:
        """Of each of so many changes."""
        wall, after = time.perf_counter() - self._began, self._now()
        loop, others = [0.0, 0.0], [0.0, 0.0]
        for thread, now in after.items():
            mine = loop if thread in self._pids else others
            for at, (taken, was) in enumerate(zip(now, self._before.get(thread, (0.0, 0.0)), strict=True)):
                mine[at] += taken - was
        each = 1e6 / max(changes, 1)
        return {
            "storing: program µs": each * others[0],
            "storing: kernel µs": each * others[1],
            "reading and telling: program µs": each * loop[0],
            "reading and telling: kernel µs": each * loop[1],
            "idle µs": each * max(0.0, wall - sum(loop) - sum(others)),
        }
