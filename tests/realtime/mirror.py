"""The browser's own store, under Node: what it makes of what a client was told."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.realtime.client_state import Key
from tests.server import ROOT

PROGRAM = ROOT / "tests" / "realtime" / "node" / "mirror.js"


class Shown(NamedTuple):
    """What a page holds: the seq that it knows, the objects by (kind, id), and who is here."""

    seq: int
    objects: dict[Key, dict[str, Any]]
    present: list[str]


class Mirror:
    """One process for all that is asked, a line each. Not for an event loop: it waits for the answer."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def open(self, me: str, messages: Iterable[Mapping[str, Any]]) -> Shown:
        """A new page of this person; as it is once it has taken these messages."""
        return self._ask({"me": me, "messages": list(messages)})

    def take(self, messages: Iterable[Mapping[str, Any]]) -> Shown:
        """The same page goes on."""
        return self._ask({"messages": list(messages)})

    def _ask(self, question: Mapping[str, Any]) -> Shown:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(question)}\n")
        self._process.stdin.flush()
        state = json.loads(self._process.stdout.readline())
        assert state["gaps"] == 0, "the page missed a change"
        for each in state["objects"]:
            assert each["confirmed"] == each["shown"], "nothing is pending, so what is shown is what is confirmed"
            if each["kind"] == "trip":
                del each["confirmed"]["id"]
        objects = {(each["kind"], each["id"]): each["confirmed"] for each in state["objects"]}
        return Shown(state["seq"], objects, sorted(state["present"]))


@contextmanager
def mirror() -> Iterator[Mirror]:
    pipe = subprocess.PIPE
    with subprocess.Popen(["node", str(PROGRAM)], stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        yield Mirror(process)
        process.kill()
