"""People's accounts."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.sessions.models import Session
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from ..models import Member, User
from ..words import count
from . import links


class NewUserForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "name", "email")


class Memberships(admin.TabularInline):
    """To read: who takes part is said on the trip's page."""

    model = Member
    fields = ["trip_link", "role", "removed", "journal"]
    readonly_fields = ["trip_link", "role", "removed", "journal"]
    verbose_name_plural = "trips, now and before"
    ordering = ["removed", "-trip__start_date"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("trip", "user")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="trip")
    def trip_link(self, member: Member) -> str:
        return links.to_trip(member.trip)

    @admin.display(description="journal")
    def journal(self, member: Member) -> str:
        where = links.journal(trip=member.trip.public_id, actor=member.user.username)
        return format_html('<a href="{}">What this person did</a>', where)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = NewUserForm
    inlines = [Memberships]
    actions = ["sign_out", "disable", "enable"]
    list_display = ["username", "name", "email", "trip_count", "last_login", "date_joined", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "last_login", "date_joined", "groups"]
    search_fields = ["username", "name", "email"]
    search_help_text = "By username, name or e-mail."
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "name", "email", "password"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("When", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "email", "usable_password", "password1", "password2"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        living = Q(memberships__removed=False, memberships__trip__removed=False)
        people: QuerySet[User] = super().get_queryset(request)
        return people.annotate(trip_count=Count("memberships", filter=living))

    @admin.display(description="trips", ordering="trip_count")
    def trip_count(self, user: Any) -> int:
        return int(user.trip_count)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A username is in every address and message that ever named the person."""
        return [*super().get_readonly_fields(request, obj), *(["username"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is disabled: with it would go memberships, past the journal, and trips without an owner stay."""
        return False

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset)
        ended = end_sessions({str(user.pk) for user in people})
        for user in people:
            self.log_change(request, user, "Signed out everywhere.")
        self.message_user(request, f"{count(ended, 'session')} of {count(len(people), 'account')} ended.")

    @admin.action(description="Disable, and sign out everywhere", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        if queryset.filter(username=request.user.get_username()).exists():
            self.message_user(request, "You cannot disable yourself.", messages.ERROR)
            return
        self._set_active(request, queryset, active=False)
        end_sessions({str(user.pk) for user in queryset})

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, active=True)

    def _set_active(self, request: HttpRequest, queryset: QuerySet[User], *, active: bool) -> None:
        people = list(queryset.exclude(is_active=active))
        User.objects.filter(pk__in=[user.pk for user in people]).update(is_active=active)
        word = "enabled" if active else "disabled"
        for user in people:
            self.log_change(request, user, f"{word.capitalize()}.")
        self.message_user(request, f"{count(len(people), 'account')} {word}.")


def end_sessions(user_ids: set[str]) -> int:
    """End every session of these people, and with them their tokens and sockets; how many there were."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    theirs = [session.pk for session in living if session.get_decoded().get("_auth_user_id") in user_ids]
    return Session.objects.filter(pk__in=theirs).delete()[0]
