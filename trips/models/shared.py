"""What all shared objects of a trip have in common."""

from django.db import models

from .. import ids
from .row import Row
from .trip import Trip


class TripObject(Row):
    """An object of one trip, known in it by its public id; removing marks it, so that it can come back."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="%(class)ss", db_index=False)
    public_id = models.CharField(max_length=ids.MAX_LENGTH, validators=[ids.public_id], default=ids.new_id)
    removed = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint("trip", "public_id", name="%(class)s_public_id_in_trip"),
        ]
