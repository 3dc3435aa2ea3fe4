"""uvicorn's sockets at less work for each message: `--ws globetrotter.uvicorn_socket:Socket`."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from .frames import text_frame


class Socket(WebSocketsSansIOProtocol):
    """Sends text by `text_frame`, where the line takes it at once and is not compressed."""

    async def send(self, message: Any) -> None:
        text = message.get("text")
        if text is not None and self.is_plain:
            self.transport.write(text_frame(text))
        else:
            await super().send(message)

    @property
    def is_plain(self) -> bool:
        """Open, with nothing that waits to be written, and nothing to be done to a message."""
        is_open = self.conn.state is State.OPEN and not self.disconnected
        return is_open and self.writable.is_set() and not self.conn.extensions
