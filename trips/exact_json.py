"""JSON in which a number with a point is a Decimal, exact in both directions."""

import json
from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)

encode = _encoder.encode
decode = _decoder.decode


class ExactEncoder(json.JSONEncoder):
    """For `JSONField(encoder=…)`, which hands it to `json.dumps`."""

    def encode(self, o: Any) -> str:
        return encode(o).decode()


class ExactDecoder(json.JSONDecoder):
    """For `JSONField(decoder=…)`, which hands it to `json.loads`."""

    def decode(self, s: str, *_: Any) -> Any:
        return decode(s)
