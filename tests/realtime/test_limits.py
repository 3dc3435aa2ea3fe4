"""Token buckets, against a clock that is passed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.limits import Bucket, Limits
from trips.refusals import Refused

rates = st.floats(0.1, 1_000)
bursts = st.integers(1, 1_000)
# When each request comes, as steps from the one before it, and how many tokens it wants.
requests = st.lists(st.tuples(st.floats(0, 10), st.integers(1, 5)), min_size=1, max_size=100)


def test_a_burst_is_there_from_the_start() -> None:
    bucket = Bucket(rate=10, burst=3)
    assert [bucket.take(0.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(0.0) == pytest.approx(0.1)


def test_a_refusal_takes_nothing() -> None:
    bucket = Bucket(rate=1, burst=2)
    bucket.take(0.0, 2)
    for _ in range(5):
        assert bucket.take(0.5) == pytest.approx(0.5)
    assert bucket.take(1.0) == 0


def test_it_fills_up_to_its_burst_and_no_further() -> None:
    bucket = Bucket(rate=10, burst=3)
    bucket.take(0.0, 3)
    assert [bucket.take(3_600.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(3_600.0) > 0


@given(rates, bursts, requests)
def test_never_more_is_given_than_a_burst_and_what_the_time_brought(
    rate: float, burst: int, wanted: list[tuple[float, int]]
) -> None:
    bucket, now, given_away = Bucket(rate, burst), 0.0, 0
    for step, tokens in wanted:
        now += step
        if bucket.take(now, tokens) == 0:
            given_away += tokens
        assert given_away <= burst + rate * now + 1e-6


@given(rates, bursts, requests)
def test_who_waits_as_long_as_told_is_served(rate: float, burst: int, wanted: list[tuple[float, int]]) -> None:
    bucket, now = Bucket(rate, burst), 0.0
    for step, tokens in wanted:
        tokens, now = min(tokens, burst), now + step
        if wait := bucket.take(now, tokens):
            now += wait + 1e-9 * max(1.0, now)
            assert bucket.take(now, tokens) == 0


def test_the_limits_of_a_connection_are_those_of_the_protocol() -> None:
    limits = Limits()
    bucket = limits.mutations
    assert (limits.messages.rate, limits.messages.burst) == (20, 60)
    assert (bucket.rate, bucket.burst) == (10, 40)
    assert limits.joins.rate == 5


def test_a_wait_is_never_told_as_none() -> None:
    limits = Limits()
    with pytest.raises(Refused) as refused:
        limits.check(Bucket(rate=1e6, burst=1), 2)
    assert refused.value.retry_after == 0.001


def test_a_refusal_says_how_long_to_wait() -> None:
    limits = Limits()
    limits.check(limits.mutations, 40)
    with pytest.raises(Refused) as refused:
        limits.check(limits.mutations)
    assert refused.value.code == "rate_limited"
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 0.1
