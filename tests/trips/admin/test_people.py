"""Accounts in the admin: found, signed out, disabled; never renamed or deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from trips.models import Trip, User

from .form_page import opened

pytestmark = pytest.mark.django_db(transaction=True)

USERS = "/admin/trips/user/"


def there(user: User) -> str:
    return reverse("admin:trips_user_change", args=[user.pk])


def test_a_person_is_found_by_e_mail(olga: Client, people: dict[str, User]) -> None:
    answer = olga.get(USERS, {"q": "bob@example"})
    assert list(answer.context["cl"].result_list) == [people["bob"]]


def test_a_person_s_page_lists_their_trips(olga: Client, people: dict[str, User], trip: Trip) -> None:
    text = olga.get(there(people["bob"])).content.decode()
    assert reverse("admin:trips_trip_change", args=[trip.pk]) in text
    assert "?trip=paris&amp;actor=bob" in text


def test_signing_out_everywhere_ends_only_their_sessions(olga: Client, people: dict[str, User]) -> None:
    bobs, alices = Client(), Client()
    bobs.force_login(people["bob"])
    alices.force_login(people["alice"])
    olga.post(USERS, {"action": "sign_out", "_selected_action": [str(people["bob"].pk)]})
    assert bobs.get("/trips/").status_code == 302
    assert alices.get("/trips/").status_code == 200
    assert olga.get(USERS).status_code == 200


def test_a_disabled_account_is_out_until_it_is_enabled(olga: Client, people: dict[str, User]) -> None:
    bobs = Client()
    bobs.force_login(people["bob"])
    olga.post(USERS, {"action": "disable", "_selected_action": [str(people["bob"].pk)]})
    assert bobs.get("/trips/").status_code == 302
    assert not User.objects.get(username="bob").is_active
    olga.post(USERS, {"action": "enable", "_selected_action": [str(people["bob"].pk)]})
    assert User.objects.get(username="bob").is_active


def test_nobody_disables_themselves(olga: Client, people: dict[str, User]) -> None:
    answer = olga.post(USERS, {"action": "disable", "_selected_action": [str(people["olga"].pk)]}, follow=True)
    assert "You cannot disable yourself." in answer.content.decode()
    assert User.objects.get(username="olga").is_active


def test_a_username_stays_and_an_account_is_not_deleted(olga: Client, people: dict[str, User]) -> None:
    form = opened(olga, there(people["bob"]), "user_form")
    assert "username" not in form.fields
    assert olga.post(reverse("admin:trips_user_delete", args=[people["bob"].pk]), {"post": "yes"}).status_code == 403
    assert form.send(name="Robert", is_active="on", username="rob").status_code == 302
    assert User.objects.get(pk=people["bob"].pk).name == "Robert"
    assert User.objects.filter(username="bob").exists()


def test_an_account_is_made(olga: Client) -> None:
    form = opened(olga, f"{USERS}add/", "user_form")
    password = {"usable_password": "true", "password1": "long enough 1", "password2": "long enough 1"}
    assert form.send(username="carol", name="Carol", email="carol@example.org", **password).status_code == 302
    assert User.objects.get(username="carol").check_password("long enough 1")
