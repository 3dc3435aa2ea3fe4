"""How the fields of messages are described in the schema."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema

from .. import ids
from ..fields import MOST_DIGITS
from ..models.fields import MoneyField

AMOUNT = {"type": "number", "minimum": 0, "maximum": int(MOST_DIGITS), "exclusiveMaximum": True}
AMOUNT_AS_TEXT = {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,2})?$"}


class Described(OpenApiSerializerFieldExtension):
    """A field that tells its own schema; `direction` is "request" or "response"."""

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return self.describe(self.target, direction == "request")

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        """The schema of what is `given`, or else of what is told."""
        raise NotImplementedError


class TextSchema(Described):
    target_class = "trips.fields.Text"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        filled = {"minLength": 1, "pattern": r"\S"} if field.filled else {}
        return {"type": "string", "maxLength": field.max_length, **filled}


class ChoiceSchema(Described):
    target_class = "trips.fields.Choice"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        return {"type": "string", "enum": list(field.choices)}


class PublicIdSchema(Described):
    target_class = "trips.fields.PublicId"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{ids.PATTERN}$"}


class CurrencySchema(Described):
    target_class = "trips.fields.Currency"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        return {"type": "string", "minLength": 3, "maxLength": 3, "description": "An ISO 4217 code."}


class WholeSchema(Described):
    target_class = "trips.fields.Whole"
    match_subclasses = True

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        return {"type": "integer", "minimum": field.lowest, "maximum": field.highest}


class DegreesSchema(Described):
    target_class = "trips.fields.Degrees"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        return {"type": "number", "minimum": -field.highest, "maximum": field.highest}


class MoneySchema(Described):
    target_class = "trips.fields.Money"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        most = f"at most two places more than the currency has, and no more than {MoneyField.PLACES}"
        sentence = f"Exact, in the trip's currency, with {most}."
        return {"oneOf": [AMOUNT, AMOUNT_AS_TEXT], "description": sentence} if given else AMOUNT


class ClockSchema(Described):
    target_class = "trips.fields.Clock"

    def describe(self, field: Any, given: bool) -> dict[str, Any]:
        if given:
            return {"type": "string", "description": "A time of day at the place: 19:30, or 7:30 PM."}
        return {"type": "string", "pattern": r"^\d\d:\d\d$"}
