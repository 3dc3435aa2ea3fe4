"""How objects are made of what is stored."""

from collections.abc import Collection, Mapping
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class Row(models.Model):
    """Objects that are made whole, where Django's constructor asks each field: most of what it costs to read a row.

    Django keeps the columns of an object in its `__dict__`, and reads later what is not there. The key is `id`.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_: Any) -> Self:
        """`_`: what a later Django hands over, too, by its types."""
        row = cls._whole(dict(zip(field_names, values, strict=True)), {})
        row._state.adding, row._state.db = False, db
        return row

    @classmethod
    def made(cls, links: Mapping[str, models.Model], **columns: Any) -> Self:
        """A new one: all its columns but the key, and what its foreign keys point to."""
        columns |= {"id": None, **{f"{name}_id": linked.pk for name, linked in links.items()}}
        return cls._whole(columns, dict(links))

    @classmethod
    def _whole(cls, columns: dict[str, Any], links: dict[str, models.Model]) -> Self:
        """Both become the row's own: whoever made them must not keep them."""
        row = cls.__new__(cls)
        row.__dict__ = columns
        row._state = ModelState()
        row._state.fields_cache = links
        return row

    def bind(self, name: str, linked: models.Model) -> None:
        """Say what a foreign key points to, where its column says so already."""
        self._state.fields_cache[name] = linked
