"""The rows of one kind on a trip's page."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm

from ..models import TripObject
from .forms import DoorForm

# More rows of a kind than this are not shown for editing; a page must stay a page.
MOST_ROWS = 200


class DoorFormSet(BaseInlineFormSet):
    """Living objects of a trip. What was removed while the form was open still finds its row, and is refused."""

    model: type[TripObject]
    left_out = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        trip = kwargs["instance"]
        if not kwargs.get("data") and trip.pk:
            living = kwargs["queryset"].filter(trip=trip, removed=False)
            self.left_out = max(0, living.count() - MOST_ROWS)
            kwargs["queryset"] = living.filter(pk__in=list(living.values_list("pk", flat=True)[:MOST_ROWS]))
        super().__init__(*args, **kwargs)

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        """A column's heading is no label of its fields: each says itself what it is, and of what."""
        super().add_fields(form, index)
        of = f", {form.instance}" if form.instance.pk else ""
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                label = field.label or name.replace("_", " ")
                field.widget.attrs["aria-label"] = f"{str(label).capitalize()}{of}"

    def clean(self) -> None:
        """A new row of a kind that is known by what it is about must not change the row that is there."""
        super().clean()
        if self.instance.pk is None:
            return
        for form in self.new_forms():
            name = form.filled().get(form.kind.identified_by) if form.kind.natural_key else None
            there = self.model._default_manager.filter(trip=self.instance, public_id=name, removed=False)
            if name and there.exists():
                raise ValidationError(f"“{name}” is here already. Change its row instead of adding another.")

    def known_forms(self) -> Iterator[DoorForm]:
        """Of the objects that were there when the page was rendered."""
        yield from (form for form in self._rows(self.initial_forms) if form.instance.pk)

    def removed_forms(self) -> Iterator[DoorForm]:
        yield from (form for form in self.known_forms() if self._is_to_go(form))

    def touched_forms(self) -> Iterator[DoorForm]:
        kept = (form for form in self.known_forms() if not self._is_to_go(form))
        # A row that this person may not change says that it has not changed.
        yield from (form for form in kept if form.has_changed() and form.changed_data)

    def new_forms(self) -> Iterator[DoorForm]:
        kept = (form for form in self._rows(self.extra_forms) if not self._is_to_go(form))
        yield from (form for form in kept if form.has_changed() and hasattr(form, "cleaned_data"))

    def _rows(self, forms: Sequence[ModelForm]) -> Iterator[DoorForm]:
        yield from (form for form in forms if isinstance(form, DoorForm))

    def _is_to_go(self, form: DoorForm) -> bool:
        return self.can_delete and self._should_delete_form(form)  # type: ignore[attr-defined]

    def note_what_was_saved(self, new_id: Callable[[DoorForm], str]) -> None:
        """What the admin's log asks a formset for."""
        names = [new_id(form) for form in self.new_forms()]
        made: QuerySet[TripObject] = self.model._default_manager.filter(trip=self.instance, public_id__in=names)
        self.new_objects = list(made)
        self.changed_objects = [(form.instance, form.changed_data) for form in self.touched_forms()]
        self.deleted_objects = [form.instance for form in self.removed_forms()]
