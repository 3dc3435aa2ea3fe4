"""What each kind asks for beyond its shape: rights, places, and what follows from a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from . import access, positions
from .models import Activity, ItineraryItem, Member, Role, Trip, TripObject, User
from .mutations import Step
from .refusals import Refused, invalid

if TYPE_CHECKING:
    from .plan import Plan


class Rules:
    """The rules of a plain kind: editors change it, and nothing follows."""

    def check_right(self, role: str | None, step: Step, actor: User) -> None:
        """Raises Refused, unless this role may take this step."""
        if not access.may_edit(role):
            raise Refused("read_only", "Viewers cannot change the plan.")

    def references(self, data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
        """Other objects that deciding needs, as (kind, id)."""
        return ()

    def complete(self, plan: Plan, trip: Trip, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a creation leaves unsaid but another object tells."""
        return data

    def assign(self, plan: Plan, thing: Any, attributes: dict[str, Any]) -> None:
        """Put validated attributes on the object."""
        for name, value in attributes.items():
            setattr(thing, name, value)

    def removing(self, plan: Plan, thing: Any) -> None:
        """Called before an object is removed: refuse, or change what depends on it."""

    def restoring(self, plan: Plan, thing: Any) -> None:
        """Called before a removed object comes back: find its place again."""


class TripRules(Rules):
    def check_right(self, role: str | None, step: Step, actor: User) -> None:
        if step.op == "set":
            super().check_right(role, step, actor)
        elif not access.may_own(role):
            raise Refused("read_only", "Only an owner can remove or restore a trip.")


class MemberRules(Rules):
    def check_right(self, role: str | None, step: Step, actor: User) -> None:
        leaves = step.op == "remove" and actor.username in (step.id, step.data.get("user_id"))
        if not (leaves or access.may_own(role)):
            raise Refused("read_only", "Only an owner can say who takes part.")

    def assign(self, plan: Plan, thing: Member, attributes: dict[str, Any]) -> None:
        if thing.role == Role.OWNER and attributes.get("role", Role.OWNER) != Role.OWNER:
            self._keep_an_owner(plan, thing)
        if thing.user_id is None:
            thing.user = self._person(attributes["public_id"])
            thing.place = plan.free_place(thing.trip)
        super().assign(plan, thing, attributes)

    def removing(self, plan: Plan, thing: Member) -> None:
        if thing.role == Role.OWNER:
            self._keep_an_owner(plan, thing)

    def restoring(self, plan: Plan, thing: Member) -> None:
        thing.place = plan.free_place(thing.trip)

    def _person(self, username: str) -> User:
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise invalid({"user_id": [f"Nobody here is called “{username}”."]})
        return person

    def _keep_an_owner(self, plan: Plan, leaving: Member) -> None:
        if not any(member.role == Role.OWNER and member is not leaving for member in plan.members(leaving.trip)):
            raise invalid({"role": ["A trip needs an owner. Make somebody else an owner first."]})


class ActivityRules(Rules):
    def removing(self, plan: Plan, thing: Activity) -> None:
        for stop in plan.stops_of(thing):
            plan.amend(stop, activity=None, **kept_from(thing, stop))


class ItineraryRules(Rules):
    def references(self, data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
        return (("itinerary", data.get("after")), ("activity", data.get("activity_id")))

    def complete(self, plan: Plan, trip: Trip, data: Mapping[str, Any]) -> Mapping[str, Any]:
        activity = plan.find(trip, "activity", data.get("activity_id"))
        if "activity" in data or activity is None:
            return data
        return {**data, "activity": cast(Activity, activity).name}

    def assign(self, plan: Plan, thing: ItineraryItem, attributes: dict[str, Any]) -> None:
        moved = thing.position == "" or attributes.get("day", thing.day) != thing.day or "after" in attributes
        neighbour = attributes.pop("after", thing.public_id)
        if "activity" in attributes:
            attributes["activity"] = self._activity(plan, thing.trip, attributes["activity"]["public_id"])
        super().assign(plan, thing, attributes)
        if moved:
            thing.position = self._position(plan, thing, neighbour)

    def restoring(self, plan: Plan, thing: ItineraryItem) -> None:
        thing.position = plan.places(thing.trip, thing.day).at(thing.position)
        if len(thing.position) > positions.LONGEST:
            above = [stop for stop in plan.stops_on(thing.trip, thing.day) if stop.position < thing.position]
            thing.position = self._position(plan, thing, above[-1].public_id if above else None)
        if thing.activity and thing.activity.removed:
            for name, value in kept_from(thing.activity, thing).items():
                setattr(thing, name, value)
            thing.activity = None

    def _activity(self, plan: Plan, trip: Trip, activity_id: str | None) -> TripObject | None:
        activity = plan.find(trip, "activity", activity_id)
        if activity_id is not None and (activity is None or activity.removed):
            raise invalid({"activity_id": [f"This trip has no activity “{activity_id}”."]})
        return activity

    def _position(self, plan: Plan, stop: ItineraryItem, after: str | None) -> str:
        position = self._next_position(plan, stop, after)
        if len(position) > positions.LONGEST:
            for other in plan.stops_on(stop.trip, stop.day):
                if other is not stop:
                    plan.amend(other, position=plan.places(stop.trip, stop.day).at_end())
            position = self._next_position(plan, stop, after)
        return position

    def _next_position(self, plan: Plan, stop: ItineraryItem, after: str | None) -> str:
        places = plan.places(stop.trip, stop.day)
        if after is None:
            return places.after(None)
        neighbour = cast(ItineraryItem | None, plan.find(stop.trip, "itinerary", after))
        if neighbour is None or neighbour is stop or neighbour.removed or neighbour.day != stop.day:
            return places.at_end()
        return places.after(neighbour.position)


def kept_from(activity: Activity, stop: ItineraryItem) -> dict[str, Any]:
    """What a stop shows of its activity, for when the activity goes: only what it left empty itself."""
    names = ("place", "category", "cost", "duration", "notes")
    return {name: getattr(activity, name) for name in names if getattr(stop, name) in ("", None)}
