"""What somebody does on the pages of a running server, without a browser."""

from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.server import Server


def sign_out_on_the_page(server: Server, session_key: str) -> None:
    """The question whether one means it, and its button."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    url, headers = f"{server.http}/accounts/logout/", {"Cookie": f"sessionid={session_key}"}
    browser.open(Request(url, headers=headers)).close()
    secret = next(cookie.value for cookie in jar if cookie.name == "csrftoken") or ""
    headers["Cookie"] += f"; csrftoken={secret}"
    browser.open(Request(url, urlencode({"csrfmiddlewaretoken": secret}).encode(), headers)).close()
