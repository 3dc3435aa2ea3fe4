"""Columns that need a word to the database."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class BytewiseField(models.CharField):
    """Text that the database compares byte by byte, as fractional index keys need it."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class MoneyField(models.DecimalField):
    """An amount in the trip's currency: nine digits and up to five places, which SQLite keeps exactly too."""

    PLACES = 5

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": 9 + self.PLACES, "decimal_places": self.PLACES}
        super().__init__(*args, **kwargs)


class MinutesField(models.PositiveIntegerField):
    """A length of time in minutes, a month at most."""

    MAX = 31 * 24 * 60
    default_validators = [MaxValueValidator(MAX)]
