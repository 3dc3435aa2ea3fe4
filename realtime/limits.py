"""How much one connection may ask for: token buckets, as arithmetic over a clock that is passed in."""

from dataclasses import dataclass, field
from math import ceil
from time import monotonic

from django.conf import settings

from trips.refusals import Refused


@dataclass
class Bucket:
    """Holds up to `burst` tokens and gains `rate` of them a second."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    filled_at: float | None = None

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, now: float, tokens: float = 1) -> float:
        """0 if that many were there and are taken now; else the seconds until they will be, and none are taken."""
        if self.filled_at is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens < tokens:
            return (tokens - self.tokens) / self.rate
        self.tokens -= tokens
        return 0


class Limits:
    """The buckets of one connection."""

    def __init__(self) -> None:
        self.messages = Bucket(settings.MESSAGES_PER_SECOND, settings.MESSAGES_BURST)
        self.mutations = Bucket(settings.MUTATIONS_PER_SECOND, settings.MUTATIONS_BURST)
        self.joins = Bucket(settings.JOINS_PER_SECOND, max(settings.JOINS_PER_SECOND, 1) * 2)
        self.floods = Bucket(settings.MESSAGES_PER_SECOND, settings.MESSAGES_BURST * 30)

    def check(self, bucket: Bucket, tokens: float = 1) -> None:
        """Raises Refused: rate_limited, with the time to wait."""
        if wait := bucket.take(monotonic(), tokens):
            raise Refused("rate_limited", f"Too fast. Wait {wait:.1f} s.", retry_after=ceil(wait * 1000) / 1000)

    def is_flood(self) -> bool:
        """Whether so many messages came, also after they were refused, that the connection is worth no answer."""
        return self.floods.take(monotonic()) > 0
