"""Where things are found in the admin."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from ..models import Trip, User


def journal(**about: str) -> str:
    """The address of the journal, narrowed down: trip, actor, kind, object, mutation."""
    return f"{reverse('admin:trips_change_changelist')}?{urlencode(about)}"


def to_trip(trip: Trip) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:trips_trip_change", args=[trip.pk]), trip)


def to_user(user: User) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:trips_user_change", args=[user.pk]), user.get_full_name())
