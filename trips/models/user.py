"""A person with an account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from .. import ids


class User(AbstractUser):
    """The username is the person's public id, so it never changes; the name is what others see."""

    username = models.CharField(
        max_length=ids.MAX_LENGTH,
        unique=True,
        validators=[ids.public_id],
        error_messages={"unique": "That username is taken."},
        help_text=f"{ids.RULE}. It cannot be changed later.",
    )
    name = models.CharField(max_length=100, blank=True, help_text="How others see this person.")
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_ignoring_case"),
        ]

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name().split()[0]
