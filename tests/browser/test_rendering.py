"""One change, one component: what a change by somebody else costs on the page of a trip of 300 stops."""

import statistics
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from trips.changes import create_trip
from trips.models import User
from trips.mutations import Step

DAYS, STOPS_A_DAY = 30, 10
MOST_MS = 5.0  # the 95th percentile, CPU not slowed

# Takes changes in as the socket would, and counts what Preact draws (`__r` is its hook before each render).
TAKE_IN = """async (changes) => {
  const { options } = await import("preact");
  const { desk: { store } } = await import("#trips/page.js");
  const drawn = [];
  const before = options.__r;
  options.__r = (vnode) => { drawn.push(vnode.type.name); before?.(vnode); };
  const results = [];
  for (const { data, id, op = "set" } of changes) {
    drawn.length = 0;
    const start = performance.now();
    store.receive({ type: "itinerary_updated", trip_id: store.tripId, seq: store.seq + 1, op, id, data: { id, ...data },
      updated_by: "bob", timestamp: new Date().toISOString() });
    for (let turn = 0; turn < 5; turn++) await null;  // Preact draws in a microtask
    const card = document.querySelector(`[data-key="itinerary:${id}"]`);
    const height = card?.getBoundingClientRect().height;  // makes the browser lay it out
    const ms = performance.now() - start;
    results.push({ ms, drawn: [...drawn], there: height > 0 && card.innerText.includes(data.activity ?? "") });
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
  options.__r = before;
  return results;
}"""


@pytest.fixture
def trip(people: dict[str, User]) -> str:
    """Thirty days with ten stops each."""
    stops = (
        Step(
            "itinerary",
            {
                "id": f"s{day}-{number}",
                "day": day,
                "activity": f"Stop {number} of day {day}",
                "time": f"{8 + number}:00",
                "duration": 45,
                "cost": 10 + number,
                "category": "food",
                "place": "12 Rue de Rivoli, 4e",
            },
        )
        for day in range(1, DAYS + 1)
        for number in range(1, STOPS_A_DAY + 1)
    )
    return create_trip(
        people["alice"],
        {"title": "A month in Paris", "start_date": "2027-04-01", "end_date": "2027-04-30"},
        Step("member", {"user_id": "bob", "role": "editor"}),
        *stops,
        trip_id="trip300",
    )


def take_in(page: Page, *changes: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(TAKE_IN, list(changes))
    return found


def test_a_change_draws_one_component(open_page: Open) -> None:
    page = open_page("alice")
    title, place, notes = take_in(
        page,
        {"id": "s3-4", "data": {"activity": "Louvre"}},
        {"id": "s3-4", "data": {"place": "Carrousel"}},
        {"id": "s3-4", "data": {"status": "booked"}},
    )
    assert [title["drawn"], place["drawn"], notes["drawn"]] == [["Card"]] * 3


def test_a_new_cost_draws_its_card_and_no_list(open_page: Open) -> None:
    """The sums of the day and of the trip change as text, without a component."""
    page = open_page("alice")
    (cost,) = take_in(page, {"id": "s3-4", "data": {"cost": 1000}})
    assert cost["drawn"] == ["Card"]
    assert page.locator("#day-3 header").inner_text().endswith("€1,141")


def test_a_move_draws_the_two_days(open_page: Open) -> None:
    page = open_page("alice")
    (moved,) = take_in(page, {"id": "s3-4", "data": {"day": 5, "position": "zz"}})
    assert moved["drawn"].count("Day") == 2
    assert moved["drawn"].count("Card") == 1


def p95_of(page: Page, round_: int) -> float:
    changes = [
        {"id": f"s{1 + n % DAYS}-{1 + n % STOPS_A_DAY}", "data": {"activity": f"Changed for the {round_}.{n}th time"}}
        for n in range(100)
    ]
    results = take_in(page, *changes)
    assert all(result["drawn"] == ["Card"] and result["there"] for result in results)
    times: list[float] = [result["ms"] for result in results]
    return statistics.quantiles(times, n=20)[-1]


def test_a_change_is_on_the_screen_within_five_milliseconds(open_page: Open) -> None:
    """The best of some rounds: other work on the machine only ever adds."""
    page = open_page("alice")
    p95s: list[float] = []
    while len(p95s) < 8 and min(p95s, default=MOST_MS + 1) > MOST_MS:
        p95s.append(p95_of(page, len(p95s)))
    assert min(p95s) <= MOST_MS
