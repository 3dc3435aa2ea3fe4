"""Going down gently: on SIGTERM, what was accepted is finished and everybody is sent away before the server goes."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
from concurrent.futures import Future
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from trips.faults import log_safely

from .protocol import Close

if TYPE_CHECKING:
    from .hub import Hub

PER_SOCKET = 0.004  # seconds between two sockets that are sent away, so that they do not all come back at once
STORING = 15.0  # seconds that storing what was accepted takes at most
LONGEST = 3.0  # seconds that sending away takes at most
PATIENCE = 2.0  # seconds that the others have to answer


def take_leave_on_sigterm(hub: Hub) -> None:
    """Servers cancel their applications on SIGTERM without a close frame, so the hub takes it first."""
    if threading.current_thread() is not threading.main_thread():
        return
    servers_own = signal.getsignal(signal.SIGTERM)

    def on_sigterm(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, servers_own)
        asyncio.run_coroutine_threadsafe(take_leave(hub), hub.loop).add_done_callback(let_server_go)

    def let_server_go(taken: Future[None]) -> None:
        if not taken.cancelled() and isinstance(error := taken.exception(), Exception):
            log_safely(error, "Not everybody could be told that this process ends")
        hub.loop.call_soon_threadsafe(signal.raise_signal, signal.SIGTERM)

    signal.signal(signal.SIGTERM, on_sigterm)


async def take_leave(hub: Hub) -> None:
    """Accept nothing new, store what was accepted, answer it, and close all sockets with 4503."""
    hub.leaving = True
    with suppress(TimeoutError):  # a database that hangs: who is not answered sends it again, elsewhere
        async with asyncio.timeout(STORING):
            await asyncio.to_thread(hub.writer.stop)
    sessions = hub.sessions.all()
    random.shuffle(sessions)
    pause = min(PER_SOCKET, LONGEST / max(len(sessions), 1))
    for session in sessions:
        session.outbox.close(Close.CANNOT_SERVE)
        await asyncio.sleep(pause)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            for session in sessions:  # until they have said goodbye too, or the server would cut the frame off
                await session.gone.wait()
    await hub.attendance.end()
