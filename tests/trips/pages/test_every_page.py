"""What holds on every page: a strict policy, nothing from elsewhere, the theme, words for what goes wrong."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from pytest_django import Settings

from .conftest import SignIn

# A connection of its own reads the trip page: it sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])


def test_the_front_page_leads_to_an_account(client: Client) -> None:
    html = client.get("/").content.decode()
    assert "One plan that everyone is holding." in html
    assert 'href="/accounts/signup/"' in html
    assert "/demo/" not in html


def test_with_debug_one_click_signs_in_to_the_demo(client: Client, signed_in: SignIn, settings: Settings) -> None:
    settings.DEBUG = True
    signed_in("user123")
    assert 'action="/demo/"' in client.get("/").content.decode()
    assert client.post("/demo/").headers["Location"] == "/trips/trip123/"
    assert client.get("/trips/").context["user"].username == "user123"
    assert 'action="/demo/"' not in client.get("/").content.decode()  # whoever is signed in stays it


def test_without_debug_there_is_no_demo(client: Client, signed_in: SignIn) -> None:
    signed_in("user123")
    assert client.post("/demo/").status_code == 404
    assert client.get("/trips/").status_code == 302


def test_the_theme_goes_from_system_to_light_to_dark_and_back(client: Client) -> None:
    for shown in ('data-theme="light"', 'data-theme="dark"', '<html lang="en">'):
        answer = client.post("/theme/", {"next": "/accounts/login/"})
        assert answer.headers["Location"] == "/accounts/login/"
        assert shown in client.get("/").content.decode()


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_changing_the_theme_leads_nowhere_else(client: Client, away: str) -> None:
    assert client.post("/theme/", {"next": away}).headers["Location"] == "/"


def test_a_theme_that_is_none_is_not_written_into_the_page(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/").content.decode()


class Loads(HTMLParser):
    """What a page makes the browser fetch, and what would break under the strict policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.forbidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.urls += [given[name] or "" for name in ("src", "href", "action") if name in given and tag != "a"]
        self.forbidden += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not {"src", "nonce"} & set(given) and "json" not in str(given)):
            self.forbidden.append(tag)


PAGES = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-gone/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/nothing-here/",
)
PAGES_OF_ALICE = (
    "/",
    "/trips/",
    "/trips/paris/",
    "/trips/paris/budget/",
    "/accounts/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/trips/nothing/",
)


def assert_strict(client: Client, path: str) -> None:
    answer = client.get(path)
    html = answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    loads = Loads(html)
    assert loads.urls
    assert [url for url in loads.urls if not re.match(r"/(?!/)|#", url)] == []
    assert loads.forbidden == []
    for nonce in re.findall(r'nonce="([^"]*)"', html):
        assert f"'nonce-{nonce}'" in policy
    assert html.count("<h1") == 1
    assert '<html lang="en"' in html


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(client: Client, path: str) -> None:
    assert_strict(client, path)


@pytest.mark.parametrize("path", PAGES_OF_ALICE)
def test_so_does_a_page_of_somebody_signed_in(alice: Client, trip: str, path: str) -> None:
    assert_strict(alice, path)


def test_when_something_breaks_the_page_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("trips.modules.imports", broken)
    monkeypatch.setattr("trips.theme.of", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "secret reason" not in answer.content.decode()


def test_a_form_that_is_too_old_says_what_to_do(signed_in: SignIn) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/theme/")
    assert answer.status_code == 403
    assert "Send it once more" in answer.content.decode()
