"""Two processes on Redis and PostgreSQL, beside one."""

import sys
from contextlib import ExitStack

from ..bench import Bench
from ..crowd import everybody_writes
from ..database import Plan, changes_a_transaction, own_redis
from ..results import Bar, Figures, Section, Table, faults, medians
from ..servers import OURS, Contender, serving

SETUPS = {"one process": (1, False), "one process, Redis": (1, True), "two processes, Redis": (2, True)}


async def measured(bench: Bench, contender: Contender, count: int, redis: bool) -> Figures:
    url, world = bench.postgresql.fresh(Plan(bench.sized(50, 5), 4))
    with ExitStack() as stack:
        layer = stack.enter_context(own_redis()) if redis else ""
        servers = [stack.enter_context(serving(contender, url, world, REDIS_URL=layer)) for _ in range(count)]
        figures = await everybody_writes(world, bench.seconds, *servers)
        return {**figures, "changes a transaction": changes_a_transaction(url)}


async def run(bench: Bench) -> Section:
    section = Section()
    for contender in OURS:
        runs: dict[str, list[Figures]] = {name: [] for name in SETUPS}
        for _ in range(bench.rounds):
            for name, (count, redis) in SETUPS.items():
                runs[name].append(await measured(bench, contender, count, redis))
                print(f"  {contender.name}, {name}: {runs[name][-1]}", file=sys.stderr, flush=True)
        found = {name: medians(figures) for name, figures in runs.items()}
        section.tables.append(Table.of(found, contender.name))
        rate = {name: figures["deliveries/CPU s"] for name, figures in found.items()}
        section.bars += [
            Bar(f"{contender.name}: two to one", rate["two processes, Redis"] / rate["one process"], 0.8),
            Bar(f"{contender.name}: lost or doubled", faults(*found.values()), 0, least=False, unit="deliveries"),
        ]
    return section
