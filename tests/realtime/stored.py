"""What is stored, as a client would be told of it."""

import json
from typing import Any

from realtime import protocol
from tests.realtime.client_state import ClientState
from trips import snapshot
from trips.models import Change, Trip


def as_sent(message: dict[str, Any]) -> dict[str, Any]:
    """A message as it comes off the wire."""
    sent: dict[str, Any] = json.loads(protocol.encode(message))
    return sent


def told(change: Change) -> dict[str, Any]:
    return as_sent(protocol.changed(change))


def fresh(trip_id: str) -> ClientState:
    """What somebody is given who comes in now."""
    trip = Trip.objects.get(public_id=trip_id)
    state = ClientState.of(as_sent(snapshot.take(trip)))
    if trip.removed:
        del state.objects["trip", trip_id]
    return state
