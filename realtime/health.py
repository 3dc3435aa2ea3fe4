"""Whether this process lives, and whether it can serve."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from .redis_layer import RedisLayer

Told = dict[str, Any]
LAYER_TIMEOUT = 1.0  # seconds
DATABASE_TIMEOUT = 2.0


@never_cache
def healthz(_: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(_: HttpRequest) -> JsonResponse:
    """What it needs, each with its state and how long it took to answer. 503 only where it cannot serve.

    Without the layer it still can: changes are stored, and found in the journal a little later.
    """
    asked = {name: probe.begin() for name, probe in DATABASE.items()}
    layer = answer_of(ask_layer)
    wait(asked.values(), DATABASE_TIMEOUT)
    parts = {**{name: told_by(answer) for name, answer in asked.items()}, "layer": layer}
    fails = parts["database"]["status"] != "ok" or parts["migrations"]["status"] != "ok"
    degraded = parts["layer"]["status"] != "ok"
    status = "failing" if fails else "degraded" if degraded else "ok"
    return JsonResponse({"status": status, **parts}, status=503 if fails else 200)


class Probe:
    """Asks a database that may hang, in a thread that nobody waits for for long; one at a time."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._guard = Lock()
        self._answer: Future[Told] | None = None

    def begin(self) -> Future[Told]:
        with self._guard:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                Thread(target=self._run, args=(self._answer,), name="probe", daemon=True).start()
            return self._answer

    def _run(self, answer: Future[Told]) -> None:
        told = answer_of(self._ask)
        connections.close_all()
        answer.set_result(told)


def answer_of(ask: Callable[[], object]) -> Told:
    """How something answers; what went wrong is told by its kind only."""
    began = time.perf_counter()
    try:
        ask()
        outcome = {"status": "ok"}
    except Exception as error:
        outcome = {"status": "failing", "error": type(error).__name__}
    return {**outcome, "latency_ms": round((time.perf_counter() - began) * 1000, 1)}


def told_by(answer: Future[Told]) -> Told:
    late = {"status": "failing", "error": "TimeoutError", "latency_ms": round(DATABASE_TIMEOUT * 1000, 1)}
    return answer.result() if answer.done() else late


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations are missing")


DATABASE = {"database": Probe(ask_database), "migrations": Probe(ask_migrations)}


def ask_layer() -> None:
    async_to_sync(_ring_nobody)()


async def _ring_nobody() -> None:
    layer: Any = get_channel_layer()
    ring = layer.group_send_answered if isinstance(layer, RedisLayer) else layer.group_send
    async with asyncio.timeout(LAYER_TIMEOUT):
        await ring("health", {"type": "health"})
