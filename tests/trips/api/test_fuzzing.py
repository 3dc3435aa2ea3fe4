"""Requests that nobody thought of: made from the schema by schemathesis, fitting it and not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from pytest_django import Settings
from schemathesis import Case, GenerationMode, checks
from schemathesis.core.result import Ok

from trips import tokens
from trips.models import User

checks.load_all_checks()


def described() -> Any:
    """The schema, without its ways to sign in: or else most of what is made up would be a wrong token."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path in schema["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    return schema


SCHEMA = schemathesis.openapi.from_dict(described())
SCHEMA.app = get_wsgi_application()
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
KNOWN = ("alice", "bob", "vera", "louvre", "s1", "food")
EXAMPLES = 8

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(paris: str, settings: Settings) -> Iterator[str]:
    """Alice's, who may ask as much as she likes. Requests leave the test's connection open."""
    settings.MESSAGES_PER_SECOND = settings.MUTATIONS_PER_SECOND = 1e6
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield tokens.issue(User.objects.get(username="alice"), timedelta(hours=1))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def try_out(operation: Any, mode: GenerationMode, token: str, *excluded: Any) -> None:
    """A few calls of one operation: in Alice's trip, half of them about what there is."""
    cases = operation.as_strategy(
        generation_mode=mode, path_parameters={"trip_id": "paris"} if "{" in operation.path else {}
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, known=some.none() | some.sampled_from(KNOWN))
    def run(case: Case, known: str | None) -> None:
        if known and "object_id" in case.path_parameters:
            case.path_parameters["object_id"] = known
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=list(excluded))

    run()


# What can be asked for wrongly. (An empty filter of one's trips is none.)
FALLIBLE = {
    label: operation
    for label, operation in OPERATIONS.items()
    if (operation.body or operation.query) and label != "GET /api/v1/trips/"
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_fits_the_schema_is_answered_as_it_says(operation: Any, token: str) -> None:
    # A schema cannot say it all: dates in order, places that come in pairs, people who have an account.
    try_out(operation, GenerationMode.POSITIVE, token, checks.positive_data_acceptance)


@pytest.mark.parametrize("operation", FALLIBLE.values(), ids=FALLIBLE)
def test_what_does_not_fit_it_is_refused_as_it_says(operation: Any, token: str) -> None:
    try_out(operation, GenerationMode.NEGATIVE, token)
