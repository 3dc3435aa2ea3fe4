"""Who may do what in a trip: one function a right. A role of None is a stranger."""

from .models import Change, Member, Role, Trip, User

EVERYONE, MEMBERS = Change.Audience


def role_in(trip: Trip, user: User) -> str | None:
    """The role of `user` in `trip`, from where the trip was read; staff who are no members have one by their rank."""
    members = Member.objects.using(trip._state.db).filter(trip=trip, user=user, removed=False)
    member = members.only("role").first()
    return member.role if member else role_of_staff(user)


def role_of_staff(user: User) -> str | None:
    """What the operators of the site may do in any trip: see it, and change it with the permission to.

    Their rank is read again, as it is now: a socket may have known this user for hours.
    """
    stored = User.objects.filter(pk=user.pk, is_active=True, is_staff=True).first() if user.is_staff else None
    if stored is None:
        return None
    return Role.OWNER if stored.has_perm("trips.change_trip") else Role.VIEWER


def may_see(role: str | None) -> bool:
    return role is not None


def may_edit(role: str | None) -> bool:
    return role in (Role.OWNER, Role.EDITOR)


def may_own(role: str | None) -> bool:
    return role == Role.OWNER


def can_see(audience: str, role: str | None, username: str) -> bool:
    """Whether a change for `audience` may be told to this person."""
    if audience == EVERYONE:
        return True
    if audience == MEMBERS:
        return may_see(role)
    return audience == f"user:{username}"
