"""A trip is edited in the admin through the same door as everywhere, and nobody is reverted."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from trips import changes, snapshot
from trips.models import Activity, BudgetLine, Change, ItineraryItem, Member, Trip, User
from trips.mutations import Step

from .conftest import Do
from .form_page import FormPage, opened, reopened

pytestmark = pytest.mark.django_db(transaction=True)

STOPS, PEOPLE, BUDGET, ACTIVITIES = "itineraryitems", "members", "budgetlines", "activitys"


def test_a_form_sent_as_it_came_changes_nothing(form: FormPage, trip: Trip, told: list[list[Change]]) -> None:
    before = snapshot.take(trip)
    assert form.send().status_code == 302
    assert snapshot.take(Trip.objects.get()) == before
    assert told == []


def test_only_what_was_touched_is_sent(form: FormPage, told: list[list[Change]], people: dict[str, User]) -> None:
    assert form.send(title="Paris in spring").status_code == 302
    ((change,),) = told
    assert (change.kind, change.op, change.actor) == ("trip", "set", people["olga"])
    assert (change.before, change.after) == ({"title": "Paris"}, {"title": "Paris in spring"})


def test_an_edit_an_addition_and_a_removal_are_one_mutation(
    form: FormPage, told: list[list[Change]], trip: Trip
) -> None:
    lunch = form.row(STOPS, "time", "12:30")
    form.fields |= {f"{form.row(STOPS, 'time', '09:00')}-time": "9:30 AM", f"{lunch}-DELETE": "on"}
    form.add(STOPS, title="Pont Neuf", day="2")
    form.add(BUDGET, public_id="tickets", amount="230.50")
    assert form.send(title="Paris in spring").status_code == 302
    (heard,) = told
    assert [(change.kind, change.op) for change in heard] == [
        ("trip", "set"), ("itinerary", "set"), ("itinerary", "set"), ("budget", "set"), ("itinerary", "remove"),
    ]  # fmt: skip
    assert len({change.mutation_id for change in heard}) == 1
    taken = snapshot.take(Trip.objects.get())
    assert [(stop["activity"], stop["day"], stop["time"]) for stop in taken["itinerary"]] == [
        ("Louvre", 1, "09:30"),
        ("Pont Neuf", 2, None),
    ]
    assert {line["category"]: float(line["amount"]) for line in taken["budget"]} == {"food": 450, "tickets": 230.5}
    assert ItineraryItem.objects.get(public_id="lunch").removed


def test_a_stale_form_reverts_nobody(form: FormPage, do: Do) -> None:
    do("bob", Step("trip", {"destination": "Paris, France", "notes": "Bob's"}))
    do("bob", Step("itinerary", {"time": "10:15", "day": 2}, id="morning"), Step("budget", {"amount": 500}, id="food"))
    do("bob", Step("activity", {}, "remove", "louvre"), Step("itinerary", {"activity": "Late", "day": 3}, id="late"))
    assert form.send(title="Paris in spring").status_code == 302
    taken = snapshot.take(Trip.objects.get())
    assert (taken["trip"]["title"], taken["trip"]["destination"], taken["trip"]["notes"]) == (
        "Paris in spring", "Paris, France", "Bob's",
    )  # fmt: skip
    stops = {stop["id"]: stop for stop in taken["itinerary"]}
    assert (stops["morning"]["time"], stops["morning"]["day"], stops["morning"]["activity_id"]) == ("10:15", 2, None)
    assert set(stops) == {"morning", "lunch", "late"}
    assert taken["budget"][0]["amount"] == 500
    assert taken["activities"] == []


def test_what_both_touched_comes_back_with_both_values(form: FormPage, do: Do, told: list[list[Change]]) -> None:
    row = form.row(STOPS, "time", "09:00")
    do(
        "bob",
        Step("itinerary", {"time": "10:15", "place": "Carrousel"}, id="morning"),
        Step("trip", {"title": "Bob's"}),
    )
    told.clear()
    form.fields |= {f"{row}-time": "11:00", f"{row}-notes": "Mine"}
    answer = form.send(destination="Mine too")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing was saved yet." in text
    assert "Bob made this “10:15” at " in text
    assert told == []
    again = reopened(form, answer)
    # What I typed is kept; what I did not touch shows what is stored now.
    assert (again.fields[f"{row}-time"], again.fields[f"{row}-notes"]) == ("11:00", "Mine")
    assert (again.fields[f"{row}-place"], again.fields["title"]) == ("Carrousel", "Bob's")
    assert again.send().status_code == 302
    stop = ItineraryItem.objects.get(public_id="morning")
    assert (f"{stop.time:%H:%M}", stop.place, stop.notes) == ("11:00", "Carrousel", "Mine")
    assert Trip.objects.get().title == "Bob's"


def test_after_a_conflict_a_third_change_is_a_conflict_again(form: FormPage, do: Do) -> None:
    do("bob", Step("trip", {"title": "Bob's"}))
    again = reopened(form, form.send(title="Mine"))
    do("alice", Step("trip", {"title": "Alice's"}))
    assert "Alice made this “Alice&#x27;s”" in again.send().content.decode()
    assert Trip.objects.get().title == "Alice's"


def test_going_back_to_the_old_value_after_a_conflict_is_a_choice_too(form: FormPage, do: Do) -> None:
    do("bob", Step("trip", {"title": "Bob's"}))
    again = reopened(form, form.send(title="Mine"))
    assert again.send(title="Paris").status_code == 302
    assert Trip.objects.get().title == "Paris"


def test_removing_what_somebody_else_just_changed_asks_again(form: FormPage, do: Do) -> None:
    row = form.row(STOPS, "time", "12:30")
    do("bob", Step("itinerary", {"notes": "Table for four"}, id="lunch"))
    form.fields[f"{row}-DELETE"] = "on"
    answer = form.send()
    assert "Save again to remove it all the same." in answer.content.decode()
    assert not ItineraryItem.objects.get(public_id="lunch").removed
    again = reopened(form, answer)
    again.fields[f"{row}-DELETE"] = "on"
    assert again.send().status_code == 302
    assert ItineraryItem.objects.get(public_id="lunch").removed


def test_changing_what_somebody_else_removed_is_refused_in_its_row(form: FormPage, do: Do) -> None:
    row = form.row(STOPS, "time", "12:30")
    do("bob", Step("itinerary", {}, "remove", "lunch"))
    form.fields[f"{row}-time"] = "13:00"
    text = form.send().content.decode()
    assert "Bob removed this at" in text or "was removed. Restore it first." in text
    assert ItineraryItem.objects.get(public_id="lunch").removed


@pytest.mark.parametrize(
    ("prefix", "find", "change", "sentence"),
    [
        (STOPS, ("time", "09:00"), ("time", "25:30"), "“25:30” is not a time. Write 19:30 or 7:30 PM."),
        (STOPS, ("time", "09:00"), ("cost", "a lot"), "“a lot” is not a number."),
        (ACTIVITIES, ("name", "Louvre"), ("latitude", ""), "latitude and longitude come together."),
        (ACTIVITIES, ("name", "Louvre"), ("link", "ftp://louvre"), "A link starts with https:// or http://."),
        (BUDGET, ("amount", "450"), ("amount", "-5"), "An amount is at least 0"),
        (PEOPLE, ("role", "owner"), ("role", "viewer"), "A trip needs an owner."),
    ],
)
def test_a_refusal_returns_to_its_field_with_what_was_typed(
    form: FormPage, told: list[list[Change]], prefix: str, find: tuple[str, str], change: tuple[str, str], sentence: str
) -> None:
    row = form.row(prefix, *find)
    form.fields[f"{row}-{change[0]}"] = change[1]
    answer = form.send(title="Paris in spring")
    assert answer.status_code == 200
    (formset,) = (group.formset for group in answer.context["inline_admin_formsets"] if group.formset.prefix == prefix)
    (refused,) = (each for each in formset.forms if each.errors)
    assert refused.prefix == row
    assert sentence in refused.errors[change[0]][0]
    assert reopened(form, answer).fields[f"{row}-{change[0]}"] == change[1]
    assert told == []
    assert Trip.objects.get().title == "Paris"


def test_a_refusal_of_the_trip_s_own_field(form: FormPage) -> None:
    answer = form.send(end_date="2027-04-01", currency="ZZZ")
    assert answer.context["adminform"].form.errors["currency"] == [
        "“ZZZ” is not a currency. Write a code such as EUR or JPY."
    ]
    answer = form.send(end_date="2027-04-01")
    assert "is after end_date" in answer.context["adminform"].form.errors["end_date"][0]


def test_people_are_added_and_the_trip_handed_over_in_one_save(form: FormPage, people: dict[str, User]) -> None:
    form.fields[f"{form.row(PEOPLE, 'role', 'owner')}-role"] = "viewer"
    form.fields[f"{form.row(PEOPLE, 'role', 'editor')}-role"] = "owner"
    form.add(PEOPLE, user=str(people["vera"].pk), role="editor")
    assert form.send().status_code == 302
    roles = dict(Member.objects.values_list("public_id", "role"))
    assert roles == {"alice": "viewer", "bob": "owner", "vera": "editor"}


def test_who_takes_part_already_is_not_added_again(form: FormPage, people: dict[str, User]) -> None:
    form.add(PEOPLE, user=str(people["bob"].pk), role="viewer")
    assert "“bob” is here already." in form.send().content.decode()
    assert Member.objects.get(public_id="bob").role == "editor"


def test_the_same_form_sent_twice_adds_one_row(form: FormPage) -> None:
    form.add(ACTIVITIES, name="Musée Rodin", latitude="48.8553", longitude="2.31583")
    assert form.send().status_code == 302
    assert form.send().status_code == 302
    assert Activity.objects.filter(name="Musée Rodin").count() == 1


def test_a_new_trip_is_its_maker_s(olga: Client, people: dict[str, User], told: list[list[Change]]) -> None:
    form = opened(olga, reverse("admin:trips_trip_add"))
    form.add(PEOPLE, user=str(people["bob"].pk), role="editor")
    form.add(BUDGET, public_id="food", amount="100")
    assert form.send(title="Rome", start_date="2027-05-01").status_code == 302
    assert len(told) == 1
    trip = Trip.objects.get(title="Rome")
    assert dict(Member.objects.filter(trip=trip).values_list("public_id", "role")) == {"olga": "owner", "bob": "editor"}
    assert BudgetLine.objects.get(trip=trip).amount == 100


def test_the_admin_s_own_log_tells_what_was_done(form: FormPage) -> None:
    form.fields[f"{form.row(STOPS, 'time', '12:30')}-DELETE"] = "on"
    form.add(BUDGET, public_id="tickets", amount="5")
    form.send(title="Paris in spring")
    told = LogEntry.objects.get().get_change_message()
    assert "Title" in told
    assert "tickets" in told
    assert "Deleted" in told


def test_storage_that_is_away_loses_nothing_typed(form: FormPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(changes, "_store", away)
    answer = form.send(title="Paris in spring")
    assert "Storage is away for a moment." in answer.content.decode()
    assert answer.context["adminform"].form["title"].value() == "Paris in spring"


def test_giving_oneself_a_lesser_role_does_not_spoil_the_rest(form: FormPage, people: dict[str, User]) -> None:
    form.add(PEOPLE, user=str(people["olga"].pk), role="viewer")
    form.fields[f"{form.row(STOPS, 'time', '12:30')}-DELETE"] = "on"
    assert form.send(title="Paris in spring").status_code == 302
    assert Trip.objects.get().title == "Paris in spring"
    assert Member.objects.get(public_id="olga").role == "viewer"
