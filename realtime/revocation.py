"""Ending the sockets of who is signed in no longer: at once where a process hears of it, else at the next look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session as StoredSession
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from trips.models import User
from trips.refusals import Refused

from . import protocol
from .among import Among
from .auth import Identity
from .doorbell import EVERYONE
from .protocol import Close

if TYPE_CHECKING:
    from .hub import Hub
    from .session import Session

SIGNED_IN_BY = {"password", "is_active", "is_staff", "is_superuser"}  # what being signed in, and one's rank, hang on


async def look_at_identities(hub: Hub, user_pk: int | None = None) -> None:
    """Close the sockets of who signed out, has a new password, or was disabled; of this person, or of everybody."""
    sessions = [session for session in hub.sessions.all() if user_pk in (None, session.identity.user.pk)]
    if sessions:
        ended = await hub.identity_look.run(ended_identities, {session.identity for session in sessions})
        for session in sessions:
            if session.identity in ended:
                end(session)


def look_at_once(hub: Hub, user_pk: int) -> None:
    """Somebody's sign-in may have ended. Whether it did, the database says."""

    async def look() -> None:
        with suppress(Refused):  # no storage just now; the look each second goes on trying
            await look_at_identities(hub, user_pk)

    hub.spawn(look())


def look_everywhere(hub: Hub, user_pk: int) -> None:
    """Here, and in all other processes."""
    look_at_once(hub, user_pk)
    hub.doorbell.ring(EVERYONE, {"type": "person.look", "user": user_pk})


def look_after_commit(user_pk: int) -> None:
    """From any thread. A process without sockets rings for nobody: the others find it at their look each second."""

    def look() -> None:
        from .hub import Hub

        if hub := Hub.running:
            with suppress(RuntimeError):  # the loop ended, and with it the sockets
                hub.loop.call_soon_threadsafe(look_everywhere, hub, user_pk)

    transaction.on_commit(look, robust=True)


def on_session(instance: StoredSession, **_: Any) -> None:
    """A session was deleted: somebody signed out, or has a new one in its place."""
    user_pk = instance.get_decoded().get(SESSION_KEY)
    if user_pk is not None:
        look_after_commit(User._meta.pk.to_python(user_pk))


def on_account(instance: User, update_fields: Collection[str] | None = None, **_: Any) -> None:
    """An account was saved or deleted."""
    if update_fields is None or not SIGNED_IN_BY.isdisjoint(update_fields):
        look_after_commit(instance.pk)


def listen() -> None:
    """Called when the app is ready."""
    post_delete.connect(on_session, sender=StoredSession, dispatch_uid="realtime.revocation")
    post_save.connect(on_account, sender=User, dispatch_uid="realtime.revocation")
    post_delete.connect(on_account, sender=User, dispatch_uid="realtime.revocation")


def end(session: Session) -> None:
    """Say why, and close."""
    over = Refused("unauthenticated", "Your sign-in has ended.")
    session.outbox.tell(protocol.error(over))
    session.outbox.close(Close.NOT_SIGNED_IN)


def ended_identities(identities: Iterable[Identity]) -> set[Identity]:
    """Those whose session is over, or whose account is disabled, or has another password or rank. Two queries."""
    identities = list(identities)
    keys = {identity.session_key for identity in identities}
    sessions = StoredSession.objects.filter(Among("session_key", keys), expire_date__gt=timezone.now())
    alive = set(sessions.values_list("session_key", flat=True))
    people = User.objects.filter(Among("pk", {identity.user.pk for identity in identities}), is_active=True)
    accounts = {row[0]: row for row in people.values_list("pk", "password", "is_staff", "is_superuser")}
    return {
        identity
        for identity in identities
        if identity.session_key not in alive or accounts.get(identity.user.pk) != account(identity.user)
    }


def account(user: User) -> tuple[int, str, bool, bool]:
    """What a person's being signed in, and their rank, hang on."""
    return user.pk, user.password, user.is_staff, user.is_superuser
