"""Two processes on Redis and PostgreSQL, beside one."""

import sys
from contextlib import ExitStack

from ..bench import Bench
from ..crowd import everybody_writes
from ..database import Plan, changes_a_transaction, own_redis
from ..results import Bar, Figures, Section, Table, faults, medians
from ..servers import OURS, Contender, serving

SETUPS = {"one process": (1, False), "one process, Redis": (1, True), "two processes, Redis": (2, True)}


async def measured(bench: Bench, contender: Contender, count: int, redis: bool) -> tuple[Figures, Figures]:
    url, world = bench.postgresql.fresh(Plan(bench.sized(50, 5), 4))
    with ExitStack() as stack:
        layer = stack.enter_context(own_redis()) if redis else ""
        servers = [stack.enter_context(serving(contender, url, world, REDIS_URL=layer)) for _ in range(count)]
        figures, by_threads = await everybody_writes(world, bench.seconds, *servers)
        return {**figures, "changes a transaction": changes_a_transaction(url)}, by_threads


async def run(bench: Bench) -> Section:
    section = Section()
    for contender in OURS:
        runs: dict[str, list[Figures]] = {name: [] for name in SETUPS}
        threads: dict[str, list[Figures]] = {name: [] for name in SETUPS}
        for _ in range(bench.rounds):
            for name, (count, redis) in SETUPS.items():
                figures, by_threads = await measured(bench, contender, count, redis)
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
