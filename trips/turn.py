"""Taking turns at SQLite's one writer, first come, first served."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.conf import settings
from django.db import OperationalError

from . import bulk


class Turn:
    """A fair lock. Waiting here, before BEGIN, is short; waiting in SQLite is not."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def _take(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if not mine.wait(settings.DATABASE_PATIENCE or None):
            self._give_up(mine)

    def _give_up(self, mine: threading.Event) -> None:
        """Whoever has the turn waits for somebody else who holds the file."""
        with self._guard:
            if not mine.is_set():  # else it came at the last moment
                self._waiting.remove(mine)
                raise OperationalError("no turn to write")

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_turn = Turn()


def write_turn() -> AbstractContextManager[None]:
    """This process' turn to write. PostgreSQL needs none: its writers meet at the trip's row."""
    return nullcontext() if bulk.on_postgresql() else _turn()
