"""Who is in a trip's room, for the pages that the server renders."""

from typing import Any

from django.http import HttpRequest

from .hub import Hub


def people_here(_: HttpRequest) -> dict[str, Any]:
    """Context processor: `people_here`, a function from a trip's id to the people in its room."""
    return {"people_here": in_room}


def in_room(trip_id: str) -> list[dict[str, Any]]:
    """`{user_id, name, colour}` of each. Who may know of the trip is the page's to see to."""
    room = Hub.running.rooms.get(trip_id) if Hub.running else None
    return [person.who() for person in room.people] if room else []
