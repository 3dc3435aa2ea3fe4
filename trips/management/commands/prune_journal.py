"""`python manage.py prune_journal --older-than 90d`: keep the journal finite."""

import re
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ... import journal
from ...words import count

UNITS = {"d": "days", "h": "hours", "w": "weeks"}


class Command(BaseCommand):
    help = (
        "Forget changes that are older than this. What the trips hold stays; their history, undo, and the memory of "
        "repeated requests reach back no further, and a client that was away longer is given the whole trip."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than", required=True, metavar="90d", help="a number of days (d), weeks (w), hours (h)"
        )

    def handle(self, *, older_than: str, **options: Any) -> None:
        match = re.fullmatch(r"(\d{1,5})([dhw])", older_than)
        if match is None:
            raise CommandError(f"“{older_than}” is not a length of time. Write 90d, 12w or 36h.")
        length = timedelta(**{UNITS[match[2]]: int(match[1])})
        self.stdout.write(f"{count(journal.prune(timezone.now() - length), 'change')} forgotten.")
