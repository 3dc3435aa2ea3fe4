"""Installations that the short faults are done to: one of each kind for the whole run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.site import Scaled, Site, running
from tests.own_services import require_programs

SiteOf = Callable[[Callable[[Path], Site]], Site]


@pytest.fixture(scope="session")
def site_of() -> Iterator[SiteOf]:
    """Started when it is first asked for."""
    started: dict[Callable[[Path], Site], Site] = {}
    with ExitStack() as ends:

        def start(kind: Callable[[Path], Site]) -> Site:
            if kind is Scaled:
                require_programs()
            if kind not in started:
                started[kind] = ends.enter_context(running(kind))
            return started[kind]

        yield start
