"""When something is done."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from .activity import Activity, Category
from .fields import BytewiseField, MinutesField, MoneyField
from .shared import TripObject
from .trip import Trip


class ItineraryItem(TripObject):
    """A stop: an entry on a day, or unscheduled. What it leaves empty, its activity says."""

    class Status(models.TextChoices):
        PLANNED = "", "Planned"
        TENTATIVE = "tentative"
        BOOKED = "booked"

    LAST_DAY = 999

    day = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 999; empty for unscheduled.")
    position = BytewiseField(max_length=2000, editable=False)
    title = models.CharField(max_length=200)
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="stops")
    time = models.TimeField(null=True, blank=True, help_text="Local to the place.")
    duration = MinutesField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    cost = MoneyField(null=True, blank=True)
    notes = models.TextField(blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, blank=True)

    class Meta(TripObject.Meta):
        ordering = ["day", "position"]
        constraints = [
            *TripObject.Meta.constraints,
            models.UniqueConstraint(
                "trip",
                Coalesce("day", 0),
                "position",
                condition=Q(removed=False),
                name="itinerary_position_in_list",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="itinerary_has_a_title"),
            models.CheckConstraint(condition=Q(day=None) | Q(day__range=(1, 999)), name="itinerary_day_in_range"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="itinerary_category_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=["", "tentative", "booked"]), name="itinerary_status_is_known"
            ),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="itinerary_cost_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def on_list(trip: Trip, day: int | None) -> models.QuerySet["ItineraryItem"]:
        """The living stops on one list, in no order."""
        which = Coalesce("day", RawSQL("0", ()))  # to the letter as the index has it, or it is not used
        return ItineraryItem.objects.filter(Exact(which, day or 0), trip=trip, removed=False).order_by()
