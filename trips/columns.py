"""How values of a model become those of a database, and back: found out once, not for each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connections
from django.db.models import (
    BooleanField,
    CharField,
    Expression,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

from . import exact_json

Converter = Callable[[Any, Expression, Any], Any]
M = TypeVar("M", bound=Model)

# Those whose values Django gives to a database unchanged; tests/trips/test_bulk.py holds each kind against Django.
AS_THEY_ARE = (BooleanField, CharField, ForeignKey, IntegerField, TextField)


def named(model: type[Model], names: Sequence[str]) -> list[Field[Any, Any]]:
    """The fields of some columns, by attribute (`trip_id`)."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [fields[name] for name in names]


@cache
def of_model(model: type[Model]) -> tuple[str, ...]:
    """All columns, by attribute; the key is the first."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def of_rows(rows: Sequence[Model], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """Two or more columns of each row, by attribute."""
    return list(map(itemgetter(*names), map(vars, rows)))


def to_store(model: type[Model], rows: Sequence[Model], names: Sequence[str], database: Any) -> list[list[Any]]:
    """Two or more columns of each row, as the database takes them."""
    values = list(map(list, of_rows(rows, names)))
    for at, prepare in _preparations(model, tuple(names)):
        before = prepared = None
        for row in values:
            if (value := row[at]) is not before:  # the same in many rows: the time of a batch, or nothing
                before, prepared = value, prepare(value, database)
            row[at] = prepared
    return values


@cache
def _preparations(model: type[Model], names: tuple[str, ...]) -> list[tuple[int, Callable[[Any, Any], Any]]]:
    """Where values are changed before a database is given them, and how."""
    fields = [(at, field) for at, field in enumerate(named(model, names)) if not isinstance(field, AS_THEY_ARE)]
    return [(at, json_text if isinstance(field, JSONField) else field.get_db_prep_save) for at, field in fields]


def json_text(value: Any, _: Any) -> str | None:
    """As the field's encoder has it, in fewer steps."""
    return None if value is None else exact_json.encode(value).decode()


def from_stored(model: type[M], rows: Sequence[Sequence[Any]], database: Any) -> list[M]:
    """The rows of a database, with all columns, as those of the model."""
    values = list(map(list, rows))
    for at, column, converters in _conversions(model, database.alias):
        for row in values:
            if (value := row[at]) is not None:
                for convert in converters:
                    value = convert(value, column, database)
                row[at] = value
    return [model.from_db(database.alias, of_model(model), row) for row in values]


@cache
def _conversions(model: type[Model], using: str) -> list[tuple[int, Expression, list[Converter]]]:
    """What becomes of the values of a database before they are those of a model: position, column, functions."""
    database = connections[using]
    columns = [field.get_col(model._meta.db_table) for field in model._meta.concrete_fields]
    found = ([*database.ops.get_db_converters(each), *each.get_db_converters(database)] for each in columns)
    return [(at, column, each) for at, (column, each) in enumerate(zip(columns, found, strict=True)) if each]
