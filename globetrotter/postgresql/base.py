"""Within a pipeline, BEGIN and COMMIT travel with the statements beside them; psycopg's own would wait for each."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction


class DatabaseWrapper(base.DatabaseWrapper):
    """Of a transaction in a pipeline, only what is read is waited for, and its end, with which the pipeline ends."""

    _pipeline: ExitStack | None = None

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Inside, PostgreSQL is given the next statement before it has answered the last, unless its answer is read."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            self._pipeline = ExitStack()
            self._pipeline.enter_context(self.connection.pipeline())
            try:
                yield
            finally:
                self._end_pipeline()

    def _end_pipeline(self) -> None:
        """Wait for all answers, if it has not ended yet. Raises psycopg's Error for the first that is one."""
        if self._pipeline is not None:
            ending, self._pipeline = self._pipeline, None
            ending.close()

    def _end_what_failed(self) -> None:
        """After an error, PostgreSQL passes over all that comes in the same pipeline, a ROLLBACK, too."""
        with suppress(psycopg.Error):
            self._end_pipeline()

    def _start_transaction_under_autocommit(self) -> None:
        """Called by Django where there is such a method. psycopg, left to itself, begins with the first statement."""
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            if self._pipeline is None:
                self.connection.autocommit = False
            else:
                self.connection.execute("BEGIN")

    def commit(self) -> None:
        if self._pipeline is not None:
            with self.wrap_database_errors:
                self.connection.execute("COMMIT")
                self._end_pipeline()
        super().commit()  # psycopg does nothing then

    def rollback(self) -> None:
        self._end_what_failed()
        super().rollback()

    def savepoint_commit(self, sid: str) -> None:
        super().savepoint_commit(sid)
        with self.wrap_database_errors:
            self._end_pipeline()

    def savepoint_rollback(self, sid: str) -> None:
        self._end_what_failed()
        super().savepoint_rollback(sid)
