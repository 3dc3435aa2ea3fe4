"""What every test shares."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs PostgreSQL and Redis, unless they are what this run is on."""
    if settings.REDIS_URL:
        return
    scaled = [item for item in items if item.get_closest_marker("scaled")]
    config.hook.pytest_deselected(items=scaled)
    items[:] = [item for item in items if item not in scaled]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """pytest-django's; at the end, nobody may be left in the database: PostgreSQL drops none that is in use."""
    yield
    for connection in connections.all():
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
