"""The app of the servers that faults are done to: on SIGUSR1, one keeps to itself what it stores."""

import signal
import threading
import time
from types import FrameType
from typing import Any

from django.apps import AppConfig

muted = threading.Event()


class Faults(AppConfig):
    """Before `realtime` in INSTALLED_APPS, so that it hears of a commit first."""

    name = "tests.faults"

    def ready(self) -> None:
        from trips.changes import committed

        signal.signal(signal.SIGUSR1, mute)
        committed.connect(keep_to_oneself)


def mute(number: int, frame: FrameType | None) -> None:
    muted.set()


def keep_to_oneself(**_: Any) -> None:
    """Stored, and neither answered nor told: until the process is killed."""
    while muted.is_set():
        time.sleep(1)
