"""A disk that can be full: a small file system of its own, or, where none may be made, files that may not grow."""

import contextlib
import errno
import resource
import subprocess
from pathlib import Path

SIZE = "48m"
HEADROOM = 65536  # bytes at a time, until nothing fits


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
        with contextlib.suppress(FileNotFoundError):
            self.mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0

    def fill(self, process: int) -> str:
        """How it was done."""
        if not self.mounted:
            unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process, resource.RLIMIT_FSIZE, (1, unlimited))
            return "no file of the process may grow"
        with (self.folder / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(b"\0" * HEADROOM):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
        return f"a file system of {SIZE} is full"

    def make_room(self, process: int) -> None:
        if self.mounted:
            (self.folder / "filler").unlink()
        else:
            unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process, resource.RLIMIT_FSIZE, (unlimited, unlimited))

    def remove(self) -> None:
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)
