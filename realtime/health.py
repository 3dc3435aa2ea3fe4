"""Whether this process lives, and whether it can serve."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

LAYER_TIMEOUT = 1.0  # seconds


@never_cache
def healthz(_: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(_: HttpRequest) -> JsonResponse:
    """What it needs, each with its state and how long it took to answer. 503 only where it cannot serve.

    Without the layer it still can: changes are stored, and found in the journal a little later.
    """
    parts = {"database": probe(ask_database), "migrations": probe(ask_migrations), "layer": probe(ask_layer)}
    fails = parts["database"]["status"] != "ok" or parts["migrations"]["status"] != "ok"
    degraded = parts["layer"]["status"] != "ok"
    status = "failing" if fails else "degraded" if degraded else "ok"
    return JsonResponse({"status": status, **parts}, status=503 if fails else 200)


def probe(ask: Callable[[], object]) -> dict[str, Any]:
    """How something answers; what went wrong is told by its kind only."""
    began = time.perf_counter()
    try:
        ask()
        outcome = {"status": "ok"}
    except Exception as error:
        outcome = {"status": "failing", "error": type(error).__name__}
    return {**outcome, "latency_ms": round((time.perf_counter() - began) * 1000, 1)}


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations are missing")


def ask_layer() -> None:
    async_to_sync(_ring_nobody)()


async def _ring_nobody() -> None:
    layer: Any = get_channel_layer()
    async with asyncio.timeout(LAYER_TIMEOUT):
        await layer.group_send("health", {"type": "health"})
