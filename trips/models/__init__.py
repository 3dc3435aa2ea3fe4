"""The nouns of a trip, a file each."""

from .activity import Activity
from .budget import BudgetLine
from .change import Change
from .itinerary import ItineraryItem
from .member import Member, Role
from .row import Row
from .shared import TripObject
from .trip import Trip
from .user import User

__all__ = ["Activity", "BudgetLine", "Change", "ItineraryItem", "Member", "Role", "Row", "Trip", "TripObject", "User"]
