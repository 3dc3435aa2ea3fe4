"""Many rows by one statement, at a tenth of what the ORM's bulk methods cost: they build an expression a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

from . import columns, exact_json
from .columns import named

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Answer = Callable[[], list[T]]  # reads what was asked for


@cache
def on_postgresql() -> bool:
    """Whether the site's database is PostgreSQL; otherwise it is SQLite."""
    return connection.vendor == "postgresql"


def pipeline() -> AbstractContextManager[None]:
    """PostgreSQL: as its backend, `globetrotter.postgresql`, says. SQLite is in this process, and answers at once."""
    return cast(Any, connection).pipeline() if on_postgresql() else nullcontext()


def await_answers() -> None:
    """In a `pipeline`, wait for all answers. Raises DatabaseError.

    PostgreSQL is told so, or it would not know that this process is at work, and wait for ever if it froze.
    """
    if on_postgresql():
        cast(Any, connection).sync()


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Store new rows; their keys are not read back."""
    _store(_insertion, model, rows, columns.of_model(model)[1:])


def update(model: type[Model], rows: Sequence[Model], names: Sequence[str]) -> None:
    """Store some columns, by attribute (`trip_id`), of rows that are there."""
    _store(_alteration, model, rows, (*names, model._meta.pk.attname))


def _store(
    statement: Callable[[type[Model], tuple[str, ...], bool], str],
    model: type[Model],
    rows: Sequence[Model],
    names: tuple[str, ...],
) -> None:
    """By a statement for each row, or by one for all, which costs PostgreSQL's driver less than its second row."""
    database = connections[DEFAULT_DB_ALIAS]
    together = on_postgresql() and len(rows) > 1
    sql = statement(model, names, together)
    if together:  # they are given as one document, so the statement is the same however many they are
        columns_named = [field.column for field in named(model, names)]
        values = [dict(zip(columns_named, row, strict=True)) for row in columns.of_rows(rows, names)]
        tell(sql, [[exact_json.encode(values).decode()]], database)
    elif rows:
        tell(sql, columns.to_store(model, rows, names, database), database)


@cache
def _insertion(model: type[Model], names: tuple[str, ...], together: bool) -> str:
    into = f"INSERT INTO {quoted(model._meta.db_table)} ({listed(model, names)})"
    if together:
        return f"{_given(model, names)} {into} SELECT * FROM given"  # noqa: S608 (a model's own names)
    return f"{into} VALUES ({', '.join(['%s'] * len(names))})"


@cache
def _alteration(model: type[Model], names: tuple[str, ...], together: bool) -> str:
    """The last of `names` is the key's."""
    table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    if not together:
        return f"UPDATE {table} SET {listed(model, names[:-1], '{} = %s')} WHERE {key} = %s"  # noqa: S608 (likewise)
    new = listed(model, names[:-1], "{0} = given.{0}")
    # Without the second condition, PostgreSQL might read all of a table to find a few.
    these = f"{table}.{key} = given.{key} AND {table}.{key} = ANY(ARRAY(SELECT {key} FROM given))"  # noqa: S608 (likewise)
    return f"{_given(model, names)} UPDATE {table} SET {new} FROM given WHERE {these}"  # noqa: S608 (likewise)


def _given(model: type[Model], names: tuple[str, ...]) -> str:
    types = ", ".join(f"{quoted(field.column)} {field.rel_db_type(connection)}" for field in named(model, names))
    return f"WITH given AS (SELECT * FROM json_to_recordset(%s::json) AS given({types}))"  # noqa: S608 (likewise)


def found(
    model: type[M], names: Sequence[str], keys: Iterable[tuple[Any, ...]], using: str = DEFAULT_DB_ALIAS
) -> list[M]:
    """The rows where `names` hold one of `keys`, together, in key order; names as `rows_wanted` has them."""
    return find(model, names, keys, using=using)()


def find(
    model: type[M],
    names: Sequence[str],
    keys: Iterable[tuple[Any, ...]],
    lock: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Answer[M]:
    """Ask for what `found` returns. `lock`: what `locking` returned."""
    if not (keys := list(keys)):
        return list
    database = connections[using]
    read = ask(_selection(model, tuple(names), lock), wanted(keys), database)
    return lambda: columns.from_stored(model, read(), database)


@cache
def _selection(model: type[Model], names: tuple[str, ...], lock: str) -> str:
    table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    whole = listed(model, columns.of_model(model), "found.{}")
    these = rows_wanted(model, names)
    if lock:  # in the order of the rows' keys; a lookup would lock each as it finds it, in the order it was asked for
        these = f"{table} found WHERE found.{key} = ANY(ARRAY(SELECT found.{key} FROM {these}))"  # noqa: S608 (likewise)
    return f"SELECT {whole} FROM {these} ORDER BY found.{key} {lock}"  # noqa: S608 (likewise)


def ask(sql: str, parameters: Sequence[Any], database: Any) -> Answer[tuple[Any, ...]]:
    """Put a question to a connection. What is asked in one `pipeline` before anything is read is answered together.

    Raises DatabaseError, in a pipeline perhaps only when it is read.
    """
    with database.wrap_database_errors:
        cursor, sql = cursor_for(sql, database)
        cursor.execute(sql, parameters)

    def read() -> list[tuple[Any, ...]]:
        await_answers()
        with database.wrap_database_errors:
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    return read


def tell(sql: str, rows: Sequence[Sequence[Any]], database: Any) -> None:
    """Do something for each of these rows of parameters. In a `pipeline`, its error comes later."""
    with database.wrap_database_errors:
        cursor, sql = cursor_for(sql, database)
        if len(rows) == 1:
            cursor.execute(sql, rows[0])
        else:
            cursor.executemany(sql, rows)


def cursor_for(sql: str, database: Any) -> tuple[Any, str]:
    """A cursor, and the SQL with its placeholders: the driver's own, at half the cost, where Django's adds nothing."""
    if not is_plain(database):
        return database.cursor(), sql
    return database.connection.cursor(), sql if on_postgresql() else sql.replace("%s", "?")


def is_plain(database: Any) -> bool:
    """Whether Django's cursor adds nothing: no log, no wrapper, no rollback that is due, no check of the connection."""
    watched = database.queries_logged or database.execute_wrappers
    not_ready = database.needs_rollback or (database.health_check_enabled and not database.health_check_done)
    return not (watched or not_ready or database.connection is None)


def link(rows: Sequence[Model], *names: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Read what these foreign keys of rows of one model point to: a query for each that points anywhere."""
    for name in names if rows else ():
        field: Any = rows[0]._meta.get_field(name)
        keys = {getattr(row, field.attname) for row in rows} - {None}
        linked = found(field.related_model, [field.target_field.attname], [(key,) for key in keys], using=using)
        by_key = {row.pk: row for row in linked}
        for row in rows:
            field.set_cached_value(row, by_key.get(getattr(row, field.attname)))


@cache
def locking(*, wait: bool) -> str:
    """Words that keep what is found locked until the transaction ends. SQLite needs none: it has one writer."""
    if not connection.features.has_select_for_update:
        return ""
    return connection.ops.for_update_sql(nowait=not wait, of=("found",))


def wanted(keys: Collection[tuple[Any, ...]]) -> list[str]:
    """The parameter of `rows_wanted`: all keys in one document, since lists cost the driver of PostgreSQL more."""
    return [exact_json.encode(keys).decode()]


@cache
def rows_wanted(model: type[Model], names: tuple[str, ...]) -> str:
    """What to select from to find rows by columns, or by a unique column of what they point to (`trip__public_id`).

    Each key is looked up in an index by itself. Left to themselves, both databases may plan to read all of a table that
    is small, and PostgreSQL keeps its plans when the table is large (settings.py says more).
    """
    table = quoted(model._meta.db_table)
    if on_postgresql():
        # It plans before it is given values, so it has to be told their types. What has an OFFSET is planned by itself.
        # Otherwise each condition would read its key from the document anew, and an index for more of them look dearer.
        types = (re.sub(r"\(.*\)", "", fields_of(model, name)[1].rel_db_type(connection)) for name in names)
        keys = ", ".join(f"(value ->> {n})::{type_} AS key{n}" for n, type_ in enumerate(types))
        given = f"(SELECT {keys} FROM json_array_elements(%s::json) OFFSET 0) wanted"  # noqa: S608 (likewise)
        same = (condition(model, name, f"wanted.key{n}") for n, name in enumerate(names))
        one = f"SELECT * FROM {table} found WHERE {' AND '.join(same)} OFFSET 0"  # noqa: S608 (likewise)
        return f"{given} CROSS JOIN LATERAL ({one}) found"
    # A cross join is done in the order in which it stands.
    same = (condition(model, name, f"json_extract(wanted.value, '$[{n}]')") for n, name in enumerate(names))
    return f"json_each(%s) wanted CROSS JOIN {table} found ON {' AND '.join(same)}"


def condition(model: type[Model], name: str, value: str) -> str:
    """SQL: whether `found` has this value in a column, or in that of what it points to."""
    own, compared = fields_of(model, name)
    if compared is not own:
        table, key = quoted(compared.model._meta.db_table), quoted(own.target_field.column)
        value = f"(SELECT {key} FROM {table} WHERE {quoted(compared.column)} = {value})"  # noqa: S608 (likewise)
    return f"found.{quoted(own.column)} = {value}"


def fields_of(model: type[Model], name: str) -> tuple[Any, Any]:
    """The model's own field, and the one that is compared: the same, or one of what it points to."""
    first, _, through = name.partition("__")
    own: Any = model._meta.get_field(first)
    return own, own.related_model._meta.get_field(through) if through else own


@cache
def quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def listed(model: type[Model], names: Sequence[str], form: str = "{}") -> str:
    return ", ".join(form.format(quoted(field.column)) for field in named(model, names))
