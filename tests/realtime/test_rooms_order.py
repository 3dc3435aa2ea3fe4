"""A room tells everyone the same changes, in order and once, whatever the announcements go through."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.broadcast import Announcement
from realtime.rooms import Room, Seat
from realtime.session import Session
from trips.access import EVERYONE, MEMBERS

LAST = 30


class Listener:
    """A socket, as a room sees it; `seqs` is what it was told."""

    def __init__(self, user_id: str) -> None:
        self.id = self.user_id = user_id
        self.rooms: dict[str, Room] = {}
        self.told: list[dict[str, Any]] = []
        self.outbox = SimpleNamespace(
            put=lambda text, counts=True: self.told.append(json.loads(text)),
            put_all=lambda bundle: self.told.extend(map(json.loads, bundle.texts)),
            tell=self.told.append,
        )

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.told if "seq" in message]

    @property
    def kinds(self) -> list[str]:
        return [message["type"] for message in self.told]


def change(seq: int, audience: str = EVERYONE, **more: Any) -> Announcement:
    return Announcement("paris", seq, audience, json.dumps({"type": "trip_updated", "seq": seq}), **more)


def sit(room: Room, listener: Listener) -> Seat:
    """Begin to enter: from now on, deliveries are held back."""
    seat = Seat()
    room.seats[cast(Session, listener)] = seat
    listener.rooms[room.trip_id] = room
    return seat


def enter(
    room: Room, listener: Listener, seq: int, *, role: str = "editor", missed: tuple[Announcement, ...] = ()
) -> None:
    """The whole entrance, with what was read as of `seq`."""
    room.admit(cast(Session, listener), room.seats[cast(Session, listener)], role, seq, missed)


def room_with(*names: str, seq: int = 0) -> tuple[Room, list[Listener]]:
    room, listeners = Room("paris"), [Listener(name) for name in names]
    room.start_at(seq)
    for listener in listeners:
        sit(room, listener)
        enter(room, listener, seq)
    return room, listeners


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[int]]:
    """The changes 1 … LAST in any order, some of them more than once, in groups of any size; none is lost."""
    repeated = draw(st.lists(st.integers(1, LAST), max_size=20))
    order = draw(st.permutations([*range(1, LAST + 1), *repeated]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=10)))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@given(deliveries())
def test_whatever_order_they_come_in_all_are_told_in_order_and_once(groups: list[list[int]]) -> None:
    room, (alice, bob) = room_with("alice", "bob")
    for group in groups:
        room.offer(change(seq) for seq in group)
        assert alice.seqs == list(range(1, len(alice.seqs) + 1))
    assert alice.seqs == bob.seqs == list(range(1, LAST + 1))
    assert not room.has_hole


@given(deliveries(), st.data())
def test_who_enters_meanwhile_has_no_hole_and_nothing_twice(groups: list[list[int]], data: st.DataObject) -> None:
    """A joiner sits down, and a while later has read the trip: ahead of the room, or behind it."""
    room, (alice,) = room_with("alice")
    sits = data.draw(st.integers(0, len(groups) - 1), label="sits down before group")
    reads = data.draw(st.integers(sits, len(groups)), label="has read before group")
    carol, knows = Listener("carol"), 0
    for number, group in enumerate([*groups, []]):
        if number == sits:
            sit(room, carol)
            at_least = room.seq or 0
        if number == reads:
            knows = data.draw(st.integers(at_least, LAST), label="as of")
            enter(room, carol, knows)
        room.offer(change(seq) for seq in group)
    assert carol.seqs == list(range(knows + 1, LAST + 1))
    assert alice.seqs == list(range(1, LAST + 1))


@given(deliveries(), st.data())
def test_who_comes_back_gets_what_was_missed_then_what_was_held(groups: list[list[int]], data: st.DataObject) -> None:
    """What a client knows, and what is read for it, was stored; so it is never ahead of the journal."""
    room, (alice,) = room_with("alice")
    carol, at_least = Listener("carol"), 0
    back = data.draw(st.integers(0, len(groups) - 1), label="comes back before group")
    for number, group in enumerate(groups):
        if number == back:
            sit(room, carol)
            at_least = room.seq or 0
        room.offer(change(seq) for seq in group)
    since = data.draw(st.integers(0, at_least), label="since")
    read = data.draw(st.integers(at_least, LAST), label="read as of")
    enter(room, carol, read, missed=tuple(change(seq) for seq in range(since + 1, read + 1)))
    assert carol.seqs == list(range(since + 1, LAST + 1))
    assert alice.seqs == list(range(1, LAST + 1))


def test_a_later_change_waits_for_the_one_before_it() -> None:
    room, (alice,) = room_with("alice")
    room.offer([change(2), change(3)])
    assert alice.seqs == []
    assert room.has_hole
    room.offer([change(1)])
    assert alice.seqs == [1, 2, 3]
    assert not room.has_hole


def test_old_news_is_no_news() -> None:
    room, (alice,) = room_with("alice", seq=5)
    room.offer([change(4), change(5)])
    assert alice.seqs == []
    assert not room.has_hole


def test_what_came_before_the_first_had_read_the_trip_is_sorted_out_then() -> None:
    room, alice = Room("paris"), Listener("alice")
    sit(room, alice)
    room.offer([change(6), change(4), change(5)])
    room.start_at(5)
    enter(room, alice, 5)
    assert alice.seqs == [6]


def test_who_may_not_see_a_change_is_told_to_count_on() -> None:
    room, (alice, bob) = room_with("alice", "bob")
    room.offer([change(1, f"user:{alice.user_id}"), change(2)])
    assert alice.kinds == ["trip_updated", "trip_updated"]
    assert bob.kinds == ["skipped", "trip_updated"]
    assert alice.seqs == bob.seqs == [1, 2]


def test_who_is_removed_hears_no_more_than_that_and_the_others_do() -> None:
    room, (alice, bob) = room_with("alice", "bob")
    for name in ("alice", "bob"):
        room.people.enter(name, name, 1, name)
    room.people.news()
    room.offer([change(1, MEMBERS, loses=("bob",)), change(2)])
    assert bob.kinds == ["trip_unshared"]
    assert "paris" not in bob.rooms
    assert alice.kinds == ["user_left", "trip_updated", "trip_updated"]


@pytest.mark.parametrize("change_of_all", [change(1, loses=("bob",)), change(1, ends=True)])
def test_who_is_put_out_while_entering_is_let_in_only_with_something_newer(change_of_all: Announcement) -> None:
    room, _ = room_with("alice")
    bob = Listener("bob")
    seat = sit(room, bob)
    room.offer([change_of_all, change(2)])
    assert seat.is_lost("bob", seq=0)
    assert not seat.is_lost("bob", seq=1), "this was read when he was back"
    enter(room, bob, 1)
    assert bob.seqs == [2]


@pytest.mark.parametrize("late", [change(1, loses=("bob",)), change(1, ends=True)])
def test_who_came_back_since_is_not_put_out_by_old_news(late: Announcement) -> None:
    room, _ = room_with("alice")
    bob = Listener("bob")
    sit(room, bob)
    enter(room, bob, 2)
    room.people.enter("bob", "bob", 1, bob.id)
    room.offer([late, change(2), change(3)])
    assert bob.seqs == [3]
    assert "bob" in room.people.here


def test_what_was_held_has_no_hole_where_the_room_started_over() -> None:
    room, _ = room_with("alice")
    seat = sit(room, Listener("bob"))
    room.offer([change(1), change(2)])
    assert room.goes_on_from(1, seat)
    room.start_at(7)
    assert not room.goes_on_from(2, seat)
    room.offer([change(8)])
    assert not room.goes_on_from(6, seat)
    assert room.goes_on_from(7, seat)


def test_with_its_trip_a_room_ends() -> None:
    room, (alice, bob) = room_with("alice", "bob")
    room.offer([change(1, ends=True)])
    for each in (alice, bob):
        assert each.kinds == ["trip_updated", "trip_unshared"]
        assert each.rooms == {}
    assert not room.seats


def test_what_is_fleeting_reaches_the_others_and_not_who_is_still_entering() -> None:
    room, (alice, bob) = room_with("alice", "bob")
    carol = Listener("carol")
    sit(room, carol)
    room.tell({"type": "typing"}, but=cast(Session, alice))
    assert [each.kinds for each in (alice, bob, carol)] == [[], ["typing"], []]
