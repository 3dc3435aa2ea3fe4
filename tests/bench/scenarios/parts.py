"""Where the time of a change goes: which thread takes it, and which part of storing."""

import asyncio
from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..database import Plan, Storage, World, found_with_django
from ..machine import SERVER_CORE
from ..results import Figures, Section, Table
from ..servers import OURS, OURS_DAPHNE, Server
from ..threads import Threads
from .fanout import busy_room
from .latency import Watched

BATCHES = ((8, Plan(1, 100)), (100, Plan(50, 4)), (200, Plan(50, 4)))  # changes that are stored together


@dataclass(frozen=True)
class InOneRoom:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        async with busy_room(server, world, self.seconds / 4) as room:
            deliveries, threads = room.deliveries, Threads(server)
            await asyncio.sleep(self.seconds)
            return threads.read().a_change((room.deliveries - deliveries) / room.members)


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
        return {**threads.read().a_change(updates), "frames a change": (crowd.frames - frames) / max(updates, 1)}


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
    with storage.fresh(plan) as (url, world):
        people = {trip: [person.name for person in members] for trip, members in world.people.items()}
        found: dict[str, float] = found_with_django("storing_probe", url, [people, changes, times], SERVER_CORE)
    return found
