"""What is taken as JSON, and what is refused before anyone looks into it."""

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from trips import exact_json
from trips.refusals import Refused

DEPTH = settings.MESSAGE_MAX_DEPTH


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize("text", ["0.1", "1234567890.12345", "1e2", "150.00"])
def test_a_number_keeps_its_exact_value(text: str) -> None:
    value = exact_json.read(text)
    assert value == Decimal(text)
    assert exact_json.decode(exact_json.encode(value)) == Decimal(text)


@pytest.mark.parametrize("raw", [nested(DEPTH), '{"a":' * DEPTH + "1" + "}" * DEPTH, '"' + "[" * 99 + '"', b"{}"])
def test_what_is_within_the_limits_is_read(raw: str | bytes) -> None:
    exact_json.read(raw)


REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": ("", "bad_json"),
    "words": ("hello", "bad_json"),
    "two values": ("{} {}", "bad_json"),
    "NaN": ('{"amount": NaN}', "bad_json"),
    "an endless number": ("-Infinity", "bad_json"),
    "bytes that are no UTF-8": (b'"\xff\xfe"', "bad_json"),
    "text that is no UTF-8": ('"\ud800"', "bad_json"),
    "a lone high surrogate": (r'"\ud800"', "bad_json"),
    "a lone low surrogate": (r'"\udc00 and more"', "bad_json"),
    "a lone surrogate in a name": (r'{"\ud800x": 1}', "bad_json"),
    "another encoding": ('{"a": 1}'.encode("utf-16"), "bad_json"),
    "a number of 5,000 digits": ("9" * 5_000, "invalid"),
    "an exponent beyond all": ("1e9999999999999999999", "invalid"),
    "one level too deep": (nested(DEPTH + 1), "invalid"),
    "5,000 levels": (nested(5_000), "invalid"),
    "5,000 levels without an end": ("[" * 5_000, "invalid"),
    "more bytes than are taken": (f'"{"é" * (settings.MESSAGE_MAX_BYTES // 2)}"', "invalid"),
}


@pytest.mark.parametrize(("raw", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(raw: str | bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        exact_json.read(raw)
    assert refused.value.code == code


def test_a_refusal_quotes_nothing_of_what_was_sent() -> None:
    with pytest.raises(Refused) as refused:
        exact_json.read('{"secret": "hush"')
    assert "hush" not in refused.value.message
    assert "secret" not in refused.value.message
