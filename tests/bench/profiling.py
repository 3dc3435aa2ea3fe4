"""Where a server's time goes: `make bench ONLY=durable PROFILE=var/profiles` has py-spy watch those in Python."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from .servers import NODE, Server

numbers = count(1)


@contextmanager
def profiled(server: Server, folder: str) -> Iterator[None]:
    """Writes collapsed stacks, a line each with its samples, into `folder`; does nothing without one."""
    if not folder or server.contender.command(server.port)[0] == NODE:
        yield
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    name = f"{next(numbers):02}-{server.contender.name.replace(', ', '-').replace(' ', '-')}.txt"
    spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--pid", str(server.process.pid)]
    output = ["--format", "raw", "--output", str(Path(folder) / name), "--rate", "200", "--duration", "3600"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*spy, *output, "--threads", "--gil"], **quiet) as watching:
        try:
            yield
        finally:
            watching.send_signal(2)
            watching.wait()
