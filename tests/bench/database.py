"""Databases of the runs: an SQLite file or a PostgreSQL database each, filled once and copied for every measurement."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psycopg

from tests.own_services import Postgres, Redis, Service, postgres_binaries, service_folder
from tests.server import ROOT

from .machine import GENERATOR_CORE

FOLDER = ROOT / "var" / "bench"
numbers = count(1)
S = TypeVar("S", bound=Service)


@dataclass(frozen=True)
class Plan:
    """What a database is to hold: trips, members of each (no two trips share a person), and stops of each."""

    trips: int
    members: int
    stops: int = 10


@dataclass(frozen=True)
class Person:
    name: str
    session: str


@dataclass(frozen=True)
class World:
    """What is in it. `people[trip]`: its members, signed in; the first owns it."""

    plan: Plan
    people: Mapping[str, list[Person]]


class Storage(Protocol):
    """Where the servers of a run keep what they store. A database goes when the run is over."""

    name: str

    def fresh(self, plan: Plan) -> AbstractContextManager[tuple[str, World]]:
        """A new database, filled; its DATABASE_URL."""

    def empty(self) -> AbstractContextManager[str]:
        """A new database without tables; its DATABASE_URL."""


class SQLite:
    name = "SQLite"

    def __init__(self) -> None:
        self._made: dict[Plan, tuple[Path, World]] = {}

    @contextmanager
    def fresh(self, plan: Plan) -> Iterator[tuple[str, World]]:
        if plan not in self._made:
            path = FOLDER / f"made-{len(self._made)}.sqlite3"
            self._made[plan] = path, filled(f"sqlite:///{path}", plan)
        path, world = self._made[plan]
        with self.empty() as url:
            shutil.copyfile(path, url.removeprefix("sqlite:///"))
            yield url, world

    @contextmanager
    def empty(self) -> Iterator[str]:
        name = f"run-{next(numbers)}.sqlite3"
        try:
            yield f"sqlite:///{FOLDER / name}"
        finally:
            for file in FOLDER.glob(f"{name}*"):  # its log, too
                file.unlink()


class PostgreSQL:
    """A cluster of its own, as it comes: fsync and synchronous_commit are on. It lives on the generator's core.

    Nothing in it but what is being measured grows: another database would be vacuumed and analyzed meanwhile.
    """

    name = "PostgreSQL"

    def __init__(self, port: int) -> None:
        self._port = port
        self._made: dict[Plan, tuple[str, World]] = {}

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self._port}/{name}"

    @contextmanager
    def fresh(self, plan: Plan) -> Iterator[tuple[str, World]]:
        if plan not in self._made:
            name = f"made_{len(self._made)}"
            self._do(f"CREATE DATABASE {name}")
            self._made[plan] = name, filled(self.url(name), plan)
            self._do("VACUUM ANALYZE", name)
        made, world = self._made[plan]
        with self._new(made) as url:
            yield url, world

    def empty(self) -> AbstractContextManager[str]:
        return self._new("template1")

    @contextmanager
    def _new(self, template: str) -> Iterator[str]:
        name = f"run_{next(numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._do("CHECKPOINT")
        try:
            yield self.url(name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())


def changes_a_transaction(url: str) -> float:
    """How many changes were stored together, on average: those of a transaction bear one time."""
    with psycopg.connect(url) as connection:
        (found,) = connection.execute("SELECT count(*)::float / count(DISTINCT time) FROM trips_change")
    return float(found[0])


def postgresql_version() -> str:
    said = subprocess.check_output([(postgres_binaries() or Path()) / "postgres", "--version"], text=True)
    return " ".join(said.split()[::2][:2]).replace("postgres", "PostgreSQL")


@contextmanager
def own_postgresql() -> Iterator[PostgreSQL]:
    """Starts a cluster on a free port, and ends it."""
    with running(Postgres(service_folder(FOLDER, "postgresql"))) as cluster:
        yield PostgreSQL(cluster.port)


@contextmanager
def own_redis() -> Iterator[str]:
    """Starts a server on a free port, and ends it; its URL."""
    with running(Redis(service_folder(FOLDER, f"redis-{next(numbers)}"))) as server:
        yield server.url


@contextmanager
def running(service: S) -> Iterator[S]:
    """What it stored goes with it."""
    service.start()
    try:
        yield service
    finally:
        service.stop()
        shutil.rmtree(service.folder)


def filled(url: str, plan: Plan) -> World:
    """Makes the tables, and what the plan says."""
    people = found_with_django("seed", url, asdict(plan))
    return World(plan, {trip: [Person(*person) for person in members] for trip, members in people.items()})


def found_with_django(module: str, url: str, given: Any, core: int = GENERATOR_CORE) -> Any:
    """What a module of this folder prints for what it is `given`, in a process that has Django's settings."""
    done = subprocess.run(
        [
            *("taskset", "--cpu-list", str(core)),
            *(sys.executable, "-m", "tests.bench.with_django", module, json.dumps(given)),
        ],
        cwd=ROOT,
        env={**os.environ, **settings_for(url)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def settings_for(url: str) -> dict[str, str]:
    """The environment of every program of ours: as in production, with the limits above the load."""
    return {
        "DJANGO_SETTINGS_MODULE": "globetrotter.settings",
        "DATABASE_URL": url,
        "DATA_DIR": str(FOLDER),
        "SECRET_KEY": "a key for benchmarks only",
        "DEBUG": "false",
        "HTTPS": "false",
        "REDIS_URL": "",
        **dict.fromkeys(LIMITS, "1000000000"),
    }


LIMITS = (
    "MESSAGES_PER_SECOND",
    "MESSAGES_BURST",
    "MUTATIONS_PER_SECOND",
    "MUTATIONS_BURST",
    "JOINS_PER_SECOND",
    "OBJECTS_PER_TRIP",
    "OUTBOX_MAX_BYTES",
    "CLIENT_SILENCE",
)
