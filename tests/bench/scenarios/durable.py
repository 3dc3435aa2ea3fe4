"""Durable updates: how many changes a second are stored, with their journal rows, and told to the trip's members."""

from dataclasses import dataclass

from ..bench import Bench, Side, named
from ..crowd import Load
from ..database import Plan, Storage, World
from ..results import Bar, Figures, Section, Table, faults
from ..servers import NODE_SQLITE, OURS, OURS_DAPHNE, OURS_UVICORN, TEXTBOOK, Contender, Server

MEMBERS = 4
TURNS = 3  # of some rooms and of many, in a round


@dataclass(frozen=True)
class Durable:
    seconds: float

    async def __call__(self, server: Server, world: World) -> Figures:
        load = await Load.joined(world, server, warm=self.seconds / 3, seconds=self.seconds)
        await load.turn()
        return load.figures


async def run(bench: Bench) -> Section:
    section = Section()
    lite, post = bench.sqlite, bench.postgresql
    sides = [Side(contender, lite) for contender in (*OURS, TEXTBOOK, NODE_SQLITE)]
    sides += [Side(contender, post) for contender in (*OURS, TEXTBOOK)]
    some, many = (Plan(number, MEMBERS) for number in (bench.sized(50, 5), bench.sized(500, 10)))
    found = await bench.side_by_side(sides, some, Durable(bench.seconds))
    section.tables.append(Table.of(named(found), trips(some)))

    def rate(contender: Contender, storage: Storage) -> float:
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
    for side in sides:
        if side.contender in OURS:
            rooms = await in_some_and_many_rooms(bench, side, some, many)
            by_trips = {trips(plan): figures for plan, figures in rooms.items()}
            table = Table.of(by_trips, f"{side.name}, in turns", ratio="updates/s", to=trips(some))
            ratio, wrong = rooms[many]["updates/s"] / rooms[some]["updates/s"], faults(*rooms.values(), found[side])
            section.tables.append(table)
            section.bars += [
                Bar(f"{side.name}: many rooms to some", ratio, 0.7),
                Bar(f"{side.name}: lost or doubled", wrong, 0, least=False, unit="deliveries"),
            ]
    return section


def trips(plan: Plan) -> str:
    return f"{plan.trips} trips"


async def in_some_and_many_rooms(bench: Bench, side: Side, *plans: Plan) -> dict[Plan, dict[str, float]]:
    async def begin(server: Server, world: World) -> Load:
        return await Load.joined(world, server, warm=bench.seconds / 3, seconds=bench.seconds / 2)

    return await bench.in_turns({plan: (side, plan) for plan in plans}, begin, TURNS)
