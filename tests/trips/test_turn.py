"""Taking turns at SQLite's one writer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError

from trips.turn import Turn


def test_who_waits_too_long_gives_up_and_the_others_stay_in_line(settings: Any) -> None:
    settings.DATABASE_PATIENCE = 0.1
    turn, entered, leave = Turn(), threading.Event(), threading.Event()
    order: list[str] = []

    def hold() -> None:
        with turn():
            entered.set()
            leave.wait(5)

    def write(name: str) -> None:
        with turn():
            order.append(name)

    with ThreadPoolExecutor() as people:
        holder = people.submit(hold)
        entered.wait(5)
        with pytest.raises(OperationalError):
            people.submit(write, "impatient").result()
        settings.DATABASE_PATIENCE = 5
        patient = people.submit(write, "patient")
        leave.set()
        for done in (holder, patient):
            done.result(5)
    assert order == ["patient"]
    with turn():
        pass  # it was passed on
