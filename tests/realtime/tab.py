"""One socket as a test uses it: say something, expect something."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime.protocol import SUBPROTOCOL

Message = dict[str, Any]
PATIENCE = 10.0  # seconds until what should come is missed


class Tab:
    """Messages are kept until somebody expects them, so that their order among kinds does not matter."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.trip: str | None = None
        self.kept: list[Message] = []

    @classmethod
    async def open(
        cls, url: str, *, headers: Mapping[str, str] | None = None, offers: Sequence[str] = (SUBPROTOCOL,)
    ) -> Self:
        """`offers`: the subprotocols. Raises InvalidStatus where the handshake is refused."""
        given = dict(headers or {})
        origin: Any = given.pop("Origin", None)
        offered: Any = list(offers) or None
        endless: Any = {"max_size": None, "max_queue": None}  # a reader that is never slow
        return cls(await connect(url, additional_headers=given, origin=origin, subprotocols=offered, **endless))

    async def send(self, kind: str, data: Message | None = None, **envelope: Any) -> None:
        """`await alice.send("itinerary_update", {"day": 1, "activity": "Louvre"})`"""
        message = {"type": kind, **({"trip_id": self.trip} if self.trip else {}), **envelope}
        await self.send_text(json.dumps(message if data is None else {**message, "data": data}))

    async def send_text(self, text: str | bytes) -> None:
        await self.socket.send(text)

    async def expect(self, kind: str, **match: Any) -> Message:
        """The next message of this kind with these values. Fails when it does not come."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for message in self.kept:
                        if message["type"] == kind and match.items() <= message.items():
                            self.kept.remove(message)
                            return message
                    await self.read()
        except TimeoutError:
            raise AssertionError(f"No {kind} {match} came, but {self.kept}") from None

    async def expect_close(self) -> int:
        """The code with which the server closes the socket. What it said before is kept."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.read()
            except ConnectionClosed:
                return self.socket.close_code or 0

    async def settle(self) -> list[Message]:
        """All that came, up to the answer to a ping: nothing that was on its way is missed."""
        await self.send("ping", timestamp="settled")
        await self.expect("pong", echo="settled")
        kept, self.kept = self.kept, []
        return kept

    async def close(self, code: int = 1000) -> None:
        await self.socket.close(code)

    def cut(self) -> None:
        """The line breaks: no goodbye is said."""
        self.socket.transport.abort()

    async def read(self) -> None:
        """Wait for a frame, and keep what is in it."""
        frame = await self.socket.recv()
        text = frame if isinstance(frame, str) else frame.decode()
        self.kept += [json.loads(line) for line in text.split("\n")]
