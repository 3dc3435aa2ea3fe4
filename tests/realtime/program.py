"""A program under Node, which tells what happens and does what it is told, a JSON value a line."""

import asyncio
import json
import os
from collections.abc import Callable
from typing import Any, Self

from tests.server import ROOT

PATIENCE = 30.0  # seconds until what should happen is missed
HERE = ROOT / "tests" / "realtime" / "node"


class Program:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.told: list[dict[str, Any]] = []

    @classmethod
    async def run(cls, name: str, *arguments: str, **environment: str) -> Self:
        pipe = asyncio.subprocess.PIPE
        environment = {**os.environ, **environment}
        return cls(
            await asyncio.create_subprocess_exec(
                "node", str(HERE / name), *arguments, stdin=pipe, stdout=pipe, cwd=ROOT, env=environment
            )
        )

    async def do(self, method: str, *given: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{json.dumps([method, *given])}\n".encode())
        await self.process.stdin.drain()

    async def until(self, happened: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What it tells once this is so. Fails when it does not come."""
        assert self.process.stdout
        try:
            async with asyncio.timeout(PATIENCE):
                while line := await self.process.stdout.readline():
                    self.told.append(json.loads(line))
                    if happened(self.told[-1]):
                        return self.told[-1]
        except TimeoutError:
            pass
        raise AssertionError(f"This was not among what it told: {self.told[-5:]}")

    async def says(self, text: str) -> None:
        await self.until(lambda told: told.get("said") == text)

    async def end(self) -> None:
        """Whatever it is doing."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()
