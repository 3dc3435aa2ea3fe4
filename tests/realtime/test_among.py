"""Asking for many values at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from realtime.among import Among
from trips.models import User

pytestmark = pytest.mark.django_db


def people(*names: str) -> list[User]:
    return User.objects.bulk_create(User(username=name, email=f"{name}@example.org") for name in names)


def named(*names: str) -> set[str]:
    return set(User.objects.filter(Among("username", names), is_active=True).values_list("username", flat=True))


def test_those_are_found_whose_value_is_among_them() -> None:
    people("alice", "bob", "vera")
    assert named("alice", "vera", "mallory") == {"alice", "vera"}
    assert named() == set()


def test_keys_can_be_asked_for_too() -> None:
    alice, bob, _ = people("alice", "bob", "vera")
    assert set(User.objects.filter(Among("pk", {alice.pk, bob.pk}))) == {alice, bob}


def test_no_number_is_too_many() -> None:
    people("alice")
    assert named("alice", *(f"u{number}" for number in range(300_000))) == {"alice"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="nobody else's driver keeps statements")
def test_it_is_one_statement_for_any_number() -> None:
    with CaptureQueriesContext(connection) as queries:
        named("alice")
        named("alice", "bob")
    statements = {query["sql"].replace('["alice"]', "…").replace('["alice", "bob"]', "…") for query in queries}
    assert len(statements) == 1
