"""How much one person may ask for."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pytest_django import Settings
from rest_framework.test import APIClient

from trips.api.throttles import waiting_time

from .conftest import PARIS, TRIPS

pytestmark = pytest.mark.django_db


@pytest.fixture
def tight(settings: Settings) -> None:
    settings.MESSAGES_PER_SECOND, settings.MESSAGES_BURST = 0.1, 5
    settings.MUTATIONS_PER_SECOND, settings.MUTATIONS_BURST = 0.1, 2


def test_who_changes_too_fast_is_told_how_long_to_wait(tight: None, bob: APIClient, paris: str) -> None:
    codes = [bob.patch(PARIS, {"notes": str(number)}).status_code for number in range(3)]
    assert codes == [200, 200, 429]
    answer = bob.patch(PARIS, {"notes": "more"})
    assert answer.json()["code"] == "rate_limited"
    assert 9 < answer.json()["retry_after"] <= 10
    assert answer.headers["Retry-After"] == "10"
    assert bob.get(PARIS).status_code == 200


def test_one_person_s_haste_is_not_another_s(tight: None, alice: APIClient, bob: APIClient, paris: str) -> None:
    assert [bob.get(TRIPS).status_code for _ in range(6)][-1] == 429
    assert alice.get(TRIPS).status_code == 200


def test_without_a_sign_in_an_address_counts(tight: None, client: APIClient) -> None:
    paths = ["/api/v1/ws/stats"] * 6
    assert [client.get(path).status_code for path in paths] == [200] * 5 + [429]
    forwarded = client.get(paths[0], headers={"X-Forwarded-For": "10.0.0.7"})
    assert forwarded.status_code == 429


def test_a_cache_that_is_away_stops_nobody(tight: None, bob: APIClient, paris: str) -> None:
    with patch("trips.api.throttles.cache.get", side_effect=ConnectionError):
        assert {bob.patch(PARIS, {"notes": "n"}).status_code for _ in range(4)} == {200}


@given(rate=some.floats(0.5, 100), burst=some.integers(1, 60), steps=some.lists(some.floats(0, 3), max_size=80))
def test_in_any_stretch_no_more_go_through_than_the_burst_and_the_rate_allow(
    rate: float, burst: int, steps: list[float]
) -> None:
    now, paid, taken = 0.0, 0.0, 0
    for step in steps:
        now += step
        wait, paid = waiting_time(paid, now, rate, burst)
        taken += not wait
        assert taken <= burst + rate * now + 1e-6
        if wait:
            assert waiting_time(paid, now + wait + 1e-6, rate, burst)[0] == 0
