"""What one batch leaves for the next, so that it is not read again."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from . import bulk
from .rows import Rows


class Memory:
    """The rows of the last batch of one thread, as it left them, for as long as nobody else has stored anything.

    SQLite tells: `PRAGMA data_version` changes once another connection, of whatever process, has committed, and
    `total_changes` once this one has changed a row. PostgreSQL does not tell, so nothing of it is remembered.
    """

    MOST = 5_000  # rows, some five megabytes where notes are short

    def __init__(self) -> None:
        self._rows: Rows | None = None
        self._left: tuple[Any, ...] = ()
        self._connection: Any = None
        self._version = 0

    def recall(self) -> Rows:
        """In a transaction that writes: the rows that are known, if any. It may be undone, so they are given away."""
        rows, self._rows = self._rows, None
        if bulk.on_postgresql():
            return Rows()
        database = connections[DEFAULT_DB_ALIAS]
        [(self._version,)] = bulk.ask("PRAGMA data_version", (), database)()
        self._connection = database.connection
        return rows if rows is not None and self._left == self._now() else Rows()

    def keep(self, rows: Rows) -> None:
        """Remember them, once what came of them is committed."""
        if self._connection is not None and rows.count <= self.MOST:
            self._rows, self._left = rows, self._now()

    def _now(self) -> tuple[Any, ...]:
        """What changes as soon as somebody else stores anything."""
        return self._connection, self._version, self._connection.total_changes
