"""FastAPI's connection manager, as its documentation has it, over a dict of rooms."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class ConnectionManager:
    def __init__(self) -> None:
        self.rooms: dict[str, list[WebSocket]] = {}
        self.numbers = count(1)

    async def connect(self, websocket: WebSocket, trip_id: str) -> None:
        await websocket.accept()
        self.rooms.setdefault(trip_id, []).append(websocket)

    def disconnect(self, websocket: WebSocket, trip_id: str) -> None:
        self.rooms[trip_id].remove(websocket)
        if not self.rooms[trip_id]:
            del self.rooms[trip_id]

    async def broadcast(self, trip_id: str, message: dict[str, Any], but: WebSocket | None = None) -> None:
        text = json.dumps(message)
        for connection in list(self.rooms[trip_id]):
            if connection is not but:
                await connection.send_text(text)


manager = ConnectionManager()


@app.websocket("/ws/{trip_id}")
async def trip(websocket: WebSocket, trip_id: str, user_id: str) -> None:
    await manager.connect(websocket, trip_id)
    await websocket.send_json({"type": "joined", "trip_id": trip_id})
    try:
        while True:
            message = await websocket.receive_json()
            timestamp = datetime.now(UTC).isoformat()
            if message["type"] == "typing":
                sign = {"type": "typing", "trip_id": trip_id, "user_id": user_id, "name": f"Person {user_id}"}
                more = {"colour": 1, "field": message["field"], "active": True, "expires_in": 6.0}
                await manager.broadcast(trip_id, {**sign, **more, "timestamp": timestamp}, but=websocket)
            elif message["type"] == "itinerary_update":
                change = {"type": "itinerary_updated", "trip_id": trip_id, "seq": next(manager.numbers), "op": "set"}
                change |= {"id": message["id"], "data": message["data"], "updated_by": user_id, "timestamp": timestamp}
                await manager.broadcast(trip_id, {**change, "mutation_id": message["mutation_id"]})
    except WebSocketDisconnect:
        manager.disconnect(websocket, trip_id)
