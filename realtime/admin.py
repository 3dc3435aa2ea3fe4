"""Who is in a trip's room now, on the trip's page in the admin."""

from time import monotonic

from django.http import HttpRequest
from django.template.loader import render_to_string

from trips.admin import extra_panels
from trips.models import Trip

from .whereabouts import people_in


def in_the_room(request: HttpRequest, trip: Trip) -> str:
    """Each person with what they look at and what they edit, over all processes."""
    people = [person.entry(monotonic()) for person in people_in(trip.public_id)]
    return render_to_string("realtime/in_the_room.html", {"people": people}, request)


extra_panels.insert(0, in_the_room)
