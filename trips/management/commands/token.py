"""python manage.py token <username>: a JSON Web Token for wscat and curl."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ... import tokens
from ...models import User


class Command(BaseCommand):
    help = "Print a short-lived token: curl -H “Authorization: Bearer $(python manage.py token user123)” …"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--minutes",
            type=int,
            default=settings.HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN // 60,
            help="how long it holds (default: %(default)s)",
        )

    def handle(self, *args: Any, username: str, minutes: int, **options: Any) -> str:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody here is called “{username}”.")
        if not user.is_active:
            raise CommandError(f"The account “{username}” is disabled.")
        if not 1 <= minutes <= 60 * 24 * 30:
            raise CommandError("A token holds for 1 minute to 30 days (43,200 minutes).")
        return tokens.issue(user, timedelta(minutes=minutes))
