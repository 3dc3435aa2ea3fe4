"""The journal is there to read: what happened, to what, by whom, before and after."""

import pytest
from django.test import Client
from django.urls import reverse

from trips.models import Change, Trip
from trips.mutations import Step

from .conftest import Do

pytestmark = pytest.mark.django_db(transaction=True)

JOURNAL = "/admin/trips/change/"


@pytest.fixture
def lived(do: Do) -> None:
    do("bob", Step("itinerary", {"time": "10:15", "day": 3, "cost": 5}, id="lunch"), Step("trip", {"title": "Rome"}))
    do("alice", Step("itinerary", {}, "remove", "morning"))


def found(client: Client, **query: str) -> list[tuple[str, str]]:
    answer = client.get(JOURNAL, query)
    assert answer.status_code == 200
    return [(change.kind, change.object_id) for change in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 10),
        ({"trip": "paris"}, 10),
        ({"trip": "rom"}, 10),
        ({"trip": "lisbon"}, 0),
        ({"actor": "bob"}, 2),
        ({"actor": "alice@example.org", "op__exact": "remove"}, 1),
        ({"kind": "itinerary"}, 4),
        ({"object": "lunch"}, 2),
        ({"q": "lunch"}, 2),
        ({"time__gte": "2000-01-01 00:00:00+00:00", "time__lt": "2001-01-01 00:00:00+00:00"}, 0),
    ],
)
def test_it_is_narrowed_down(olga: Client, lived: None, query: dict[str, str], count: int) -> None:
    assert len(found(olga, **query)) == count


def test_it_tells_before_and_after_in_words(olga: Client, lived: None) -> None:
    text = olga.get(JOURNAL, {"actor": "bob", "kind": "itinerary"}).content.decode()
    assert "<del>12:30</del> → <ins>10:15</ins>" in text
    assert "<del>Mon 12</del> → <ins>Wed 14</ins>" in text
    assert "<del>€12.50</del> → <ins>€5.00</ins>" in text
    assert "position" not in text


def test_one_change_shows_all_of_it(olga: Client, lived: None) -> None:
    change = Change.objects.get(op="remove")
    text = olga.get(reverse("admin:trips_change_change", args=[change.pk])).content.decode()
    assert "Removed stop “Louvre”" in text
    assert "<del>09:00</del>" in text
    assert change.digest in text


def test_what_was_done_together_is_linked(olga: Client, lived: None) -> None:
    one, other = Change.objects.filter(actor__username="bob").order_by("seq")
    text = olga.get(reverse("admin:trips_change_change", args=[one.pk])).content.decode()
    assert reverse("admin:trips_change_change", args=[other.pk]) in text


def test_text_that_looks_like_markup_is_text(olga: Client, do: Do) -> None:
    do("bob", Step("itinerary", {"notes": "<script>alert(1)</script>", "activity": "<b>x"}, id="lunch"))
    for url in (JOURNAL, reverse("admin:trips_change_change", args=[Change.objects.latest("pk").pk])):
        text = olga.get(url).content.decode()
        assert "<script>alert" not in text
        assert "<b>x" not in text


def test_nobody_writes_in_it(olga: Client, lived: None) -> None:
    change = Change.objects.latest("pk")
    there = reverse("admin:trips_change_change", args=[change.pk])
    assert olga.get(f"{JOURNAL}add/").status_code == 403
    assert olga.post(there, {"kind": "trip"}).status_code == 403
    assert olga.post(reverse("admin:trips_change_delete", args=[change.pk]), {"post": "yes"}).status_code == 403
    assert 'name="_save"' not in olga.get(there).content.decode()
    assert 'name="action"' not in olga.get(JOURNAL).content.decode()
    assert Change.objects.latest("pk") == change


def test_a_trip_and_its_objects_lead_to_their_history(olga: Client, trip: Trip) -> None:
    text = olga.get(reverse("admin:trips_trip_change", args=[trip.pk])).content.decode()
    assert f'href="{JOURNAL}?trip=paris"' in text
    assert f"{JOURNAL}?trip=paris&amp;kind=itinerary&amp;object=lunch" in text
    assert found(olga, trip="paris", kind="itinerary", object="lunch") == [("itinerary", "lunch")]


def test_a_move_within_the_day_is_no_string_of_letters(olga: Client, do: Do) -> None:
    do("bob", Step("itinerary", {"after": None}, id="lunch"))
    assert "place in the day: <ins>another</ins>" in olga.get(JOURNAL, {"actor": "bob"}).content.decode()
