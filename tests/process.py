"""`pivotbot run` as a process of its own, for tests that talk to it
through the real SDKs and kill it.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

_KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT")


class Process:
    """One running bot. Its log is kept: `log()`."""

    def __init__(self, process: asyncio.subprocess.Process, log_file: Path) -> None:
        self._process = process
        self._log_file = log_file

    def log(self) -> str:
        return self._log_file.read_text(encoding="utf-8")

    async def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        [port] = re.findall(r"listening on port (\d+)", self.log())
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as door:
            lines = (await door.get("/metrics")).text.splitlines()
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.startswith((f"{name} ", f"{name}{{"))
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def kill(self) -> None:
        """As the kernel would: no warning."""
        self.signal(signal.SIGKILL)
        await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        if self.running:
            self._process.send_signal(number)

    async def stop(self, seconds: float = 10.0) -> int:
        """SIGTERM, and the exit code.

        Raises TimeoutError if it takes longer than platforms allow.
        """
        self.signal(signal.SIGTERM)
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def ended(self, seconds: float) -> int:
        async with asyncio.timeout(seconds):
            return await self._process.wait()


@asynccontextmanager
async def bot(
    folder: Path, *arguments: str, program: str = "bot.cli", **settings: str
) -> AsyncIterator[Process]:
    """Start `pivotbot` with these arguments ('run' if none) and settings, and nothing else of this
    environment. `program` is the module to run instead.
    """
    log_file = _next_log(folder)
    environment = (
        {name: os.environ[name] for name in _KEPT if name in os.environ}
        | {"PORT": "0", "LOG_LEVEL": "INFO"}
        | settings
    )
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "error",
            "-W",
            "ignore:BasicAuth is deprecated:DeprecationWarning",  # slack-sdk 3.47's way to exchange a code
            "-m",
            program,
            *(arguments or ("run",)),
            cwd=Path(__file__).parent.parent,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    running = Process(process, log_file)
    try:
        yield running
    finally:
        if running.running:
            await running.kill()


def _next_log(folder: Path) -> Path:
    return folder / f"bot-{len(list(folder.glob('bot-*.log')))}.log"
