"""The sockets of who is signed in no longer. Here nobody looks around: what ends, ends because it was heard of."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from realtime.doorbell import EVERYONE, Doorbell
from realtime.hub import Hub
from realtime.protocol import Close
from realtime.revocation import look_at_identities
from tests.realtime.database import ask
from tests.realtime.screen import Screen
from trips.models import User

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])


def browser(cookies: dict[str, str], name: str = "alice") -> Client:
    client = Client()
    client.cookies["sessionid"] = cookies[name]
    return client


def sign_out(cookies: dict[str, str]) -> None:
    assert browser(cookies).post("/accounts/logout/").status_code == 302


def sign_out_of_the_api(cookies: dict[str, str]) -> None:
    headers = {"X-Session-Token": cookies["alice"]}
    assert Client().delete("/_allauth/app/v1/auth/session", headers=headers).status_code == 401


def change_password(cookies: dict[str, str]) -> None:
    words = {"oldpassword": "correct horse", "password1": "battery staple", "password2": "battery staple"}
    assert browser(cookies).post("/accounts/password/change/", words).status_code == 302


def disable(_: dict[str, str]) -> None:
    alice = User.objects.get(username="alice")
    alice.is_active = False
    alice.save(update_fields=["is_active"])


def lower_the_rank(_: dict[str, str]) -> None:
    with transaction.atomic():
        alice = User.objects.get(username="alice")
        alice.is_staff = False
        alice.save()


def close_the_account(_: dict[str, str]) -> None:
    User.objects.get(username="alice").delete()


ENDINGS = [sign_out, sign_out_of_the_api, change_password, disable, lower_the_rank, close_the_account]


@pytest.fixture
def alice(hub: Hub, people: dict[str, User], cookies: dict[str, str]) -> Screen:
    """Staff, so that there is a rank to lose."""
    User.objects.filter(username="alice").update(is_staff=True)
    people["alice"].refresh_from_db()
    return connected(hub, people["alice"], cookies["alice"])


@pytest.fixture
def bob(hub: Hub, people: dict[str, User], cookies: dict[str, str]) -> Screen:
    return connected(hub, people["bob"], cookies["bob"])


def connected(hub: Hub, user: User, session_key: str) -> Screen:
    screen = Screen(user, session_key)
    hub.admit(screen.session)
    return screen


@pytest.mark.parametrize("ending", ENDINGS)
async def test_who_is_signed_in_no_longer_is_sent_away_at_once(
    alice: Screen, bob: Screen, cookies: dict[str, str], ending: Callable[[dict[str, str]], None]
) -> None:
    await ask(lambda: ending(cookies))
    await alice.until(lambda: alice.closed_with == Close.NOT_SIGNED_IN)
    assert [message["code"] for message in alice.told] == ["unauthenticated"]
    assert not bob.session.outbox.closed


async def test_who_connects_with_another_rank_hides_nobody_who_has_the_old_one_still(
    hub: Hub, alice: Screen, cookies: dict[str, str]
) -> None:
    """Both by one session of the site; the first was read when she was still staff, and nobody told of the change."""
    await ask(lambda: User.objects.filter(username="alice").update(is_staff=False))
    lowered = await ask(lambda: User.objects.get(username="alice"))
    later = [connected(hub, lowered, cookies["alice"]) for _ in range(3)]
    await look_at_identities(hub)
    await alice.until(lambda: alice.closed_with == Close.NOT_SIGNED_IN)
    assert not any(each.session.outbox.closed for each in later)


async def test_the_other_browser_of_who_signs_out_stays(
    hub: Hub, alice: Screen, people: dict[str, User], cookies: dict[str, str]
) -> None:
    client = Client()
    await ask(lambda: client.force_login(people["alice"]))
    elsewhere = connected(hub, people["alice"], client.cookies["sessionid"].value)
    await ask(lambda: sign_out(cookies))
    await alice.until(lambda: alice.closed_with == Close.NOT_SIGNED_IN)
    assert not elsewhere.session.outbox.closed


def unheard(name: str) -> None:
    """Disabled by a way that tells nobody, as another process' does."""
    User.objects.filter(username=name).update(is_active=False)


async def test_another_process_has_only_to_ring(hub: Hub, alice: Screen, bob: Screen, people: dict[str, User]) -> None:
    """What it rings is not believed: whoever is signed in stays so."""
    other = Doorbell(lambda _: None, hub.spawn)
    await ask(lambda: unheard("alice"))
    for user in (people["bob"], people["alice"]):
        other.ring(EVERYONE, {"type": "person.look", "user": user.pk})
    await alice.until(lambda: alice.closed_with == Close.NOT_SIGNED_IN)
    assert not bob.session.outbox.closed


async def test_what_is_rolled_back_ends_nothing(alice: Screen, bob: Screen) -> None:
    def almost() -> None:
        with transaction.atomic():
            disable({})
            transaction.set_rollback(True)
        User.objects.get(username="bob").delete()

    await ask(almost)
    await bob.until(lambda: bob.closed_with == Close.NOT_SIGNED_IN)
    assert not alice.session.outbox.closed
