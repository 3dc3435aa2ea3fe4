"""How allauth makes and words accounts here (ACCOUNT_ADAPTER)."""

import re
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import resolve, reverse

from . import ids
from .models import User

# ACCOUNT_USERNAME_VALIDATORS: a username is a public id.
username_validators = [RegexValidator(rf"^{ids.PATTERN}\Z", f"A username is {ids.RULE}.")]


def display(user: User) -> str:
    """ACCOUNT_USER_DISPLAY: people are called by their name."""
    return user.get_full_name()


class AccountAdapter(DefaultAccountAdapter):
    """Usernames that are public ids, and errors that say what is so and what to do."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is switched off.",
        "duplicate_email": "That is the address you have.",
        "email_password_mismatch": "E-mail and password do not belong together.",
        "username_password_mismatch": "Username and password do not belong together.",
        "email_taken": "There is an account with this e-mail. Sign in, or ask for a new password.",
        "username_taken": "That username is taken.",
        "username_blacklisted": "That username cannot be had. Choose another.",
        "enter_current_password": "That is not your present password.",
        "incorrect_password": "That is not your password.",
        "invalid_login": "Username and password do not belong together.",
        "invalid_password_reset": "This link has been used, or is too old. Ask for a new one.",
        "invalid_or_expired_key": "This link has been used, or is too old.",
        "unknown_email": "There is no account with this e-mail.",
        "unverified_primary_email": "Confirm this address first: open the link we sent there.",
        "same_as_current": "That is what you have now. Write another.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, or ask for a new password.",
        "rate_limited": "Too many tries. Wait a minute.",
    }

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """A free username made of the first of `txts` that has something to make it of."""
        stems = (re.sub(r"[^A-Za-z0-9_-]+", "-", (text or "").split("@")[0]).strip("-") for text in txts)
        stem = next(filter(None, stems), "traveller")[: ids.MAX_LENGTH - 9]
        name = stem
        while User.objects.filter(username__iexact=name).exists():
            name = f"{stem}-{ids.new_id()[:8]}"
        return name

    def save_user(self, request: HttpRequest, user: User, form: forms.BaseForm, commit: bool = True) -> User:
        """Where somebody else took the username since the form was checked, it is checked once more, and says so."""
        try:
            with transaction.atomic():
                saved: User = super().save_user(request, user, form, commit)
                return saved
        except IntegrityError:
            if getattr(request, "was_taken", False):
                raise
            request.was_taken = True  # type: ignore[attr-defined]
            view, args, kwargs = resolve(request.path_info)
            raise ImmediateHttpResponse(view(request, *args, **kwargs)) from None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")
