"""daphne at half the work for each message: takes daphne's own arguments.

It runs on libuv's event loop, reads and makes a text frame in one step, and writes it without asking the loop first
whether the socket may be written to.
"""

import asyncio
import runpy
from contextlib import suppress
from typing import Any

from twisted.internet import tcp

from realtime.extension import TEXT

from .frames import text_frame, whole_text


class Line(tcp.Server):
    """A connection that writes at once where nothing waits to be written. What its socket does not take waits."""

    _waits = False

    def startWriting(self) -> None:
        self._waits = True
        super().startWriting()

    def stopWriting(self) -> None:
        self._waits = False
        super().stopWriting()

    def write(self, data: bytes) -> None:
        pulled = self.producer is not None and not self.streamingProducer  # asked for more whenever all was written
        if self.connected and not (self._waits or self.disconnecting or pulled):
            try:
                sent = self.socket.send(data)
            except OSError:  # full, or an end: the loop finds out, too
                sent = 0
            if sent == len(data):
                return
            data = data[sent:]
        super().write(data)


def use_plain_frames() -> None:
    """Have daphne's sockets read and send plain text in one step: Autobahn takes dozens, with statistics of each."""
    from daphne import cli, server, ws_protocol  # the server installs the reactor

    class Socket(ws_protocol.WebSocketProtocol):
        def dataReceived(self, data: bytes) -> None:
            begun = self.state != self.STATE_OPEN or self.data or self.current_frame or self.inside_message
            if begun or (payload := whole_text(data)) is None:
                super().dataReceived(data)
            else:
                if self.autoPingTimeoutCall:  # whoever speaks is there
                    self._cancelAutoPingTimeoutCall()
                self.onMessage(payload, False)

        def write_text(self, text: str) -> bool:
            """Whether it was sent. Autobahn holds what is sent to the limit of what may be received."""
            if self.state != self.STATE_OPEN:
                return False
            self.transport.write(text_frame(text))
            return True

    class Server(server.Server):
        def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
            if isinstance(protocol, Socket):
                scope["extensions"] = {TEXT: {"write": protocol.write_text}}
            return super().create_application(protocol, scope)

    server.WebSocketFactory.protocol = Socket
    cli.CommandLineInterface.server_class = Server


if __name__ == "__main__":
    with suppress(ImportError):  # there is no uvloop for Windows
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())  # before daphne, which makes its loop when imported
    tcp.Port.transport = Line
    use_plain_frames()
    runpy.run_module("daphne", run_name="__main__", alter_sys=True)
