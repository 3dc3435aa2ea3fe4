"""What a plan has done so far: objects made and changed, and the changes that tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from . import bulk
from .models import Change, Row, Trip


class Ledger:
    """Remembers how everything was, so that a refusal half-way can be taken back, and writes the rest in bulk."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._made: list[Row] = []
        self._original: dict[int, tuple[Row, dict[str, Any]]] = {}  # by identity, rows and what they held
        self._undo: list[Callable[[], object]] = []
        self._kept = (0, 0)  # how many changes and new rows there were before this mutation

    def begin(self) -> None:
        """What is done from now on can be taken back."""
        self._undo = []
        self._kept = len(self.changes), len(self._made)

    def take_back(self) -> None:
        """As if nothing had been done since `begin`."""
        for step in reversed(self._undo):
            step()
        changes, made = self._kept
        del self.changes[changes:], self._made[made:]

    def undo_with(self, step: Callable[[], object]) -> None:
        """How to take back something that was just done, should the mutation be refused."""
        self._undo.append(step)

    def touch(self, row: Row) -> Mapping[str, Any]:
        """Called before a row is changed; what it holds until now."""
        before, links = vars(row).copy(), row._state.fields_cache.copy()
        self._undo.append(partial(put_back, row, before, links))
        if before["id"] is not None:
            self._original.setdefault(id(row), (row, before))
        return before

    def were(self, model: type[Row], trip: Trip, name: str) -> set[Any]:
        """What a column held in the living rows of a trip that were changed here."""
        before = (was for row, was in self._original.values() if isinstance(row, model))
        return {was[name] for was in before if was["trip_id"] == trip.pk and not was["removed"]}

    def make(self, row: Row) -> None:
        """Called with each new row."""
        self._made.append(row)

    @property
    def parts(self) -> int:
        """How many changes this mutation made so far."""
        return len(self.changes) - self._kept[0]

    @property
    def since_begin(self) -> list[Change]:
        """The changes of this mutation."""
        return self.changes[self._kept[0] :]

    def write(self, *order: type[Row]) -> None:
        """Store it all. `order` says which models others point to: those first."""
        made, changed = defaultdict(list), defaultdict(list)
        for row in self._made:
            made[type(row)].append(row)
        for row, _ in self._original.values():
            changed[type(row)].append(row)
        for model in order:
            if self._made:
                for row in made[model] + changed[model]:
                    follow_links(row)
            if made[model]:
                model._default_manager.bulk_create(made[model])
            if names := self._changed(changed[model]):
                bulk.update(model, changed[model], names)
        if self._made:
            for change in self.changes:
                follow_links(change)
        bulk.insert(Change, self.changes)

    def _changed(self, rows: list[Row]) -> list[str]:
        """The columns, by attribute, in which any of these rows differs from what was read."""
        changed = set()
        for row in rows:
            now, before = vars(row), self._original[id(row)][1]
            changed |= {name for name, was in before.items() if (value := now[name]) is not was and value != was}
        return sorted(changed)


def put_back(row: Row, values: dict[str, Any], links: dict[str, Any]) -> None:
    """Everything a row held, as it was."""
    row.__dict__.clear()
    row.__dict__.update(values)
    row._state.fields_cache.clear()
    row._state.fields_cache.update(links)


def follow_links(row: Row) -> None:
    """Take over the keys of linked rows that were stored only after the link was made."""
    for name, linked in list(row._state.fields_cache.items()):
        field: Any = row._meta.get_field(name)
        if linked is not None and field.concrete and getattr(row, field.attname) != linked.pk:
            setattr(row, name, linked)
