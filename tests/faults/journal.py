"""The journal as it is stored, read past the program: what is true, whatever anybody was told."""

import json
import re
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from .recording import Row

FIELDS = "t.public_id, c.seq, u.username, coalesce(c.mutation_id, ''), c.op, c.after"
TABLES = "trips_change c JOIN trips_trip t ON t.id = c.trip_id JOIN trips_user u ON u.id = c.actor_id"
ORDER = "ORDER BY c.trip_id, c.seq"
MARK = re.compile("«(.+?)»")


def from_postgres(url: str) -> list[Row]:
    """With the moment of the commit itself."""
    committed = "extract(epoch from pg_xact_commit_timestamp(c.xmin))"
    query = f"SELECT {FIELDS}, {committed} FROM {TABLES} {ORDER}"
    with psycopg.connect(url) as connection:
        return rows((*row[:6], float(row[6])) for row in connection.execute(query))


def from_sqlite(path: Path) -> list[Row]:
    """With the time that the change itself carries: just before its commit, so that delays come out a little longer."""
    query = f"SELECT {FIELDS}, c.time FROM {TABLES} {ORDER}"
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(query).fetchall()
    return rows((*row[:6], datetime.fromisoformat(f"{row[6]}+00:00").timestamp()) for row in found)


def rows(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """The wall clock's times as those of the monotonic one; both are of this machine."""
    offset = time.time() - time.monotonic()
    return [
        Row(trip, seq, person, mutation_id, at - offset, marks_in(after) if op == "set" else ())
        for trip, seq, person, mutation_id, op, after, at in found
    ]


def marks_in(after: Any) -> tuple[str, ...]:
    """Which mutations the text of a change names. SQLite gives its JSON as text."""
    values = json.loads(after) if isinstance(after, str) else after
    return tuple(set(MARK.findall(json.dumps(values, ensure_ascii=False))))
