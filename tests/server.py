"""A real daphne on a free port, on the database of the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def database_url() -> str:
    """The database that the tests write to, as a server's DATABASE_URL."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{quote(at['USER'])}:{quote(at['PASSWORD'])}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


class Server:
    """Started by `start`, ended by `stop` (SIGTERM) or `kill` (SIGKILL); it may be started again on the same port."""

    def __init__(self, log: Path, **settings: str) -> None:
        self.port = free_port()
        self._log = log
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/ws"

    @property
    def log(self) -> str:
        """All that it printed so far."""
        return self._log.read_text()

    @property
    def environment(self) -> dict[str, str]:
        """What it runs with; for commands that belong to it, too."""
        where = {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, "DATA_DIR": str(settings.DATA_DIR)}
        return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **where, **self._settings}

    def start(self) -> "Server":
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    *("-m", "daphne", "--verbosity", "1", "--access-log", "/dev/null"),
                    *("--endpoint", f"tcp:port={self.port}:interface=127.0.0.1:backlog=4096"),
                    *("--websocket-max-message-size", "1048576", "globetrotter.asgi:application"),
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_listens()
        return self

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"daphne did not start:\n{self.log}")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=15)
            self._process = None
