"""What a supervisor asks."""

from threading import Event
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from realtime import health

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_lives(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_each_part_tells_its_state_and_latency(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("status") == "ok"
    assert {name: part["status"] for name, part in told.items()} == dict.fromkeys(
        ("database", "migrations", "layer"), "ok"
    )
    assert all(part["latency_ms"] >= 0 for part in told.values())


def test_without_its_layer_a_process_is_degraded_not_dead(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:
        raise ConnectionError

    layer = InMemoryChannelLayer()
    monkeypatch.setattr(layer, "group_send", away)
    monkeypatch.setattr("realtime.health.get_channel_layer", lambda: layer)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_a_missing_migration_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["0002"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")


def test_a_database_that_hangs_fails_soon_and_is_asked_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Event()
    asked: list[None] = []

    def hang() -> None:
        asked.append(None)
        answers.wait(30)

    monkeypatch.setattr(health, "DATABASE_TIMEOUT", 0.1)
    monkeypatch.setitem(health.DATABASE, "database", health.Probe(hang))
    for _ in range(2):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "failing")
        assert answer.json()["database"]["error"] == "TimeoutError"
    assert len(asked) == 1
    waiting = health.DATABASE["database"].begin()
    answers.set()
    assert waiting.result(5)["status"] == "ok"
