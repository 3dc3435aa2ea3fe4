"""A trip: what everything else belongs to, and what people share."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from .. import ids
from .row import Row


class LivingTrips(models.Manager["Trip"]):
    """The trips that have not been removed."""

    def get_queryset(self) -> models.QuerySet["Trip"]:
        return super().get_queryset().filter(removed=False)


class Trip(Row):
    """`seq` counts the trip's changes, `size` its living objects; both move only under the trip's row lock."""

    public_id = models.CharField(max_length=ids.MAX_LENGTH, unique=True, validators=[ids.public_id])
    title = models.CharField(max_length=200)
    destination = models.CharField(max_length=200, blank=True)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    notes = models.TextField(blank=True)
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    removed = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar["models.Manager[Trip]"] = models.Manager()
    living: ClassVar[LivingTrips] = LivingTrips()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="trip_has_a_title"),
            models.CheckConstraint(
                condition=Q(start_date=None) | Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="trip_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Exact(Length("currency"), 3), name="trip_currency_is_a_code"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> int:
        """How many days the dates span; 0 without both dates."""
        return (self.end_date - self.start_date).days + 1 if self.start_date and self.end_date else 0

    def is_past(self, today: date) -> bool:
        return self.end_date is not None and self.end_date < today
