"""Tokens: from the sign-in to the API, until the session, the password or the account ends them."""

from datetime import timedelta
from io import StringIO
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from trips import tokens
from trips.models import User

from .conftest import TRIPS

pytestmark = pytest.mark.django_db

APP = "/_allauth/app/v1/"
PASSWORD = "a walk along the Seine"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("alice", "alice@example.org", PASSWORD, name="Alice")


def call(token: str, **headers: str) -> Any:
    return APIClient().get(TRIPS, headers={"Authorization": f"Bearer {token}", **headers})


def refused(token: str) -> bool:
    answer = call(token)
    if answer.status_code == 200:
        return False
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    return True


def sign_in() -> dict[str, Any]:
    answer = APIClient().post(f"{APP}auth/login", {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 200
    meta: dict[str, Any] = answer.json()["meta"]
    return meta


def test_from_the_sign_in_to_the_sign_out(user: User) -> None:
    given = sign_in()
    assert not refused(given["access_token"])
    answer = APIClient().delete(f"{APP}auth/session", headers={"X-Session-Token": given["session_token"]})
    assert answer.status_code == 401
    assert refused(given["access_token"])


def test_a_new_token_for_an_old_one(user: User) -> None:
    given = sign_in()
    answer = APIClient().post(f"{APP}tokens/refresh", {"refresh_token": given["refresh_token"]})
    assert not refused(answer.json()["data"]["access_token"])
    assert refused(given["refresh_token"])


def test_a_wrong_password_gives_no_token(user: User) -> None:
    answer = APIClient().post(f"{APP}auth/login", {"username": "alice", "password": "a guess"})
    assert answer.status_code == 400
    assert "access_token" not in answer.content.decode()


def test_a_token_expires(user: User) -> None:
    token = tokens.issue(user, timedelta(minutes=15))
    with time_machine.travel(timedelta(minutes=14), tick=False):
        assert not refused(token)
    with time_machine.travel(timedelta(minutes=16), tick=False):
        assert refused(token)


def test_a_token_of_a_process_whose_clock_is_ahead_holds_at_once(user: User) -> None:
    with time_machine.travel(timedelta(seconds=30)):
        token = tokens.issue(user, timedelta(minutes=15))
    assert not refused(token)


def test_a_new_password_ends_all_tokens(user: User) -> None:
    made = [sign_in()["access_token"], tokens.issue(user, timedelta(minutes=15))]
    user.set_password("a boat on the Tagus")
    user.save()
    assert all(refused(token) for token in made)


def test_a_disabled_account_has_no_token(user: User) -> None:
    token = tokens.issue(user, timedelta(minutes=15))
    User.objects.update(is_active=False)
    assert refused(token)


def forged(token: str, key: str, algorithm: str | None, **claims: Any) -> str:
    told = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode({**told, **claims}, key, algorithm=algorithm)


def test_a_forged_token_is_refused(user: User) -> None:
    other = User.objects.create_user("mallory")
    token = tokens.issue(user, timedelta(minutes=15))
    head, body, signature = token.split(".")
    for wrong in (
        forged(token, "another key, of a good length for this", "HS256"),
        forged(token, "", "none"),
        forged(token, settings.SECRET_KEY, "HS256", sub=str(other.pk)),
        forged(token, settings.SECRET_KEY, "HS256", sid="AAAA"),
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-2]}",
        "not-a-token",
        "",
        "two words",
    ):
        assert refused(wrong), wrong
    assert not refused(token)


def test_a_token_that_does_not_hold_never_falls_back_to_the_cookie(user: User) -> None:
    browser = APIClient()
    browser.force_login(user)
    assert browser.get(TRIPS).status_code == 200
    assert browser.get(TRIPS, headers={"Authorization": "Bearer expired"}).status_code == 401


def test_a_token_needs_no_csrf(user: User) -> None:
    program = APIClient(enforce_csrf_checks=True)
    token = tokens.issue(user, timedelta(minutes=15))
    answer = program.post(TRIPS, {"title": "Lisbon"}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201


def token_of(*arguments: str) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_prints_a_token_that_works(user: User) -> None:
    token = token_of("alice")
    assert not refused(token)
    told = jwt.decode(token, options={"verify_signature": False})
    assert told["exp"] - told["iat"] == settings.HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN
    told = jwt.decode(token_of("alice", "--minutes", "3"), options={"verify_signature": False})
    assert told["exp"] - told["iat"] == 180


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["nobody"], "Nobody"), (["carol"], "disabled"), (["alice", "--minutes", "0"], "1 minute")],
)
def test_the_command_says_why_not(user: User, arguments: list[str], sentence: str) -> None:
    User.objects.create_user("carol", is_active=False)
    with pytest.raises(CommandError, match=sentence):
        token_of(*arguments)
