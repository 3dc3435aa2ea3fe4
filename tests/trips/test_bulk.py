"""Rows that are read by statements of our own are those that the ORM reads."""

from typing import Any

import pytest
from django.core.management import call_command

from trips import bulk
from trips.kinds import KINDS
from trips.models import Change, TripObject

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trip(settings: Any) -> None:
    settings.DEBUG = True
    call_command("demo", verbosity=0)


@pytest.mark.parametrize("model", [*(kind.model for kind in KINDS.values()), Change])
@pytest.mark.parametrize("many", [1, 3, 100])
def test_they_are_the_same(model: type[TripObject], many: int) -> None:
    rows = list(model._default_manager.order_by("pk")[:many])
    read = bulk.found(model, ["id"], [(row.pk,) for row in reversed(rows)])
    assert [values_of(row) for row in read] == [values_of(row) for row in rows]


def test_who_points_to_nothing_is_linked_to_nothing() -> None:
    changes = list(Change.objects.order_by("pk"))
    changes[0].actor_id = None
    bulk.link(changes, "actor")
    assert changes[0].actor is None
    assert {change.actor_id for change in changes[1:]} == {change.actor.pk for change in changes[1:] if change.actor}


def values_of(row: TripObject) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}
