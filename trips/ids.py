"""Public ids: what people, URLs and messages call things by."""

import base64
import hashlib
import re
import secrets

from django.core.validators import RegexValidator

PATTERN = r"[A-Za-z0-9_-]{1,64}"
MAX_LENGTH = 64
is_id = re.compile(PATTERN).fullmatch
RULE = "1 to 64 letters, digits, “_” or “-”"

public_id = RegexValidator(rf"^{PATTERN}\Z", f"An id is {RULE}.")


def new_id() -> str:
    """A fresh public id: 96 random bits, so that it can be neither guessed nor met twice."""
    return secrets.token_urlsafe(12)


def derived_id(*parts: str) -> str:
    """The same id for the same parts, always."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()
