"""From exec to the first answer, each in a fresh process and beside
an interpreter that does nothing.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from statistics import median

from tests.bench.figures import Figure
from tests.bench.ground import resident

RUNS = 7
NOTHING = ("-c", "print(1, flush=True); import sys; sys.stdin.read()")
IMPORT = ("-c", "import bot.cli; print(1, flush=True); import sys; sys.stdin.read()")


async def measure(options: argparse.Namespace) -> list[Figure]:
    nothing, _ = await _first_line(NOTHING, "")
    imported, _ = await _first_line(IMPORT, "")
    chat, chat_memory = await _first_line(("-m", "bot.cli", "chat"), "salary senior\n")
    understand, understand_memory = await _first_line(
        ("-m", "bot.cli", "understand"),
        json.dumps({"text": "what does a senior ml engineer earn"}) + "\n",
    )
    beside = "an interpreter that prints one line"
    return [
        Figure(
            name="`import bot.cli`, p50",
            value=imported,
            unit="ms",
            beside=beside,
            beside_value=nothing,
        ),
        Figure(
            name="`pivotbot chat`, exec → first answer, p50",
            value=chat,
            unit="ms",
            beside=beside,
            beside_value=nothing,
            aim="≤ 1,500",
        ),
        Figure(name="`pivotbot chat`, resident after it", value=chat_memory, unit="MiB"),
        Figure(
            name="`pivotbot understand`, exec → first answer, p50",
            value=understand,
            unit="ms",
            beside=beside,
            beside_value=nothing,
            aim="≤ 1,000",
        ),
        Figure(
            name="`pivotbot understand`, resident after it",
            value=understand_memory,
            unit="MiB",
            aim="≤ 143 (150 MB)",
        ),
    ]


async def _first_line(arguments: tuple[str, ...], said: str) -> tuple[float, float]:
    """Median ms until the first line is out, and the process's memory then, in MiB.

    The first run only warms the disk's cache.
    """
    took, memory = [], []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "")},
        )
        assert process.stdin
        assert process.stdout
        process.stdin.write(said.encode())
        line = await process.stdout.readline()
        took.append((time.perf_counter() - started) * 1000)
        assert line.strip(), arguments
        memory.append(resident(process.pid))
        process.stdin.close()
        await process.stdout.read()
        assert await process.wait() == 0, arguments
    return median(took[1:]), median(memory[1:])
