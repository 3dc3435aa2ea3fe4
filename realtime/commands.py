"""What each message of a client does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from time import monotonic
from typing import Any

from rest_framework.serializers import ValidationError

from trips.fields import PublicId, Text
from trips.kinds import KINDS
from trips.mutations import Mutation, Outcome, Step
from trips.refusals import Refused, invalid

from . import protocol
from .hub import Hub, going_down
from .presence import TYPING_LASTS, Person
from .protocol import Message
from .rooms import Room
from .session import Session

Command = Callable[[Hub, Session, Message], Awaitable[None]]
MOST_STEPS = 1_000
PUBLIC_ID, FIELD, PLACE = PublicId(), Text(max_length=200, filled=True), Text(max_length=200)


async def run(hub: Hub, session: Session, message: Message) -> None:
    """Do what a message asks. Raises Refused."""
    kind = message["type"].removesuffix("_update")
    command = mutate if kind in KINDS and kind != message["type"] else COMMANDS.get(message["type"])
    if command is None:
        known = ", ".join([*COMMANDS, *(f"{name}_update" for name in KINDS)])
        raise Refused("unknown_type", f"There is no message “{message['type'][:40]}”. Known are: {known}.")
    await command(hub, session, message)


async def join_trip(hub: Hub, session: Session, message: Message) -> None:
    session.limits.check(session.limits.joins)
    since = message.get("since")
    if since is not None and (type(since) is not int or since < 0):
        raise invalid({"since": ["This must be a whole number, 0 or more: the last seq that you know."]})
    await hub.join(session, trip_of(session, message), since)


async def leave_trip(hub: Hub, session: Session, message: Message) -> None:
    trip_id = trip_of(session, message)
    hub.leave(session, trip_id)
    session.outbox.tell({"type": "left", "trip_id": trip_id, "timestamp": protocol.now()})


async def mutate(hub: Hub, session: Session, message: Message) -> None:
    submit(hub, session, message, (step_of(message),))


async def batch(hub: Hub, session: Session, message: Message) -> None:
    parts = message.get("mutations")
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise invalid({"mutations": ["This must be a list of mutations, at least one."]})
    if len(parts) > MOST_STEPS:
        raise invalid({"mutations": [f"At most {MOST_STEPS:,} go together."]})
    submit(hub, session, message, tuple(step_of(part) for part in parts))


async def typing(hub: Hub, session: Session, message: Message) -> None:
    room, person = presence_in(session, message)
    field = checked("field", FIELD, message.get("field"))
    active = message.get("active", True)
    if not isinstance(active, bool):
        raise invalid({"active": ["This must be true or false."]})
    room.people.types(session.user_id, field, active, monotonic())
    about = {**person.who(), "field": field, "active": active, "expires_in": TYPING_LASTS if active else 0}
    hub.attendance.moved(room)
    hub.tell_room(room, hub.of_room("typing", room, **about), but=session)


async def presence(hub: Hub, session: Session, message: Message) -> None:
    room, person = presence_in(session, message)
    data = message.get("data")
    if not isinstance(data, dict):
        raise invalid({"data": ["This must be an object: where you are."]})
    if unknown := set(data) - {"view", "focus"}:
        raise invalid({name: ["There is no such field. Known are: view, focus."] for name in sorted(unknown)})
    person.data = {name: None if value is None else checked(name, PLACE, value) for name, value in data.items()}
    person.moved_at = monotonic()
    hub.attendance.moved(room)
    hub.tell_room(room, hub.of_room("presence", room, **person.who(), data=person.data), but=session)


async def ping(hub: Hub, session: Session, message: Message) -> None:
    session.outbox.pinged()
    echo = message.get("timestamp")
    if not (echo is None or isinstance(echo, int | Decimal | str)) or len(str(echo)) > 100:
        raise invalid({"timestamp": ["This must be text of at most 100 characters, or a number."]})
    session.outbox.tell({"type": "pong", "echo": echo, "timestamp": protocol.now()})


COMMANDS: Mapping[str, Command] = {
    command.__name__: command for command in (join_trip, leave_trip, typing, presence, ping, batch)
}


def submit(hub: Hub, session: Session, message: Message, steps: tuple[Step, ...]) -> None:
    """Hand a mutation to the writer. Its sender is answered when it is stored; the room is told by the commit."""
    burst = session.limits.mutations.burst
    session.limits.check(session.limits.mutations, min(len(steps), burst))
    trip_id, mutation_id = trip_of(session, message), message.get("mutation_id")
    if mutation_id is not None:
        checked("mutation_id", PUBLIC_ID, mutation_id)
    about = {"trip_id": trip_id, "mutation_id": mutation_id}

    def answer(outcome: Outcome) -> None:
        if outcome.refused:
            session.outbox.tell(protocol.error(outcome.refused, **about))
        elif mutation_id is not None:
            repeated = {"duplicate": True} if outcome.repeated else {}
            ack = {"type": "ack", **about, "seq": outcome.seq, **repeated, "timestamp": protocol.now()}
            session.outbox.tell(ack)

    if hub.leaving:
        raise going_down()
    hub.writer.submit(Mutation(trip_id, session.identity.user, steps, mutation_id), answer)


def step_of(message: Message) -> Step:
    """One mutation as it was sent. Raises Refused."""
    kind, data, op, name = message.get("type"), message.get("data"), message.get("op", "set"), message.get("id")
    if not isinstance(kind, str) or kind.removesuffix("_update") not in KINDS:
        raise Refused("unknown_type", f"A mutation has a type: {', '.join(f'{name}_update' for name in KINDS)}.")
    if data is None and op in ("remove", "restore"):
        data = {}
    if not isinstance(data, dict):
        raise invalid({"data": ["This must be an object: the fields to set."]})
    if not isinstance(op, str):
        raise invalid({"op": ["This must be “set”, “remove” or “restore”."]})
    return Step(kind.removesuffix("_update"), data, op, name, message.get("base_seq"))


def trip_of(session: Session, message: Message) -> str:
    """The trip that a message is about. Raises Refused."""
    trip_id = message.get("trip_id") or session.home
    if not trip_id:
        raise invalid({"trip_id": ["This is required."]})
    return checked("trip_id", PUBLIC_ID, trip_id)


def presence_in(session: Session, message: Message) -> tuple[Room, Person]:
    """The room that a fleeting message is for, and its sender in it. Raises Refused."""
    room = session.rooms.get(trip_of(session, message))
    person = room.people.here.get(session.user_id) if room else None
    if room is None or person is None:
        raise invalid({"trip_id": ["Join the trip first."]})
    return room, person


def checked(name: str, field: Text, value: Any) -> str:
    """Text of the envelope that fits its field. Raises Refused."""
    try:
        return field.to_internal_value(value)
    except ValidationError as error:
        sentences = error.detail if isinstance(error.detail, list) else [str(error.detail)]
        raise invalid({name: [str(sentence) for sentence in sentences]}) from None
