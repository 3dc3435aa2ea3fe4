"""The example for the browser's console, in the feature document."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.server import ROOT, Server
from trips.changes import create_trip
from trips.models import User
from trips.mutations import Step

PATIENCE = 15.0  # seconds
EXAMPLE = (ROOT / "tests" / "realtime" / "feature_document_js" / "browser_console.js").read_text()


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """One of our own: nobody was in a trip of this name before."""
    running = Server(tmp_path / "log.txt").start()
    yield running
    running.stop()


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
    page.add_init_script("window.said = []; console.log = (...words) => window.said.push(...words)")
    page.goto("/")
    console = context.new_cdp_session(page)

    def enter(statement: str) -> None:
        here = statement.replace("localhost:8000", server.http.removeprefix("http://"))
        answer = console.send("Runtime.evaluate", {"expression": here, "replMode": True})
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]

    for statement in EXAMPLE.split("\n\n"):
        # As a person types: one after the other, and no faster than the connection opens.
        enter(statement)
        enter("await new Promise((open) => ws.readyState === 1 ? open() : ws.addEventListener('open', open))")
    told: list[dict[str, Any]] = []
    deadline = time.monotonic() + PATIENCE
    while "trip_updated" not in [message["type"] for message in told] and time.monotonic() < deadline:
        page.wait_for_timeout(20)
        told = [message for message in page.evaluate("said") if message["type"] != "connection"]
    # The greeting may come before one listens.
    assert [message["type"] for message in told] == ["joined", "user_joined", "trip_updated"]
    assert told[-1]["data"] == {"title": "New Trip Title"}
    context.close()
