"""What one batch leaves for the next, so that it is not read again."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from . import bulk
from .rows import Rows


class Memory:
    """The rows of the last batch, as it left them, for as long as nobody else has stored anything.

    SQLite tells: `PRAGMA data_version` is another one once another connection, of whatever process, has committed, and
    `total_changes` once this one has changed a row. PostgreSQL does not tell, so nothing of it is remembered.
    """

    MOST = 10_000  # rows, some ten megabytes

    def __init__(self) -> None:
        self._rows: Rows | None = None
        self._left: tuple[Any, ...] = ()
        self._connection: Any = None
        self._version = 0

    def recall(self) -> Rows:
        """The rows that are known, in a transaction that writes. Until they are kept they are not: it may be undone."""
        rows, self._rows = self._rows, None
        if bulk.on_postgresql():
            return Rows()
        database = connections[DEFAULT_DB_ALIAS]
        [(self._version,)] = bulk.ask("PRAGMA data_version", (), database)()
        self._connection = database.connection
        return rows if rows is not None and self._left == self._now() else Rows()

    def keep(self, rows: Rows) -> None:
        """Remember them, once what came of them is committed."""
        if self._connection is not None and len(rows) <= self.MOST:
            self._rows, self._left = rows, self._now()

    def _now(self) -> tuple[Any, ...]:
        """What is another one as soon as somebody else has stored anything."""
        return self._connection, self._version, self._connection.total_changes
