"""What a demo trip is made of: whole objects in the shape that everyone is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True)
class DemoTrip:
    """A trip as it should be. `itinerary` is in the order of its lists; the first of `members` owns the trip.

    `hands` tells who planned a day or added an activity, by day or activity_id; the owner did the rest.
    """

    id: str
    trip: Data
    members: Sequence[Data]
    activities: Sequence[Data] = ()
    itinerary: Sequence[Data] = ()
    budget: Sequence[Data] = ()
    hands: Mapping[int | str, str] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        return str(self.members[0]["user_id"])


def trip(title: str, destination: str, start: str | None, end: str | None, currency: str, notes: str = "") -> Data:
    return {
        "title": title,
        "destination": destination,
        "start_date": start,
        "end_date": end,
        "currency": currency,
        "notes": notes,
    }


def member(user_id: str, role: str) -> Data:
    return {"user_id": user_id, "role": role}


def activity(
    activity_id: str,
    name: str,
    place: str,
    at: tuple[float, float],
    category: str,
    *,
    cost: int | str | None = None,
    duration: int | None = None,
    link: str = "",
    notes: str = "",
) -> Data:
    """`at` is latitude and longitude in degrees (WGS 84); `duration` is in minutes."""
    return {
        "activity_id": activity_id,
        "name": name,
        "place": place,
        "latitude": at[0],
        "longitude": at[1],
        "category": category,
        "cost": money(cost),
        "duration": duration,
        "link": link,
        "notes": notes,
    }


def stop(
    id: str,  # noqa: A002  (the name it has in the data)
    day: int | None,
    time: str | None,
    title: str,
    activity_id: str | None = None,
    *,
    duration: int | None = None,
    place: str = "",
    category: str = "",
    cost: int | str | None = None,
    notes: str = "",
    status: str = "",
) -> Data:
    """What is left out here, the stop shows as its activity has it."""
    return {
        "id": id,
        "day": day,
        "activity": title,
        "activity_id": activity_id,
        "time": time,
        "duration": duration,
        "place": place,
        "category": category,
        "cost": money(cost),
        "notes": notes,
        "status": status,
    }


def budget(category: str, amount: int | str, name: str = "") -> Data:
    return {"category": category, "amount": money(amount), "name": name}


def money(amount: int | str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)
