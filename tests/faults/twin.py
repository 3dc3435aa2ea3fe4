"""A second line of the same person, to another process, on which every mutation is sent once more at the same time."""

import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from realtime.protocol import SUBPROTOCOL

from .client import Client


class Twin:
    """While it runs, `client` sends on both lines; what this one is answered is part of the same recording."""

    def __init__(self, client: Client, server: str) -> None:
        self._client = client
        self._address = f"{server}/{client.person}"

    async def run(self) -> None:
        headers = {"Authorization": f"Bearer {self._client.token}"}
        async with connect(self._address, subprotocols=[SUBPROTOCOL], additional_headers=headers) as line:  # type: ignore[list-item]
            self._client.others = (lambda mutation: self._send(line, mutation),)
            async for frame in line:
                for text in str(frame).split("\n"):
                    self._hear(json.loads(text))

    async def _send(self, line: ClientConnection, mutation: dict[str, Any]) -> None:
        await line.send(json.dumps(mutation))

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "ack":
            self._client.recording.twice[message["mutation_id"]] = (message["seq"], message.get("duplicate", False))
