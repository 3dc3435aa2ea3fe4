"""The values that messages carry, with sentences that help when they do not fit."""

import re
import unicodedata
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision, list_currencies
from rest_framework import serializers

from . import ids
from .models.fields import MinutesField, MoneyField

# C0 controls except newline and tab, and lone surrogates: never text that somebody wrote.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
MOST_DIGITS = Decimal(10) ** 9


def shown(value: Any) -> str:
    """A given value as a sentence quotes it: short, and on one line."""
    text = " ".join(str(value).split())
    return f"“{text[:40]}…”" if len(text) > 41 else f"“{text}”"


class Text(serializers.Field[str, str, str, Any]):
    """Text as it was written, in NFC. `required_text` refuses what is only white space."""

    def __init__(self, *, max_length: int = 10_000, filled: bool = False, **kwargs: Any) -> None:
        self.max_length = max_length
        self.filled = filled
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        if FORBIDDEN.search(data):
            raise serializers.ValidationError("This has a control character, which text cannot hold.")
        text = unicodedata.normalize("NFC", data)
        if len(text) > self.max_length:
            raise serializers.ValidationError(
                f"This has {len(text):,} characters; at most {self.max_length:,} are kept."
            )
        if self.filled and not text.strip():
            raise serializers.ValidationError("This cannot be empty.")
        return text

    def to_representation(self, value: str) -> str:
        return str(value)


class Choice(Text):
    """One of a few words."""

    def __init__(self, choices: list[str], **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text not in self.choices:
            allowed = ", ".join(f"“{choice}”" for choice in self.choices)
            raise serializers.ValidationError(f"{shown(data)} is not one of {allowed}.")
        return text


class PublicId(Text):
    """The id of an object."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and ids.is_id(data):  # so it is in NFC, and has no control characters
            return data
        text = super().to_internal_value(data)
        if not ids.is_id(text):
            raise serializers.ValidationError(f"{shown(data)} is not an id. An id is {ids.RULE}.")
        return text


class Whole(serializers.Field[int, int, int, Any]):
    """A whole number within bounds. A boolean or text is none."""

    def __init__(self, *, lowest: int, highest: int, **kwargs: Any) -> None:
        self.lowest, self.highest = lowest, highest
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError("This must be a whole number.")
        if not self.lowest <= data <= self.highest:
            raise serializers.ValidationError(f"This must be between {self.lowest:,} and {self.highest:,}.")
        return data

    def to_representation(self, value: int) -> int:
        return value


class Minutes(Whole):
    """A length of time, in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lowest=0, highest=MinutesField.MAX, **kwargs)


def _decimal(data: Any) -> Decimal:
    """The exact value of a JSON number or a decimal string. Raises ValidationError."""
    if isinstance(data, bool) or not isinstance(data, int | float | str | Decimal):
        raise serializers.ValidationError("This must be a number.")
    if isinstance(data, int) and abs(data) >= MOST_DIGITS:
        raise serializers.ValidationError(f"This must be below {MOST_DIGITS:,}.")
    try:
        value = Decimal(str(data).strip() if len(str(data)) < 100 else "NaN")
    except InvalidOperation:
        raise serializers.ValidationError(f"{shown(data)} is not a number.") from None
    if not value.is_finite():
        raise serializers.ValidationError("This must be a finite number of reasonable length.")
    return value


class Degrees(serializers.Field[float, Any, float, Any]):
    """A coordinate in degrees."""

    def __init__(self, *, highest: int, **kwargs: Any) -> None:
        self.highest = highest
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> float:
        value = float(_decimal(data))
        if abs(value) > self.highest:
            raise serializers.ValidationError(f"This must be between -{self.highest} and {self.highest} degrees.")
        return value

    def to_representation(self, value: float) -> float:
        return value


class Money(serializers.Field[Decimal, Any, Decimal, Any]):
    """An amount: a number or a decimal string, not negative.

    It has at most two places more than the currency has, and no more than are kept.
    """

    def to_internal_value(self, data: Any) -> Decimal:
        value = _decimal(data)
        if not 0 <= value < MOST_DIGITS:
            raise serializers.ValidationError(f"An amount is at least 0 and below {MOST_DIGITS:,}.")
        currency = self.context.get("currency", "EUR")
        places = min(get_currency_precision(currency) + 2, MoneyField.PLACES)
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            raise serializers.ValidationError(f"An amount in {currency} has at most {places} decimal places.")
        return abs(value)

    def to_representation(self, value: Decimal) -> Decimal:
        return plain(value)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 150.00000 is 150."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


class Currency(Text):
    """An ISO 4217 code."""

    KNOWN = frozenset(list_currencies())

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data).upper()
        if code not in self.KNOWN:
            raise serializers.ValidationError(f"{shown(data)} is not a currency. Write a code such as EUR or JPY.")
        return code


TIME = re.compile(r"\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::00)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*", re.ASCII)


class Clock(serializers.Field[time, Any, str, Any]):
    """A time of day, local to the place: “10:00” or “10:00 AM”; told as “10:00”."""

    def to_internal_value(self, data: Any) -> time:
        match = TIME.fullmatch(data) if isinstance(data, str) else None
        hour, minute = (int(match["hour"]), int(match["minute"])) if match else (99, 99)
        if match and match["half"]:
            hour = hour % 12 + (12 if match["half"][0] in "pP" else 0) if 1 <= hour <= 12 else 99
        if hour > 23 or minute > 59:
            raise serializers.ValidationError(f"{shown(data)} is not a time. Write 19:30 or 7:30 PM.")
        return time(hour, minute)

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"
