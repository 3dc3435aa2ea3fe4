"""Who calls: a bearer token, or else the site's session."""

from typing import Any

from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerAuthentication(JWTTokenAuthentication):
    """allauth's tokens, tied to a session. A token that is given and does not hold never falls back to the cookie."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        try:
            found: tuple[Any, Any] = super().authenticate_credentials(key)
        except AuthenticationFailed:
            raise AuthenticationFailed("The token is expired, ended, or not ours.") from None
        return found
