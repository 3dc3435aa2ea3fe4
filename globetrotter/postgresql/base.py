"""Django's PostgreSQL backend, of which a transaction can be one pipeline: psycopg's own waits for BEGIN and COMMIT."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
from django.db import Error
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError


class DatabaseWrapper(base.DatabaseWrapper):
    """In a pipeline, a transaction waits for answers that are read, and at its end, with which the pipeline ends."""

    _pipeline: psycopg.Pipeline | None = None
    _entered: ExitStack

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Until the transaction inside ends, statements are sent before earlier ones are answered.

        How many rows an UPDATE found is not known inside, so `Model.save` would insert. Raises DatabaseError for the
        first statement that failed, where an answer is read or at the end; RuntimeError within another pipeline.
        """
        if self._pipeline is not None:
            raise RuntimeError("A pipeline cannot be nested within another one.")
        self._connect()
        with self.wrap_database_errors:
            entered = ExitStack()
            self._pipeline, self._entered = entered.enter_context(self.connection.pipeline()), entered
            try:
                yield
            finally:
                self._end_pipeline()

    def _connect(self) -> None:
        """What atomic() would do, but too late. It closes what broke within it, but not what broke at its beginning."""
        if self.connection is not None and self.connection.closed and not self.in_atomic_block:
            self.close()
        self.close_if_health_check_failed()
        self.ensure_connection()

    def sync(self) -> None:
        """In a pipeline, wait for all answers. From then on, PostgreSQL knows a transaction to be idle.

        Raises DatabaseError for the first statement that failed.
        """
        if self._pipeline is not None:
            with self.wrap_database_errors:
                self._pipeline.sync()

    def _end_pipeline(self) -> None:
        """Wait for all answers and leave, if that was not done yet. Raises psycopg.Error for the first that is one."""
        if self._pipeline is not None:
            self._pipeline = None
            self._entered.close()

    def _abandon_pipeline(self) -> None:
        """Leave it, whatever failed: after an error PostgreSQL skips all that follows in it, a ROLLBACK, too."""
        with suppress(psycopg.Error):
            self._end_pipeline()

    def _start_transaction_under_autocommit(self) -> None:
        """Called where the outermost atomic() begins. Without autocommit, psycopg sends BEGIN by itself, and waits."""
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            if self._pipeline is None:
                self.connection.autocommit = False
            else:
                self.connection.execute("BEGIN")

    def commit(self) -> None:
        if self._pipeline is not None:
            try:
                self._commit_in_pipeline()
            except Error:
                raise  # atomic() rolls back
            except BaseException:  # and here it would not
                self.close()
                raise
        super().commit()  # after that, psycopg finds nothing to commit

    def _commit_in_pipeline(self) -> None:
        with self.wrap_database_errors:
            committed = self.connection.execute("COMMIT")
            self._end_pipeline()
        if committed.statusmessage != "COMMIT":  # but ROLLBACK, where somebody passed over an error
            raise TransactionManagementError("The transaction was broken, and could not be committed.")

    def rollback(self) -> None:
        self._abandon_pipeline()
        super().rollback()

    def savepoint_commit(self, sid: str) -> None:
        super().savepoint_commit(sid)
        with self.wrap_database_errors:
            self._end_pipeline()  # what failed is noticed while Django can still go back to the savepoint

    def savepoint_rollback(self, sid: str) -> None:
        self._abandon_pipeline()
        super().savepoint_rollback(sid)
