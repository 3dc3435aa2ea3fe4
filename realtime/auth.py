"""Whose socket it is: a bearer token, or the site's session (PROTOCOL.md, "Signing in")."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from time import time
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session as StoredSession
from django.http import parse_cookie
from django.http.request import validate_host
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from trips.models import User
from trips.refusals import Refused

from .among import Among
from .protocol import BEARER

Scope = dict[str, Any]


class ForeignOrigin(Exception):
    """A page of another site used this site's cookie."""


@dataclass(frozen=True, eq=False)
class Identity:
    """A person, and what their being signed in hangs on. `expires` in seconds since 1970; None for a cookie.

    No two are equal: the same person may have been read when their password, or their rank, was another one.
    """

    user: User
    session_key: str
    expires: float | None = None

    def is_over(self, now: float | None = None) -> bool:
        return self.expires is not None and self.expires <= (time() if now is None else now)


@dataclass(frozen=True)
class Claim:
    """What somebody who opens a socket shows: a bearer token, or the key of a session of the site."""

    token: str | None
    session_key: str


def claim_of(scope: Scope) -> Claim:
    """Raises ForeignOrigin."""
    token = bearer(scope)
    key = "" if token is not None else _cookie(scope)
    if key and not origin_allowed(scope):
        raise ForeignOrigin
    return Claim(token, key if key.isalnum() else "")  # never ours; PostgreSQL would not take a NUL even to look


def identify(claims: Sequence[Claim]) -> list[Identity | Refused]:
    """Who each is, or that they are nobody. Sessions are looked up together, by two queries."""
    people = _signed_in({claim.session_key for claim in claims} - {""})
    return [_by_token(claim.token) if claim.token is not None else _by_session(claim, people) for claim in claims]


def bearer(scope: Scope) -> str | None:
    """The token that was given explicitly, by header or by subprotocol."""
    scheme, _, token = _header(scope, b"authorization").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    offered = (name for name in scope.get("subprotocols", ()) if name.startswith(BEARER))
    return next((name.removeprefix(BEARER) for name in offered), None)


def origin_allowed(scope: Scope) -> bool:
    """Whether the page that opens the socket is this site's own, or one that the settings name."""
    origin = _header(scope, b"origin")
    if origin in settings.ALLOWED_ORIGINS:
        return True
    host = urlsplit(origin).netloc
    return bool(host) and host == _header(scope, b"host") and validate_host(_domain(host), settings.ALLOWED_HOSTS)


def _domain(host: str) -> str:
    return host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host


def _by_token(token: str) -> Identity | Refused:
    found = jwt.validate_access_token(token)
    if found is None:
        return Refused("unauthenticated", "The token is expired, ended, or not ours.")
    user, claims = found
    if not user.is_active:
        return Refused("unauthenticated", "This account is disabled.")
    return Identity(cast(User, user), jwt.session_key_from_sid(claims["sid"]) or "", float(claims["exp"]))


def _by_session(claim: Claim, people: Mapping[str, User]) -> Identity | Refused:
    if user := people.get(claim.session_key):
        return Identity(user, claim.session_key)
    return Refused("unauthenticated", "Sign in first: with the site's cookie, or a bearer token.")


def _signed_in(keys: Collection[str]) -> dict[str, User]:
    """Whose sessions these are. `django.contrib.auth.get_user` asks the same, for one at a time."""
    if not keys:
        return {}
    stored = StoredSession.objects.filter(Among("session_key", keys), expire_date__gt=timezone.now())
    sessions = {session.session_key: session.get_decoded() for session in stored}
    named = {key: pk for key, session in sessions.items() if (pk := _key_of(session)) is not None}
    users = {user.pk: user for user in User.objects.filter(Among("pk", set(named.values())))}
    found = {key: users.get(pk) for key, pk in named.items()}
    return {key: user for key, user in found.items() if user and _holds(sessions[key], user)}


def _key_of(session: Mapping[str, Any]) -> int | None:
    """The key of the person whose session it is."""
    key: int | None = User._meta.pk.to_python(session.get(SESSION_KEY))
    return key


def _holds(session: Mapping[str, Any], user: User) -> bool:
    """Whether a person is still signed in by this session: not since they were disabled, or have another password."""
    if not user.is_active or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    given = session.get(HASH_SESSION_KEY, "")
    known = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(given, each) for each in known)


def _cookie(scope: Scope) -> str:
    return parse_cookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin1") for key, value in scope["headers"] if key == name), "")
