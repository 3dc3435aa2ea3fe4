"""Two processes on Redis and PostgreSQL, beside one."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass

from ..bench import Bench
from ..crowd import everybody_writes
from ..database import Plan, changes_a_transaction, own_redis
from ..results import Bar, Figures, Section, Table, faults, medians
from ..servers import OURS, Contender, serving


@dataclass(frozen=True)
class Setup:
    """`apart`: no trip has members in both processes."""

    processes: int
    redis: bool
    apart: bool = False


SETUPS = {
    "one process": Setup(1, redis=False),
    "one process, Redis": Setup(1, redis=True),
    "two processes, Redis": Setup(2, redis=True),
    "two processes, Redis, trips apart": Setup(2, redis=True, apart=True),
}
MORE_ROUNDS = 2  # times: what is compared differs by little more than the machine from one moment to the next


async def measured(bench: Bench, contender: Contender, setup: Setup) -> tuple[Figures, Figures]:
    with ExitStack() as stack:
        url, world = stack.enter_context(bench.postgresql.fresh(Plan(bench.sized(50, 5), 4)))
        layer = stack.enter_context(own_redis()) if setup.redis else ""
        servers = [stack.enter_context(serving(contender, url, world, REDIS_URL=layer)) for _ in range(setup.processes)]
        figures, by_threads = await everybody_writes(world, bench.seconds, *servers, apart=setup.apart)
        return {**figures, "changes a transaction": changes_a_transaction(url)}, by_threads


async def run(bench: Bench) -> Section:
    section = Section()
    for contender in OURS:
        runs: dict[str, list[Figures]] = {name: [] for name in SETUPS}
        threads: dict[str, list[Figures]] = {name: [] for name in SETUPS}
        for _ in range(bench.rounds * MORE_ROUNDS):
            for name, setup in SETUPS.items():
                figures, by_threads = await measured(bench, contender, setup)
                runs[name].append(figures)
                threads[name].append(by_threads)
                print(f"  {contender.name}, {name}: {figures}", file=sys.stderr, flush=True)
        found = {name: medians(figures) for name, figures in runs.items()}
        section.tables.append(Table.of(found, contender.name))
        by_name = {name: medians(figures) for name, figures in threads.items()}
        section.tables.append(Table.of(by_name, f"{contender.name}: a change, by threads"))
        rate = {name: figures["deliveries/CPU s"] for name, figures in found.items()}
        section.bars += [
            Bar(f"{contender.name}: two to one", rate["two processes, Redis"] / rate["one process"], 0.8),
            Bar(f"{contender.name}: lost or doubled", faults(*found.values()), 0, least=False, unit="deliveries"),
        ]
    return section
