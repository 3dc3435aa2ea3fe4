"""Many values asked for as one parameter."""

import json
from typing import Any

from django.db.models import F, Lookup

Sql = tuple[str, list[Any]]


class Among(Lookup):
    """What `in` asks. But it is one statement for any number of values, and no number is too many.

    `in` makes another one for each number of values. SQLite's driver keeps 128 statements of each connection: of
    those that look at 5,000 sockets as they come and go, each is a megabyte.
    """

    prepare_rhs = False

    def __init__(self, field: str, values: Any) -> None:
        super().__init__(F(field), values)

    def as_sqlite(self, compiler: Any, connection: Any) -> Sql:
        field, given = self.process_lhs(compiler, connection)
        return f"{field} IN (SELECT value FROM json_each(%s))", [*given, json.dumps(list(self.rhs))]  # noqa: S608 (a column)

    def as_postgresql(self, compiler: Any, connection: Any) -> Sql:
        field, given = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s)", [*given, list(self.rhs)]
