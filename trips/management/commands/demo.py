"""`python manage.py demo`: people and trips to look at."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...demo.load import TRIPS, load
from ...demo.people import OPERATOR, PASSWORD, PEOPLE, DemoPerson
from ...models import Trip, User
from ...refusals import Refused
from ...words import count


class Command(BaseCommand):
    help = "Load the demo: four people and three trips. Run again, it makes them as new and touches nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="only into a database without people and trips")

    def handle(self, *, if_empty: bool, **options: Any) -> None:
        if if_empty and (User.objects.exists() or Trip.objects.exists()):
            return
        if not settings.DEBUG:
            sentence = "The demo's accounts have a known password, so it is loaded only where DEBUG is on."
            if not if_empty:
                raise CommandError(sentence)
            self.stdout.write(sentence)
            return
        accounts = [own_account(person) for person in PEOPLE]
        for user, person in zip(accounts, PEOPLE, strict=True):
            make_as_new(user, person)
        for demo in TRIPS:
            try:
                changes = load(demo)
            except Refused as refused:
                raise CommandError(f"“{demo.trip['title']}” could not be loaded. {refused.message}") from refused
            self.stdout.write(f"{demo.trip['title']} ({demo.id}): {count(changes, 'change')}")
        names = ", ".join(f"{person.username} ({person.name})" for person in PEOPLE if person.username != OPERATOR)
        self.stdout.write(f"Sign in as {names}; password {PASSWORD}.")
        self.stdout.write(f"For the admin, sign in as {OPERATOR}, with the same password.")


def own_account(person: DemoPerson) -> User:
    """The account of the demo, stored or not yet. One of that name that is somebody's own is not touched."""
    user = User.objects.filter(username__iexact=person.username).first()
    if user is not None and user.email != person.email:
        raise CommandError(f"The account “{user.username}” is not the demo's, so nothing was loaded.")
    return user or User(username=person.username, email=person.email)


def make_as_new(user: User, person: DemoPerson) -> None:
    user.name, user.is_active = person.name, True
    user.is_staff = user.is_superuser = person.username == OPERATOR
    if not user.check_password(PASSWORD):  # a new hash would sign everybody out
        user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.update_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
