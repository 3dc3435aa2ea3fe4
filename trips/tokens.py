"""JSON Web Tokens made here, of the kind that allauth makes at a sign-in and accepts (PROTOCOL.md, "Signing in")."""

from datetime import timedelta
from importlib import import_module

from allauth.account.internal.userkit import user_id_to_str
from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from jwt.api_jwt import _jwt_global_obj

from .models import User

sessions = import_module(settings.SESSION_ENGINE)


def take_from_any_clock() -> None:
    """Called when the app is ready. A token is good at once also where the clock is behind that of the process that
    made it: when it was made (`iat`) says nothing that its signature and its session do not say better.

    allauth reads tokens by PyJWT's shared reader, and gives no way to set this.
    """
    _jwt_global_obj.options["verify_iat"] = False


def issue(user: User, lifetime: timedelta) -> str:
    """A token for `user`, with a session of its own that ends with it, or with the person's next password."""
    session = sessions.SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(lifetime)
    session.save()
    sid = jwt.session_key_to_sid(session.session_key)
    seconds = int(lifetime.total_seconds())
    token: str = jwt.create_token("access", sub=user_id_to_str(user), sid=sid, expires_in=seconds)[0]
    return token
