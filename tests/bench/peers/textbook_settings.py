"""GlobeTrotter's models and database, with the textbook consumer in front."""

from globetrotter.settings import *  # noqa: F403
from globetrotter.settings import DATABASES

ASGI_APPLICATION = "tests.bench.peers.textbook.application"
if "pool" not in DATABASES["default"]["OPTIONS"]:  # which keeps connections itself, and wants to be alone in that
    DATABASES["default"]["CONN_MAX_AGE"] = None
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
