"""Whose socket it is: a bearer token, or the site's session (PROTOCOL.md, "Signing in")."""

from dataclasses import dataclass
from importlib import import_module
from time import time
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth import get_user
from django.http import parse_cookie
from django.http.request import validate_host

from trips.models import User
from trips.refusals import Refused

from .protocol import BEARER

Scope = dict[str, Any]
sessions = import_module(settings.SESSION_ENGINE)


class ForeignOrigin(Exception):
    """A page of another site used this site's cookie."""


@dataclass(frozen=True)
class Identity:
    """A person, and what their being signed in hangs on. `expires` in seconds since 1970; None for a cookie."""

    user: User
    session_key: str
    expires: float | None = None

    def is_over(self, now: float | None = None) -> bool:
        return self.expires is not None and self.expires <= (time() if now is None else now)


def identify(scope: Scope) -> Identity:
    """Who opens this socket. Raises Refused, or ForeignOrigin. Asks the database."""
    token = bearer(scope)
    if token is not None:
        return _by_token(token)
    key = _cookie(scope)
    if key and not origin_allowed(scope):
        raise ForeignOrigin
    return _by_session(key)


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


def _by_token(token: str) -> Identity:
    found = jwt.validate_access_token(token)
    if found is None:
        raise Refused("unauthenticated", "The token is expired, ended, or not ours.")
    user, claims = found
    if not user.is_active:
        raise Refused("unauthenticated", "This account is disabled.")
    return Identity(cast(User, user), jwt.session_key_from_sid(claims["sid"]) or "", float(claims["exp"]))


def _by_session(key: str) -> Identity:
    key = key if key.isalnum() else ""  # never ours; PostgreSQL would not take a NUL even to look
    session = sessions.SessionStore(key) if key else None
    user = get_user(cast(Any, SimpleNamespace(session=session))) if session is not None else None
    if not isinstance(user, User):
        raise Refused("unauthenticated", "Sign in first: with the site's cookie, or a bearer token.")
    return Identity(user, key)


def _cookie(scope: Scope) -> str:
    return parse_cookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin1") for key, value in scope["headers"] if key == name), "")
