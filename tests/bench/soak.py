"""`pivotbot run` under a steady load for as long as asked: does its memory stay flat,
is everybody answered, once?
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.ground import resident
from tests.process import bot
from tests.servers.telegram import TelegramServer

RATE = 50
PEOPLE = 2_000
"""They take turns: each writes every 40 seconds."""
QUESTIONS = (
    "salary senior",
    "visa 189",
    "takehome 150000",
    "what does a mid level ml engineer earn",
    "skills",
    "code 261313",
)
WARM_SHARE = 0.1
"""By then caches are full: what grows later, leaks."""
LAST_SECONDS = 30.0


async def measure(options: argparse.Namespace) -> list[Figure]:
    seconds = options.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        async with TelegramServer(strict=False) as server:
            settings = {**server.environment, "DATABASE_URL": f"sqlite:///{folder}/soak.db"}
            async with bot(Path(folder), **settings | {"LOG_LEVEL": "WARNING"}) as process:
                replies = [
                    await _replies(server, number, question)
                    for number, question in enumerate(QUESTIONS)
                ]
                owed: Counter[int] = Counter()
                before = len(server.sent)
                warm = asyncio.create_task(_resident_after(process.pid, seconds * WARM_SHARE))
                await _talk(server, seconds, owed, replies)
                with suppress(TimeoutError):  # the figures say so
                    await server.until(
                        lambda: len(server.sent) - before >= owed.total(), seconds=LAST_SECONDS
                    )
                await asyncio.sleep(1)  # a copy too many would come now
                start, end = await warm, resident(process.pid)
                alive = process.running
        got = Counter(sent.chat for sent in server.sent[before:])
    name = f"{options.minutes:g} min at {RATE} updates/s"
    return [
        Figure(
            name=f"{name}: answers",
            value=got.total(),
            unit="messages",
            beside="owed",
            beside_value=owed.total(),
            aim="1 ×",
        ),
        Figure(name=f"{name}: lost", value=(owed - got).total(), unit="messages", aim="0"),
        Figure(name=f"{name}: doubled", value=(got - owed).total(), unit="messages", aim="0"),
        Figure(
            name=f"{name}: resident memory at the end",
            value=end,
            unit="MiB",
            beside=f"after the first {WARM_SHARE:.0%}",
            beside_value=start,
            aim="flat: ≤ 1.1 ×",
        ),
        Figure(name=f"{name}: the process lives", value=float(alive), unit="(1 is yes)", aim="1"),
    ]


async def _replies(server: TelegramServer, number: int, question: str) -> int:
    """How many messages answer this question. Also waits for the bot to be up."""
    server.say(question, user=10_000_000 + number)
    await server.until(lambda: server.texts(10_000_000 + number), seconds=30)
    await asyncio.sleep(0.3)
    return len(server.texts(10_000_000 + number))


async def _talk(
    server: TelegramServer, seconds: float, owed: Counter[int], replies: list[int]
) -> None:
    """At the rate, whatever the answers do: who comes late does not slow the others down.

    Notes how many messages each is owed.
    """
    started = time.monotonic()
    for number in range(int(seconds * RATE)):
        user, question = 1 + number % PEOPLE, number % len(QUESTIONS)
        owed[user] += replies[question]
        server.say(QUESTIONS[question], user=user)
        await asyncio.sleep(max(0.0, started + (number + 1) / RATE - time.monotonic()))


async def _resident_after(pid: int, seconds: float) -> float:
    await asyncio.sleep(seconds)
    return resident(pid)
