"""How a scenario measures: side by side, round after round, each time on a fresh server and a fresh database."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .database import Plan, Storage, World
from .profiling import profiled
from .results import Figures, medians
from .servers import Contender, Server, serving

Measure = Callable[[Server, World], Awaitable[Figures]]


@dataclass(frozen=True, eq=False)
class Side:
    """A contender on a storage."""

    contender: Contender
    storage: Storage

    @property
    def name(self) -> str:
        return f"{self.contender.name}, {self.storage.name}"


def named(found: Mapping[Side, Figures] | Mapping[Contender, Figures]) -> dict[str, Figures]:
    """The figures by name, for a table."""
    return {each.name: figures for each, figures in found.items()}


@dataclass(frozen=True)
class Bench:
    """What all scenarios share. `size`: 1 for the real thing, less for a try."""

    sqlite: Storage
    postgresql: Storage
    rounds: int = 3
    seconds: float = 3.0
    size: float = 1.0
    profile: str = ""

    def sized(self, number: int, least: int = 1) -> int:
        """A number of clients, rooms or rows, smaller in a try."""
        return max(least, round(number * self.size))

    async def side_by_side(self, sides: Sequence[Side], plan: Plan, measure: Measure) -> dict[Side, dict[str, float]]:
        """A B C, A B C, A B C: the medians of each side's figures."""
        found: dict[Side, list[Figures]] = {side: [] for side in sides}
        for turn in range(self.rounds):
            for side in sides:
                with self.serving(side, plan) as (server, world):
                    figures = await measure(server, world)
                    found[side].append(figures)
                said = "  ".join(f"{name} {value:,.1f}" for name, value in figures.items())
                print(f"  {turn + 1}  {side.name}: {said}", file=sys.stderr, flush=True)
        return {side: medians(runs) for side, runs in found.items()}

    @contextmanager
    def serving(self, side: Side, plan: Plan, **settings: str) -> Iterator[tuple[Server, World]]:
        """A server on a fresh database; profiled, if this run is asked to."""
        with (
            side.storage.fresh(plan) as (url, world),
            serving(side.contender, url, world, **settings) as server,
            profiled(server, self.profile),
        ):
            yield server, world
