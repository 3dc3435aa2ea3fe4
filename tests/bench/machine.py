"""The machine that is measured on: its cores, and what a process took of them."""

import gc
import os
import platform
import resource
import sqlite3
import time
import timeit
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, GENERATOR_CORE = CORES[0], CORES[-1]
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def settle_on_the_generators_core() -> None:
    """This process, and what it starts without saying where, stays off the server's core; it may open many sockets."""
    os.sched_setaffinity(0, {GENERATOR_CORE})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def no_garbage_search() -> Iterator[None]:
    """This process' own would hold it up for 35 to 50 ms now and then, which would count as the server's time."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def cpu_seconds(pid: int) -> float:
    """What a process has taken so far, with all its threads: user and system time."""
    return sum(user_and_system(Path(f"/proc/{pid}/stat")))


def cpu_of_threads(pid: int) -> dict[int, tuple[float, float]]:
    """Seconds of user and system time that each thread has taken so far; the first thread has the number `pid`."""
    return {int(task.name): user_and_system(task / "stat") for task in Path(f"/proc/{pid}/task").iterdir()}


def user_and_system(stat: Path) -> tuple[float, float]:
    """Seconds (proc(5), fields 14 and 15)."""
    fields = stat.read_text().rpartition(")")[2].split()
    return int(fields[11]) / TICK, int(fields[12]) / TICK


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def fsync_microseconds(folder: Path, times: int = 200) -> float:
    """How long the disk takes to say that 4 kB are stored: what every durable commit waits for."""
    with TemporaryFile(dir=folder) as file:
        began = time.perf_counter()
        for _ in range(times):
            os.write(file.fileno(), b"x" * 4096)
            os.fdatasync(file.fileno())
        return (time.perf_counter() - began) / times * 1e6


def python_milliseconds(times: int = 5) -> float:
    """How long this interpreter takes to add a million numbers, at best: what its speed can be compared by."""
    return min(timeit.repeat("for n in range(1_000_000): total += n", "total = 0", number=1, repeat=times)) * 1e3


def description() -> str:
    """The machine in a line."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * PAGE / 2**30
    return f"{model}, {len(CORES)} cores, {memory:.0f} GB, Linux {platform.release()}"


SQLITE = sqlite3.sqlite_version
