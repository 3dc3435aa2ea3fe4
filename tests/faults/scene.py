"""One scene: people at work, a fault, what is found. The same for every fault."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .client import Habits, usual
from .site import Scaled, Site
from .stage import GONE_AFTER, Stage
from .verdict import Verdict

Settings = Mapping[str, str]
WARM_UP = 2.0  # seconds of work before anything happens
LIMITS = {"MESSAGES_PER_SECOND": "100", "MUTATIONS_PER_SECOND": "50", "JOINS_PER_SECOND": "50"}


@dataclass(frozen=True)
class Fault:
    """A row of the table. `longest`: the delay that it may cause, in seconds; `servers`: settings of each process.

    People are given their tokens by the clock of the last of them.
    """

    name: str
    happens: Callable[[Stage], Awaitable[None]]
    longest: float = 1.0
    servers: tuple[Settings, ...] = ({}, {})
    people: int = 20
    habits: Callable[[int], Habits] = usual
    site: Callable[[Path], Site] = Scaled

    @property
    def id(self) -> str:
        return "-".join(word for word in self.name.lower().replace(",", "").split() if word not in ("a", "the"))


@dataclass
class Result:
    fault: Fault
    verdict: Verdict
    remarks: list[str]
    did_not_happen: list[str]

    @property
    def misses(self) -> list[str]:
        """Everything that is not as promised, and what makes this result worth nothing."""
        return [*self.verdict.misses(self.fault.longest), *self.did_not_happen]


async def play(fault: Fault, site: Site, *, short: bool = False) -> Result:
    """On an installation that runs. Its processes go on after it, for a scene that asks for the same."""
    trips = await asyncio.to_thread(site.trips, 2)
    clock = {name: value for name, value in fault.servers[-1].items() if name == "CLOCK_AHEAD"}
    tokens = await asyncio.to_thread(site.tokens, **clock)
    stage = Stage(site, short=short)
    try:
        blocked = {"BLOCKED_FOR": str(stage.blocked)}
        await asyncio.to_thread(site.serve, [{**LIMITS, **blocked, **own} for own in fault.servers])
        people = fault.people // 2 if short else fault.people
        stage.enter(dict(islice(tokens.items(), people)), trips, fault.habits)
        if not await stage.everybody_is_in():
            raise RuntimeError("Not everybody could enter before the fault.")
        await stage.wait(WARM_UP, short=0.5)
        for server in range(len(site.servers)):
            stage.go_away(stage.at(server))
        await fault.happens(stage)
        await stage.everybody_is_in()
        shown: list[str] = []
        if not short:
            await asyncio.sleep(GONE_AFTER)
            shown = stage.presence()
        await stage.comes_to_rest()
        verdict = await stage.verdict()
        verdict.wrongly_shown = shown
        await stage.tell_how_it_went()
        return Result(fault, verdict, stage.remarks, stage.did_not_happen)
    finally:
        await stage.leave()
