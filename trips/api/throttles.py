"""How much one person, or one address, may ask for: the paces of the sockets, counted in the cache."""

import logging
from time import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)


def waiting_time(paid_until: float, now: float, rate: float, burst: float) -> tuple[float, float]:
    """The seconds to wait, and until when the caller has then used up the pace (generic cell rate algorithm).

    Each request takes 1/rate seconds; `burst` of them may be ahead of the clock.
    """
    start = max(paid_until, now)
    wait = start - now - (burst - 1) / rate
    return (wait, paid_until) if wait > 0 else (0, start + 1 / rate)


class Pace(BaseThrottle):
    """All requests of one person; those without a sign-in, of one address."""

    name = "requests"

    def __init__(self) -> None:
        self._wait = 0.0

    @property
    def pace(self) -> tuple[float, float]:
        """Sustained rate a second, and burst."""
        return settings.MESSAGES_PER_SECOND, settings.MESSAGES_BURST

    def counts(self, request: Request) -> bool:
        return True

    def allow_request(self, request: Request, view: Any) -> bool:
        if not self.counts(request):
            return True
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        try:
            return self._take(f"pace:{self.name}:{who}")
        except Exception as error:  # better no limit than no site
            logger.warning("The cache does not answer: %s", type(error).__name__)
            return True

    def _take(self, key: str) -> bool:
        rate, burst = self.pace
        self._wait, paid_until = waiting_time(cache.get(key, 0.0), time(), rate, burst)
        if not self._wait:
            cache.set(key, paid_until, timeout=burst / rate + 1)
        return not self._wait

    def wait(self) -> float:
        return self._wait


class WritingPace(Pace):
    """What changes something."""

    name = "mutations"

    @property
    def pace(self) -> tuple[float, float]:
        return settings.MUTATIONS_PER_SECOND, settings.MUTATIONS_BURST

    def counts(self, request: Request) -> bool:
        return request.method not in SAFE_METHODS
