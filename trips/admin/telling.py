"""The journal in words: what a change did, and to what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency

from .. import words
from ..kinds import KINDS
from ..models import Change, Trip

KIND_WORDS = {"itinerary": "stop", "budget": "budget line"}
OP_WORDS = {"remove": "removed", "restore": "brought back"}
LABELS = {"activity_id": "activity", "start_date": "first day", "end_date": "last day", "duration": "length"}
# What people never see, or what only repeats the object's own name.
SILENT = frozenset({"position", "colour", "user_id"})
NAMED_BY = {"trip": "title", "member": "name", "activity": "name", "itinerary": "activity", "budget": "name"}


@dataclass(frozen=True)
class Line:
    """One field of a change, before and after; None where there was no value to speak of."""

    label: str
    before: str | None
    after: str | None


def kind_word(kind: str) -> str:
    return KIND_WORDS.get(kind, kind)


def op_word(change: Change) -> str:
    return "added" if change.op == "set" and change.before is None else OP_WORDS.get(change.op, "changed")


def name_in(change: Change) -> str:
    """What the object is called, as far as the change itself says so."""
    field = NAMED_BY.get(change.kind, "")
    return str(change.after.get(field) or (change.before or {}).get(field) or change.object_id)


def lines(change: Change) -> Iterator[Line]:
    """Field by field what was there before and after, without fields that are empty on both sides."""
    before, after = change.before or {}, change.after
    kind = KINDS.get(change.kind)
    hidden = SILENT | ({kind.identified_by} if kind else set())
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if name in hidden or was == now or (was in (None, "") and now in (None, "")):
            continue
        yield Line(
            _label(change.kind, name),
            _told(change, name, was) if name in before else None,
            _told(change, name, now) if name in after else None,
        )
    if "day" not in after and "position" in before and before["position"] != after.get("position"):
        yield Line("place in the day", None, "another")


def _label(kind: str, name: str) -> str:
    if kind == "itinerary" and name == "activity":
        return "title"
    return LABELS.get(name, name.replace("_", " "))


def _told(change: Change, name: str, value: Any) -> str:
    return in_words(change.kind, name, value, change.trip)


def in_words(kind: str, name: str, value: Any, trip: Trip) -> str:
    """A value as people say it."""
    if name == "day" and kind == "itinerary":
        return _day(value, trip)
    if value in (None, ""):
        return "nothing"
    match name:
        case "cost" | "amount":
            return str(format_currency(Decimal(str(value)), trip.currency, locale="en"))
        case "duration":
            return length(int(value))
        case "start_date" | "end_date":
            when = date.fromisoformat(value)
            return f"{words.day(when)} {when:%b} {when.year}"
    return str(value)


def _day(number: int | None, trip: Trip) -> str:
    if number is None:
        return "unscheduled"
    if trip.start_date is None:
        return f"day {number}"
    return words.day(trip.start_date + timedelta(days=number - 1))


def length(minutes: int) -> str:
    """“2 h 15 min”."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )
