"""How a scenario measures: side by side, round after round, each time on a fresh server and a fresh database."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from .database import Plan, Storage, World
from .profiling import profiled
from .results import Figures, medians
from .servers import Contender, Server, serving

K = TypeVar("K")
Measure = Callable[[Server, World], Awaitable[Figures]]
Begin = Callable[[Server, World], Awaitable["InTurns"]]


class InTurns(Protocol):
    """What is measured in several turns."""

    async def turn(self) -> None: ...

    @property
    def figures(self) -> Figures:
        """Of all turns together."""


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
        for number in range(self.rounds):
            for side in sides:
                with self.serving(side, plan) as (server, world):
                    found[side].append(await measure(server, world))
                say(number, side.name, found[side][-1])
        return {side: medians(runs) for side, runs in found.items()}

    async def in_turns(
        self, measured: Mapping[K, tuple[Side, Plan]], begin: Begin, turns: int
    ) -> dict[K, dict[str, float]]:
        """The same, but with so many short turns in a round, on servers that all run from its beginning to its end."""
        found: dict[K, list[Figures]] = {name: [] for name in measured}
        for number in range(self.rounds):
            with ExitStack() as stack:
                begun = {
                    name: await begin(*stack.enter_context(self.serving(side, plan)))
                    for name, (side, plan) in measured.items()
                }
                for _ in range(turns):
                    for each in begun.values():
                        await each.turn()
            for name, each in begun.items():
                found[name].append(each.figures)
                side, plan = measured[name]
                say(number, f"{side.name}, {plan.trips} trips", each.figures)
        return {name: medians(runs) for name, runs in found.items()}

    @contextmanager
    def serving(self, side: Side, plan: Plan, **settings: str) -> Iterator[tuple[Server, World]]:
        """A server on a fresh database; profiled, if this run is asked to."""
        with (
            side.storage.fresh(plan) as (url, world),
            serving(side.contender, url, world, **settings) as server,
            profiled(server, self.profile),
        ):
            yield server, world


def say(number: int, name: str, figures: Figures) -> None:
    """What a round found, while the others are waited for."""
    said = "  ".join(f"{what} {value:,.1f}" for what, value in figures.items())
    print(f"  {number + 1}  {name}: {said}", file=sys.stderr, flush=True)
