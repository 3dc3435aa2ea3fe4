"""Writes docs/BENCHMARKS.md: page.md, with what was found in its places."""

import json
import platform
import shlex
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from subprocess import check_output
from time import strftime

from tests.server import ROOT

from . import machine
from .database import FOLDER, postgresql_version
from .results import Section
from .servers import FASTAPI, NODE, NODE_SQLITE, NODE_WS, OURS_DAPHNE, OURS_UVICORN, SOCKET_IO, TEXTBOOK

TEMPLATE = Path(__file__).with_name("page.md")
PAGE = ROOT / "docs" / "BENCHMARKS.md"
PYTHON = (
    "Django",
    "channels",
    "daphne",
    "uvicorn",
    "uvloop",
    "httptools",
    "websockets",
    "msgspec",
    "fastapi",
    "picows",
)
PEERS = ("ws", "socket.io", "better-sqlite3")


def write(found: Mapping[str, Section], rounds: int) -> None:
    text = TEMPLATE.read_text()
    places = {"summary": summary(found), "machine": described(), "rounds": str(rounds), "commands": commands()}
    for name, content in {**places, **found}.items():
        text = text.replace(f"{{{name}}}", str(content))
    PAGE.write_text(text)


def summary(found: Mapping[str, Section]) -> str:
    """How many of the bars were met, and which were not."""
    bars = [(name, bar) for name, section in found.items() for bar in section.bars]
    missed = [f"- {name}: {bar.what}: {bar.row[2]} ({bar.row[1]})" for name, bar in bars if not bar.met]
    said = f"On {strftime('%d %B %Y')}, {len(bars) - len(missed)} of {len(bars)} bars were met."
    return "\n".join([f"{said} Not met:\n", *missed]) if missed else said


def described() -> str:
    """The machine and the versions."""
    python = ", ".join(f"{name} {version(name)}" for name in PYTHON)
    lock = json.loads((ROOT / "tests/bench/peers/package-lock.json").read_text())["packages"]
    node = check_output([NODE, "--version"], text=True).strip()
    peers = ", ".join(f"{name} {lock[f'node_modules/{name}']['version']}" for name in PEERS)
    pace = f"Python adds a million numbers in {machine.python_milliseconds():.0f} ms"
    disk = f"the disk takes {machine.fsync_microseconds(FOLDER):.0f} µs to say that 4 kB are stored"
    return "\n".join(
        [
            f"- {machine.description()}; {pace}, and {disk}",
            f"- Python {platform.python_version()}, SQLite {machine.SQLITE}, {postgresql_version()}: {python}",
            f"- Node {node}: {peers}",
        ]
    )


def commands() -> str:
    """How each server is started, without what belongs to this machine."""
    here = {sys.executable: "python", NODE: "node", f"{ROOT}/": ""}
    lines = []
    for contender in (OURS_DAPHNE, OURS_UVICORN, TEXTBOOK, FASTAPI, NODE_WS, SOCKET_IO, NODE_SQLITE):
        line = shlex.join(["taskset", "--cpu-list", str(machine.SERVER_CORE), *contender.command(8000)])
        for path, name in here.items():
            line = line.replace(path, name)
        lines.append(line)
    return "\n".join(lines)
