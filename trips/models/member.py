"""Who takes part in a trip, and what they may do."""

from django.db import models
from django.db.models import Q

from .shared import TripObject
from .user import User


class Role(models.TextChoices):
    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Member(TripObject):
    """A person's part in a trip. Its public id is the username; `place` (1, 2, 3, …) decides the colour."""

    COLOURS = 8

    # Who took part in a trip is not deleted but disabled: a membership ends through the door, like every change.
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", db_index=False)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)
    place = models.PositiveSmallIntegerField(editable=False)

    class Meta(TripObject.Meta):
        constraints = [
            *TripObject.Meta.constraints,
            # The person first: so this index also finds all trips that somebody is in. An index of the person alone is
            # what PostgreSQL would take to find one of them, too, reading all.
            models.UniqueConstraint("user", "trip", name="member_once_in_trip"),
            models.UniqueConstraint("trip", "place", condition=Q(removed=False), name="member_place_in_trip"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_is_known"),
            models.CheckConstraint(condition=Q(place__gte=1), name="member_place_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    @property
    def colour(self) -> int:
        """1 to 8, by place, then round again."""
        return (self.place - 1) % self.COLOURS + 1
