"""GlobeTrotter's models and database, with the textbook consumer in front."""

from globetrotter.settings import *  # noqa: F403

ASGI_APPLICATION = "tests.bench.peers.textbook.application"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
