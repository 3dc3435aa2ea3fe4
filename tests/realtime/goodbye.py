"""An application that says goodbye behind a message of two million letters, as soon as somebody opens a socket."""

from typing import Any

import django

django.setup()

from realtime.extension import TEXT  # noqa: E402  (the apps must be loaded first)
from realtime.outbox import Outbox  # noqa: E402  (likewise)
from realtime.protocol import Close  # noqa: E402  (likewise)


async def application(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    outbox = Outbox(send, joins=True, write=scope["extensions"][TEXT]["write"])
    outbox.put("x" * 2_000_000, counts=False)
    outbox.close(Close.TOO_MANY)
    while (await receive())["type"] == "websocket.receive":
        pass
