"""The sockets: sign in, read, dispatch. What is said there is no business of theirs."""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer

from trips.faults import fault
from trips.refusals import Refused

from . import commands, protocol
from .auth import ForeignOrigin, Identity, claim_of
from .extension import TEXT
from .hub import Hub
from .outbox import Outbox
from .protocol import SUBPROTOCOL, Close
from .session import Session

logger = logging.getLogger(__name__)

Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]

CLOSED_WITH = {
    "unauthenticated": Close.NOT_SIGNED_IN,
    "forbidden": Close.SOMEBODY_ELSE,
    "not_found": Close.NO_SUCH_TRIP,
    "rate_limited": Close.TOO_MANY,
    "unavailable": Close.CANNOT_SERVE,
}
BAD_MESSAGES = 10  # in a row, and it is not our protocol


class UserConsumer(AsyncConsumer):
    """One person's connection. It reads by a loop of its own: the stock dispatch costs a factor of 1.6."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        self.reasons = "spec_version" in scope.get("asgi", ())
        hub = Hub.here()
        try:
            identity: Identity | Refused = await hub.identities.ask(claim_of(scope))
        except ForeignOrigin:
            await send({"type": "websocket.close"})
            return
        except Refused as refused:
            identity = refused
        except Exception as error:
            identity = fault(error, "Who opens a socket could not be found out")
        joins = SUBPROTOCOL in scope.get("subprotocols", ())
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if joins else None})
        outbox = Outbox(send, joins=joins, write=(scope.get("extensions") or {}).get(TEXT, {}).get("write"))
        try:
            await self.serve(hub, self.open(hub, scope, identity, outbox), receive)
        except Refused as refused:
            self.send_away(outbox, refused)
        except Exception as error:
            self.send_away(outbox, fault(error, "A socket could not be served"))
        finally:
            await outbox.drained()

    def send_away(self, outbox: Outbox, refused: Refused) -> None:
        outbox.tell(protocol.error(refused))
        outbox.close(CLOSED_WITH.get(refused.code, Close.CANNOT_SERVE))

    def open(self, hub: Hub, scope: Any, identity: Identity | Refused, outbox: Outbox) -> Session:
        """A session, if this is somebody and the URL is theirs. Raises Refused."""
        if isinstance(identity, Refused):
            raise identity
        path = scope["url_route"]["kwargs"]
        named = parse_qs(scope["query_string"].decode("latin1")).get("user_id", [None])[0]
        if path.get("user_id", named) not in (None, identity.user.username):
            raise Refused("forbidden", "This is somebody else's address.")
        session = Session(identity, outbox, path.get("trip_id"), pings=outbox.joins)
        hub.admit(session)
        return session

    async def serve(self, hub: Hub, session: Session, receive: Receive) -> None:
        """From hello to goodbye."""
        broke = True
        try:
            await self.greet(hub, session)
            while (event := await receive())["type"] == "websocket.receive":
                await self.on_frame(hub, session, event)
            broke = not left_on_purpose(event, self.reasons)
        finally:
            hub.dismiss(session, broke=broke)

    async def greet(self, hub: Hub, session: Session) -> None:
        about = {"trip_id": session.home} if session.home else {}
        hello = {"status": "connected", "user_id": session.user_id, **about}
        text = "WebSocket connection established"
        session.outbox.tell({"type": "connection", **hello, "message": text, "timestamp": protocol.now()})

    async def on_frame(self, hub: Hub, session: Session, event: Event) -> None:
        """One frame: do what it says, or answer why not. Nothing that is sent ends the loop."""
        if session.outbox.closed:
            return  # what was under way when we closed, from somebody who may be nobody by now
        session.heard_at = monotonic()
        if session.limits.is_flood():
            session.outbox.close(Close.TOO_MANY)
            return
        message: protocol.Message = {}
        try:
            session.limits.check(session.limits.messages)
            message = protocol.decode(text_of(event))
            session.bad_messages = 0
            await commands.run(hub, session, message)
        except Refused as refused:
            self.refuse(session, message, refused)
        except Exception as error:
            self.refuse(session, message, fault(error, "A message could not be answered"))

    def refuse(self, session: Session, message: protocol.Message, refused: Refused) -> None:
        context = {name: message.get(name) for name in ("trip_id", "mutation_id")}
        session.outbox.tell(protocol.error(refused, **context))
        session.bad_messages += refused.code == "bad_json"
        if session.bad_messages >= BAD_MESSAGES:
            session.outbox.close(Close.NOT_OUR_PROTOCOL)


def left_on_purpose(event: Event, reasons: bool) -> bool:
    """Closed with 1000 or without a code. Anything else broke, or is a page that may come back in a moment.

    uvicorn says 1005 of a line that broke, too; but where somebody closed it, the `reasons` of ASGI 2.3 are given.
    """
    code = event.get("code") or 1005
    return code == 1000 or (code == 1005 and ("reason" in event or not reasons))


def text_of(event: Event) -> str:
    """The text of a frame. Raises Refused: bad_json, for a binary one."""
    text = event.get("text")
    if not isinstance(text, str):
        raise Refused("bad_json", "Messages are text frames, not binary ones.")
    return text


class TripConsumer(UserConsumer):
    """A connection that is joined to one trip from the start."""

    async def greet(self, hub: Hub, session: Session) -> None:
        await super().greet(hub, session)
        await hub.join(session, session.home or "", None)


async def nothing_here(scope: Any, receive: Receive, send: Any) -> None:
    """Any other address: refused before the handshake completes."""
    await receive()
    await send({"type": "websocket.close"})
