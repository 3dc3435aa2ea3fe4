"""`python -m tests.bench`: runs the scenarios and prints what they found; a full run writes docs/BENCHMARKS.md."""

import argparse
import shutil
import sys
from importlib import import_module
from typing import Any

import uvloop

from tests.own_services import missing_programs

from . import page
from .bench import Bench
from .database import FOLDER, SQLite, own_postgresql
from .machine import settle_on_the_generators_core
from .results import Section

SCENARIOS = ("fanout", "lone", "durable", "latency", "storm", "memory", "processes", "growth", "webpage", "parts")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"some of: {' '.join(SCENARIOS)}")
    parser.add_argument("--short", action="store_true", help="one round, little load: to see that it works")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--profile", default="", help="a folder for what py-spy sees of the servers")
    return parser.parse_args()


async def run(given: argparse.Namespace) -> None:
    names = given.only.split() or SCENARIOS
    little: dict[str, Any] = {"rounds": 1, "seconds": 0.5, "size": 0.1} if given.short else {"rounds": given.rounds}
    found: dict[str, Section] = {}
    with own_postgresql() as postgresql:
        bench = Bench(SQLite(), postgresql, profile=given.profile, **little)
        for name in names:
            print(f"{name} …", file=sys.stderr, flush=True)
            found[name] = await import_module(f"tests.bench.scenarios.{name}").run(bench)
            print(f"\n{found[name]}\n", flush=True)
    if names == SCENARIOS and bench.rounds >= 3 and not given.profile:
        page.write(found, bench.rounds)


def main() -> None:
    given = arguments()
    if missing := missing_programs():
        raise SystemExit(f"The benchmarks start services of their own, and there is no {' and no '.join(missing)}.")
    settle_on_the_generators_core()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    uvloop.run(run(given))


if __name__ == "__main__":
    main()
