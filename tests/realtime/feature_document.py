"""The examples of the document that this project grew from, "Real-Time WebSocket Features", word for word."""

import json
from typing import Any

# Client → server, with the heading that each stands under.
CLIENT_MESSAGES = {
    "Join Trip Room": """{
    "type": "join_trip",
    "trip_id": "trip123"
}""",
    "Leave Trip Room": """{
    "type": "leave_trip",
    "trip_id": "trip123"
}""",
    "Trip Update": """{
    "type": "trip_update",
    "trip_id": "trip123",
    "data": {
        "title": "Updated Trip Title",
        "destination": "Paris"
    }
}""",
    "Itinerary Update": """{
    "type": "itinerary_update",
    "trip_id": "trip123",
    "data": {
        "day": 1,
        "activity": "Visit Eiffel Tower",
        "time": "10:00 AM"
    }
}""",
    "Budget Update": """{
    "type": "budget_update",
    "trip_id": "trip123",
    "data": {
        "category": "accommodation",
        "amount": 150.00
    }
}""",
    "Activity Update": """{
    "type": "activity_update",
    "trip_id": "trip123",
    "data": {
        "activity_id": "act456",
        "name": "Museum Visit"
    }
}""",
    "Typing Indicator": """{
    "type": "typing",
    "trip_id": "trip123",
    "field": "itinerary_day1"
}""",
    "Heartbeat/Ping": """{
    "type": "ping",
    "timestamp": "2026-01-03T12:00:00Z"
}""",
}

# Server → client.
SERVER_MESSAGES = {
    "Connection Established": """{
    "type": "connection",
    "status": "connected",
    "user_id": "user123",
    "message": "WebSocket connection established",
    "timestamp": "2026-01-03T12:00:00Z"
}""",
    "User Joined Trip": """{
    "type": "user_joined",
    "user_id": "user456",
    "trip_id": "trip123",
    "timestamp": "2026-01-03T12:05:00Z"
}""",
    "User Left Trip": """{
    "type": "user_left",
    "user_id": "user456",
    "trip_id": "trip123",
    "timestamp": "2026-01-03T12:10:00Z"
}""",
    "Trip Updated": """{
    "type": "trip_updated",
    "trip_id": "trip123",
    "data": {
        "title": "New Title"
    },
    "updated_by": "user456",
    "timestamp": "2026-01-03T12:15:00Z"
}""",
    "Itinerary Updated": """{
    "type": "itinerary_updated",
    "trip_id": "trip123",
    "data": {
        "day": 2,
        "activity": "Beach Day"
    },
    "updated_by": "user456",
    "timestamp": "2026-01-03T12:20:00Z"
}""",
}

# curl http://localhost:8000/api/v1/ws/stats
STATS = """{
    "active_users": 15,
    "active_rooms": 3,
    "rooms": {
        "trip_123": 5,
        "trip_456": 8,
        "trip_789": 2
    }
}"""

# wscat -c ws://localhost:8000/api/v1/ws/user123
WSCAT_LINE = '{"type": "join_trip", "trip_id": "trip456"}'


def server_message(heading: str) -> dict[str, Any]:
    """An example as the document has it."""
    example: dict[str, Any] = json.loads(SERVER_MESSAGES[heading])
    return example
