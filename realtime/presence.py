"""Who is in a room, what they look at and what they type: pure rules, no clock and no I/O."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TYPING_LASTS = 6.0  # seconds, unless it is renewed


@dataclass
class Person:
    """Somebody in a room, with all their connections. `leaves_at`: the last one broke, and grace ends then."""

    user_id: str
    name: str
    colour: int
    connections: set[str] = field(default_factory=set)
    data: dict[str, Any] = field(default_factory=dict)
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


class People:
    """The people of one room. Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}

    def __len__(self) -> int:
        return len(self._people)

    def __iter__(self) -> Iterator[Person]:
        return iter(list(self._people.values()))

    def get(self, user_id: str) -> Person | None:
        return self._people.get(user_id)

    def enter(self, user_id: str, name: str, colour: int, connection: str) -> bool:
        """One more connection of a person; true if the person was not here."""
        came = user_id not in self._people
        person = self._people.setdefault(user_id, Person(user_id, name, colour))
        person.name, person.colour, person.leaves_at = name, colour, None
        person.connections.add(connection)
        return came

    def leave(self, user_id: str, connection: str, until: float | None = None) -> bool:
        """One connection less; true if the person is gone with it. `until`: the last one broke, and may come back."""
        person = self._people.get(user_id)
        if person is None or connection not in person.connections:
            return False
        person.connections.discard(connection)
        if person.connections:
            return False
        if until is not None:
            person.leaves_at = until
            return False
        del self._people[user_id]
        return True

    def dismiss(self, user_id: str) -> bool:
        """Away with a person and all their connections; true if they were here."""
        return self._people.pop(user_id, None) is not None

    def overdue(self, now: float) -> list[Person]:
        """Those whose grace is over, taken out."""
        gone = [person for person in self if person.leaves_at is not None and person.leaves_at <= now]
        for person in gone:
            del self._people[person.user_id]
        return gone

    def types(self, user_id: str, name: str, active: bool, now: float) -> None:
        """A person begins, renews or ends editing a field."""
        if person := self._people.get(user_id):
            person.typing = {field: ends for field, ends in person.typing.items() if ends > now and field != name}
            if active:
                person.typing[name] = now + TYPING_LASTS

    def present(self, now: float, most: int = 100) -> list[dict[str, Any]]:
        """An entry a person, of the first `most`."""
        return [person.entry(now) for person in list(self._people.values())[:most]]
