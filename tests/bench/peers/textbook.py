"""The consumer of Channels' tutorial: one room a trip; each change is stored, then sent to the group."""

from typing import Any, cast

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.urls import path
from django.utils import timezone

http = get_asgi_application()

from trips.models import Change, ItineraryItem, Member, Trip  # noqa: E402


class TripConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        self.user = cast(Any, self.scope["user"])
        self.trip_id = self.scope["url_route"]["kwargs"]["trip_id"]
        self.group = f"trip_{self.trip_id}"
        if not self.user.is_authenticated or not await self.is_member():
            await self.close()
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self.send_json({"type": "joined", "trip_id": self.trip_id})

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if content["type"] == "itinerary_update":
            message = await self.store(content)
            await self.channel_layer.group_send(self.group, {"type": "trip.message", "message": message})

    async def trip_message(self, event: Any) -> None:
        await self.send_json(event["message"])

    @database_sync_to_async
    def is_member(self) -> bool:
        return Member.objects.filter(trip__public_id=self.trip_id, user=self.user, removed=False).exists()

    @database_sync_to_async
    def store(self, content: Any) -> dict[str, Any]:
        """The stop, the trip's counter, and a row of the journal."""
        now = timezone.now()
        with transaction.atomic():
            trip = Trip.objects.select_for_update().get(public_id=self.trip_id)
            stop = ItineraryItem.objects.get(trip=trip, public_id=content["id"])
            before, stop.title = stop.title, content["data"]["activity"]
            stop.save(update_fields=["title"])
            trip.seq += 1
            trip.save(update_fields=["seq"])
            Change.objects.create(
                trip=trip,
                seq=trip.seq,
                kind="itinerary",
                op=Change.Op.SET,
                object_id=stop.public_id,
                after={"activity": stop.title},
                before={"activity": before},
                actor=self.user,
                mutation_id=content["mutation_id"],
                part=0,
                audience=Change.Audience.EVERYONE,
                time=now,
            )
        return {
            "type": "itinerary_updated",
            "trip_id": self.trip_id,
            "seq": trip.seq,
            "op": "set",
            "id": stop.public_id,
            "data": {"activity": stop.title},
            "updated_by": self.user.username,
            "timestamp": now.isoformat(),
            "mutation_id": content["mutation_id"],
        }


consumer: Any = TripConsumer.as_asgi()
patterns: list[Any] = [path("ws/<str:trip_id>/", consumer)]
sockets = URLRouter(patterns)
application = ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets))})
