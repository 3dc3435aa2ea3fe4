"""Two processes on Redis and PostgreSQL, beside one."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from ..bench import Bench
from ..crowd import Load
from ..database import Plan, changes_a_transaction, own_redis
from ..results import Bar, Figures, Section, Table, faults, medians
from ..servers import OURS, Contender, serving


@dataclass(frozen=True)
class Setup:
    """`apart`: no trip has members in both processes."""

    processes: int
    redis: bool
    apart: bool = False


ONE, TWO = "one process", "two processes, Redis"
SETUPS = {
    ONE: Setup(1, redis=False),
    "one process, Redis": Setup(1, redis=True),
    TWO: Setup(2, redis=True),
    "two processes, Redis, trips apart": Setup(2, redis=True, apart=True),
}
TURNS = 6  # of each setup in a round
TO_ONE = "to one process"


async def joined(setup: Setup, contender: Contender, bench: Bench, stack: ExitStack) -> tuple[str, Load]:
    """A database's URL, and everybody joined on servers that use it."""
    url, world = stack.enter_context(bench.postgresql.fresh(Plan(bench.sized(50, 5), 4)))
    layer = stack.enter_context(own_redis()) if setup.redis else ""
    servers = [stack.enter_context(serving(contender, url, world, REDIS_URL=layer)) for _ in range(setup.processes)]
    turns = {"warm": bench.seconds / 3, "seconds": bench.seconds / 2}
    return url, await Load.joined(world, *servers, **turns, apart=setup.apart)


async def measured(bench: Bench, contender: Contender) -> tuple[Mapping[str, Figures], Mapping[str, Figures]]:
    """All setups run, and have the load in short turns, since the machine's pace changes from one second to the next.

    The figures of all turns together: of each setup, and what a change took of its threads.
    """
    with ExitStack() as stack:
        running = {name: await joined(setup, contender, bench, stack) for name, setup in SETUPS.items()}
        for _ in range(TURNS):
            for _, load in running.values():
                await load.turn()
        batches = {name: changes_a_transaction(url) for name, (url, _) in running.items()}
    loads = {name: load for name, (_, load) in running.items()}
    rate = {name: load.figures["deliveries/CPU s"] for name, load in loads.items()}
    figures = {
        name: {**load.figures, TO_ONE: rate[name] / rate[ONE], "changes a transaction": batches[name]}
        for name, load in loads.items()
    }
    return figures, {name: load.by_threads for name, load in loads.items()}


async def run(bench: Bench) -> Section:
    section = Section()
    for contender in OURS:
        rounds = []
        for _ in range(bench.rounds):
            rounds.append(await measured(bench, contender))
            for name, figures in rounds[-1][0].items():
                print(f"  {contender.name}, {name}: {figures}", file=sys.stderr, flush=True)
        found, threads = ({name: medians([each[at][name] for each in rounds]) for name in SETUPS} for at in (0, 1))
        section.tables.append(Table.of(found, contender.name))
        section.tables.append(Table.of(threads, f"{contender.name}: a change, by threads"))
        section.bars += [
            Bar(f"{contender.name}: two to one", found[TWO][TO_ONE], 0.8),
            Bar(f"{contender.name}: lost or doubled", faults(*found.values()), 0, least=False, unit="deliveries"),
        ]
    return section
