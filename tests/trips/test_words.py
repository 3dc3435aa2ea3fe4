"""How the pages say things."""

from datetime import date

import pytest

from trips import words

MONDAY = date(2027, 4, 12)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (None, None, "No dates yet"),
        (MONDAY, None, "From Mon 12 Apr 2027"),
        (None, MONDAY, "Until Mon 12 Apr 2027"),
        (MONDAY, MONDAY, "Mon 12 Apr 2027"),
        (MONDAY, date(2027, 4, 16), "Mon 12 – Fri 16 Apr 2027"),
        (date(2027, 4, 29), date(2027, 5, 2), "Thu 29 Apr – Sun 2 May 2027"),
        (date(2026, 12, 30), date(2027, 1, 2), "Wed 30 Dec 2026 – Sat 2 Jan 2027"),
    ],
)
def test_dates(start: date | None, end: date | None, said: str) -> None:
    assert words.dates(start, end) == said


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 11, 23), "in 140 days"),
        (date(2027, 4, 11), "tomorrow"),
        (MONDAY, "day 1 of 5"),
        (date(2027, 4, 16), "day 5 of 5"),
        (date(2027, 4, 17), ""),
    ],
)
def test_how_far_off_a_trip_is(today: date, said: str) -> None:
    assert words.until(MONDAY, date(2027, 4, 16), today) == said


def test_a_trip_without_an_end_starts_today_and_is_then_on_its_way() -> None:
    assert words.until(MONDAY, None, MONDAY) == "today"
    assert words.until(MONDAY, None, date(2027, 4, 13)) == ""
    assert words.until(None, MONDAY, MONDAY) == ""


@pytest.mark.parametrize(("name", "letters"), [("Noor Haddad", "NH"), ("Mei", "M"), ("ana de la cruz", "AC"), ("", "")])
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Camille"], "Camille"),
        (["Camille", "Mei"], "Camille and Mei"),
        (["Camille", "Mei", "Sam"], "Camille, Mei and Sam"),
        (["Camille", "Mei", "Sam", "Noor", "Bob"], "Camille, Mei, Sam and 2 more"),
    ],
)
def test_a_listing(names: list[str], said: str) -> None:
    assert words.listing(names) == said
