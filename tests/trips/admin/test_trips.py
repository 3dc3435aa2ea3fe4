"""The list of trips answers questions; a trip is removed, and restored, through the door."""

from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from trips import changes
from trips.admin import extra_panels
from trips.models import Change, ItineraryItem, Member, Trip, User
from trips.mutations import Step

from .conftest import Do
from .form_page import opened

pytestmark = pytest.mark.django_db(transaction=True)

TRIPS = "/admin/trips/trip/"


@pytest.fixture
def lisbon(people: dict[str, User]) -> Trip:
    changes.create_trip(
        people["bob"],
        {
            "title": "Lisbon",
            "destination": "Portugal",
            "start_date": "2020-06-10",
            "end_date": "2020-06-13",
            "currency": "JPY",
        },
        trip_id="lisbon",
    )
    return Trip.objects.get(public_id="lisbon")


def listed(client: Client, **query: str) -> list[str]:
    answer = client.get(TRIPS, query)
    assert answer.status_code == 200
    return [trip.title for trip in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Lisbon", "Paris"]),
        ({"q": "portugal"}, ["Lisbon"]),
        ({"q": "alice@example.org"}, ["Paris"]),
        ({"q": "Bob"}, ["Lisbon", "Paris"]),
        ({"member": "ALICE"}, ["Paris"]),
        ({"member": "bob@example.org"}, ["Lisbon", "Paris"]),
        ({"when": "past"}, ["Lisbon"]),
        ({"when": "upcoming"}, ["Paris"]),
        ({"when": "now"}, []),
        ({"when": "undated"}, []),
        ({"currency": "JPY"}, ["Lisbon"]),
        ({"people": "alone"}, ["Lisbon"]),
        ({"people": "shared"}, ["Paris"]),
        ({"changed": "today"}, ["Lisbon", "Paris"]),
        ({"changed": "long"}, []),
        ({"state": "removed"}, []),
        ({"when": "past", "member": "alice"}, []),
    ],
)
def test_the_list_answers_questions(
    olga: Client, trip: Trip, lisbon: Trip, query: dict[str, str], titles: list[str]
) -> None:
    assert listed(olga, **query) == titles


def test_the_list_takes_few_queries(
    olga: Client, trip: Trip, lisbon: Trip, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        text = olga.get(TRIPS).content.decode()
    assert "Alice" in text
    assert "Mon 12 – Wed 14 Apr 2027" in text


def test_a_removed_trip_is_kept_and_restored(olga: Client, trip: Trip, told: list[list[Change]]) -> None:
    there = reverse("admin:trips_trip_change", args=[trip.pk])
    assert "Keep it" in olga.get(reverse("admin:trips_trip_delete", args=[trip.pk])).content.decode()
    olga.post(reverse("admin:trips_trip_delete", args=[trip.pk]), {"post": "yes"})
    assert Trip.objects.get().removed
    assert ItineraryItem.objects.filter(removed=False).count() == 2
    assert listed(olga) == []
    assert listed(olga, state="removed") == ["Paris"]
    text = olga.get(there).content.decode()
    assert "This trip was removed." in text
    assert 'name="title"' not in text
    olga.post(reverse("admin:trips_trip_restore", args=[trip.pk]))
    assert not Trip.objects.get().removed
    assert [[change.op for change in heard] for heard in told] == [["remove"], ["restore"]]
    assert [entry.get_action_flag_display() for entry in LogEntry.objects.order_by("pk")] == ["Deletion", "Change"]


def test_several_trips_are_removed_and_restored_in_one_batch(
    olga: Client, trip: Trip, lisbon: Trip, told: list[list[Change]]
) -> None:
    chosen = {"_selected_action": [str(trip.pk), str(lisbon.pk)]}
    assert "Are you sure" in olga.post(TRIPS, {"action": "delete_selected", **chosen}).content.decode()
    assert told == []
    olga.post(TRIPS, {"action": "delete_selected", "post": "yes", **chosen})
    assert Trip.objects.filter(removed=True).count() == 2
    olga.post(f"{TRIPS}?state=all", {"action": "restore_selected", **chosen})
    assert Trip.objects.filter(removed=True).count() == 0
    assert [[change.op for change in heard] for heard in told] == [["remove", "remove"], ["restore", "restore"]]


def test_a_removal_that_is_refused_says_so_and_logs_nothing(
    people: dict[str, User], client: Client, trip: Trip, do: Do
) -> None:
    do("alice", Step("member", {"user_id": "olga", "role": "viewer"}))
    client.force_login(people["olga"])
    answer = client.post(reverse("admin:trips_trip_delete", args=[trip.pk]), {"post": "yes"}, follow=True)
    assert "Only an owner can remove or restore a trip." in answer.content.decode()
    answer = client.post(
        TRIPS, {"action": "delete_selected", "post": "yes", "_selected_action": [str(trip.pk)]}, follow=True
    )
    assert "Only an owner can remove or restore a trip." in answer.content.decode()
    assert not Trip.objects.get().removed
    assert not LogEntry.objects.exists()


def test_what_was_removed_from_a_trip_is_shown_and_brought_back(olga: Client, trip: Trip, do: Do) -> None:
    do("bob", Step("itinerary", {}, "remove", "morning"), Step("budget", {}, "remove", "food"))
    text = olga.get(reverse("admin:trips_trip_change", args=[trip.pk])).content.decode()
    assert "Removed from this trip: 2" in text
    assert "by Bob" in text
    olga.post(reverse("admin:trips_trip_restore", args=[trip.pk]), {"kind": "itinerary", "id": "morning"})
    assert not ItineraryItem.objects.get(public_id="morning").removed


def test_another_app_can_show_a_panel(olga: Client, trip: Trip) -> None:
    def room(request: object, trip: Trip) -> str:
        return f"Nobody is in the room of {trip.public_id} now."

    extra_panels.append(room)
    try:
        text = olga.get(reverse("admin:trips_trip_change", args=[trip.pk])).content.decode()
    finally:
        extra_panels.remove(room)
    assert "Nobody is in the room of paris now." in text


def staff(client: Client, *rights: str) -> User:
    """Somebody of the staff with these permissions only."""
    user = User.objects.create_user("sten", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return user


def test_a_viewer_of_the_staff_sees_all_and_changes_nothing(client: Client, trip: Trip) -> None:
    staff(
        client,
        *(f"view_{name}" for name in ("trip", "member", "itineraryitem", "activity", "budgetline", "change", "user")),
    )
    there = reverse("admin:trips_trip_change", args=[trip.pk])
    text = unescape(client.get(there).content.decode())
    assert "Lunch" in text
    assert "Louvre" in text
    assert 'name="title"' not in text
    assert 'name="_save"' not in text
    assert client.post(there, {"title": "Mine"}).status_code == 403
    assert client.post(reverse("admin:trips_trip_delete", args=[trip.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:trips_trip_restore", args=[trip.pk])).status_code == 403
    client.post(TRIPS, {"action": "delete_selected", "post": "yes", "_selected_action": [str(trip.pk)]})
    assert Trip.objects.get().title == "Paris"
    assert not Trip.objects.get().removed


def test_the_rights_to_one_kind_are_not_those_to_another(client: Client, trip: Trip) -> None:
    staff(client, "view_trip", "change_trip", "view_itineraryitem", "change_budgetline", "view_budgetline")
    form = opened(client, reverse("admin:trips_trip_change", args=[trip.pk]))
    assert not any(name.startswith("members") for name in form.fields)
    form.fields |= {"itineraryitems-0-time": "11:00", "itineraryitems-0-DELETE": "on", "itineraryitems-0-title": "Mine"}
    form.fields[f"{form.row('budgetlines', 'amount', '450')}-amount"] = "500"
    assert form.send().status_code == 302
    assert Change.objects.order_by("seq").values_list("kind", "object_id").last() == ("budget", "food")
    assert not ItineraryItem.objects.filter(title="Mine").exists()
    assert Member.objects.filter(removed=False).count() == 2


def test_nobody_signs_in_past_the_accounts_own_page(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_more_rows_than_a_page_holds_are_said_to_be_missing(
    olga: Client, trip: Trip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trips.admin.formsets.MOST_ROWS", 1)
    answer = olga.get(reverse("admin:trips_trip_change", args=[trip.pk]))
    assert "1 more are in the trip" in " ".join(answer.content.decode().split())
    form = opened(olga, reverse("admin:trips_trip_change", args=[trip.pk]))
    assert form.send(title="Paris in spring").status_code == 302
    assert ItineraryItem.objects.filter(removed=False).count() == 2
