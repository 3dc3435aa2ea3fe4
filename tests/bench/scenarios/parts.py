"""Where the time of a change goes: which thread takes it, and which part of storing."""

import asyncio
import time
from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..database import Plan, Storage, World, found_with_django
from ..machine import SERVER_CORE, cpu_of_threads
from ..results import Figures, Section, Table
from ..servers import OURS, OURS_DAPHNE, Server
from .fanout import busy_room
from .latency import Watched

BATCHES = ((8, Plan(1, 100)), (100, Plan(50, 4)), (200, Plan(50, 4)))  # changes that are stored together


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


@dataclass(frozen=True)
class InOneRoom:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        async with busy_room(server, world, self.seconds / 4) as room:
            deliveries, threads = room.deliveries, Threads(server)
            await asyncio.sleep(self.seconds)
            return threads.read((room.deliveries - deliveries) / room.members)


@dataclass(frozen=True)
class InManyRooms:
    """Everybody writes; or changes come one after the other, half as many."""

    seconds: float
    half: bool

    async def __call__(self, server: Server, world: World) -> Figures:
        crowd = Watched(world)
        await crowd.join(server)
        rate = await crowd.together(self.seconds)
        threads, frames, updates = Threads(server), crowd.frames, crowd.updates
        if self.half:
            await crowd.steadily(rate / 2, self.seconds)
            updates = round(self.seconds * rate / 2)
        else:
            await crowd.together(self.seconds)
            updates = crowd.updates - updates
        return {**threads.read(updates), "frames a change": (crowd.frames - frames) / max(updates, 1)}


async def run(bench: Bench) -> Section:
    section = Section()
    for size in (bench.sized(100, 10), bench.sized(1_000, 20)):
        sides = [Side(contender, bench.sqlite) for contender in OURS]
        found = await bench.side_by_side(sides, Plan(1, size), InOneRoom(bench.seconds))
        section.tables.append(Table.of(named(found), f"A change in a room of {size:,}, by threads"))
    for half, said in ((False, "when everybody writes"), (True, "at half load")):
        sides = [Side(OURS_DAPHNE, storage) for storage in (bench.sqlite, bench.postgresql)]
        found = await bench.side_by_side(sides, Plan(bench.sized(50, 5), 4), InManyRooms(bench.seconds, half))
        section.tables.append(Table.of(named(found), f"A change in many rooms of four {said}, by threads"))
    for storage in (bench.sqlite, bench.postgresql):
        found_here = {
            f"{changes} changes in {plan.trips:,} trip{'s' * (plan.trips > 1)}": await asyncio.to_thread(
                probed, storage, plan, changes, max(10, round(100 * bench.size))
            )
            for changes, plan in BATCHES
        }
        section.tables.append(Table.of(found_here, f"µs of storing a change, {storage.name}"))
    return section


def probed(storage: Storage, plan: Plan, changes: int, times: int) -> dict[str, float]:
    url, world = storage.fresh(plan)
    people = {trip: [person.name for person in members] for trip, members in world.people.items()}
    found: dict[str, float] = found_with_django("storing_probe", url, [people, changes, times], SERVER_CORE)
    return found
