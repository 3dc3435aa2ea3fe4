"""Forms that know what they were rendered with, and leave the judging to the door."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .. import ids
from ..fields import plain
from ..kinds import KINDS, Kind
from ..models import Activity, Trip, User


class AsWritten(forms.CharField):
    """Text that goes to the door as it was written; also for amounts and times, whose rules are the door's."""

    def __init__(self, *, max_digits: int | None = None, decimal_places: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return plain(value)
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> str | None:
        text: str | None = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        """Browsers take the line breaks out of what stands in one line."""
        if self.disabled or isinstance(self.widget, forms.Textarea):
            return super().has_changed(initial, data)
        return (initial or "").replace("\n", "") != (self.to_python(data) or "").replace("\n", "")


class LongSelect(forms.Select):
    """A choice of hundreds, in hundreds of rows: Django's template for each option would take seconds."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        drawn = ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', drawn)
        about = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", about, options)


class ActivityField(AsWritten):
    """One of the trip's activities, told to the door by its public id. They are read once for all rows."""

    def __init__(self, trip: Trip | None) -> None:
        found = list(Activity.objects.filter(trip=trip).order_by("name")) if trip and trip.pk else []
        self._public_ids = {str(activity.pk): activity.public_id for activity in found}
        names = [(activity.pk, activity.name) for activity in found if not activity.removed]
        super().__init__(required=False, empty_value=None, widget=LongSelect(choices=[("", "none"), *names]))
        self.show_hidden_initial = True

    def clean(self, value: Any) -> str | None:
        chosen: str | None = super().clean(value)
        return self._public_ids.get(chosen, chosen) if chosen else None


class DoorForm(forms.ModelForm):
    """The fields of one object. Each is rendered with a hidden copy, so that what was touched is known later.

    `refused` holds what the door said to the last try, by the prefix of the form and then by field.
    """

    refused: Mapping[str, Mapping[str | None, list[str]]] = {}
    # What is about the form and not about the object.
    aside: frozenset[str] = frozenset()

    def _post_clean(self) -> None:
        """The model's own checks would compare with what the form was rendered with: the door's come later."""
        for name, sentences in self.refused.get(self.prefix or "", {}).items():
            self.add_error(name, sentences)

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in self.aside]

    @property
    def kind(self) -> Kind:
        return next(kind for kind in KINDS.values() if kind.model is self._meta.model)

    @cached_property
    def wire(self) -> dict[str, str]:
        """What the door calls the fields."""
        shape = self.kind.serializer().fields
        return {str(field.source).split(".")[0]: name for name, field in shape.items() if not field.read_only} | {
            "user": "user_id"
        }

    def field_for(self, wire_name: str) -> str | None:
        """The field that the door calls so; None where there is none to show."""
        return next((name for name, wired in self.wire.items() if wired == wire_name and name in self.fields), None)

    def touched(self) -> dict[str, Any]:
        """What was changed since it was rendered, as the door takes it."""
        return {self.wire[name]: sent(self.cleaned_data[name]) for name in self.changed_data}

    def filled(self) -> dict[str, Any]:
        """Everything that is filled in: what a new object starts with."""
        values = {name: sent(value) for name, value in self.cleaned_data.items() if name in self.wire}
        return {self.wire[name]: value for name, value in values.items() if value not in ("", None)}


def sent(value: Any) -> Any:
    match value:
        case User():
            return value.username
        case date():
            return value.isoformat()
    return value


class TripForm(DoorForm):
    """`seq` is the trip's counter when this was rendered; `form_id` tells a form sent twice from two forms."""

    aside = frozenset({"seq", "form_id"})
    seq = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    form_id = forms.RegexField(rf"^{ids.PATTERN}\Z", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(seq=self.instance.seq, form_id=ids.new_id())


class MemberForm(DoorForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            person: Any = self.fields["user"]
            person.disabled = bool(self.instance.pk)
            person.show_hidden_initial = False
            person.label_from_instance = lambda user: f"{user.get_full_name()} ({user.username})"


class BudgetLineForm(DoorForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "public_id" in self.fields:
            category = self.fields["public_id"]
            category.disabled = bool(self.instance.pk)
            category.show_hidden_initial = False
            category.initial = None
            category.label = "Category"
            category.help_text = "accommodation, transport, food, tickets, shopping, other, or an id of its own."
