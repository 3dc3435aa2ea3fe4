"""Many rows by one statement, at a tenth of what the ORM's bulk methods cost: they build an expression a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Field, Model

from . import exact_json

Converter = Callable[[Any, Expression, Any], Any]
M = TypeVar("M", bound=Model)
T = TypeVar("T")
Answer = Callable[[], list[T]]  # reads what was asked for


@contextmanager
def pipeline() -> Iterator[None]:
    """Inside, PostgreSQL is given the next statement before it has answered the last, unless its answer is read."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Store new rows; their keys are not read back."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    into = f"INSERT INTO {quoted(model._meta.db_table)} ({listed(fields)})"
    if at_once(rows):
        _do_at_once(f"{into} SELECT * FROM given", rows, fields)  # noqa: S608 (a model's own names)
    else:
        _do(f"{into} VALUES ({', '.join(['%s'] * len(fields))})", rows, fields)


def update(model: type[Model], rows: Sequence[Model], fields: Sequence[Field[Any, Any]]) -> None:
    """Store these fields of rows that are there."""
    key = model._meta.pk
    table, name = quoted(model._meta.db_table), quoted(key.column)
    if at_once(rows):
        new = listed(fields, "{0} = given.{0}")
        # Without the second condition, PostgreSQL might read all of a table to find a few.
        these = f"{table}.{name} = given.{name} AND {table}.{name} = ANY(ARRAY(SELECT {name} FROM given))"  # noqa: S608 (likewise)
        _do_at_once(f"UPDATE {table} SET {new} FROM given WHERE {these}", rows, [*fields, key])  # noqa: S608 (likewise)
    else:
        _do(f"UPDATE {table} SET {listed(fields, '{} = %s')} WHERE {name} = %s", rows, [*fields, key])  # noqa: S608 (likewise)


def found(
    model: type[M], columns: Sequence[str], keys: Iterable[tuple[Any, ...]], using: str = DEFAULT_DB_ALIAS
) -> list[M]:
    """The rows whose columns hold one of `keys`, together, in key order."""
    return find(model, columns, keys, using=using)()


def find(
    model: type[M],
    columns: Sequence[str],
    keys: Iterable[tuple[Any, ...]],
    lock: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Answer[M]:
    """Ask for what `found` returns. `lock`: as `locking` says."""
    if not (keys := list(keys)):
        return list
    names = listed(model._meta.concrete_fields, "found.{}")
    order = f"found.{quoted(model._meta.pk.column)}"
    rows_wanted, parameters = wanted(model, columns, keys)
    sql = f"SELECT {names} FROM {rows_wanted} ORDER BY {order} {lock}"  # noqa: S608 (likewise)
    read = ask(sql, parameters, using)
    return lambda: _models(model, [list(row) for row in read()], using)


def ask(sql: str, parameters: Sequence[Any], using: str = DEFAULT_DB_ALIAS) -> Answer[tuple[Any, ...]]:
    """Put a question. What is asked in one `pipeline` before anything is read is answered together."""
    cursor = connections[using].cursor()
    cursor.execute(sql, parameters)
    read: Answer[tuple[Any, ...]] = cursor.fetchall
    return read


def _models(model: type[M], rows: list[list[Any]], using: str) -> list[M]:
    """The rows of a database as those of a model."""
    database = connections[using]
    for at, column, converters in conversions(model, using):
        for row in rows:
            for convert in converters:
                row[at] = convert(row[at], column, database)
    attributes = [field.attname for field in model._meta.concrete_fields]
    return [model.from_db(using, attributes, row) for row in rows]


@cache
def conversions(model: type[Model], using: str) -> list[tuple[int, Expression, list[Converter]]]:
    """What becomes of the values of a database before they are those of a model: position, column, functions."""
    database = connections[using]
    columns = [field.get_col(model._meta.db_table) for field in model._meta.concrete_fields]
    found = ([*database.ops.get_db_converters(each), *each.get_db_converters(database)] for each in columns)
    return [(at, column, each) for at, (column, each) in enumerate(zip(columns, found, strict=True)) if each]


def link(rows: Sequence[Model], *names: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Read what these foreign keys of rows of one model point to: a query for each that points anywhere."""
    for name in names if rows else ():
        field: Any = rows[0]._meta.get_field(name)
        keys = {getattr(row, field.attname) for row in rows} - {None}
        linked = found(field.related_model, [field.target_field.column], [(key,) for key in keys], using=using)
        by_key = {row.pk: row for row in linked}
        for row in rows:
            field.set_cached_value(row, by_key.get(getattr(row, field.attname)))


def locking(*, wait: bool) -> str:
    """Words that keep what is found locked until the transaction ends. SQLite needs none: it has one writer."""
    if not connection.features.has_select_for_update:
        return ""
    return connection.ops.for_update_sql(nowait=not wait, of=("found",))


def wanted(model: type[Model], columns: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> tuple[str, list[Any]]:
    """What to select from, and its parameters, to find rows by `columns`: each is looked up in an index.

    There are as many places for keys as the next power of two, since a connection keeps each statement for a while;
    those left over hold NULL, which equals nothing.
    """
    places = 1 << (len(keys) - 1).bit_length()
    rows = ", ".join([placeholders(model, *columns)] * places)
    same = " AND ".join(f"found.{quoted(name)} = wanted.column{n}" for n, name in enumerate(columns, 1))
    values = [value for key in keys for value in key]
    if connection.vendor == "postgresql":  # as text: a small number and a large one are different types to it
        values = [str(value) for value in values]
    nothing = [None] * (places - len(keys)) * len(columns)
    return f"(VALUES {rows}) wanted JOIN {quoted(model._meta.db_table)} found ON {same}", values + nothing


@cache
def placeholders(model: type[Model], *columns: str) -> str:
    """Where a key goes. PostgreSQL plans a statement before it is given values, so it has to be told their types."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    types = [re.sub(r"\(.*\)", "", fields[name].rel_db_type(connection) or "") for name in columns]
    form = "%s::{}" if connection.vendor == "postgresql" else "%s"
    return f"({', '.join(form.format(each) for each in types)})"


@cache
def quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def listed(fields: Iterable[Field[Any, Any]], form: str = "{}") -> str:
    return ", ".join(form.format(quoted(field.column)) for field in fields)


def _do(sql: str, rows: Sequence[Model], fields: Sequence[Field[Any, Any]]) -> None:
    """A statement for each row."""
    database = connections[DEFAULT_DB_ALIAS]
    values = [[field.get_db_prep_save(getattr(row, field.attname), database) for field in fields] for row in rows]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


def at_once(rows: Sequence[Model]) -> bool:
    """Whether one statement for all takes less: each costs PostgreSQL's driver more than what it does."""
    return connection.vendor == "postgresql" and len(rows) > 1


def _do_at_once(sql: str, rows: Sequence[Model], fields: Sequence[Field[Any, Any]]) -> None:
    """A statement about all rows, which are `given` as one document: so it is the same however many they are."""
    columns = ", ".join(f"{quoted(field.column)} {field.rel_db_type(connection)}" for field in fields)
    given = f"WITH given AS (SELECT * FROM json_to_recordset(%s::json) AS given({columns}))"  # noqa: S608 (likewise)
    values = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(f"{given} {sql}", [exact_json.encode(values).decode()])
