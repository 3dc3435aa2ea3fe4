"""What the trip may cost."""

from django.db import models
from django.db.models import Q

from .fields import MoneyField
from .shared import TripObject


class BudgetLine(TripObject):
    """The planned amount of a category; the category is the public id."""

    name = models.CharField(max_length=100, blank=True, help_text="Its label; empty for the well-known categories.")
    amount = MoneyField()

    class Meta(TripObject.Meta):
        constraints = [
            *TripObject.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_amount_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id
