"""JSON in which a number with a point is a Decimal, exact in both directions."""

import json
from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings

from .refusals import Refused

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)

encode = _encoder.encode
decode = _decoder.decode


def read(raw: bytes | str) -> Any:
    """What somebody sent us, within the limits of docs/PROTOCOL.md. Raises Refused: bad_json, invalid."""
    try:
        octets = raw.encode() if isinstance(raw, str) else raw
        if len(octets) > settings.MESSAGE_MAX_BYTES:
            raise Refused("invalid", f"This is longer than the {settings.MESSAGE_MAX_BYTES:,} bytes that are taken.")
        value = decode(octets)
    except (msgspec.ValidationError, ArithmeticError):
        raise Refused("invalid", "A number in this has more digits than are taken.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        # A decoder's words tell the place, but no text; a UnicodeError's do.
        reason = "not UTF-8" if isinstance(error, UnicodeError) else str(error).removeprefix("JSON is malformed: ")
        raise Refused("bad_json", f"This is not JSON: {reason}.") from None
    if octets.count(b"[") + octets.count(b"{") > settings.MESSAGE_MAX_DEPTH:
        _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    level = _containers([value])
    for _ in range(settings.MESSAGE_MAX_DEPTH):
        level = [inner for outer in level for inner in _containers(outer)]
    if level:
        raise _too_deep()


def _containers(value: Any) -> list[Any]:
    return [inner for inner in (value.values() if isinstance(value, dict) else value) if isinstance(inner, dict | list)]


def _too_deep() -> Refused:
    return Refused("invalid", f"This is nested deeper than the {settings.MESSAGE_MAX_DEPTH} levels that are taken.")


class ExactEncoder(json.JSONEncoder):
    """For `JSONField(encoder=…)`, which hands it to `json.dumps`."""

    def encode(self, o: Any) -> str:
        return encode(o).decode()


class ExactDecoder(json.JSONDecoder):
    """For `JSONField(decoder=…)`, which hands it to `json.loads`."""

    def decode(self, s: str, *_: Any) -> Any:
        return decode(s)
