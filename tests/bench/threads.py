"""Which threads of servers take the processor's time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .machine import cpu_of_threads
from .results import Figures
from .servers import Server


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock; and of user and system time, of event loops and of the other threads."""

    wall: float = 0.0
    loop: tuple[float, float] = (0.0, 0.0)
    others: tuple[float, float] = (0.0, 0.0)

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.wall + other.wall, both(self.loop, other.loop), both(self.others, other.others))

    def a_change(self, changes: float) -> Figures:
        """Of each of so many changes. Nearly all that the other threads do is storing."""
        each = 1e6 / max(changes, 1)
        return {
            "storing: program µs": each * self.others[0],
            "storing: kernel µs": each * self.others[1],
            "reading and telling: program µs": each * self.loop[0],
            "reading and telling: kernel µs": each * self.loop[1],
            "idle µs": each * max(0.0, self.wall - sum(self.loop) - sum(self.others)),
        }


class Threads:
    """What event loops take from now on, and what the other threads do."""

    def __init__(self, *servers: Server) -> None:
        self._pids = [server.process.pid for server in servers]
        self._began, self._before = time.perf_counter(), self._now()

    def _now(self) -> dict[int, tuple[float, float]]:
        return {thread: taken for pid in self._pids for thread, taken in cpu_of_threads(pid).items()}

    def read(self) -> Taken:
        taken = Taken(time.perf_counter() - self._began)
        for thread, (user, system) in self._now().items():
            user_before, system_before = self._before.get(thread, (0.0, 0.0))
            since = user - user_before, system - system_before
            taken += Taken(loop=since) if thread in self._pids else Taken(others=since)
        return taken


def both(some: tuple[float, float], more: tuple[float, float]) -> tuple[float, float]:
    return some[0] + more[0], some[1] + more[1]
