"""GlobeTrotter's models and database, with the textbook consumer in front."""

from globetrotter.settings import *  # noqa: F403

ASGI_APPLICATION = "tests.bench.peers.textbook.application"
if "pool" not in DATABASES["default"]["OPTIONS"]:  # noqa: F405
    DATABASES["default"]["CONN_MAX_AGE"] = None  # noqa: F405 (opened once, not for each change)
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
