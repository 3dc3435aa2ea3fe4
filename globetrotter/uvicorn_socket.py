"""uvicorn's sockets at less work for each message: `--ws globetrotter.uvicorn_socket:Socket`."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from realtime.extension import TEXT

from .frames import text_frame


class Socket(WebSocketsSansIOProtocol):
    """Offers applications a way to send text without a coroutine."""

    async def run_asgi(self) -> None:
        self.scope["extensions"][TEXT] = {"write": self.write_text}
        try:
            await super().run_asgi()
        finally:
            del self.scope["extensions"][TEXT]  # or only the search for garbage would find what is left of the socket

    def write_text(self, text: str) -> bool:
        """Whether it was sent: where the line takes it at once, and nothing is to be done to it."""
        if self.disconnected or not self.writable.is_set() or self.conn.state is not State.OPEN or self.conn.extensions:
            return False
        self.transport.write(text_frame(text))
        return True
