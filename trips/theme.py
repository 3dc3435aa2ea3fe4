"""Light, dark, or as the system has it: the person's choice, kept in a cookie so that the server can write it."""

from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
YEAR = 365 * 24 * 60 * 60


def of(request: HttpRequest) -> str:
    """“light” or “dark”; empty follows the system."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in ("light", "dark") else ""


def after(theme: str) -> str:
    """The next one: system → light → dark → system (static/trips/theme.js does the same)."""
    return {"": "light", "light": "dark"}.get(theme, "")


def keep(response: HttpResponse, theme: str) -> None:
    # Not HttpOnly: theme.js writes it too. It says nothing about anybody.
    if theme:
        response.set_cookie(COOKIE, theme, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def context(request: HttpRequest) -> dict[str, str]:
    """Context processor: `theme`."""
    return {"theme": of(request)}
