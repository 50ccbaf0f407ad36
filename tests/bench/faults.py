"""Every fault in the middle of a steady load, through the real SDKs: what became of each message.

One question a person, RATE a second on each of both platforms, the fault after a quarter of them.
The bot runs on its real waits and pauses; in this process, except where a process must be stopped
or killed.
"""

import argparse
import asyncio
import logging
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import sqlalchemy as sa

import adapters.clock
import adapters.storage.sql.transaction
import content
from tests.bench.figures import Figure
from tests.bench.ground import Kind, kinds
from tests.process import bot
from tests.running_bot import Tally, running_bot, tally
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Cut, Fault, Hold, SlackServer, Status
from tests.servers.telegram import TOKEN, TelegramServer
from tests.servers.wire import Wire

RATE = 10
PEOPLE = 100
"""On each platform."""
FIRST = 1000
ADMIN = 1
SENDS = 10
"""So many sends go wrong where a fault concerns single sends."""
QUESTION = "salary senior"
LAST_SECONDS = 330.0
"""The longest pause between two tries is five minutes."""


@dataclass(kw_only=True)
class TwoPlatformBot:
    """One bot, two platforms, one database. `seconds`: how long an outage lasts."""

    url: str
    folder: Path
    telegram: TelegramServer
    slack: SlackServer
    seconds: float
    wire: Wire | None = None
    connections: list[sqlite3.Connection] = field(default_factory=list)

    @property
    def content(self) -> Path:
        return self.folder / "content"

    def settings(self) -> dict[str, str]:
        return {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": self.telegram.url,
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_api_url": self.slack.api_url,
            "pivotbot_admins": f"telegram:{ADMIN}",
            "pivotbot_content": str(self.content),
        }

    def told(self) -> list[object]:
        """Everybody who got an answer, as often as it came."""
        people = range(FIRST, FIRST + PEOPLE)
        on_telegram: list[object] = [
            sent.chat for sent in self.telegram.sent if sent.chat in people
        ]
        return on_telegram + [shown.channel for shown in self.slack.shown]

    def tally(self) -> Tally:
        people: set[object] = {FIRST + number for number in range(PEOPLE)} | {
            f"D{number}" for number in range(PEOPLE)
        }
        return tally(people, self.told())


Strike = Callable[[TwoPlatformBot], Awaitable[None]]
"""Injects a fault, and takes it away where it does not end by itself."""


async def measure(options: argparse.Namespace) -> list[Figure]:
    logging.getLogger().addHandler(
        logging.NullHandler()
    )  # what the bot says of all this fills screens
    figures: list[Figure] = []
    with kinds() as (on_sqlite, on_postgres):
        for name, strike in STRIKES.items():
            figures += await _figures(name, _in_house(strike, on_sqlite, options.outage))
        for kind in (on_sqlite, on_postgres):
            gone = _locked if kind is on_sqlite else _cut_off
            figures += await _figures(
                f"{kind.name} gone for {options.outage:g} s", _in_house(gone, kind, options.outage)
            )
            for number, word in ((signal.SIGTERM, "SIGTERM"), (signal.SIGKILL, "kill -9")):
                figures += await _figures(
                    f"{word} and a new start, {kind.name}", _in_processes(number, kind)
                )
    return figures


async def _figures(name: str, counting: Awaitable[Tally]) -> list[Figure]:
    counted = await counting
    print(f"  {name}: {counted}", file=sys.stderr, flush=True)
    beside = "injected"
    return [
        Figure(
            name=f"{name}: answered",
            value=counted.answered,
            unit="messages",
            beside=beside,
            beside_value=counted.injected,
            aim="1 ×",
        ),
        Figure(name=f"{name}: lost", value=counted.lost, unit="messages", aim="0"),
        Figure(
            name=f"{name}: doubled",
            value=counted.doubled,
            unit="messages",
            aim=MAY_DOUBLE.get(name, "0"),
        ),
    ]


# --- the load ----------------------------------------------------------------------------------------------------------


async def _in_house(strike: Strike, kind: Kind, seconds: float) -> Tally:
    async with town_of(kind, seconds) as two_platform_bot:
        if not kind.name.startswith("SQLite"):
            two_platform_bot.wire = Wire(two_platform_bot.url)
            await two_platform_bot.wire.mend()
            two_platform_bot.url = two_platform_bot.wire.url
        with _noted(two_platform_bot.connections):
            async with running_bot(two_platform_bot.url, **two_platform_bot.settings()):
                await two_platform_bot.slack.until(lambda: two_platform_bot.slack.live, seconds=30)
                loading = asyncio.create_task(load(two_platform_bot))
                await asyncio.sleep(PEOPLE / RATE / 4)
                await strike(two_platform_bot)
                await loading
                await answered(two_platform_bot)
        if two_platform_bot.wire:
            await two_platform_bot.wire.cut()
        return two_platform_bot.tally()


async def _in_processes(number: signal.Signals, kind: Kind) -> Tally:
    async with town_of(kind, 0) as two_platform_bot:
        settings = {name.upper(): value for name, value in two_platform_bot.settings().items()} | {
            "DATABASE_URL": two_platform_bot.url,
            "LOG_LEVEL": "WARNING",
        }
        async with bot(two_platform_bot.folder, **settings) as process:
            await two_platform_bot.slack.until(lambda: two_platform_bot.slack.live, seconds=30)
            loading = asyncio.create_task(load(two_platform_bot))
            await asyncio.sleep(PEOPLE / RATE / 2)
            process.signal(number)
            await process.ended(10)
        async with bot(two_platform_bot.folder, **settings) as process:
            await loading
            await answered(two_platform_bot)
            await process.stop()
        return two_platform_bot.tally()


@asynccontextmanager
async def town_of(kind: Kind, seconds: float) -> AsyncIterator[TwoPlatformBot]:
    with tempfile.TemporaryDirectory(prefix="pivotbot-bench-") as folder:
        async with TelegramServer() as telegram, SlackServer() as slack:
            two_platform_bot = TwoPlatformBot(
                url=kind.fresh(),
                folder=Path(folder),
                telegram=telegram,
                slack=slack,
                seconds=seconds,
            )
            shutil.copytree(
                Path(content.__file__).parent,
                two_platform_bot.content,
                ignore=shutil.ignore_patterns("*.py", "__pycache__"),
            )
            yield two_platform_bot


async def load(two_platform_bot: TwoPlatformBot) -> None:
    """At the rate, whatever the answers do.

    Returns when Slack has every acknowledgement it wants.
    """
    asking = []
    for number in range(PEOPLE):
        two_platform_bot.telegram.say(QUESTION, user=FIRST + number)
        asking.append(asyncio.create_task(_insist(two_platform_bot.slack, number)))
        await asyncio.sleep(1 / RATE)
    await asyncio.gather(*asking)


async def _insist(slack: SlackServer, number: int) -> None:
    """As Slack does: until it is acknowledged, it comes again, over whichever socket is open."""
    while True:
        slack.turn()
        with suppress(ConnectionError, IndexError):
            if (
                await slack.message(
                    QUESTION, user=f"U{number}", channel=f"D{number}", ts=f"1700000000.{number:06d}"
                )
            ).ok:
                return
        await asyncio.sleep(1)


async def answered(two_platform_bot: TwoPlatformBot) -> None:
    with suppress(TimeoutError):  # the figures say so
        async with asyncio.timeout(LAST_SECONDS):
            while two_platform_bot.tally().lost:
                await asyncio.sleep(0.1)
    await asyncio.sleep(3)  # a copy too many would come now


@contextmanager
def _noted(connections: list[sqlite3.Connection]) -> Iterator[None]:
    """The bot's own connections to SQLite: the limit on a database's size is a connection's."""

    def note(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connections.append(connection)

    sa.event.listen(sa.Engine, "connect", note)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "connect", note)


# --- the faults --------------------------------------------------------------------------------------------------------


async def _none(two_platform_bot: TwoPlatformBot) -> None:
    """To compare with."""


async def _locked(two_platform_bot: TwoPlatformBot) -> None:
    hog = sqlite3.connect(two_platform_bot.url.removeprefix("sqlite:///"))
    hog.execute("BEGIN EXCLUSIVE")
    await asyncio.sleep(two_platform_bot.seconds)
    hog.rollback()
    hog.close()


async def _cut_off(two_platform_bot: TwoPlatformBot) -> None:
    assert two_platform_bot.wire
    await two_platform_bot.wire.cut()
    await asyncio.sleep(two_platform_bot.seconds)
    await two_platform_bot.wire.mend()


async def _disk_full(two_platform_bot: TwoPlatformBot) -> None:
    for connection in two_platform_bot.connections:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite makes that the present size
    await asyncio.sleep(two_platform_bot.seconds)
    for connection in two_platform_bot.connections:
        connection.execute("PRAGMA max_page_count = 1000000")


async def _telegram_away(two_platform_bot: TwoPlatformBot) -> None:
    port = two_platform_bot.telegram.port
    await two_platform_bot.telegram.stop()
    await asyncio.sleep(two_platform_bot.seconds)
    await two_platform_bot.telegram.start(port)


async def _slack_away(two_platform_bot: TwoPlatformBot) -> None:
    await two_platform_bot.slack.away()
    await asyncio.sleep(two_platform_bot.seconds)
    await two_platform_bot.slack.back()


async def _storms(two_platform_bot: TwoPlatformBot) -> None:
    two_platform_bot.telegram.fault("status", method="sendMessage", status=502, times=SENDS)
    two_platform_bot.telegram.fault("status", method="getUpdates", status=502, times=SENDS // 3)
    two_platform_bot.slack.fail("chat.postMessage", *[Status(503)] * SENDS)


async def _telegram_resets(two_platform_bot: TwoPlatformBot) -> None:
    _each_once(two_platform_bot, "drop_after")


async def _slack_resets(two_platform_bot: TwoPlatformBot) -> None:
    await _one_by_one(two_platform_bot.slack, Cut(after=True))


def _each_once(two_platform_bot: TwoPlatformBot, kind: str) -> None:
    """One attempt for each of some people who are yet to ask.

    What is ambiguous twice is set aside: not what is counted here.
    """
    for number in range(PEOPLE - SENDS, PEOPLE):
        two_platform_bot.telegram.fault(kind, method="sendMessage", chat=FIRST + number)


async def _one_by_one(slack: SlackServer, fault: Fault) -> None:
    """The same on Slack, where a fault has no name on it: apart,
    so that each strikes another message.
    """
    for _ in range(SENDS):
        slack.fail("chat.postMessage", fault)
        while slack.faults["chat.postMessage"]:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.25)


async def _slow(two_platform_bot: TwoPlatformBot) -> None:
    released = asyncio.Event()
    two_platform_bot.telegram.fault("slow", method="sendMessage", times=SENDS, seconds=5.0)
    two_platform_bot.telegram.fault("slow", method="getUpdates", times=2, seconds=5.0)
    two_platform_bot.slack.fail("chat.postMessage", *[Hold(released)] * SENDS)
    await asyncio.sleep(5)
    released.set()


async def _telegram_garbage(two_platform_bot: TwoPlatformBot) -> None:
    _each_once(two_platform_bot, "garbage")


async def _other_garbage(two_platform_bot: TwoPlatformBot) -> None:
    two_platform_bot.telegram.fault("garbage", method="getUpdates", times=SENDS // 3)
    for _ in range(SENDS):
        await two_platform_bot.slack.babble("{not json")
    await _one_by_one(two_platform_bot.slack, Status(200, "no json", {}, "text/plain"))


async def _second_poller(two_platform_bot: TwoPlatformBot) -> None:
    async with httpx.AsyncClient() as other:
        with suppress(TimeoutError):
            async with asyncio.timeout(two_platform_bot.seconds):
                while True:
                    await other.post(
                        f"{two_platform_bot.telegram.url}{TOKEN}/getUpdates",
                        json={"timeout": 1},
                        timeout=5,
                    )


async def _dropping(two_platform_bot: TwoPlatformBot) -> None:
    for _ in range(60):
        await two_platform_bot.slack.disconnect(close=True)
        await asyncio.sleep(1)


async def _spent_tickets(two_platform_bot: TwoPlatformBot) -> None:
    two_platform_bot.slack.refuse_tickets = 3
    await two_platform_bot.slack.disconnect(close=True)


class _AnHourBack(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(hours=1)


async def _clock_back(two_platform_bot: TwoPlatformBot) -> None:
    """For the rest of the run: the modules that ask for the time are asked to think otherwise."""
    for module in (adapters.clock, adapters.storage.sql.transaction):
        module.datetime = _AnHourBack
    await asyncio.sleep(PEOPLE / RATE)
    for module in (adapters.clock, adapters.storage.sql.transaction):
        module.datetime = datetime


async def _poison(two_platform_bot: TwoPlatformBot) -> None:
    phrases = two_platform_bot.content / "phrases" / "people.yaml"
    phrases.write_text(
        phrases.read_text(encoding="utf-8") + "\nadmin_refused: [this, is, no, sentence]\n",
        encoding="utf-8",
    )
    for _ in range(3):
        two_platform_bot.telegram.say("admin reload", user=ADMIN)
        await asyncio.sleep(1)


STRIKES: dict[str, Strike] = {
    "no fault": _none,
    "disk full": _disk_full,
    "Telegram gone": _telegram_away,
    "Slack gone": _slack_away,
    "storms of 502 and 503": _storms,
    "five seconds an answer": _slow,
    "resets after acceptance, Telegram": _telegram_resets,
    "resets after acceptance, Slack": _slack_resets,
    "unreadable answers to sends, Telegram": _telegram_garbage,
    "unreadable polls, frames and answers of Slack": _other_garbage,
    "a second poller": _second_poller,
    "a socket that drops every second for a minute": _dropping,
    "tickets that fail their handshake": _spent_tickets,
    "the clock an hour back": _clock_back,
    "poisoned content reloaded": _poison,
}
MAY_DOUBLE = {
    "resets after acceptance, Telegram": f"≤ {SENDS}",
    "unreadable answers to sends, Telegram": f"≤ {SENDS}",
    "kill -9 and a new start, SQLite": "≤ 4 a token",
    "kill -9 and a new start, PostgreSQL": "≤ 4 a token",
}
