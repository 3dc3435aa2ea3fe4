"""The page that describes the API: it works under the strict policy, for everyone, and what is tried there is done."""

import json
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.server import ROOT, Server

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def alices(browser: Browser, server: Server, cookies: dict[str, str]) -> Iterator[Page]:
    """Alice's browser on the page. What the page complains about fails the test."""
    complaints: list[str] = []
    context = browser.new_context(base_url=server.http)
    context.add_cookies([{"name": "sessionid", "value": cookies["alice"], "url": server.http}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on(
        "request", lambda asked: None if asked.url.startswith((server.http, "data:")) else complaints.append(asked.url)
    )
    page.goto("/api/docs/")
    page.locator(".opblock").first.wait_for()
    yield page
    context.close()
    assert complaints == []


def test_what_is_tried_there_is_done_as_who_is_signed_in(alices: Page, trip: str) -> None:
    operation = alices.locator("#operations-trips-trip_partial_update")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_placeholder("trip_id").fill(trip)
    operation.get_by_label("Request body").fill(json.dumps({"notes": "tried out"}))
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    assert "200" in answer.locator(".response-col_status").inner_text()
    assert '"notes": "tried out"' in answer.inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(alices: Page, width: int, theme: Literal["light", "dark"]) -> None:
    alices.emulate_media(color_scheme=theme)
    alices.set_viewport_size({"width": width, "height": 800})
    operation = alices.locator("#operations-itinerary-itinerary_create")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    alices.evaluate(AXE)
    # To look into the styles, axe would copy imported ones into the page, which the policy forbids.
    wrong = alices.evaluate("axe.run({ preload: false })")["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in wrong] == []
    assert alices.evaluate("document.documentElement.scrollWidth") <= width
