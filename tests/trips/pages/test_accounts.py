"""Accounts, as people meet them: signing up, in and out, a forgotten password, one's name and e-mail."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from trips.adapter import AccountAdapter
from trips.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "a walk along the Seine"
NEW_PASSWORD = "a boat on the Tagus"
ALICE = {"name": "Alice Arnaud", "email": "alice@example.org", "username": "alice", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """The limits on guessing count in the cache."""
    cache.clear()


@pytest.fixture
def alice() -> User:
    user = User.objects.create_user("alice", "alice@example.org", PASSWORD, name="Alice Arnaud")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def signed_in(client: Client, alice: User) -> Client:
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/trips/").status_code == 200


def link_in_the_last_mail() -> str:
    body = str(mail.outbox[-1].body)
    found = re.search(r"https?://testserver(/\S+)", body)
    assert found, body
    return found[1]


# --- signing up ---


def test_signing_up_opens_my_trips(client: Client) -> None:
    assert client.post("/accounts/signup/", ALICE).headers["Location"] == "/trips/"
    assert is_signed_in(client)
    alice = User.objects.get()
    assert (alice.username, alice.name, alice.email) == ("alice", "Alice Arnaud", "alice@example.org")


@pytest.fixture
def faster_rival(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes the same username between the check of the form and the storing of the account."""
    new_user = AccountAdapter.new_user

    def after_the_rival(adapter: AccountAdapter, request: HttpRequest) -> User:
        if not User.objects.exists():
            User.objects.create_user("ALICE", "rival@example.org")
        user: User = new_user(adapter, request)
        return user

    monkeypatch.setattr(AccountAdapter, "new_user", after_the_rival)


@pytest.mark.usefixtures("faster_rival")
def test_of_two_who_take_a_username_at_the_same_moment_one_is_told(client: Client) -> None:
    answer = client.post("/accounts/signup/", ALICE)
    assert answer.context["form"].errors == {"username": ["That username is taken."]}
    assert User.objects.get().email == "rival@example.org"
    assert client.post("/accounts/signup/", {**ALICE, "username": "alice2"}).headers["Location"] == "/trips/"


@pytest.mark.usefixtures("faster_rival")
def test_so_is_a_program(client: Client) -> None:
    account = {"email": "alice@example.org", "username": "alice", "password": PASSWORD, "name": "Alice Arnaud"}
    answer = client.post("/_allauth/app/v1/auth/signup", account, content_type="application/json")
    assert answer.status_code == 400
    assert [error["param"] for error in answer.json()["errors"]] == ["username"]


def test_the_address_is_confirmed_by_a_link_that_nothing_waits_for(client: Client) -> None:
    client.post("/accounts/signup/", ALICE)
    assert mail.outbox[0].to == ["alice@example.org"]
    link = link_in_the_last_mail()
    assert "Alice Arnaud" in client.get(link).content.decode()
    client.post(link)
    assert EmailAddress.objects.get().verified


def test_the_operator_can_have_the_address_confirmed_first(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.post("/accounts/signup/", ALICE)
    assert not is_signed_in(client)
    client.post(link_in_the_last_mail())
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert is_signed_in(client)


@pytest.mark.parametrize("username", ["a", "user123", "Alice-B_1", "x" * 64])
def test_a_username_is_a_public_id(client: Client, username: str) -> None:
    client.post("/accounts/signup/", ALICE | {"username": username})
    assert User.objects.get().username == username


@pytest.mark.parametrize(
    "username", ["", "a b", "a.b", "a+c", "é", "a@b.c", "x" * 65, "a/b", "a\n", "\N{CYRILLIC SMALL LETTER A}"]
)
def test_a_username_that_is_none_is_refused_where_it_was_written(client: Client, username: str) -> None:
    if username == "a\n":
        username = "a\nb"  # white space at the end is not the username's
    html = client.post("/accounts/signup/", ALICE | {"username": username}).content.decode()
    assert not User.objects.exists()
    assert re.search(r'name="username"[^>]*aria-invalid="true"', html)
    assert 'value="Alice Arnaud"' in html


@pytest.mark.parametrize("taken", ["alice", "ALICE"])
def test_usernames_are_unique_ignoring_case(client: Client, alice: User, taken: str) -> None:
    html = client.post("/accounts/signup/", ALICE | {"username": taken, "email": "x@example.org"}).content.decode()
    assert "That username is taken." in html
    assert User.objects.count() == 1


def test_the_database_holds_that_too(alice: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user("Alice")


def test_one_address_has_one_account(client: Client, alice: User) -> None:
    client.post("/accounts/signup/", ALICE | {"username": "alice2", "email": "ALICE@example.org"})
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\x1b[31m"),
        ("name", "x" * 101),
        ("email", "nobody"),
        ("password1", "12345678"),
        ("password1", "alice@example.org"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(client: Client, field: str, value: str) -> None:
    html = client.post("/accounts/signup/", ALICE | {field: value}).content.decode()
    assert not User.objects.exists()
    assert f'id="id_{field}_error"' in html


def test_a_username_that_is_made_up_is_a_public_id_too(alice: User) -> None:
    adapter = AccountAdapter()
    assert adapter.generate_unique_username(["", "a.b+c@example.org"]) == "a-b-c"
    assert adapter.generate_unique_username([None, "東京"]) == "traveller"
    assert re.fullmatch(r"alice-[\w-]{8}", adapter.generate_unique_username(["Alice@example.org"]), re.IGNORECASE)
    assert len(adapter.generate_unique_username(["x" * 99])) <= 64


# --- signing in and out ---


@pytest.mark.parametrize("login", ["alice", "ALICE", "alice@example.org"])
def test_one_signs_in_by_username_or_e_mail(client: Client, alice: User, login: str) -> None:
    answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert answer.headers["Location"] == "/trips/"
    assert is_signed_in(client)


def test_signing_in_leads_back_to_where_one_was_going_and_nowhere_else(client: Client, alice: User) -> None:
    credentials = {"login": "alice", "password": PASSWORD}
    there = client.post("/accounts/login/", credentials | {"next": "/trips/paris/"})
    assert there.headers["Location"] == "/trips/paris/"
    client.logout()
    elsewhere = client.post("/accounts/login/", credentials | {"next": "https://elsewhere.example/"})
    assert elsewhere.headers["Location"] == "/trips/"


def test_a_wrong_password_tells_nothing_about_the_account(client: Client, alice: User) -> None:
    known = client.post("/accounts/login/", {"login": "alice", "password": "wrong"}).content.decode()
    unknown = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"}).content.decode()
    sentence = "Username and password do not belong together."
    assert sentence in known
    assert sentence in unknown
    assert "wrong" not in known


def test_after_five_wrong_passwords_the_right_one_waits(client: Client, alice: User) -> None:
    for _ in range(5):
        client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    html = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).content.decode()
    assert "Too many tries" in html
    assert not is_signed_in(client)


def test_an_account_that_is_switched_off_stays_out(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    answer = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, follow=True)
    assert not is_signed_in(client)
    assert "switched off" in answer.content.decode()


def test_signing_out_takes_a_click_of_ones_own(signed_in: Client) -> None:
    assert "Sign out?" in signed_in.get("/accounts/logout/").content.decode()
    assert is_signed_in(signed_in)
    assert signed_in.post("/accounts/logout/").headers["Location"] == "/"
    assert not is_signed_in(signed_in)


# --- a forgotten password ---


def test_a_forgotten_password_is_replaced_by_e_mail(client: Client, alice: User) -> None:
    asked = client.post("/accounts/password/reset/", {"email": "alice@example.org"}, follow=True)
    assert "Look into your mail" in asked.content.decode()
    link = link_in_the_last_mail()
    form = client.get(link, follow=True)
    assert "Your new password" in form.content.decode()
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)
    assert "Your new password is saved" in done.content.decode()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert not is_signed_in(client)
    client.post("/accounts/login/", {"login": "alice", "password": NEW_PASSWORD})
    assert is_signed_in(client)
    assert "This link has ended" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(client: Client) -> None:
    asked = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert "Look into your mail" in asked.content.decode()
    assert "There is no account with this address." in str(mail.outbox[-1].body)


# --- the account ---


def test_one_changes_ones_name(signed_in: Client, alice: User) -> None:
    html = signed_in.post("/accounts/", {"name": "  Alice   Béranger "}, follow=True).content.decode()
    alice.refresh_from_db()
    assert alice.name == "Alice Béranger"
    assert "Your name is saved." in html


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\u202eb"])
def test_a_name_that_is_none_changes_nothing(signed_in: Client, alice: User, name: str) -> None:
    assert signed_in.post("/accounts/", {"name": name}).status_code == 422
    alice.refresh_from_db()
    assert alice.name == "Alice Arnaud"


def test_the_username_is_never_changed(signed_in: Client, alice: User) -> None:
    signed_in.post("/accounts/", {"name": "Alice", "username": "alicia"})
    alice.refresh_from_db()
    assert alice.username == "alice"


def test_the_password_is_changed_by_who_knows_it(signed_in: Client, alice: User) -> None:
    form = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "That is not your present password." in signed_in.post("/accounts/password/change/", form).content.decode()
    form["oldpassword"] = PASSWORD
    answer = signed_in.post("/accounts/password/change/", form, follow=True)
    assert "Your new password is saved." in answer.content.decode()
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)
    assert "was changed" in mail.outbox[-1].subject


def test_the_e_mail_changes_when_the_new_address_answers(signed_in: Client, alice: User) -> None:
    asked = signed_in.post("/accounts/email/", {"action_add": "", "email": "new@example.org"}, follow=True)
    assert "Is it you?" in asked.content.decode()
    signed_in.post(asked.redirect_chain[-1][0], {"password": PASSWORD, "next": "/accounts/email/"})
    html = signed_in.get("/accounts/email/").content.decode()
    assert "It becomes <b>new@example.org</b>" in html
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    link = next(str(m.body) for m in mail.outbox if m.to == ["new@example.org"])
    found = re.search(r"testserver(/\S+)", link)
    assert found
    signed_in.post(found[1])
    alice.refresh_from_db()
    assert alice.email == "new@example.org"


def test_what_touches_the_account_asks_for_the_password_again(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    refused = client.post(answer.headers["Location"], {"password": "wrong", "next": "/accounts/email/"})
    assert "That is not your password." in refused.content.decode()
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    assert mail.outbox == []
