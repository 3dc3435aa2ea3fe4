"""The demo's password is known to all: it opens nothing where DEBUG is off, and nobody may choose it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from .demo.people import PASSWORD
from .models import User


class RefusedAtSignIn(ModelBackend):
    """An authentication backend that comes before all others, whichever way one signs in."""

    def authenticate(self, request: HttpRequest | None, *_: Any, **credentials: Any) -> User | None:
        if credentials.get("password") == PASSWORD and not settings.DEBUG:
            raise PermissionDenied
        return None


class NotChosen:
    """A password validator."""

    def validate(self, password: str, user: User | None = None) -> None:
        if password == PASSWORD:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return "The demo's password is known to all. Choose another one."
