"""`python -m tests.bench`: runs the scenarios and prints what they found; a full run writes docs/BENCHMARKS.md."""

import argparse
import fcntl
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


def scenarios(names: str) -> tuple[str, ...]:
    """Those that are named, or all. Raises ArgumentTypeError."""
    if unknown := [name for name in names.split() if name not in SCENARIOS]:
        raise argparse.ArgumentTypeError(f"there is no {' and no '.join(unknown)}. There are: {' '.join(SCENARIOS)}")
    return tuple(names.split()) or SCENARIOS


def at_least_one(number: str) -> int:
    """Raises ArgumentTypeError."""
    if not number.isdecimal() or int(number) < 1:
        raise argparse.ArgumentTypeError("this must be a whole number, 1 or more")
    return int(number)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", type=scenarios, default=SCENARIOS, help=f"some of: {' '.join(SCENARIOS)}")
    parser.add_argument("--short", action="store_true", help="one round, little load: to see that it works")
    parser.add_argument("--rounds", type=at_least_one, default=3, help="how often each is measured")
    parser.add_argument("--profile", default="", help="a folder for what py-spy sees of the servers")
    return parser.parse_args()


async def run(given: argparse.Namespace) -> None:
    little: dict[str, Any] = {"rounds": 1, "seconds": 0.5, "size": 0.1} if given.short else {"rounds": given.rounds}
    found: dict[str, Section] = {}
    with own_postgresql() as postgresql:
        bench = Bench(SQLite(), postgresql, profile=given.profile, **little)
        for name in given.only:
            print(f"{name} …", file=sys.stderr, flush=True)
            found[name] = await import_module(f"tests.bench.scenarios.{name}").run(bench)
            print(f"\n{found[name]}\n", flush=True)
    if given.only == SCENARIOS and bench.rounds >= 3 and not given.profile:
        page.write(found, bench.rounds)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else measures in this folder meanwhile: each would measure the other."""
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with FOLDER.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Somebody runs the benchmarks here already.") from None
        yield


def main() -> None:
    given = arguments()
    if missing := missing_programs():
        raise SystemExit(f"The benchmarks start services of their own, and there is no {' and no '.join(missing)}.")
    settle_on_the_generators_core()
    with alone():
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        uvloop.run(run(given))


if __name__ == "__main__":
    main()
