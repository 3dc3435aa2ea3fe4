"""Whose socket it is, where what is sent is no cookie of ours."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import override_settings
from django.utils import timezone

from realtime.auth import Claim, Identity, claim_of, identify
from trips.models import User
from trips.refusals import Refused

pytestmark = pytest.mark.django_db

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"
OURS = [(b"host", b"trips.example.org"), (b"origin", b"https://trips.example.org")]


@pytest.mark.parametrize("cookie", ['"\\000abcdefghij"', "é" * 40, "a" * 4_000, "../../etc/passwd"])
def test_a_cookie_that_is_none_of_ours_is_refused(cookie: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["trips.example.org"]
    scope = {"headers": [*OURS, (b"cookie", f"sessionid={cookie}".encode("latin1"))]}
    (refused,) = identify([claim_of(scope)])
    assert isinstance(refused, Refused)
    assert refused.code == "unauthenticated"


def stored(key: str, user: User, other: dict[str, str] | None = None, hours: float = 1) -> str:
    """A session as signing in leaves it, with something other about it."""
    about = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: PASSWORD_BACKEND}
    about |= {HASH_SESSION_KEY: user.get_session_auth_hash(), **(other or {})}
    ends = timezone.now() + timedelta(hours=hours)
    Session.objects.create(session_key=key, session_data=SessionStore().encode(about), expire_date=ends)
    return key


def test_who_is_signed_in_is_who_django_says(settings: Any) -> None:
    alice, dora = (User.objects.create_user(name, f"{name}@example.org", "correct horse") for name in ("alice", "dora"))
    with override_settings(SECRET_KEY="the key before this one"):
        old_hash = alice.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = ["the key before this one"]
    Session.objects.create(session_key="tampered", session_data="a:b", expire_date=timezone.now() + timedelta(hours=1))
    dora.is_active = False
    dora.save()
    keys = [
        stored("signedin", alice),
        stored("signedinagain", alice),
        stored("hasexpired", alice, hours=-1),
        stored("fallback", alice, {HASH_SESSION_KEY: old_hash}),
        stored("otherpassword", alice, {HASH_SESSION_KEY: "0" * 64}),
        stored("withouthash", alice, {HASH_SESSION_KEY: ""}),
        stored("otherbackend", alice, {BACKEND_SESSION_KEY: "some.other.Backend"}),
        stored("accountgone", alice, {SESSION_KEY: "999999"}),
        stored("disabled", dora),
        "tampered",
        "notthere",
    ]
    found = [isinstance(each, Identity) for each in identify([Claim(None, key) for key in keys])]
    asked = [cast(Any, SimpleNamespace(session=SessionStore(key))) for key in keys]
    assert found == [get_user(each).is_authenticated for each in asked]
    assert found.count(True) == 3
