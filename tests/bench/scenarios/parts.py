"""Where the time of a change goes: which thread takes it, and which part of storing."""

import asyncio
import time
from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..database import Plan, Storage, World, found_with_django
from ..machine import SERVER_CORE, cpu_of_threads
from ..results import Figures, Section, Table
from ..servers import OURS, Server
from .fanout import busy_room

BATCHES = ((8, Plan(1, 100)), (100, Plan(50, 4)), (200, Plan(50, 4)))  # changes that are stored together


@dataclass(frozen=True)
class Threads:
    """What the event loop takes, and what the other threads do: nearly all of theirs is the writer's."""

    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        async with busy_room(server, world, self.seconds / 4) as room:
            deliveries, began, before = room.deliveries, time.perf_counter(), cpu_of_threads(server.process.pid)
            await asyncio.sleep(self.seconds)
            deliveries, wall = room.deliveries - deliveries, time.perf_counter() - began
            after = cpu_of_threads(server.process.pid)
        each = 1e6 * room.members / deliveries
        loop, others = [0.0, 0.0], [0.0, 0.0]
        for thread, now in after.items():
            mine = loop if thread == server.process.pid else others
            for at, (taken, was) in enumerate(zip(now, before.get(thread, (0.0, 0.0)), strict=True)):
                mine[at] += taken - was
        return {
            "storing: program µs": each * others[0],
            "storing: kernel µs": each * others[1],
            "reading and telling: program µs": each * loop[0],
            "reading and telling: kernel µs": each * loop[1],
            "idle µs": each * max(0.0, wall - sum(loop) - sum(others)),
        }


async def run(bench: Bench) -> Section:
    section = Section()
    for size in (bench.sized(100, 10), bench.sized(1_000, 20)):
        sides = [Side(contender, bench.sqlite) for contender in OURS]
        found = await bench.side_by_side(sides, Plan(1, size), Threads(bench.seconds))
        by_contender = {side.contender: figures for side, figures in found.items()}
        section.tables.append(Table.of(named(by_contender), f"A change in a room of {size:,}, by threads"))
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
