"""What a plan has done so far: objects made and changed, and the changes that tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models

from . import bulk
from .models import Change, Trip


class Ledger:
    """Remembers how everything was, so that a refusal half-way can be taken back, and writes the rest in bulk."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._made: list[models.Model] = []
        self._original: dict[models.Model, dict[str, Any]] = {}
        self._undo: list[Callable[[], object]] = []

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is done inside is taken back if it raises."""
        self._undo = [lambda: None]
        changes, made = len(self.changes), len(self._made)
        try:
            yield
        except BaseException:
            for step in reversed(self._undo):
                step()
            del self.changes[changes:], self._made[made:]
            raise

    def undo_with(self, step: Callable[[], object]) -> None:
        """How to take back something that was just done, should the mutation be refused."""
        self._undo.append(step)

    def touch(self, row: models.Model) -> None:
        """Called before a row is changed."""
        before, links = dict(row.__dict__), dict(row._state.fields_cache)
        self._undo.append(lambda: put_back(row, before, links))
        if row.pk is not None:
            self._original.setdefault(row, before)

    def were(self, model: type[models.Model], trip: Trip, name: str) -> set[Any]:
        """What a column held in the living rows of a trip that were changed here."""
        rows = ((row, was) for row, was in self._original.items() if isinstance(row, model))
        return {was[name] for row, was in rows if was["trip_id"] == trip.pk and not was["removed"]}

    def make(self, row: models.Model) -> None:
        """Called with each new row."""
        self._made.append(row)

    def write(self, *order: type[models.Model]) -> None:
        """Store it all. `order` says which models others point to: those first."""
        made, changed = defaultdict(list), defaultdict(list)
        for row in self._made:
            made[type(row)].append(row)
        for row in self._original:
            changed[type(row)].append(row)
        for model in order:
            for row in made[model] + changed[model]:
                follow_links(row)
            model._default_manager.bulk_create(made[model])
            if fields := self._changed_fields(changed[model]):
                bulk.update(model, changed[model], fields)
        for change in self.changes:
            follow_links(change)
        bulk.insert(Change, self.changes)

    def _changed_fields(self, rows: list[models.Model]) -> list[models.Field[Any, Any]]:
        """The columns in which any of these rows differs from what was read."""
        changed = {
            name
            for row in rows
            for name, was in self._original[row].items()
            if (now := row.__dict__[name]) is not was and now != was
        }
        return [field for field in rows[0]._meta.concrete_fields if field.attname in changed] if rows else []


def put_back(row: models.Model, values: dict[str, Any], links: dict[str, Any]) -> None:
    """Everything a row held, as it was."""
    row.__dict__.clear()
    row.__dict__.update(values)
    row._state.fields_cache.clear()
    row._state.fields_cache.update(links)


def follow_links(row: models.Model) -> None:
    """Take over the keys of linked rows that were stored only after the link was made."""
    for name, linked in list(row._state.fields_cache.items()):
        field: Any = row._meta.get_field(name)
        if linked is not None and field.concrete and getattr(row, field.attname) != linked.pk:
            setattr(row, name, linked)
