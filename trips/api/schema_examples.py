"""One example for each shape in the schema; those that are sent can be tried as they are."""

from collections.abc import Mapping
from typing import Any

TRIP = {
    "title": "Updated Trip Title",
    "destination": "Paris",
    "start_date": "2026-06-01",
    "end_date": "2026-06-05",
    "currency": "EUR",
    "notes": "",
}
ACTIVITY = {
    "activity_id": "act456",
    "name": "Museum Visit",
    "place": "Louvre",
    "latitude": 48.8606,
    "longitude": 2.3376,
    "category": "art",
    "cost": 22,
    "duration": 180,
    "link": "https://www.louvre.fr/",
    "notes": "",
}
STOP = {
    "id": "s1",
    "day": 1,
    "position": "a0",
    "activity": "Visit Eiffel Tower",
    "activity_id": None,
    "time": "10:00",
    "duration": 120,
    "place": "Champ de Mars",
    "category": "sight",
    "cost": 29.4,
    "notes": "",
    "status": "booked",
}
MEMBER = {"user_id": "user456", "name": "Camille Roux", "role": "editor", "colour": 2}
LINE = {"category": "accommodation", "name": "", "amount": 150}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "TripEntry": {"id": "trip123", **TRIP, "role": "owner", "seq": 66},
    "NewTripRequest": {"title": "Lisbon, long weekend", "destination": "Lisbon"},
    "PatchedTripRequest": {"title": "Updated Trip Title", "destination": "Paris"},
    "Snapshot": {
        "seq": 66,
        "role": "editor",
        "trip": {"id": "trip123", **TRIP},
        "members": [MEMBER],
        "activities": [ACTIVITY],
        "itinerary": [STOP],
        "budget": [LINE],
    },
    "Member": MEMBER,
    "MemberRequest": {"user_id": "user456", "role": "editor"},
    "PatchedMemberRequest": {"role": "viewer"},
    "Activity": ACTIVITY,
    "ActivityRequest": {"activity_id": "act456", "name": "Museum Visit"},
    "PatchedActivityRequest": {"name": "Museum Visit", "cost": 22},
    "Itinerary": STOP,
    "ItineraryRequest": {"day": 1, "activity": "Visit Eiffel Tower", "time": "10:00 AM"},
    "PatchedItineraryRequest": {"day": 2, "after": None},
    "BudgetLine": LINE,
    "BudgetLineRequest": {"category": "accommodation", "amount": 150.00},
    "PatchedBudgetLineRequest": {"amount": 165.50},
}
