"""The checker sees what is wrong: recordings that were tampered with are found out."""

from dataclasses import replace

import pytest

from tests.faults.recording import Ack, Kind, Recording, Row, Standstill, Told
from tests.faults.verdict import Verdict, judge

LAST = 6


def journal() -> list[Row]:
    """Alice makes a change each second."""
    return [Row("paris", seq, "alice", f"a{seq}", float(seq), (f"a{seq}",)) for seq in range(1, LAST + 1)]


def recording(person: str = "bob") -> Recording:
    """Somebody who enters at 0, is cut at 3.5, comes back at 4.5, and sees all within a tenth of a second."""
    told = [Told(0, Kind.JOINED), Told(0, Kind.SNAPSHOT, 0), *(Told(seq + 0.1, Kind.CHANGE, seq) for seq in (1, 2, 3))]
    told += [Told(3.5, Kind.CUT), Told(4.5, Kind.JOINED, 4), *(Told(seq + 0.6, Kind.CHANGE, seq) for seq in (4, 5, 6))]
    return Recording(person, "paris", told=told, servers=[(0, 0), (4.5, 1)])


def alice() -> Recording:
    acks = [Ack(seq + 0.05, f"a{seq}", seq, steps=1) for seq in range(1, LAST + 1)]
    return replace(recording("alice"), acks=acks)


def found(*recordings: Recording, rows: list[Row] | None = None) -> Verdict:
    return judge(recordings, journal() if rows is None else rows)


def without(person: Recording, seq: int) -> Recording:
    return replace(person, told=[each for each in person.told if (each.kind, each.seq) != (Kind.CHANGE, seq)])


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    verdict = found(alice(), recording())
    assert verdict.misses(longest=0.7) == []
    assert verdict.acknowledged == LAST


def test_a_change_that_was_never_told_is_lost() -> None:
    assert found(without(recording(), 5)).lost == ["bob was never told 5"]


def test_the_last_change_too() -> None:
    assert found(without(recording(), LAST)).lost == [f"bob was never told {LAST}"]


def test_who_stays_away_need_not_know_the_last() -> None:
    assert found(replace(without(recording(), LAST), stays=False)).lost == []


def test_a_snapshot_has_what_was_not_told() -> None:
    bob = without(without(recording(), 4), 5)
    bob.told.insert(-1, Told(5.5, Kind.SNAPSHOT, 5))
    assert found(bob).misses(longest=1) == []


def test_a_snapshot_older_than_what_was_known_is_out_of_order() -> None:
    bob = recording()
    bob.told.append(Told(7, Kind.SNAPSHOT, 5))
    assert len(found(bob).disordered) == 1


def test_a_change_that_is_told_again_is_doubled() -> None:
    bob = recording()
    bob.told.append(Told(7, Kind.CHANGE, 4))
    assert found(bob).doubled == ["bob was told 4 again, after 6"]


def test_a_change_that_the_snapshot_had_is_doubled() -> None:
    bob = recording()
    bob.told[1] = Told(0, Kind.SNAPSHOT, 1)
    assert found(bob).doubled == ["bob was told 1 again, after 1"]


def test_swapped_changes_are_out_of_order_and_not_lost() -> None:
    bob = recording()
    bob.told[-1], bob.told[-2] = bob.told[-2], bob.told[-1]
    verdict = found(bob)
    assert verdict.disordered
    assert (verdict.lost, verdict.doubled) == ([], [])


def test_an_acknowledged_mutation_that_is_not_stored_is_lost() -> None:
    person = alice()
    person.acks.append(Ack(7, "a7", 7, steps=1))
    assert found(person).lost == ["a7 was acknowledged as [7], and stored as []"]


def test_an_acknowledgement_of_another_seq_is_found() -> None:
    person = alice()
    person.acks[0] = replace(person.acks[0], seq=2)
    assert len(found(person).lost) == 1


def test_half_of_a_batch_is_lost() -> None:
    person = alice()
    person.acks[0] = replace(person.acks[0], steps=2)
    assert len(found(person).lost) == 1


def test_a_mutation_that_is_stored_twice_is_doubled() -> None:
    rows = [*journal(), replace(journal()[0], seq=LAST + 1, marks=())]
    assert len(found(alice(), rows=rows).doubled) == 1


def test_an_edit_that_is_stored_twice_is_doubled_whatever_its_id() -> None:
    rows = [*journal(), replace(journal()[0], seq=LAST + 1, mutation_id="another")]
    assert found(rows=rows).doubled == ["paris: a1 was done 2 times"]


@pytest.mark.parametrize("twin", [(1, False), (2, True)], ids=["also as new", "as another"])
def test_a_second_line_that_is_answered_otherwise_is_found(twin: tuple[int, bool]) -> None:
    person = replace(alice(), twice={"a1": twin})
    assert found(person).misses(longest=1)


def test_a_second_line_that_is_answered_as_a_repeat_is_right() -> None:
    assert found(replace(alice(), twice={"a1": (1, True)})).misses(longest=1) == []


def test_a_hole_in_the_journal_is_found() -> None:
    assert found(rows=[row for row in journal() if row.seq != 3]).lost


def test_a_refusal_is_a_loss() -> None:
    assert found(replace(recording(), refused=["internal: This went wrong."])).lost


def test_a_delay_is_counted_from_the_commit_to_the_last_who_was_there() -> None:
    late = recording("vera")
    late.told[4] = Told(3.4, Kind.CHANGE, 3)
    verdict = found(recording(), late)
    assert verdict.longest_delay == pytest.approx(0.6)  # of the change at 5 and at 6
    late.told[4] = Told(3.9, Kind.CHANGE, 3)
    late.told[5] = Told(4.0, Kind.CUT)
    verdict = found(recording(), late)
    assert verdict.longest_delay == pytest.approx(0.9)
    assert verdict.latest == "3 of paris, for vera"


def test_who_was_in_the_room_and_cut_before_it_was_told_has_waited_until_then() -> None:
    bob = without(recording(), 3)
    bob.told.insert(6, Told(4.5, Kind.CHANGE, 3))
    bob.told[4] = Told(4.4, Kind.CUT)
    assert found(bob).longest_delay == pytest.approx(1.4)


def test_who_was_away_at_the_commit_does_not_count() -> None:
    bob = recording()
    bob.told = [
        replace(each, at=each.at + 90) if each.at > 3.4 and each.kind is not Kind.CUT else each for each in bob.told
    ]
    assert found(bob).longest_delay == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("standstill", "delay"),
    [
        (Standstill(5.0, 5.5), 0.1),
        (Standstill(5.0, 5.5, server=1), 0.1),
        (Standstill(5.0, 5.5, server=0), 0.6),
        (Standstill(5.0, 5.5, people=("bob",)), 0.1),
        (Standstill(5.0, 5.5, people=("vera",)), 0.6),
    ],
)
def test_while_somebody_can_be_told_nothing_is_not_a_delay(standstill: Standstill, delay: float) -> None:
    bob = replace(recording(), told=recording().told[:-1], stays=False)
    assert judge([bob], journal(), [standstill]).longest_delay == pytest.approx(delay)


def test_too_long_a_delay_is_a_miss() -> None:
    assert len(found(recording()).misses(longest=0.5)) == 1
