"""Making the demo trips what they should be, through the door like everybody else's changes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ..changes import apply
from ..kinds import KINDS, OBJECT_KINDS, Kind
from ..models import Trip, TripObject, User
from ..mutations import Mutation, Step
from .kyoto import KYOTO
from .lisbon import LISBON
from .paris import PARIS
from .people import OPERATOR
from .shape import Data, DemoTrip

TRIPS = (PARIS, LISBON, KYOTO)


def load(demo: DemoTrip) -> int:
    """Make this trip as new; how many changes that took. What is as it should be already is left alone."""
    trip = Trip.objects.filter(public_id=demo.id).first()
    people = User.objects.in_bulk(field_name="username")
    runs = [(hand, tuple(step for _, step in run)) for hand, run in groupby(Way(demo, trip), key=lambda pair: pair[0])]
    batch = [
        Mutation(demo.id, people[hand], steps, creates=trip is None and n == 0) for n, (hand, steps) in enumerate(runs)
    ]
    return sum(len(outcome.unwrap()) for outcome in apply(batch))


class Way:
    """The steps from a trip as it is (None: not at all) to what it should be, each with the one who does it."""

    def __init__(self, demo: DemoTrip, trip: Trip | None) -> None:
        self.demo = demo
        self._trip = trip
        # All that the trip ever had, by kind and id, as everyone is sent it; and what of it is removed.
        self._now: dict[tuple[str, str], Data] = {}
        self._removed: set[tuple[str, str]] = set()
        if trip is not None:
            self._look_at(KINDS["trip"], [trip])
            for kind in OBJECT_KINDS:
                self._look_at(kind, kind.model._default_manager.filter(trip=trip).select_related(*kind.related))

    def _look_at(self, kind: Kind, things: Iterable[Trip | TripObject]) -> None:
        for thing in things:
            key = (kind.name, thing.public_id)
            self._now[key] = kind.represent(thing)
            if thing.removed:
                self._removed.add(key)

    def __iter__(self) -> Iterator[tuple[str, Step]]:
        for step in (*self._set("trip", self.demo.trip), *self._made_alike("member"), *self._made_alike("budget")):
            yield self._who_owns, step
        for data in self.demo.activities:
            for step in self._set("activity", data):
                yield self._hand(data["activity_id"]), step
        for step in self._surplus("itinerary"):
            yield self.demo.owner, step
        for data in self._placed_stops():
            for step in self._set("itinerary", data):
                yield self._hand(data["day"]), step
        for step in self._surplus("activity"):
            yield self.demo.owner, step

    @property
    def _who_owns(self) -> str:
        """The owner; an operator, where the demo was played with until its owner was none."""
        now = self._now.get(("member", self.demo.owner))
        away = now is None or now["role"] != "owner" or ("member", self.demo.owner) in self._removed
        return OPERATOR if self._trip and away else self.demo.owner

    def _hand(self, part: int | str) -> str:
        return self.demo.hands.get(part, self.demo.owner)

    def _wanted(self, name: str) -> Sequence[Data]:
        wanted: Sequence[Data] = getattr(self.demo, KINDS[name].collection)
        return wanted

    def _made_alike(self, name: str) -> Iterator[Step]:
        for data in self._wanted(name):
            # Who makes the trip owns it already.
            if self._trip or data.get("user_id") != self.demo.owner:
                yield from self._set(name, data)
        yield from self._surplus(name)

    def _set(self, name: str, data: Data) -> Iterator[Step]:
        """What it takes for one object to be `data`."""
        kind = KINDS[name]
        key = (name, data[kind.identified_by] if kind.collection else self.demo.id)
        now = self._now.get(key)
        if now is None:
            yield Step(name, data, id=key[1])
            return
        if key in self._removed:
            yield Step(name, {}, op="restore", id=key[1])
        if different := {field: value for field, value in data.items() if now.get(field, "") != value}:
            yield Step(name, different, id=key[1])

    def _surplus(self, name: str) -> Iterator[Step]:
        """Takes away what the demo does not have."""
        wanted = {data[KINDS[name].identified_by] for data in self._wanted(name)}
        for key in self._now.keys() - self._removed:
            if key[0] == name and key[1] not in wanted:
                yield Step(name, {}, op="remove", id=key[1])

    def _placed_stops(self) -> Iterator[Data]:
        """The stops, day by day; those of a day that is not in order say after whom they come."""
        for day, stops in groupby(self.demo.itinerary, key=lambda data: data["day"]):
            after = None
            in_order = list(stops)
            untouched = [data["id"] for data in in_order] == self._ids_on(day)
            for data in in_order:
                yield data if untouched else {**data, "after": after}
                after = data["id"]

    def _ids_on(self, day: int | None) -> list[str]:
        """The living stops of a day that the demo has too, as they stand."""
        wanted = {data["id"] for data in self.demo.itinerary}
        there = [
            (now["position"], name)
            for (kind, name), now in self._now.items()
            if kind == "itinerary" and now["day"] == day and name in wanted and (kind, name) not in self._removed
        ]
        return [name for _, name in sorted(there)]
