"""A channel layer that loses, doubles and delays: a doorbell that nobody may rely on."""

import asyncio
import logging
import os
import random
from typing import Any, ClassVar

from realtime.redis_layer import RedisLayer

logger = logging.getLogger(__name__)

FATES = ("lost", "doubled", "late")
LATEST = 0.5  # seconds; far more than between two changes, so that what is late is also out of order


class UnreliableLayer(RedisLayer):
    """Of all that is sent to groups, a part is lost, a part sent twice, a part sent late.

    Which, is drawn from a shuffled deck: in any order, but none of them fails to come.
    """

    part = float(os.environ.get("LAYER_LOSES", "0.2"))
    deck: ClassVar[list[str | None]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        ring, loop = super().group_send, asyncio.get_running_loop()
        fate = self.draw()
        if fate:
            logger.warning("A message was %s", fate)
        match fate:
            case "late":
                late = random.uniform(0, LATEST)
                loop.call_later(late, lambda: loop.create_task(ring(group, message)))
            case "doubled":
                await ring(group, message)
                await ring(group, message)
            case None:
                await ring(group, message)

    @classmethod
    def draw(cls) -> str | None:
        """What becomes of the next message."""
        if not cls.deck:
            cls.deck = [*FATES, *[None] * (round(1 / cls.part) - len(FATES))]
            random.shuffle(cls.deck)
        return cls.deck.pop()
