"""Who is in a room over several processes, and what its sockets are told: pure rules."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtime.elsewhere import Elsewhere
from realtime.leases import lease_of, people_of
from realtime.presence import MOST_SHOWN, People, Person, together

LASTS = 10.0


class Process:
    """A process as its room sees it; `shown` is who its sockets believe to be there, from what they were told."""

    def __init__(self) -> None:
        self.others: dict[str, dict[str, Person]] = {}
        self.people = People(lambda: list(self.others.values()))
        self.shown: set[str] = set()
        self.count = 0

    def enter(self, name: str, tab: str = "tab") -> None:
        self.people.enter(name, name.title(), 1, tab)

    def tell(self) -> list[dict[str, Any]]:
        news = self.people.news()
        for each in news:
            if each["type"] == "user_joined":
                assert each["user_id"] not in self.shown
                self.shown.add(each["user_id"])
            elif each["type"] == "user_left":
                self.shown.remove(each["user_id"])
            else:
                self.count = each["present_count"]
        return news

    def hear(self, name: str, other: "Process", now: float = 0.0) -> None:
        lease = lease_of(other.people.here.values(), now, now)
        self.others[name] = people_of(lease, now, now) if lease else {}
        self.people.look_elsewhere()


def kinds(news: list[dict[str, Any]]) -> list[str]:
    return [f"{each['type']} {each.get('user_id', each.get('present_count'))}" for each in news]


def test_everybody_is_told_who_came_elsewhere() -> None:
    here, there = Process(), Process()
    here.enter("alice")
    assert kinds(here.tell()) == ["user_joined alice"]
    there.enter("bob")
    here.hear("there", there)
    assert kinds(here.tell()) == ["user_joined bob"]
    assert here.tell() == []


def test_somebody_in_two_processes_is_one_person() -> None:
    here, there = Process(), Process()
    here.enter("bob", "left tab")
    there.enter("bob", "right tab")
    here.hear("there", there)
    here.tell()
    assert [entry["connections"] for entry in here.people.present(0)] == [2]
    here.people.leave("bob", "left tab")
    assert here.tell() == []
    there.people.leave("bob", "right tab")
    here.hear("there", there)
    assert kinds(here.tell()) == ["user_left bob"]


def test_whoever_comes_back_elsewhere_needs_no_grace_here() -> None:
    here, there = Process(), Process()
    here.enter("bob", "broken tab")
    here.people.leave("bob", "broken tab", until=10)
    there.enter("bob", "new tab")
    here.hear("there", there)
    here.tell()
    there.people.leave("bob", "new tab")
    here.hear("there", there)
    assert kinds(here.tell()) == ["user_left bob"]


def test_the_newest_place_is_shown_and_every_field_that_is_typed_in() -> None:
    here, there = Process(), Process()
    here.enter("bob")
    here.people.here["bob"].data, here.people.here["bob"].moved_at = {"view": "budget"}, 5.0
    there.enter("bob")
    there.people.here["bob"].data, there.people.here["bob"].moved_at = {"view": "plan"}, 7.0
    there.people.types("bob", "trip:x.title", active=True, now=7.0)
    here.hear("there", there, now=7.0)
    assert here.people.present(8.0)[0] == {
        "user_id": "bob",
        "name": "Bob",
        "colour": 1,
        "connections": 1,
        "data": {"view": "plan"},
        "typing": "trip:x.title",
    }
    assert "typing" not in here.people.present(20.0)[0]


def test_processes_have_other_clocks_and_one_wall() -> None:
    """Two that began a thousand seconds apart; one reads a second later what the other wrote."""
    typist = Person("bob", "Bob", 1, moved_at=40.0, typing={"trip:x.title": 46.0})
    lease = lease_of([typist], now=41.0, wall=500.0)
    assert lease
    heard = people_of(lease, now=1042.0, wall=501.0)["bob"]
    assert (heard.moved_at, heard.typing) == (1040.0, {"trip:x.title": 1046.0})


def test_a_lease_that_is_read_late_tells_of_then() -> None:
    before = Person("bob", "Bob", 1, {"a"}, {"view": "plan"}, moved_at=40.0, typing={"trip:x.title": 46.0})
    lease = lease_of([before], now=41.0, wall=41.0)
    assert lease
    heard = people_of(lease, now=100.0, wall=100.0)["bob"]
    since = Person("bob", "Bob", 1, {"b"}, {"view": "budget"}, moved_at=70.0)
    assert together([heard, since]).entry(100.0) == {**since.who(), "connections": 2, "data": {"view": "budget"}}


def test_a_wall_clock_that_is_behind_keeps_nobody_typing_for_longer() -> None:
    typist = Person("bob", "Bob", 1, typing={"trip:x.title": 46.0})
    lease = lease_of([typist], now=41.0, wall=1041.0)
    assert lease
    assert people_of(lease, now=41.0, wall=41.0)["bob"].typing == {"trip:x.title": 47.0}


# Crowds


def test_of_a_crowd_the_first_are_named_and_the_others_are_counted() -> None:
    room = Process()
    for n in range(MOST_SHOWN + 50):
        room.enter(f"p{n}")
    news = room.tell()
    assert len(news) == MOST_SHOWN + 1
    assert news[-1] == {"type": "crowd", "present_count": MOST_SHOWN + 50}
    room.enter("one more")
    assert kinds(room.tell()) == [f"crowd {MOST_SHOWN + 51}"]


def test_who_is_named_no_more_makes_room_for_the_next() -> None:
    room = Process()
    for n in range(MOST_SHOWN + 2):
        room.enter(f"p{n}")
    room.tell()
    room.people.leave("p0", "tab")
    assert kinds(room.tell()) == ["user_left p0", f"user_joined p{MOST_SHOWN}", f"crowd {MOST_SHOWN + 1}"]
    room.people.leave(f"p{MOST_SHOWN + 1}", "tab")
    assert kinds(room.tell()) == [f"crowd {MOST_SHOWN}"]
    room.people.leave("p1", "tab")
    assert kinds(room.tell()) == ["user_left p1"]


# Processes that die


def test_a_process_lives_for_as_long_as_its_beat_goes_on() -> None:
    others = Elsewhere(LASTS)
    others.heard("one", beat=1, now=0).rooms["paris"] = {}
    others.heard("one", beat=1, now=6)
    assert others.forget_silent(now=LASTS) == set()
    others.heard("one", beat=2, now=LASTS)
    assert others.forget_silent(now=LASTS + 9) == set()
    assert others.forget_silent(now=2 * LASTS + 1) == {"paris"}
    assert others.processes == {}


def test_a_lease_that_is_gone_is_waited_for_and_not_for_long() -> None:
    others = Elsewhere(LASTS)
    others.heard("one", beat=1, now=0)
    others.missed(set())
    assert others.forget_silent(now=0.7 * LASTS) == set()
    assert "one" in others.processes
    others.forget_silent(now=0.9 * LASTS)
    assert others.processes == {}


steps = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["enter", "leave", "break"]),
            st.sampled_from("xy"),
            st.sampled_from(["alice", "bob", "vera"]),
            st.sampled_from(["1", "2"]),
        ),
        st.tuples(st.sampled_from(["hear", "tell", "die"]), st.sampled_from("xy"), st.just(""), st.just("")),
    ),
    max_size=60,
)


@given(steps)
def test_in_the_end_all_processes_show_the_same_people(steps: list[tuple[str, str, str, str]]) -> None:
    """Whatever tabs do, and in whatever order it is heard of: sockets see who is there, and nobody twice."""
    processes = {"x": Process(), "y": Process()}
    for now, (step, where, who, tab) in enumerate(steps):
        process, other = processes[where], processes["y" if where == "x" else "x"]
        process.people.overdue(now)
        match step:
            case "enter":
                process.enter(who, tab)
            case "leave":
                process.people.leave(who, tab)
            case "break":
                process.people.leave(who, tab, until=now + 5)
            case "hear":
                process.hear("other", other, now)
            case "tell":
                process.tell()
            case "die":
                other.others.pop("other", None)
                other.people.look_elsewhere()
                processes[where] = Process()
    end = len(steps) + 100
    for process in processes.values():
        process.people.overdue(end)
    processes["x"].hear("other", processes["y"])
    processes["y"].hear("other", processes["x"])
    processes["x"].hear("other", processes["y"])
    present = set(processes["x"].people.here) | set(processes["y"].people.here)
    for process in processes.values():
        process.tell()
        assert process.shown == present == {person.user_id for person in process.people}
        assert len(process.people) == len(present)
