"""What is known from batch to batch, so that it is not read again."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from . import bulk
from .rows import Rows


class Memory:
    """The rows that one thread has read and stored, as it left them, until anybody else stores anything: then, none.

    SQLite tells: `PRAGMA data_version` changes once another connection, of whatever process, has committed, and
    `total_changes` once this one has changed a row. PostgreSQL does not tell, so nothing of it is remembered.
    """

    MOST = 5_000  # rows: some five megabytes, or fifty if all have the longest notes; beyond it, all are forgotten

    def __init__(self) -> None:
        self._rows: Rows | None = None
        self._left: tuple[Any, ...] = ()
        self._connection: Any = None
        self._version = 0

    def recall(self) -> Rows:
        """The rows that are known, if any, in a transaction that writes. As that may fail, they are known no longer."""
        rows, self._rows = self._rows, None
        if bulk.on_postgresql():
            return Rows()
        database = connections[DEFAULT_DB_ALIAS]
        [(self._version,)] = bulk.ask("PRAGMA data_version", (), database)()
        self._connection = database.connection
        return rows if rows is not None and self._left == self._now() else Rows()

    def keep(self, rows: Rows) -> None:
        """Know them from now on: what came of them is committed."""
        rows.earlier.clear()  # asked for anew by each batch
        if not bulk.on_postgresql() and rows.count <= self.MOST:
            self._rows, self._left = rows, self._now()

    def _now(self) -> tuple[Any, ...]:
        """What changes as soon as somebody else stores anything."""
        return self._connection, self._version, self._connection.total_changes
