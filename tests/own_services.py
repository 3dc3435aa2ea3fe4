"""A Redis and a PostgreSQL of our own, on free loopback ports, in a folder that goes with them."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
import redis

from tests.server import free_port

PATIENCE = 30.0  # seconds until a service that does not answer has failed to start


def postgres_binaries() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps them out of the PATH."""
    folders = [Path(found).parent] if (found := shutil.which("initdb")) else []
    if pg_config := shutil.which("pg_config"):
        folders.append(Path(subprocess.check_output([pg_config, "--bindir"], text=True).strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def missing_programs() -> list[str]:
    """What this machine lacks to start services of its own."""
    needed = {"redis-server": shutil.which("redis-server"), "PostgreSQL's initdb": postgres_binaries()}
    return [name for name, found in needed.items() if not found]


def require_programs() -> None:
    """Leave a test out where this machine cannot start services of its own; in CI, that is a failure."""
    if missing := missing_programs():
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say(f"There is no {' and no '.join(missing)} to do faults to.")


class Service:
    """A program that is started, and that faults are done to. Only ever this one, by its process id."""

    GENTLY: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Returns when it answers."""
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, user=owner_of(self.folder)
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"{self.command()[0]} did not start:\n{(self.folder / 'log.txt').read_text()}")
            time.sleep(0.02)

    def send_signal(self, how: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(how)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Returns when it has ended."""
        if self._process:
            self.send_signal(how or self.GENTLY)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    async def restart(self, how: signal.Signals, away: float = 0) -> None:
        """End it, leave it away for some seconds, start it again."""
        await asyncio.to_thread(self.stop, how)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.start)


class Redis(Service):
    def command(self) -> list[str]:
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.folder}
        return ["redis-server", *(word for name, value in options.items() for word in (f"--{name}", str(value)))]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def empty(self) -> None:
        with redis.Redis(port=self.port) as client:
            client.flushall()


class Postgres(Service):
    """A cluster as it comes: what is committed is on the disk. `settings` are added to its configuration."""

    GENTLY = signal.SIGINT  # "fast": it does not wait for who is connected

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder)
        self._settings = settings
        self._binaries = postgres_binaries() or Path()
        initdb = [str(self._binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
        subprocess.run(
            [*initdb, "-E", "UTF8", "--no-locale", "--no-sync"],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            user=owner_of(folder),
        )

    def command(self) -> list[str]:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            **self._settings,
        }
        given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self._binaries / "postgres"), "-D", str(self.folder / "data"), *given]

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def send_to_all(self, how: signal.Signals) -> None:
        """To the process that was started, and to those that it started for its connections."""
        assert self._process
        task = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for process in [self._process.pid, *map(int, task.read_text().split())]:
            os.kill(process, how)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True


def service_folder(parent: Path, name: str) -> Path:
    """A folder of its own for a service. PostgreSQL refuses to be root, so root gives it to somebody else."""
    folder = parent / name
    folder.mkdir()
    if os.getuid() == 0:
        somebody = next(entry for entry in (_account("postgres"), _account("nobody")) if entry)
        os.chown(folder, somebody.pw_uid, somebody.pw_gid)
    return folder


def owner_of(folder: Path) -> int | None:
    """Whom to run as; None for oneself."""
    return folder.stat().st_uid if os.getuid() == 0 else None


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
