"""Whatever is wrong with a request, the answer has one shape, and tells what to do."""

import logging
from typing import Any, cast
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError
from pytest_django import Settings
from rest_framework.test import APIClient

from trips.models import Change

from .conftest import PARIS, TRIPS

pytestmark = pytest.mark.django_db

JSON = "application/json"


def send(person: APIClient, body: str | bytes, content_type: str = JSON, method: str = "POST") -> Any:
    return person.generic(method, f"{PARIS}activities/", cast(str, body), content_type=content_type)  # bytes too


BODIES: dict[str, tuple[str | bytes, str]] = {
    "not JSON": ("name: Louvre", "bad_json"),
    "half of it": ('{"name": "Lou', "bad_json"),
    "not UTF-8": (b'{"name": "\xff"}', "bad_json"),
    "NaN": ('{"name": "x", "cost": NaN}', "bad_json"),
    "a lone surrogate": (r'{"name": "\ud800"}', "bad_json"),
    "a number of 400 digits": (f'{{"name": "x", "cost": {"9" * 400}}}', "invalid"),
    "an endless exponent": ('{"name": "x", "cost": 1e99999999999999999999}', "invalid"),
    "too large a body": (f'{{"name": "{"x" * settings.MESSAGE_MAX_BYTES}"}}', "invalid"),
    "too deep a body": ("[" * 5_000 + "]" * 5_000, "invalid"),
    "a list": ("[]", "invalid"),
    "null": ("null", "invalid"),
    "nothing": ("", "invalid"),
    "NUL": (r'{"name": "a\u0000b"}', "invalid"),
    "wrong types": ('{"name": 5, "cost": "much", "duration": true, "link": []}', "invalid"),
    "an id that is none": ('{"name": "x", "activity_id": "a b"}', "invalid"),
    "a location that is half": ('{"name": "x", "latitude": 1}', "invalid"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_taken(bob: APIClient, paris: str, body: str | bytes, code: str) -> None:
    before = Change.objects.count()
    answer = send(bob, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"]
    assert Change.objects.count() == before


def test_every_wrong_field_is_named_with_a_sentence(bob: APIClient, paris: str) -> None:
    told = bob.patch(PARIS, {"start_date": "2027-05-01", "currency": "gold"}).json()
    assert told["code"] == "invalid"
    assert "currency" in told["fields"]
    told = bob.patch(PARIS, {"start_date": "2027-05-01"}).json()
    assert told["fields"] == {"start_date": ["start_date 2027-05-01 is after end_date 2027-04-16."]}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_json_is_taken(bob: APIClient, paris: str, content_type: str) -> None:
    answer = send(bob, "name=Louvre", content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_only_json_is_told(bob: APIClient, paris: str) -> None:
    answer = bob.get(PARIS, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "FANCY"])
def test_other_methods_are_refused_with_those_that_are_not(bob: APIClient, paris: str, method: str) -> None:
    answer = send(bob, "", method=method)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["", "v1/", "v1/nothing", "v1/trips/paris/nothing/", "v1/trips/a%00b/", "v1/trips/ /"])
def test_an_address_that_means_nothing(bob: APIClient, paris: str, path: str) -> None:
    answer = bob.get(f"/api/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_addresses_work_without_the_slash_at_their_end(bob: APIClient, paris: str) -> None:
    assert bob.get("/api/v1/trips").json()["count"] == 1
    assert bob.patch("/api/v1/trips/paris", {"notes": "n"}).status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "naïve"])
def test_a_key_that_is_no_id_is_refused(bob: APIClient, paris: str, key: str) -> None:
    answer = bob.patch(PARIS, {"notes": "n"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["Idempotency-Key"])


def test_without_a_sign_in_nothing_is_told(client: Any, paris: str) -> None:
    for path in (TRIPS, PARIS, f"{PARIS}budget/"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_cookie_alone_changes_nothing_from_another_site(paris: str, alice: APIClient) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.cookies = alice.cookies
    answer = browser.patch(PARIS, {"title": "Taken over"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    token = browser.get("/api/docs/").context["csrf_token"]
    assert browser.patch(PARIS, {"title": "Mine"}, headers={"X-CSRFToken": str(token)}).status_code == 200


def test_storage_that_is_away_is_said_to_be(bob: APIClient, paris: str) -> None:
    with patch("trips.changes._store", side_effect=OperationalError("connection to 10.0.0.7 refused")):
        answer = bob.patch(PARIS, {"title": "New"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (answer.json()["retry_after"], answer.headers["Retry-After"]) == (2.0, "2")
    with patch("trips.access.role_in", side_effect=OperationalError("connection to 10.0.0.7 refused")):
        answer = bob.get(PARIS)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert b"10.0.0.7" not in answer.content


def test_a_fault_of_ours_is_logged_and_quotes_nothing(
    bob: APIClient, paris: str, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("trips.snapshot.take", side_effect=RuntimeError("a secret plan")):
        answer = bob.get(PARIS)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "RuntimeError" in caplog.text
    assert "a secret plan" not in caplog.text + answer.content.decode()


def test_no_payload_reaches_the_log(
    bob: APIClient, paris: str, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    caplog.set_level(logging.DEBUG)
    for body in ('{"name": "hush-hush", "cost": -1}', '{"hush-hush": 1}', '{"name": "hush-hush"'):
        send(bob, body)
    assert "hush-hush" not in "".join(record.getMessage() for record in caplog.records if record.name != "django.db")
