"""The messages of the wire protocol, version 1: see docs/PROTOCOL.md."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from trips import exact_json
from trips.models import Change
from trips.refusals import Refused

SUBPROTOCOL = "globetrotter.v1"
BEARER = "bearer."

Message = Mapping[str, Any]


class Close(IntEnum):
    """Why a socket is closed (PROTOCOL.md, "Errors")."""

    NOT_OUR_PROTOCOL = 4400
    NOT_SIGNED_IN = 4401
    SOMEBODY_ELSE = 4403
    NO_SUCH_TRIP = 4404
    TOO_SLOW = 4408
    TOO_MANY = 4429
    CANNOT_SERVE = 4503


def now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


def encode(message: Message) -> str:
    """One message as text. Times are RFC 3339 in UTC, amounts exact numbers."""
    return exact_json.encode(message).decode()


def decode(text: str) -> Message:
    """A message as it was sent: an object with a type. Raises Refused: bad_json, or invalid."""
    message = exact_json.read(text)
    if not isinstance(message, dict):
        raise Refused("bad_json", "A message is a JSON object.")
    for name in ("type", "trip_id", "mutation_id"):
        if name in message and not isinstance(message[name], str):
            raise Refused("invalid", f"{name} must be text.", fields={name: ["This must be text."]})
    if "type" not in message:
        raise Refused("invalid", "A message needs a type.", fields={"type": ["This is required."]})
    return message


def error(refused: Refused, **context: Any) -> dict[str, Any]:
    """A refusal as it is told. `context` (trip_id, mutation_id) says what it is about."""
    details = {
        "fields": refused.fields,
        "current": refused.current,
        "retry_after": refused.retry_after,
        **context,
    }
    given = {name: value for name, value in details.items() if value is not None}
    return {"type": "error", "code": refused.code, "message": refused.message, **given, "timestamp": now()}


def changed(change: Change) -> dict[str, Any]:
    """A committed change as everyone in the room is told of it."""
    actor = change.actor
    message = {
        "type": f"{change.kind}_updated",
        "trip_id": change.trip.public_id,
        "seq": change.seq,
        "op": change.op,
        "id": change.object_id,
        "data": change.after,
        "updated_by": actor.username if actor else None,
        "timestamp": change.time,
    }
    if change.mutation_id:
        message["mutation_id"] = change.mutation_id
    return message


def skipped(trip_id: str, seq: int) -> dict[str, Any]:
    """In place of a change that this receiver may not see, so that the counting goes on."""
    return {"type": "skipped", "trip_id": trip_id, "seq": seq}
