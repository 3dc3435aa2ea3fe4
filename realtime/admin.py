"""Who is in a trip's room now, on the trip's page in the admin."""

from time import monotonic

from django.http import HttpRequest
from django.template.loader import render_to_string

from trips.admin import extra_panels
from trips.models import Trip

from .hub import Hub


def in_the_room(request: HttpRequest, trip: Trip) -> str:
    """Each person with what they look at and what they edit, as this process sees them."""
    room = Hub.running.rooms.get(trip.public_id) if Hub.running else None
    people = room.people.present(monotonic()) if room else []
    return render_to_string("realtime/in_the_room.html", {"people": people}, request)


extra_panels.insert(0, in_the_room)
