"""Fills a database for a benchmark, and prints who is in it; `with_django` runs it."""

import json
import secrets
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from fractional_indexing import generate_n_keys_between

from tests.bench.database import Plan
from trips.models import ItineraryItem, Member, Role, Trip, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def fill(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    """Trips with their members, signed in, and their stops; the members of each with their session keys."""
    names = [f"u{number}" for number in range(plan.trips * plan.members)]
    users = User.objects.bulk_create(
        [User(username=name, email=f"{name}@example.org", name=f"Person {name}", password="!") for name in names]
    )
    size = plan.members + plan.stops
    trips = Trip.objects.bulk_create(
        [Trip(public_id=f"trip{number}", title=f"Trip {number}", size=size) for number in range(plan.trips)]
    )
    parts = {trip: users[at * plan.members : (at + 1) * plan.members] for at, trip in enumerate(trips)}
    Member.objects.bulk_create(
        Member(trip=trip, public_id=user.username, user=user, role=Role.EDITOR if at else Role.OWNER, place=at + 1)
        for trip, members in parts.items()
        for at, user in enumerate(members)
    )
    positions = generate_n_keys_between(None, None, plan.stops)
    ItineraryItem.objects.bulk_create(
        ItineraryItem(trip=trip, public_id=f"s{at}", day=1, position=position, title=f"Stop {at}", notes="Bring water.")
        for trip in trips
        for at, position in enumerate(positions)
    )
    signed_in = [(user, secrets.token_hex(16)) for user in users]
    Session.objects.bulk_create(session(user, key) for user, key in signed_in)
    keys = {user.username: key for user, key in signed_in}
    return {
        trip.public_id: [(user.username, keys[user.username]) for user in members] for trip, members in parts.items()
    }


def session(user: User, key: str) -> Session:
    """What signing in leaves behind."""
    about = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}
    ends = timezone.now() + timedelta(days=1)
    return Session(session_key=key, session_data=SessionStore().encode(about), expire_date=ends)


def main(given: str) -> None:
    call_command("migrate", verbosity=0)
    print(json.dumps(fill(Plan(**json.loads(given)))))
