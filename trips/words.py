"""How the pages say things: names, dates, counts. Plain, present, short."""

from collections.abc import Sequence
from datetime import date


def first_name(name: str) -> str:
    return name.split()[0] if name.split() else name


def initials(name: str) -> str:
    """NH for Noor Haddad, M for Mei."""
    parts = name.split()
    letters = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(part[0] for part in letters).upper()


def listing(items: Sequence[str], most: int = 3) -> str:
    """“Camille, Mei and Sam”; who comes after the first `most` is counted."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(f"{len(items) - most} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def day(when: date) -> str:
    return f"{when:%a} {when.day}"


def dates(start: date | None, end: date | None) -> str:
    """“Mon 12 – Fri 16 Apr 2027”: a month or a year that both share is said once."""
    if start is None and end is None:
        return "No dates yet"
    if start is None or end is None:
        return f"From {_full(start)}" if start else f"Until {_full(end)}" if end else ""
    if start == end:
        return _full(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{day(start)} – {_full(end)}"
    if start.year == end.year:
        return f"{day(start)} {start:%b} – {_full(end)}"
    return f"{_full(start)} – {_full(end)}"


def _full(when: date) -> str:
    return f"{day(when)} {when:%b} {when.year}"


def until(start: date | None, end: date | None, today: date) -> str:
    """How far off it is: “in 140 days”, “tomorrow”, “day 2 of 5”; nothing for what is past or has no date."""
    if start is None:
        return ""
    away = (start - today).days
    if away > 1:
        return f"in {away} days"
    if away == 1:
        return "tomorrow"
    if end is not None and today <= end:
        return f"day {1 - away} of {(end - start).days + 1}"
    return "today" if away == 0 else ""
