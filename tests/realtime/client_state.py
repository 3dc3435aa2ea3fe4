"""What a client knows of a trip, from nothing but what it was told: a snapshot, and the changes after it."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

Message = Mapping[str, Any]
Key = tuple[str, str]

COLLECTIONS = {
    "members": ("member", "user_id"),
    "activities": ("activity", "activity_id"),
    "itinerary": ("itinerary", "id"),
    "budget": ("budget", "category"),
}
KINDS = {"trip", *(kind for kind, _ in COLLECTIONS.values())}


def objects_in(snapshot: Message) -> dict[Key, dict[str, Any]]:
    """Everything that a snapshot holds, by (kind, id)."""
    trip = dict(snapshot["trip"])
    found = {("trip", trip.pop("id")): trip}
    for collection, (kind, name) in COLLECTIONS.items():
        found |= {(kind, each[name]): dict(each) for each in snapshot[collection]}
    return found


@dataclass
class ClientState:
    """The whole trip as of `seq`. It takes a change that is the next one, and leaves all others."""

    seq: int
    objects: dict[Key, dict[str, Any]]

    @classmethod
    def of(cls, snapshot: Message) -> Self:
        return cls(snapshot["seq"], objects_in(snapshot))

    def take(self, message: Message) -> bool:
        """Go on by one change, or by one that may not be seen; false if it is not the next."""
        if message["seq"] != self.seq + 1:
            return False
        self.seq = message["seq"]
        kind = message["type"].removesuffix("_updated")
        if kind in KINDS:  # it may not be seen, or is of a kind that this client does not know
            self._change((kind, message["id"]), message["op"], message["data"])
        return True

    def _change(self, key: Key, op: str, data: Mapping[str, Any]) -> None:
        if op == "remove":
            del self.objects[key]
        elif op == "set":
            self.objects[key] = {**self.objects.get(key, {}), **data}
        else:
            self.objects[key] = dict(data)

    def before(self, message: Message, before: Mapping[str, Any] | None) -> None:
        """Go back by the last change; `before` is what the journal says was there."""
        assert message["seq"] == self.seq
        self.seq -= 1
        key = (message["type"].removesuffix("_updated"), message["id"])
        if message["op"] == "restore" or before is None:
            del self.objects[key]
        else:
            self.objects[key] = {**self.objects.get(key, {}), **before}

    def copy(self) -> Self:
        return deepcopy(self)
