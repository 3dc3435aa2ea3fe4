"""What every test shares."""

import pytest
from django.conf import settings


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs PostgreSQL and Redis, unless they are what this run is on."""
    if settings.REDIS_URL:
        return
    scaled = [item for item in items if item.get_closest_marker("scaled")]
    config.hook.pytest_deselected(items=scaled)
    items[:] = [item for item in items if item not in scaled]
