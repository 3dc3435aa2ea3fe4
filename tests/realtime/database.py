"""Asking the database from an async test."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


async def ask(work: Callable[[], T]) -> T:
    """What `work` returns, done in a thread that leaves no connection behind."""

    def done() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(done)
