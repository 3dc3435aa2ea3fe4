"""The settings of the servers that faults are done to: the tests' own, and what the environment asks for."""

import os
import signal
import time
from types import FrameType

import time_machine

from tests.settings import *  # noqa: F403
from tests.settings import CHANNEL_LAYERS, INSTALLED_APPS

INSTALLED_APPS = ["tests.faults", *INSTALLED_APPS]

# LAYER_LOSES: the part of all messages of the layer that are lost, as many doubled, as many late.
if os.environ.get("LAYER_LOSES"):
    CHANNEL_LAYERS["default"]["BACKEND"] = "tests.faults.layer.UnreliableLayer"

# CLOCK_AHEAD: seconds. Everything that this process reads a clock for is off, but not the monotonic ones.
if ahead := float(os.environ.get("CLOCK_AHEAD", "0")):
    wall, steady = time.time(), time.monotonic()
    traveller = time_machine.travel(wall, tick=True).start()  # which takes a while
    traveller.shift(wall + time.monotonic() - steady + ahead - time.time())


def block(number: int, frame: FrameType | None) -> None:
    """The main thread, and with it the event loop, does nothing for a while; the other threads go on."""
    time.sleep(float(os.environ["BLOCKED_FOR"]))


# BLOCKED_FOR: how many seconds the event loop stands still on SIGUSR2.
if os.environ.get("BLOCKED_FOR"):
    signal.signal(signal.SIGUSR2, block)
