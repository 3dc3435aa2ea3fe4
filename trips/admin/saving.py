"""One save of a trip's page: its forms as the steps of one mutation."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.forms import BoundField
from django.http import QueryDict
from django.utils import formats, timezone
from msgspec.structs import replace

from .. import ids
from ..changes import apply_one
from ..journal import last_conflict
from ..models import Role, Trip, User
from ..mutations import Mutation, Step
from ..refusals import Refused
from .forms import DoorForm
from .formsets import DoorFormSet
from .telling import in_words

Complaints = dict[str, dict[str | None, list[str]]]


class Saving:
    """What the forms ask for, all of it or nothing; and what to say on them where it was refused."""

    def __init__(self, form: DoorForm, formsets: Sequence[DoorFormSet], actor: User) -> None:
        self._form = form
        self._formsets = formsets
        self._actor = actor
        self._trip: Trip = form.instance
        self._base_seq: int = form.cleaned_data["seq"]
        self._parts = sorted([*self._of_trip(), *self._of_rows()], key=lambda part: urgency(part[0]))

    def save(self) -> None:
        """Raises Refused."""
        if self._parts:
            self._apply()
        for formset in self._formsets:
            formset.note_what_was_saved(self._new_id)

    def _apply(self) -> None:
        creates = self._trip.pk is None
        if creates:
            self._trip.public_id = ids.derived_id(self._form.cleaned_data["form_id"])
        steps = tuple(step for step, _ in self._parts)
        mutation = Mutation(self._trip.public_id, self._actor, steps, creates=creates)
        # The same form sent twice is done once; sent again with something else in it, it is another mutation.
        once = ids.derived_id(self._form.cleaned_data["form_id"], mutation.digest)
        apply_one(replace(mutation, mutation_id=once))
        self._trip.pk = Trip.objects.get(public_id=self._trip.public_id).pk
        self._trip.refresh_from_db()

    # What is asked for

    def _of_trip(self) -> Iterator[tuple[Step, DoorForm]]:
        if self._trip.pk is None:
            yield Step("trip", self._form.filled()), self._form
        elif data := self._form.touched():
            yield Step("trip", data, base_seq=self._base_seq), self._form

    def _of_rows(self) -> Iterator[tuple[Step, DoorForm]]:
        for formset in self._formsets:
            for form in formset.removed_forms():
                yield Step(form.kind.name, {}, "remove", form.instance.public_id, self._base_seq), form
            for form in formset.touched_forms():
                yield Step(form.kind.name, form.touched(), "set", form.instance.public_id, self._base_seq), form
            for form in formset.new_forms():
                name = None if form.kind.natural_key else self._new_id(form)
                yield Step(form.kind.name, form.filled(), "set", name), form

    def _new_id(self, form: DoorForm) -> str:
        """The public id of what a new row makes."""
        given = form.filled().get(form.kind.identified_by) if form.kind.natural_key else None
        return given or ids.derived_id(self._form.cleaned_data["form_id"], form.prefix or "")

    # What was said to it

    def complaints(self, refused: Refused) -> Complaints:
        """What to show, by form and field. The page itself always says that nothing was saved."""
        said: Complaints = defaultdict(dict)
        form = next((form for step, form in self._parts if step is refused.step), None)
        if refused.code == "conflict":
            said.update(self._conflicts())
        elif form:
            for name, sentences in (refused.fields or {"": [refused.message]}).items():
                said[form.prefix or ""].setdefault(form.field_for(name), []).extend(sentences)
        if not any(said.values()):
            said[""][None] = [refused.message]
        said[""].setdefault(None, []).insert(0, "Nothing was saved yet.")
        return dict(said)

    def _conflicts(self) -> Complaints:
        """Every touched field that somebody else changed since, with what they made of it."""
        said: Complaints = defaultdict(dict)
        for step, form in self._parts:
            thing: Any = form.instance
            for name in form.changed_data if step.op == "set" else [None]:
                names = {form.wire[name]} if name else None
                change = last_conflict(self._base_seq, self._trip, step.kind, thing.public_id, self._actor, names, ())
                if change is None:
                    continue
                who = change.actor.get_short_name() if change.actor else "Somebody"
                when = formats.date_format(timezone.localtime(change.time), "H:i")
                if name is None:
                    sentence = f"{who} changed this at {when}. Save again to remove it all the same."
                elif change.op == "remove":
                    sentence = f"{who} removed this at {when}."
                else:
                    theirs = in_words(step.kind, form.wire[name], change.after.get(form.wire[name]), self._trip)
                    sentence = f"{who} made this “{theirs}” at {when}. Save again to put yours in its place."
                said[form.prefix or ""][name] = [sentence]
        return said

    def rebased(self, post: QueryDict) -> QueryDict:
        """What was sent, as if the form had been rendered now: what was not touched shows what is stored."""
        data = post.copy()
        data["seq"] = str(Trip.objects.values_list("seq", flat=True).get(pk=self._trip.pk))
        for form in (self._form, *(form for formset in self._formsets for form in formset.known_forms())):
            model: type[Model] = type(form.instance)
            fresh = type(form)(instance=model._default_manager.get(pk=form.instance.pk), prefix=form.prefix)
            for name in form.fields.keys() & form.wire.keys():
                now = shown(fresh[name])
                data[fresh[name].html_initial_name] = now
                if name not in form.changed_data:
                    data[fresh[name].html_name] = now
        return data


def shown(field: BoundField) -> str:
    """What a browser sends back for this field, left as it was rendered."""
    value: Any = field.field.widget.format_value(field.value())
    value = value[0] if isinstance(value, list) else value
    return "" if value is None else str(value)


def urgency(step: Step) -> tuple[bool, bool, bool]:
    """What is removed goes last. Rights change after all else, and never leave the trip without an owner."""
    return step.kind == "member", step.data.get("role") != Role.OWNER, step.op == "remove"
