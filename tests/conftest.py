"""What every test shares."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as examples

# The usual run tries the same examples each time, so that a red one is about what was changed. The thorough one,
# `pytest --hypothesis-profile=thorough`, looks for new ones, and prints how to repeat what it finds.
whatever_the_load = examples(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
EXAMPLES = 40 if settings.REDIS_URL else 100  # fewer where it is the second time, on other services
examples.register_profile("usual", whatever_the_load, derandomize=True, max_examples=EXAMPLES)
examples.register_profile("thorough", whatever_the_load, max_examples=2_000, print_blob=True)
examples.load_profile("usual")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs PostgreSQL and Redis, unless they are what this run is on; and what they make no other."""
    other = "embedded" if settings.REDIS_URL else "scaled"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if "TEST_SERVER" in os.environ:  # what starts no server is the same on each
        left_out += [item for item in items if "server" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied() -> Iterator[None]:
    """A server that still reads what a test left, and the emptying of all tables after it, may wait for each other.

    PostgreSQL ends one of the two. Where that is the emptying, it is done again, or the next test finds people there.
    """
    empty_once: Callable[[TransactionTestCase], None] = vars(TransactionTestCase)["_fixture_teardown"]

    def empty(self: TransactionTestCase) -> None:
        for _ in range(5):
            with suppress(CommandError):
                return empty_once(self)
        return empty_once(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """pytest-django's; at the end, nobody may be left in the database: PostgreSQL drops none that is in use."""
    yield
    for connection in connections.all():
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
