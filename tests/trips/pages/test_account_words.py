"""How the pages and mails about accounts speak."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = (
    "login",
    "signup",
    "logout",
    "password/reset",
    "password/reset/done",
    "inactive",
    "email",
    "password/change",
    "reauthenticate",
)
NEVER = re.compile(r"oops|please|successfully|an error occurred|invalid|submit|\bsync|\bserver\b|!", re.IGNORECASE)


BEHIND_THE_DOOR = ("logout", "email", "password/change", "reauthenticate")


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """The limits on guessing count in the cache."""
    cache.clear()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_speak_plainly(client: Client, alice: Client, path: str) -> None:
    visitor = alice if path in BEHIND_THE_DOOR else client
    answer = visitor.get(f"/accounts/{path}/")
    assert answer.status_code == 200
    text = re.sub(r"<[^>]*>", " ", answer.content.decode().split("<main")[1])
    assert NEVER.findall(text) == []


def test_so_do_the_mails(client: Client) -> None:
    bob = {"name": "Bob Bell", "username": "bob", "email": "bob@example.org", "password1": "a walk along the Seine"}
    client.post("/accounts/signup/", bob)
    client.logout()
    for email in ("bob@example.org", "nobody@example.org"):
        client.post("/accounts/password/reset/", {"email": email})
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert NEVER.findall(f"{message.subject} {message.body}".replace("testserver", "")) == []
        assert "example.com" not in str(message.body)
