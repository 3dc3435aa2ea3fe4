"""Growth: what changes when the journal is long, and the trip is big."""

import asyncio
from itertools import pairwise
from typing import Any

from ..bench import Bench
from ..database import Storage, found_with_django
from ..machine import SERVER_CORE
from ..results import Bar, Section, Table

WRITES = ("journal", "objects", "new")
JOURNALS, SIZES, REPLAYS = [10, 1_000, 100_000], [50, 500, 5_000], [10, 100, 1_000]


def probed(storage: Storage, times: int, shrink: float) -> dict[str, dict[str, dict[str, float]]]:
    asked = [
        [max(10 * 2**at, round(number * shrink)) for at, number in enumerate(numbers)]
        for numbers in (JOURNALS, SIZES, REPLAYS)
    ]
    with storage.empty() as url:
        found: dict[str, Any] = found_with_django("growth_probe", url, [*asked, times], SERVER_CORE)
    return found


async def run(bench: Bench) -> Section:
    section = Section()
    for storage in (bench.sqlite, bench.postgresql):
        found = await asyncio.to_thread(probed, storage, max(30, round(300 * bench.size)), bench.size)
        names = {
            "journal": "a change, journal of",
            "objects": "a change, trip of",
            "new": "a new stop, trip of",
            "replay": "replay of",
            "snapshot": "snapshot of",
        }
        rows: list[list[str | float]] = [
            [f"{said} {int(size):,}", figures["ms"], figures["queries"]]
            for what, said in names.items()
            for size, figures in found[what].items()
        ]
        section.tables.append(Table([storage.name, "ms", "queries"], rows))
        section.bars += bars(storage, found)
    return section


def bars(storage: Storage, found: dict[str, dict[str, dict[str, float]]]) -> list[Bar]:
    """Writes: the dearest to the cheapest. Reads: by how much more a thing costs among many than among few."""
    writes = [[figures["ms"] for figures in found[what].values()] for what in WRITES]
    flat = max(max(each) / min(each) for each in writes)
    made = [Bar(f"{storage.name}: dearest change, to the cheapest", flat, 1.2, least=False)]
    for what in ("replay", "snapshot"):
        each = [figures["ms"] / int(size) for size, figures in found[what].items()]
        made.append(Bar(f"{storage.name}: {what}, each of most, to each of some", each[2] / each[1], 1.2, least=False))
    queries = [[figures["queries"] for figures in sizes.values()] for sizes in found.values()]
    growing = sum(more > fewer for each in queries for fewer, more in pairwise(each))
    return [*made, Bar(f"{storage.name}: query counts that grow", growing, 0, least=False, unit="")]
