"""An installation of our own: its services, its database, and as many processes as a scene asks for."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.own_services import Postgres, Redis, service_folder
from tests.server import ROOT, Server

from . import journal
from .disk import SmallDisk
from .recording import Row

PEOPLE = 50  # everybody is a member of every trip
DOZEN = 12
SECRET_KEY = "only-for-the-servers-that-faults-are-done-to"


class Site:
    """In a folder that nobody else uses. `stop` ends all that it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: list[Server] = []
        self._trips: list[str] = []
        self._numbers = count(1)
        self._tokens: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
        self._served: list[Mapping[str, str]] = []

    @property
    def environment(self) -> dict[str, str]:
        raise NotImplementedError

    def journal(self) -> list[Row]:
        """All changes of all trips, as they are stored."""
        raise NotImplementedError

    def start(self) -> None:
        self.command("manage.py", "migrate", "--verbosity", "0")

    def stop(self) -> None:
        self.stop_servers()

    def serve(self, settings: Sequence[Mapping[str, str]]) -> None:
        """A process for each of `settings`; those that run with the same go on."""
        if list(settings) != self._served:
            self.stop_servers()
            logs = [self.folder / f"daphne-{number}.txt" for number in range(len(settings))]
            self.servers = [Server(log, **{**self.environment, **own}) for log, own in zip(logs, settings, strict=True)]
            self._served = list(settings)
        with ThreadPoolExecutor() as beside:
            list(beside.map(Server.start, [server for server in self.servers if not server.runs]))

    def stop_servers(self) -> None:
        for server in self.servers:
            server.kill()
        self.servers, self._served = [], []

    def trips(self, most: int) -> list[str]:
        """So many that nobody was in yet. They are made by the dozen: it takes a program of its own."""
        while len(self._trips) < most:
            made = [f"trip{next(self._numbers)}" for _ in range(DOZEN)]
            self.command("-m", "tests.faults.people", str(PEOPLE), *made)
            self._trips += made
        taken, self._trips = self._trips[:most], self._trips[most:]
        return taken

    def tokens(self, **settings: str) -> dict[str, str]:
        """For each person; made by a process with these settings, and kept."""
        key = tuple(sorted(settings.items()))
        if key not in self._tokens:
            self._tokens[key] = json.loads(self.command("-m", "tests.faults.people", str(PEOPLE), **settings))
        return self._tokens[key]

    def command(self, *arguments: str, **settings: str) -> str:
        """What a program of this site prints."""
        environment = Server(Path(), **{**self.environment, **settings}).environment
        return subprocess.check_output([sys.executable, *arguments], cwd=ROOT, env=environment, text=True)


class Scaled(Site):
    """PostgreSQL, Redis, several processes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        folder.chmod(0o755)  # the services may be somebody else
        # When each transaction was committed is what delays are counted from.
        self.postgres = Postgres(service_folder(folder, "postgres"), track_commit_timestamp="on")
        self.redis = Redis(service_folder(folder, "redis"))

    @property
    def environment(self) -> dict[str, str]:
        return settings_of(self.folder, DATABASE_URL=self.postgres.url, REDIS_URL=self.redis.url)

    def start(self) -> None:
        self.postgres.start()
        self.redis.start()
        super().start()

    def stop(self) -> None:
        super().stop()
        self.redis.stop()
        self.postgres.stop()

    def journal(self) -> list[Row]:
        return journal.from_postgres(self.postgres.url)


class Embedded(Site):
    """SQLite, memory, one process."""

    @property
    def file(self) -> Path:
        return self.folder / "site.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        return settings_of(self.folder, DATABASE_URL=f"sqlite:///{self.file}", REDIS_URL="")

    def journal(self) -> list[Row]:
        return journal.from_sqlite(self.file)


class EmbeddedOnSmallDisk(Embedded):
    """The same, where the disk may be full."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._disk = SmallDisk(folder / "disk")

    @property
    def file(self) -> Path:
        return self._disk.folder / "site.sqlite3"

    def stop(self) -> None:
        super().stop()
        self._disk.remove()

    def fill(self) -> str:
        """How that was done."""
        return self._disk.fill(self.servers[0].pid)

    def make_room(self) -> None:
        self._disk.make_room(self.servers[0].pid)


def settings_of(folder: Path, **where: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "HTTPS": "false",
        **where,
    }


@contextmanager
def running(kind: Callable[[Path], Site]) -> Iterator[Site]:
    """An installation that goes without a trace. Pytest's own folders would shut out its services' user."""
    with tempfile.TemporaryDirectory(prefix="globetrotter-faults-") as folder:
        site = kind(Path(folder))
        try:
            site.start()
            yield site
        finally:
            site.stop()
