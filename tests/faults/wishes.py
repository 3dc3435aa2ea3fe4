"""What people wish to change: small edits, each marked by the id of its mutation."""

import random
from itertools import count
from typing import Any

Message = dict[str, Any]
MOST = 8  # stops that one person keeps, so that snapshots stay small


class Wishes:
    """One person's, one after the other. `padding`: bytes on top of each."""

    def __init__(self, person: str, trip: str, padding: int = 0) -> None:
        self._person = person
        self._trip = trip
        self._numbers = count(1)
        self._padding = "·" * (padding // 2)
        self._mine: list[str] = []

    def next(self) -> Message:
        """A mutation that was not sent before."""
        number = next(self._numbers)
        mutation_id = f"{self._person}-{number}"
        mark = f"«{mutation_id}»{self._padding}"
        envelope = {"trip_id": self._trip, "mutation_id": mutation_id}
        match random.choices(("stop", "trip", "idea", "batch"), (6, 1, 1, 1))[0]:
            case "trip":
                return {**envelope, "type": "trip_update", "data": {"notes": mark}}
            case "idea":
                data = {"activity_id": f"idea-{self._person}", "name": f"«{mutation_id}»", "notes": self._padding}
                return {**envelope, "type": "activity_update", "data": data}
            case "batch":
                steps = [self._stop(f"«{mutation_id}/{part}»", f"{number}-{part}") for part in (1, 2)]
                return {**envelope, "type": "batch", "mutations": steps}
        return {**envelope, **self._stop(mark, str(number))}

    def _stop(self, mark: str, number: str) -> Message:
        if len(self._mine) < MOST:
            self._mine.append(f"{self._person}-{number}")
            data = {"id": self._mine[-1], "day": random.randint(1, 3), "activity": "Stop", "notes": mark}
            return {"type": "itinerary_update", "data": data}
        match random.choice(("change", "move", "remove")):
            case "move":
                data = {"day": random.randint(1, 3), "after": None, "notes": mark}
                return {"type": "itinerary_update", "id": random.choice(self._mine), "data": data}
            case "remove":
                gone = self._mine.pop(random.randrange(len(self._mine)))
                return {"type": "itinerary_update", "op": "remove", "id": gone}
        return {"type": "itinerary_update", "id": random.choice(self._mine), "data": {"notes": mark}}


def steps_in(mutation: Message) -> int:
    """How many changes it makes."""
    return len(mutation["mutations"]) if mutation["type"] == "batch" else 1
