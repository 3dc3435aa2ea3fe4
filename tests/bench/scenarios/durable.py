"""Durable updates: how many changes a second are stored, with their journal rows, and told to the trip's members."""

from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..crowd import Crowd, Load
from ..database import Plan, World
from ..results import Bar, Figures, Section, Table, faults
from ..servers import NODE_SQLITE, OURS, OURS_DAPHNE, OURS_UVICORN, TEXTBOOK, Server

MEMBERS = 4


@dataclass(frozen=True)
class Durable:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        crowd = Crowd(world)
        await crowd.join(server)
        load = Load(crowd, server)
        await load.turn(self.seconds / 3, self.seconds)
        return load.figures


async def run(bench: Bench) -> Section:
    section = Section()
    lite, post = bench.sqlite, bench.postgresql
    sides = [Side(contender, lite) for contender in (*OURS, TEXTBOOK, NODE_SQLITE)]
    sides += [Side(contender, post) for contender in (*OURS, TEXTBOOK)]
    some = await bench.side_by_side(sides, Plan(bench.sized(50, 5), MEMBERS), Durable(bench.seconds))
    section.tables.append(Table.of(named(some), f"{bench.sized(50, 5)} trips"))
    ours = [side for side in sides if side.contender in OURS]
    many = await bench.side_by_side(ours, Plan(bench.sized(500, 10), MEMBERS), Durable(bench.seconds))
    section.tables.append(Table.of(named(many), f"{bench.sized(500, 10)} trips"))

    def rate(contender: object, storage: object, found: dict[Side, dict[str, float]] = some) -> float:
        return next(
            figures["updates/s"]
            for side, figures in found.items()
            if side.contender is contender and side.storage is storage
        )

    for ours_is, server in ((OURS_DAPHNE, "daphne"), (OURS_UVICORN, "uvicorn")):
        section.bars += [
            Bar(f"{server}, SQLite: to the textbook consumer", rate(ours_is, lite) / rate(TEXTBOOK, lite), 10),
            Bar(f"{server}, SQLite: to Node + better-sqlite3", rate(ours_is, lite) / rate(NODE_SQLITE, lite), 0.8),
            Bar(f"{server}, PostgreSQL: to the textbook consumer", rate(ours_is, post) / rate(TEXTBOOK, post), 10),
        ]
    for side in ours:
        section.bars += [
            Bar(f"{side.name}: many rooms to some", many[side]["updates/s"] / some[side]["updates/s"], 0.7),
            Bar(f"{side.name}: lost or doubled", faults(many[side], some[side]), 0, least=False, unit="deliveries"),
        ]
    return section
