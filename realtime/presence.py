"""Who is in a room, what they look at and what they type: pure rules, no clock and no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

TYPING_LASTS = 6.0  # seconds, unless it is renewed
MOST_SHOWN = 100  # people of a room who are told by name; of the others only how many they are


@dataclass
class Person:
    """Somebody in a room, with their connections. `leaves_at`: the last one broke, and grace ends then.

    Times are seconds of any one clock; `moved_at` is when `data` was told.
    """

    user_id: str
    name: str
    colour: int
    connections: set[str] = field(default_factory=set)
    data: dict[str, Any] = field(default_factory=dict)
    moved_at: float = 0.0
    typing: dict[str, float] = field(default_factory=dict)
    leaves_at: float | None = None

    def entry(self, now: float) -> dict[str, Any]:
        """This person in a list of who is present."""
        typing = [name for name, ends in self.typing.items() if ends > now]
        entry = {**self.who(), "connections": len(self.connections), "data": self.data}
        return {**entry, "typing": typing[-1]} if typing else entry

    def who(self) -> dict[str, Any]:
        """How every message names this person."""
        return {"user_id": self.user_id, "name": self.name, "colour": self.colour}

    def lease(self, now: float, wall: float) -> dict[str, Any]:
        """What other processes are told, whenever they read it: times by the clock on the wall."""
        return {
            **self.who(),
            "connections": sorted(self.connections),
            "data": self.data,
            "moved": self.moved_at - now + wall,
            "typing": {name: ends - now + wall for name, ends in self.typing.items() if ends > now},
        }

    @classmethod
    def leased(cls, lease: Mapping[str, Any], now: float, wall: float) -> Person:
        """A person whom another process told of."""
        ends = {name: min(ends - wall, TYPING_LASTS) for name, ends in lease["typing"].items()}
        return cls(
            user_id=lease["user_id"],
            name=lease["name"],
            colour=lease["colour"],
            connections=set(lease["connections"]),
            data=lease["data"],
            moved_at=lease["moved"] - wall + now,
            typing={name: after + now for name, after in ends.items()},
        )


def together(parts: list[Person]) -> Person:
    """One person, as several processes see them."""
    if len(parts) == 1:
        return parts[0]
    typing = sorted((ends, name) for part in parts for name, ends in part.typing.items())
    return replace(
        max(parts, key=lambda part: part.moved_at),
        connections=set().union(*(part.connections for part in parts)),
        typing={name: ends for ends, name in typing},
    )


Others = Callable[[], Iterable[Mapping[str, Person]]]  # who is in the room in each other process


class People:
    """The people of one room: those of this process, and those of the others as they were told last.

    They are listed in the order in which they came; only the first `MOST_SHOWN` are told by name.
    """

    def __init__(self, elsewhere: Others = lambda: ()) -> None:
        self.here: dict[str, Person] = {}
        self._elsewhere = elsewhere
        self._order = dict.fromkeys(name for people in elsewhere() for name in people)
        self._told: dict[str, dict[str, Any]] = {name: person.who() for name, person in self._shown()}
        self._told_count = len(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Person]:
        return (person for name in list(self._order) if (person := self.get(name)))

    @property
    def is_crowd(self) -> bool:
        """Whether there are too many to tell of each as they come."""
        return len(self) > MOST_SHOWN

    def get(self, user_id: str) -> Person | None:
        """Somebody as all processes see them."""
        parts = [people[user_id] for people in (self.here, *self._elsewhere()) if user_id in people]
        return together(parts) if parts else None

    def enter(self, user_id: str, name: str, colour: int, connection: str) -> bool:
        """One more connection of a person; true if the person was not here."""
        came = user_id not in self._order
        person = self.here.setdefault(user_id, Person(user_id, name, colour))
        person.name, person.colour, person.leaves_at = name, colour, None
        person.connections.add(connection)
        self._order.setdefault(user_id)
        return came

    def leave(self, user_id: str, connection: str, until: float | None = None) -> bool:
        """One connection less; true if the person is gone with it. `until`: the last one broke, and may come back."""
        person = self.here.get(user_id)
        if person is None or connection not in person.connections:
            return False
        person.connections.discard(connection)
        if person.connections:
            return False
        if until is not None:
            person.leaves_at = until
            return False
        return self.dismiss(user_id)

    def dismiss(self, user_id: str) -> bool:
        """Away with a person and all their connections to this process; true if they are gone with it."""
        if self.here.pop(user_id, None) is None or self._is_elsewhere(user_id):
            return False
        del self._order[user_id]
        return True

    def overdue(self, now: float) -> list[Person]:
        """Those whose grace is over, taken out."""
        graced = [person for person in self.here.values() if person.leaves_at is not None]
        gone = [person for person in graced if person.leaves_at is not None and person.leaves_at <= now]
        for person in gone:
            self.dismiss(person.user_id)
        return gone

    def look_elsewhere(self) -> bool:
        """The other processes told something new; true if with it somebody is no longer here, but there."""
        others = list(self._elsewhere())
        moved = [
            name
            for name, person in self.here.items()  # whose connection broke here, and who has come back there
            if person.leaves_at is not None and any(people[name].connections for people in others if name in people)
        ]
        for name in moved:
            del self.here[name]
        present = self.here.keys() | {name for people in others for name in people}
        self._order = {name: None for name in self._order if name in present}
        for people in others:
            for name in people:
                self._order.setdefault(name)
        return bool(moved)

    def types(self, user_id: str, name: str, active: bool, now: float) -> None:
        """A person begins, renews or ends editing a field."""
        if person := self.here.get(user_id):
            typing = {field: ends for field, ends in person.typing.items() if ends > now and field != name}
            person.typing = {**typing, name: now + TYPING_LASTS} if active else typing  # never while a thread reads it

    def present(self, now: float) -> list[dict[str, Any]]:
        """An entry a person, of the first `MOST_SHOWN`."""
        return [person.entry(now) for _, person in self._shown()]

    def news(self) -> list[dict[str, Any]]:
        """What is to be told since it was asked last: who came, who left, and how many a crowd is."""
        shown = {name: person.who() for name, person in self._shown()}
        left = [{"type": "user_left", **who} for name, who in self._told.items() if name not in shown]
        came = [{"type": "user_joined", **who} for name, who in shown.items() if name not in self._told]
        count, told_count = len(self), self._told_count
        self._told, self._told_count = shown, count
        if count != told_count and max(count, told_count) > MOST_SHOWN:
            return [*left, *came, {"type": "crowd", "present_count": count}]
        return left + came

    def _shown(self) -> Iterator[tuple[str, Person]]:
        return ((name, person) for name in islice(self._order, MOST_SHOWN) if (person := self.get(name)))

    def _is_elsewhere(self, user_id: str) -> bool:
        return any(user_id in people for people in self._elsewhere())
