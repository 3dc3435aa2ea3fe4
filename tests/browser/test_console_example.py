"""The example for the browser's console, in the feature document."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.server import ROOT, Server
from trips.changes import create_trip
from trips.models import User
from trips.mutations import Step

EXAMPLE = (ROOT / "tests" / "realtime" / "feature_document_js" / "browser_console.js").read_text()


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    return {name: User.objects.create_user(name, name=name.title()) for name in ("user123", "testuser")}


@pytest.fixture
def trip(people: dict[str, User]) -> str:
    edits = Step("member", {"user_id": "testuser", "role": "editor"})
    return create_trip(people["user123"], {"title": "Paris"}, edits, trip_id="trip123")


def test_the_example_works_when_signed_in(browser: Browser, server: Server, cookies: dict[str, str], trip: str) -> None:
    context = browser.new_context(base_url=server.http)
    context.add_cookies([{"name": "sessionid", "value": cookies["testuser"], "url": server.http}])
    page = context.new_page()
    page.goto("/")
    logged: list[dict[str, Any]] = []
    page.on("console", lambda said: logged.extend(argument.json_value() for argument in said.args))
    console = context.new_cdp_session(page)

    def enter(statement: str) -> None:
        here = statement.replace("localhost:8000", server.http.removeprefix("http://"))
        console.send("Runtime.evaluate", {"expression": here, "replMode": True, "awaitPromise": True})

    with page.expect_console_message(lambda said: "trip_updated" in said.text):
        for statement in EXAMPLE.split("\n\n"):
            # As a person types: one after the other, and no faster than the connection opens.
            enter(statement)
            enter("new Promise((open) => ws.readyState === 1 ? open() : ws.addEventListener('open', open))")
    told = [message for message in logged if message["type"] != "connection"]  # it may come before one listens
    assert [message["type"] for message in told] == ["joined", "user_joined", "trip_updated"]
    assert told[-1]["data"] == {"title": "New Trip Title"}
    context.close()
