"""Memory: what an idle socket costs."""

import asyncio
from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..crowd import Crowd
from ..database import Plan, World
from ..load import Client, open_all
from ..results import Bar, Figures, Section, Table
from ..servers import OURS, OURS_DAPHNE, Server

FIRST = 10  # trips that are entered before it counts: what a first connection loads is no cost of the others


@dataclass(frozen=True)
class Memory:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        crowd = Crowd(world)
        everybody = [
            Client(server.contender.dialect, person, trip, crowd.hear)
            for trip, people in world.people.items()
            for person in people
        ]
        first, rest = everybody[: 4 * FIRST], everybody[4 * FIRST :]
        await open_all(first, server.port)
        await asyncio.sleep(1)
        before = server.resident
        await open_all(rest, server.port)
        await asyncio.sleep(self.seconds)
        return {
            "sockets": len(everybody),
            "kB a socket": (server.resident - before) / len(rest) / 1000,
            "resident at first MB": before / 1e6,
            "resident MB": server.resident / 1e6,
        }


async def run(bench: Bench) -> Section:
    sides = {contender: Side(contender, bench.sqlite) for contender in OURS}
    plan = Plan(bench.sized(1250, FIRST + 10), 4)
    measured = await bench.side_by_side(list(sides.values()), plan, Memory(bench.seconds))
    found = {contender: measured[side] for contender, side in sides.items()}
    section = Section([Table.of(named(found))])
    for contender in OURS:
        asked = 45 if contender is OURS_DAPHNE else 35
        section.bars.append(Bar(contender.name, found[contender]["kB a socket"], asked, least=False, unit="kB"))
    return section
