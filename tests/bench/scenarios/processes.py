"""Two processes on Redis and PostgreSQL, beside one."""

import asyncio
import sys
from contextlib import ExitStack

from ..bench import Bench
from ..crowd import Crowd
from ..database import Plan, World, changes_a_transaction, own_redis
from ..load import Stopwatch
from ..results import Bar, Figures, Section, Table, faults, medians
from ..servers import OURS, Contender, Server, serving
from .parts import Threads

SETUPS = {"one process": (1, False), "one process, Redis": (1, True), "two processes, Redis": (2, True)}


async def everybody_writes(world: World, seconds: float, servers: list[Server]) -> tuple[Figures, Figures]:
    """The durable load: what came of it, and what each change took of the servers' threads."""
    crowd = Crowd(world)
    await crowd.join(*servers)
    crowd.start()
    await crowd.warm(seconds / 3)
    before, threads, watch = crowd.counts, Threads(*servers), Stopwatch(lambda: sum(server.cpu for server in servers))
    await asyncio.sleep(seconds)
    by_threads = threads.read(crowd.updates - before[0])
    figures = crowd.figures(before, watch.read())
    return {**figures, **await crowd.finish()}, by_threads


async def measured(bench: Bench, contender: Contender, count: int, redis: bool) -> tuple[Figures, Figures]:
    url, world = bench.postgresql.fresh(Plan(bench.sized(50, 5), 4))
    with ExitStack() as stack:
        layer = stack.enter_context(own_redis()) if redis else ""
        servers = [stack.enter_context(serving(contender, url, world, REDIS_URL=layer)) for _ in range(count)]
        figures, by_threads = await everybody_writes(world, bench.seconds, servers)
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
