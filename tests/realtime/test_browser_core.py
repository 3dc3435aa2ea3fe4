"""The browser's core, under Node, against a real server that goes and comes back."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.server import ROOT, Server

SCRIPT = ROOT / "tests" / "js" / "two_browsers.js"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not here.")
def test_two_browsers_agree_with_each_other_and_with_what_is_saved(
    trip: str, cookies: dict[str, str], tmp_path: Path
) -> None:
    """Both edit, the server dies and returns, twice they work offline: nothing is lost, and nothing differs."""
    server = Server(tmp_path / "log.txt").start()
    who = [f"{name}={cookies[name]}" for name in ("alice", "bob")]
    with subprocess.Popen(
        ["node", SCRIPT, server.http, trip, *who],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as browsers:
        assert browsers.stdin is not None
        assert browsers.stdout is not None
        said = ""
        for line in browsers.stdout:
            said = line.strip()
            if said == "done":
                break
            {"stop": server.kill, "start": server.start}[said]()
            browsers.stdin.write("\n")
            browsers.stdin.flush()
        browsers.wait(timeout=30)
    server.stop()
    assert said == "done"
