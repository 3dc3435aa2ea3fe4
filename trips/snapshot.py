"""A whole trip as one value."""

from typing import Any

from .kinds import KINDS, OBJECT_KINDS
from .models import Trip


def take(trip: Trip) -> dict[str, Any]:
    """Everything living in `trip`, as of its `seq`. Inside one consistent read, or the two may not fit."""
    return {
        "seq": trip.seq,
        "trip": {"id": trip.public_id, **KINDS["trip"].represent(trip)},
        **{kind.collection: [kind.represent(thing) for thing in kind.living(trip)] for kind in OBJECT_KINDS},
    }
