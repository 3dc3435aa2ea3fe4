"""Where the sockets are."""

from typing import Any

from channels.routing import URLRouter
from django.urls import re_path

from trips.ids import PATTERN

from .consumers import TripConsumer, UserConsumer, nothing_here

ROUTES: tuple[tuple[str, Any], ...] = (
    (rf"^api/v1/ws/trip/(?P<trip_id>{PATTERN})/?$", TripConsumer.as_asgi()),
    (rf"^api/v1/ws/(?P<user_id>{PATTERN})/?$", UserConsumer.as_asgi()),
    (r"", nothing_here),
)
patterns: list[Any] = [re_path(path, consumer) for path, consumer in ROUTES]
websocket = URLRouter(patterns)
