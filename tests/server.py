"""A real server on a free port, on the database of the tests: daphne, or what TEST_SERVER says."""

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
APPLICATION = "globetrotter.asgi:application"


def daphne(port: int, application: str) -> list[str]:
    return [
        *("globetrotter.serve", "--verbosity", "1", "--access-log", "/dev/null"),
        *("--endpoint", f"tcp:port={port}:interface=127.0.0.1:backlog=4096"),
        *("--websocket_connect_timeout", "30", "--websocket-max-message-size", "1048576", application),
    ]


def uvicorn(port: int, application: str) -> list[str]:
    return [
        *("uvicorn", "--port", str(port), "--backlog", "4096", "--log-level", "warning", "--no-access-log"),
        *("--lifespan", "off", "--ws", "globetrotter.uvicorn_socket:Socket"),
        *("--ws-max-size", "1048576", "--ws-per-message-deflate", "false", application),
    ]


SERVERS = {"daphne": daphne, "uvicorn": uvicorn}


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


def where_the_tests_are() -> dict[str, str]:
    return {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, "DATA_DIR": str(settings.DATA_DIR)}


class Server:
    """Started by `start`, ended by `stop` (SIGTERM) or `kill` (SIGKILL); it may be started again on the same port."""

    def __init__(self, log: Path, *, application: str = APPLICATION, **settings: str) -> None:
        self.port = free_port()
        self._application = application
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
        where = {} if "DATABASE_URL" in self._settings else where_the_tests_are()
        limits = {"DATABASE_PATIENCE": "5", "DATABASE_LOCK_PATIENCE": "2"}
        return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **where, **limits, **self._settings}

    def start(self) -> "Server":
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *SERVERS[os.environ.get("TEST_SERVER", "daphne")](self.port, self._application)],
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
        raise RuntimeError(f"The server did not start:\n{self.log}")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def send_signal(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=15)
            self._process = None
