"""What several people find who enter at the same time."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from realtime.entry import Asked, Entry, read_entries, read_entry
from trips import journal
from trips.changes import apply_one
from trips.models import User
from trips.mutations import Mutation, Step
from trips.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])


@pytest.fixture
def seq(trip: str, people: dict[str, User]) -> int:
    """Alice has changed the title five times; the trip's `seq`."""
    titles = (Step("trip", {"title": f"Paris {n}"}) for n in range(5))
    return [apply_one(Mutation(trip, people["alice"], (step,)))[-1].seq for step in titles][-1]


def queries(work: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connections["reader"]) as asked:
        work()
    return [query["sql"] for query in asked]


def test_each_is_told_what_they_missed_by_their_own_right(trip: str, seq: int, people: dict[str, User]) -> None:
    alice, vera, mallory = (people[name] for name in ("alice", "vera", "mallory"))
    asked = [Asked(trip, alice, seq - 2), Asked(trip, vera, seq - 2), Asked(trip, mallory, seq - 2)]
    a, v, m = read_entries(asked)
    assert isinstance(a, Entry)
    assert isinstance(v, Entry)
    assert isinstance(m, Refused)
    assert (a.role, v.role, m.code) == ("owner", "viewer", "not_found")
    assert [each.seq for each in a.missed] == [seq - 1, seq]
    assert a.missed is v.missed


def test_for_somebody_without_a_right_the_journal_is_not_read(trip: str, seq: int, people: dict[str, User]) -> None:
    for since in (seq - 2, 0):
        asked = [Asked(trip, people["mallory"], since)]
        assert not [sql for sql in queries(partial(read_entries, asked)) if "trips_change" in sql]


def test_what_takes_long_is_left_to_be_read_alone(
    trip: str, seq: int, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "FEW", 3)
    alice = people["alice"]
    asked = [Asked(trip, alice, None), Asked(trip, alice, seq - 4), Asked(trip, alice, seq + 1)]
    assert read_entries(asked) == [None, None, None]
    whole, much, ahead = (read_entry(each) for each in asked)
    assert whole.snapshot
    assert ahead.snapshot
    assert [each.seq for each in much.missed] == [seq - 3, seq - 2, seq - 1, seq]


@pytest.mark.parametrize("many", [1, 20])
def test_for_many_it_takes_as_many_queries_as_for_one(trip: str, seq: int, people: dict[str, User], many: int) -> None:
    asked = [Asked(trip, people[("alice", "bob")[n % 2]], seq - n % 4) for n in range(1, many + 1)]
    assert len([sql for sql in queries(lambda: read_entries(asked)) if "SELECT" in sql]) == 4
