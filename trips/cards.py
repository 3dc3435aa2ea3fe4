"""My trips, as the cards of its page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.db.models import Exists, OuterRef

from . import cover, words
from .models import Activity, ItineraryItem, Member, Role, Trip, TripObject, User

Thing = TypeVar("Thing", bound=TripObject)


@dataclass(frozen=True)
class Card:
    """One trip as `me`, one of its members, sees it on a given day."""

    trip: Trip
    me: Member
    members: tuple[Member, ...]
    places: tuple[tuple[float, float], ...]
    stops: int
    ideas: int
    today: date

    @cached_property
    def cover(self) -> cover.Cover:
        return cover.draw(self.places)

    @property
    def others(self) -> list[Member]:
        return [member for member in self.members if member.user_id != self.me.user_id]

    @property
    def looks_only(self) -> bool:
        return self.me.role == Role.VIEWER

    @property
    def who_edits(self) -> str:
        return words.listing([m.user.get_short_name() for m in self.others if m.role != Role.VIEWER])

    @property
    def with_whom(self) -> str:
        return words.listing([member.user.get_short_name() for member in self.others])

    @property
    def about(self) -> str:
        """“Paris, France · 25 stops”."""
        if self.stops:
            how_many = words.count(self.stops, "stop")
        else:
            how_many = words.count(self.ideas, "idea") if self.ideas else "Nothing planned yet"
        return " · ".join(filter(None, [self.trip.destination, how_many]))

    @property
    def dates(self) -> str:
        return words.dates(self.trip.start_date, self.trip.end_date)

    @property
    def until(self) -> str:
        return words.until(self.trip.start_date, self.trip.end_date, self.today)

    @property
    def is_past(self) -> bool:
        return self.trip.is_past(self.today)


def of(user: User, today: date) -> list[Card]:
    """A card for each trip that `user` is a member of: first what comes next, then what has no date yet, then the past,
    the latest first."""
    mine = Member.objects.filter(user=user, removed=False, trip__removed=False).select_related("trip", "user")
    trips = {member.trip_id: member for member in mine}
    members = _by_trip(Member.objects.filter(trip__in=trips, removed=False).select_related("user").order_by("place"))
    stops = _by_trip(
        ItineraryItem.objects.filter(trip__in=trips, removed=False)
        .select_related("activity")
        .only("trip_id", "day", "position", "activity__latitude", "activity__longitude", "activity__removed")
        .order_by("day", "position", "public_id")
    )
    planned = ItineraryItem.objects.filter(activity=OuterRef("pk"), removed=False)
    ideas = _by_trip(Activity.objects.filter(~Exists(planned), trip__in=trips, removed=False).only("trip_id"))
    cards = [
        Card(
            trip=member.trip,
            me=member,
            members=tuple(members[pk]),
            places=tuple(_places(stops[pk])),
            stops=len(stops[pk]),
            ideas=len(ideas[pk]),
            today=today,
        )
        for pk, member in trips.items()
    ]
    return sorted(cards, key=_order)


def _by_trip(things: Iterable[Thing]) -> dict[int, list[Thing]]:
    grouped: dict[int, list[Thing]] = defaultdict(list)
    for thing in things:
        grouped[thing.trip_id].append(thing)
    return grouped


def _places(stops: Iterable[ItineraryItem]) -> Iterable[tuple[float, float]]:
    """Where the stops of the days are, in their order."""
    for stop in stops:
        where = stop.activity
        if stop.day is not None and where and where.latitude is not None and where.longitude is not None:
            yield where.latitude, where.longitude


def _order(card: Card) -> tuple[int, int, int]:
    start = card.trip.start_date
    if card.is_past:
        return 2, -card.trip.end_date.toordinal() if card.trip.end_date else 0, card.trip.pk
    return (0, start.toordinal(), card.trip.pk) if start else (1, 0, -card.trip.pk)
