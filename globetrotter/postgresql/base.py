"""Django's PostgreSQL backend, of which a transaction can be one pipeline: psycopg's own waits for BEGIN and COMMIT."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
from django.db import DatabaseError
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper, debug_transaction
from django.db.transaction import TransactionManagementError


class DatabaseWrapper(base.DatabaseWrapper):
    """In a pipeline, only who asks by the driver's own cursor need not wait: Django's waits for each answer.

    A pipeline ends with the outermost transaction in it.
    """

    _pipeline: psycopg.Pipeline | None = None
    _entered: ExitStack

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Inside, statements may be sent before earlier ones are answered.

        Raises DatabaseError for the first statement that failed, at `sync` or at the end; RuntimeError within another.
        """
        if self._pipeline is not None:
            raise RuntimeError("A pipeline cannot be nested within another one.")
        self._connect()
        with self.wrap_database_errors:
            entered = ExitStack()
            self._pipeline, self._entered = entered.enter_context(self.connection.pipeline()), entered
            try:
                yield
            except BaseException:
                self._abandon_pipeline()
                raise
            self._end_pipeline()

    def _connect(self) -> None:
        """What atomic() would do, but too late. It closes what broke within it, but not what broke at its beginning."""
        if self.connection is not None and self.connection.closed and not self.in_atomic_block:
            self.close()
        self.close_if_health_check_failed()
        self.ensure_connection()

    def sync(self) -> None:
        """In a pipeline, wait for what is not answered. Until the next statement, PostgreSQL knows that it is idle.

        Raises DatabaseError for the first statement that failed; what came after that was not done.
        """
        if self._pipeline is not None and self._pipeline.result_queue:
            with self.wrap_database_errors:
                self._pipeline.sync()

    def _end_pipeline(self) -> None:
        """Wait for all answers and leave, if that was not done yet. Raises psycopg.Error for the first that is one."""
        if self._pipeline is not None:
            self._pipeline = None
            try:
                self._entered.close()
            except psycopg.errors.PipelineAborted as aborted:  # by what may have been noticed before
                raise aborted.__context__ or aborted from None

    def _abandon_pipeline(self) -> None:
        """Leave it after an error. Where atomic() knows of no transaction, one may have begun; it must not be used."""
        if self._pipeline is not None and not self.in_atomic_block:
            self.close()
        with suppress(psycopg.Error):
            self._end_pipeline()

    def close(self) -> None:
        if self._pipeline is not None:
            self.connection.close()  # or the pool would give it to somebody else, pipeline and all
            with suppress(psycopg.Error):
                self._end_pipeline()
        super().close()

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)

    def _start_transaction_under_autocommit(self) -> None:
        """Called where the outermost atomic() begins. Without autocommit, psycopg sends BEGIN by itself, and waits."""
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            if self._pipeline is None:
                self.connection.autocommit = False
            else:
                self.connection.execute("BEGIN")

    def commit(self) -> None:
        if self._pipeline is not None:
            self.validate_no_atomic_block()
            with self._closed_if_interrupted():
                self._commit_in_pipeline()
        super().commit()  # after that, psycopg finds nothing to commit

    def _commit_in_pipeline(self) -> None:
        with self.wrap_database_errors:
            committed = self.connection.execute("COMMIT")
            self._end_pipeline()
        if committed.statusmessage != "COMMIT":  # but ROLLBACK, where somebody passed over an error
            raise TransactionManagementError("The transaction was broken, and could not be committed.")

    def rollback(self) -> None:
        if self._pipeline is not None:
            self.validate_no_atomic_block()
            with self._closed_if_interrupted(), suppress(psycopg.Error):
                self._end_pipeline()  # it passes over all that follows an error, a ROLLBACK, too
        super().rollback()

    @contextmanager
    def _closed_if_interrupted(self) -> Iterator[None]:
        """Only after a DatabaseError does atomic() itself roll back, or close the connection."""
        try:
            yield
        except DatabaseError:
            raise
        except BaseException:
            self.close()
            raise

    def savepoint_rollback(self, sid: str) -> None:
        with suppress(DatabaseError):
            self.sync()
        super().savepoint_rollback(sid)


class Cursor(CursorWrapper):
    """Whoever uses Django's cursor counts on errors, and on the rows that were found, as soon as it has executed."""

    db: DatabaseWrapper

    def execute(self, sql: Any, params: Any = None) -> Any:
        answer = super().execute(sql, params)
        self.db.sync()
        return answer

    def executemany(self, sql: Any, param_list: Any) -> Any:
        answer = super().executemany(sql, param_list)
        self.db.sync()
        return answer


class DebugCursor(Cursor, base.CursorDebugWrapper):
    """The same, and keeps a log."""
