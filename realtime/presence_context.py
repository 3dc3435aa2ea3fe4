"""Who is in a trip's room, for the pages that the server renders."""

from typing import Any

from django.http import HttpRequest

from .whereabouts import people_in


def people_here(_: HttpRequest) -> dict[str, Any]:
    """Context processor: `people_here`, a function from a trip's id to the people in its room."""
    return {"people_here": in_room}


def in_room(trip_id: str) -> list[dict[str, Any]]:
    """`{user_id, name, colour}` of each. Who may know of the trip is the page's to see to."""
    return [person.who() for person in people_in(trip_id)]
