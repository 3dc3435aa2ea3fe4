"""uvicorn's sockets at less work for each message: `--ws globetrotter.uvicorn_socket:Socket`."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from .frames import text_frame


class Socket(WebSocketsSansIOProtocol):
    """Sends text by `text_frame`, where the line takes it at once."""

    async def send(self, message: Any) -> None:
        text = message.get("text")
        if text is None or self.conn.state is not State.OPEN or self.disconnected or not self.writable.is_set():
            await super().send(message)
        else:
            self.transport.write(text_frame(text))
