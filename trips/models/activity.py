"""What there is to do."""

from django.db import models
from django.db.models import Q

from .fields import MinutesField, MoneyField
from .shared import TripObject


class Category(models.TextChoices):
    """What sort of thing it is. It picks the icon, and the line of the budget that its cost counts in."""

    NONE = "", "No category"
    SIGHT = "sight"
    FOOD = "food"
    STAY = "stay"
    TRANSPORT = "transport"
    ART = "art"
    OUTDOORS = "outdoors"
    SHOPPING = "shopping"
    OTHER = "other"


class Activity(TripObject):
    """A thing to do, on a day or not yet: without a stop that points to it, it is an idea."""

    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    cost = MoneyField(null=True, blank=True)
    duration = MinutesField(null=True, blank=True)
    link = models.URLField(max_length=2000, blank=True)
    notes = models.TextField(blank=True)

    class Meta(TripObject.Meta):
        verbose_name_plural = "activities"
        constraints = [
            *TripObject.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="activity_has_a_name"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="activity_category_is_known"),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="activity_cost_is_not_negative"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="activity_coordinates_are_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name
