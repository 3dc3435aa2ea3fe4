"""Whose socket it is, and for how long (PROTOCOL.md, “Signing in”)."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import InvalidStatus

from realtime.auth import origin_allowed
from realtime.protocol import SUBPROTOCOL
from tests.realtime.conftest import Open, Token
from tests.realtime.database import ask
from tests.realtime.page import sign_out_on_the_page
from tests.realtime.tab import Tab
from tests.server import Server
from trips.models import User

pytestmark = pytest.mark.usefixtures("quiet_log")

WITHIN = 2.0  # seconds, from the end of a sign-in to the close of its sockets
ELSEWHERE = "https://elsewhere.example"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def refused(tab: Tab) -> int:
    """The close code of a socket that was told why first."""
    code = await tab.expect_close()
    assert [message["type"] for message in tab.kept] == ["error"]
    return code


# The three ways


async def test_by_the_site_s_cookie(open_tab: Open) -> None:
    alice = await open_tab("alice")
    assert alice.socket.subprotocol == SUBPROTOCOL
    await alice.settle()


async def test_by_a_bearer_in_the_header(server: Server, token: Token) -> None:
    alice = await Tab.open(f"{server.ws}/alice", headers=bearer(await token("alice")), offers=[])
    assert (await alice.expect("connection"))["user_id"] == "alice"
    await alice.close()


async def test_by_a_bearer_among_the_subprotocols_from_another_origin(server: Server, token: Token) -> None:
    secret = await token("alice")
    offers = [SUBPROTOCOL, f"bearer.{secret}"]
    alice = await Tab.open(f"{server.ws}/alice", headers={"Origin": ELSEWHERE}, offers=offers)
    assert (await alice.expect("connection"))["user_id"] == "alice"
    assert alice.socket.subprotocol == SUBPROTOCOL
    assert alice.socket.response is not None
    assert secret not in str(alice.socket.response.headers)
    await alice.close()


async def test_a_token_offered_alone_is_not_echoed_either(server: Server, token: Token) -> None:
    alice = await Tab.open(f"{server.ws}/alice", offers=[f"bearer.{await token('alice')}"])
    await alice.expect("connection")
    assert alice.socket.subprotocol is None
    await alice.close()


# Refused


async def test_nobody_is_told_so(server: Server, people: dict[str, User]) -> None:
    assert await refused(await Tab.open(f"{server.ws}/alice")) == 4401


async def test_a_token_in_the_address_is_none(server: Server, token: Token) -> None:
    for name in ("token", "access_token", "bearer"):
        assert await refused(await Tab.open(f"{server.ws}/alice?{name}={await token('alice')}")) == 4401


async def forged(token: Token) -> dict[str, str]:
    """Tokens that are not ours, or not for this."""
    ours = await token("alice")
    claims: dict[str, Any] = jwt.decode(ours, options={"verify_signature": False})
    bobs: dict[str, Any] = jwt.decode(await token("bob"), options={"verify_signature": False})
    head, body, signature = ours.split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")

    def signed(**other: Any) -> str:
        return jwt.encode({**claims, **other}, settings.SECRET_KEY, "HS256")

    return {
        "signed by somebody else": jwt.encode(claims, "x" * 64, "HS256"),
        "not signed": f"{header}.{body}.",
        "with another's signature": f"{head}.{body}.{signature[::-1]}",
        "with another algorithm": jwt.encode(claims, settings.SECRET_KEY, "HS384"),
        "Alice's, with Bob's session": signed(sid=bobs["sid"]),
        "of no session": signed(sid=base64.b64encode(b"x" * 48).decode()),
        "of a session that cannot be read": signed(sid="not base64 ~"),
        "a refresh token": signed(token_use="refresh"),
        "expired": signed(exp=int(time.time()) - 1),
        "no JWT": "secret",
        "not ASCII": "é.é.é",
        "empty": "",
        "in three empty parts": "..",
        "very long": "a" * 5_000,
    }


async def test_a_forged_or_an_expired_token_is_refused_and_the_cookie_does_not_help(
    server: Server, cookies: dict[str, str], token: Token, subtests: pytest.Subtests
) -> None:
    signed_in = {"Cookie": f"sessionid={cookies['alice']}", "Origin": server.http}
    for name, bad in (await forged(token)).items():
        with subtests.test(name):
            header = bearer(bad.encode().decode("latin1"))
            assert await refused(await Tab.open(f"{server.ws}/alice", headers={**header, **signed_in})) == 4401


async def test_a_forged_subprotocol_is_refused_and_the_cookie_does_not_help(
    server: Server, cookies: dict[str, str]
) -> None:
    signed_in = {"Cookie": f"sessionid={cookies['alice']}", "Origin": server.http}
    alice = await Tab.open(f"{server.ws}/alice", headers=signed_in, offers=[SUBPROTOCOL, "bearer.secret"])
    assert await refused(alice) == 4401
    assert alice.socket.subprotocol == SUBPROTOCOL


async def test_the_cookie_counts_only_on_our_own_pages(
    server: Server, cookies: dict[str, str], subtests: pytest.Subtests
) -> None:
    """Refused before the handshake completes: a foreign page learns nothing."""
    origins = {
        "foreign": ELSEWHERE,
        "missing": None,
        "null": "null",
        "of another port": f"http://127.0.0.1:{server.port + 1}",
        "of a longer name": f"http://127.0.0.1.elsewhere.example:{server.port}",
        "with a name before it": f"http://127.0.0.1:{server.port}@elsewhere.example",
    }
    for name, origin in origins.items():
        headers = {"Cookie": f"sessionid={cookies['alice']}", **({"Origin": origin} if origin else {})}
        for path in ("alice", "trip/nowhere"):
            with subtests.test(name, path=path), pytest.raises(InvalidStatus) as answer:
                await Tab.open(f"{server.ws}/{path}", headers=headers)
            assert answer.value.response.status_code == 403


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("https://trips.example", "trips.example", True),
        ("https://trips.example:8443", "trips.example:8443", True),
        ("https://trips.example", "trips.example:8443", False),
        ("https://other.example", "other.example", False),
        ("https://partner.example", "trips.example", True),
        ("http://partner.example", "trips.example", False),
        ("", "trips.example", False),
        ("null", "trips.example", False),
    ],
)
def test_an_origin_is_our_own_host_or_one_that_the_settings_name(
    origin: str, host: str, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["trips.example"])
    monkeypatch.setattr(settings, "ALLOWED_ORIGINS", ["https://partner.example"])
    headers = [(b"host", host.encode()), (b"origin", origin.encode())]
    assert origin_allowed({"headers": headers}) == allowed


async def test_somebody_else_s_address_is_refused(
    server: Server, token: Token, trip: str, subtests: pytest.Subtests
) -> None:
    headers = bearer(await token("alice"))
    for path in ("bob", f"trip/{trip}?user_id=bob", "trip/nowhere?user_id=bob", "nobody", "ALICE"):
        with subtests.test(path):
            assert await refused(await Tab.open(f"{server.ws}/{path}", headers=headers)) == 4403


async def test_a_trip_socket_need_not_say_whose_it_is(server: Server, token: Token, trip: str) -> None:
    alice = await Tab.open(f"{server.ws}/trip/{trip}", headers=bearer(await token("alice")))
    assert (await alice.expect("connection"))["trip_id"] == trip
    await alice.close()


async def test_there_is_nothing_at_other_addresses(server: Server, token: Token, subtests: pytest.Subtests) -> None:
    headers = bearer(await token("alice"))
    for path in ("", "a/b", "trip/a/b", "a%20b", "x" * 65, "%00", "../../../admin"):
        with subtests.test(path), pytest.raises(InvalidStatus) as answer:
            await Tab.open(f"{server.ws}/{path}", headers=headers)
        assert answer.value.response.status_code == 403


# Until it ends


def sign_out(cookies: dict[str, str]) -> None:
    browser = Client()
    browser.cookies["sessionid"] = cookies["alice"]
    browser.post("/accounts/logout/")


def change_password(_: dict[str, str]) -> None:
    alice = User.objects.get(username="alice")
    alice.set_password("battery staple")
    alice.save()


def disable(_: dict[str, str]) -> None:
    User.objects.filter(username="alice").update(is_active=False)


@pytest.mark.parametrize("end", [sign_out, change_password, disable])
async def test_with_the_sign_in_its_sockets_end(
    open_tab: Open, cookies: dict[str, str], trip: str, end: Callable[[dict[str, str]], None]
) -> None:
    bob = await open_tab("bob")
    tabs = [await open_tab("alice"), await open_tab("alice", trip=trip, v1=False)]
    began = time.monotonic()
    await ask(lambda: end(cookies))
    assert [await tab.expect_close() for tab in tabs] == [4401, 4401]
    assert time.monotonic() - began <= WITHIN
    assert {(await tab.expect("error"))["code"] for tab in tabs} == {"unauthenticated"}
    await bob.settle()


async def test_who_signs_out_on_the_page_is_signed_out_of_its_socket(
    server: Server, open_tab: Open, cookies: dict[str, str]
) -> None:
    alice = await open_tab("alice")
    await asyncio.to_thread(sign_out_on_the_page, server, cookies["alice"])
    ended = time.monotonic()
    assert await alice.expect_close() == 4401
    assert time.monotonic() - ended <= WITHIN


async def test_signing_out_in_one_browser_leaves_the_other_signed_in(
    server: Server, open_tab: Open, cookies: dict[str, str], token: Token
) -> None:
    here = await open_tab("alice")
    there = await Tab.open(f"{server.ws}/alice", headers=bearer(await token("alice")))
    await ask(lambda: sign_out(cookies))
    assert await here.expect_close() == 4401
    assert [message["type"] for message in await there.settle()] == ["connection"]
    await there.close()


async def test_a_token_that_was_signed_out_is_none(server: Server, token: Token) -> None:
    secret = await token("alice")
    await ask(lambda: change_password({}))
    assert await refused(await Tab.open(f"{server.ws}/alice", headers=bearer(secret))) == 4401


async def test_with_its_token_a_socket_ends(server: Server, token: Token, trip: str) -> None:
    secret = await token("alice", seconds=3)
    expires = jwt.decode(secret, options={"verify_signature": False})["exp"]
    alice = await Tab.open(f"{server.ws}/trip/{trip}", headers=bearer(secret))
    await alice.expect("joined")
    assert await alice.expect_close() == 4401
    assert expires <= time.time() <= expires + WITHIN


async def test_what_is_said_after_the_end_is_not_done(open_tab: Open, cookies: dict[str, str], trip: str) -> None:
    alice, bob = await open_tab("alice", trip=trip), await open_tab("bob", trip=trip)
    await ask(lambda: disable(cookies))
    await alice.send("trip_update", {"title": "Still here"})
    assert (await alice.expect("error"))["code"] in ("not_found", "unauthenticated")
    assert await alice.expect_close() == 4401
    assert "trip_updated" not in {message["type"] for message in await bob.settle()}
