"""Who is in a room: pure rules."""

from hypothesis import given
from hypothesis import strategies as st

from realtime.presence import TYPING_LASTS, People


def enter(people: People, who: str, tab: str) -> bool:
    return people.enter(who, who.title(), 1, tab)


def test_two_tabs_are_one_person() -> None:
    people = People()
    assert enter(people, "alice", "left tab")
    assert not enter(people, "alice", "right tab")
    assert [entry["connections"] for entry in people.present(0)] == [2]
    assert not people.leave("alice", "left tab")
    assert people.leave("alice", "right tab")
    assert len(people) == 0


def test_a_tab_that_enters_twice_is_one_tab() -> None:
    people = People()
    enter(people, "alice", "tab")
    assert not enter(people, "alice", "tab")
    assert people.leave("alice", "tab")


def test_a_tab_that_was_never_here_takes_nobody_away() -> None:
    people = People()
    enter(people, "alice", "tab")
    assert not people.leave("alice", "another")
    assert not people.leave("bob", "tab")
    assert len(people) == 1


def test_after_a_break_a_person_stays_for_a_while() -> None:
    people = People()
    enter(people, "alice", "tab")
    assert not people.leave("alice", "tab", until=10)
    assert people.present(5)[0]["connections"] == 0
    assert people.overdue(9.9) == []
    assert [person.user_id for person in people.overdue(10)] == ["alice"]
    assert people.overdue(10) == []


def test_who_comes_back_in_time_was_never_away() -> None:
    people = People()
    enter(people, "alice", "tab")
    people.leave("alice", "tab", until=10)
    assert not enter(people, "alice", "the same page, anew")
    assert people.overdue(1_000) == []


def test_with_another_tab_open_a_break_is_nothing() -> None:
    people = People()
    enter(people, "alice", "left tab")
    enter(people, "alice", "right tab")
    people.leave("alice", "left tab", until=10)
    assert people.overdue(1_000) == []


def test_typing_ends_by_itself() -> None:
    people = People()
    enter(people, "alice", "tab")
    people.types("alice", "trip:paris.title", active=True, now=0)
    assert people.present(TYPING_LASTS - 0.1)[0]["typing"] == "trip:paris.title"
    assert "typing" not in people.present(TYPING_LASTS)[0]


def test_typing_is_renewed_and_ended() -> None:
    people = People()
    enter(people, "alice", "tab")
    people.types("alice", "a", active=True, now=0)
    people.types("alice", "a", active=True, now=5)
    assert people.present(10)[0]["typing"] == "a"
    people.types("alice", "a", active=False, now=10)
    assert "typing" not in people.present(10)[0]


def test_the_latest_field_is_shown_and_then_the_one_before_it() -> None:
    people = People()
    enter(people, "alice", "tab")
    people.types("alice", "a", active=True, now=0)
    people.types("alice", "b", active=True, now=1)
    assert people.present(2)[0]["typing"] == "b"
    people.types("alice", "b", active=False, now=2)
    assert people.present(2)[0]["typing"] == "a"


def test_at_most_a_hundred_are_listed_and_all_are_counted() -> None:
    people = People()
    for n in range(150):
        enter(people, f"p{n}", "tab")
    assert len(people.present(0)) == 100
    assert len(people) == 150


tabs = st.tuples(st.sampled_from(["alice", "bob"]), st.sampled_from(["1", "2", "3"]))
steps = st.lists(st.tuples(st.sampled_from(["enter", "leave", "break"]), tabs))


@given(steps)
def test_people_come_and_go_by_turns(steps: list[tuple[str, tuple[str, str]]]) -> None:
    """Whatever tabs do: who is told to have come was away, and who is told to have gone has no tab left."""
    people, open_tabs, here = People(), set[tuple[str, str]](), set[str]()
    for now, (step, (who, tab)) in enumerate(steps):
        here -= {person.user_id for person in people.overdue(now)}
        if step == "enter":
            assert enter(people, who, tab) == (who not in here)
            open_tabs.add((who, tab))
            here.add(who)
        elif (who, tab) in open_tabs:
            open_tabs.discard((who, tab))
            last = all(owner != who for owner, _ in open_tabs)
            assert people.leave(who, tab, now + 2 if step == "break" else None) == (last and step == "leave")
            here -= {who} if last and step == "leave" else set()
        assert {owner for owner, _ in open_tabs} <= {person.user_id for person in people} == here
