"""The database away, full, or its host's clock wrong: intake pauses, nothing is confirmed, and
everything is answered once it is back.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.runtime import readiness
from tests.running_bot import Tally, running_bot, tally, until
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

PEOPLE = range(100, 130)


def answers(telegram: TelegramServer) -> Tally:
    return tally(PEOPLE, [sent.chat for sent in telegram.sent])


ALL = Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_while_the_database_is_locked_nothing_is_confirmed_and_afterwards_all_are_answered(
    url, file, monkeypatch
):
    monkeypatch.setattr(readiness, "TICK_SILENCE_SECONDS", 0.5)
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack) as bot,
    ):
        await slack.until(lambda: slack.live)
        await telegram.until(lambda: telegram.called("deleteWebhook"))
        hog = sqlite3.connect(file)
        hog.execute("BEGIN EXCLUSIVE")
        for user in PEOPLE:
            telegram.say("salary senior", user=user)
        ack, told = await asyncio.gather(
            slack.message("salary senior", user="U1", channel="D1"),
            slack.command("/pivot", "salary senior"),
        )
        assert not ack.ok, "Slack must bring it again"
        assert told.ok
        await slack.until(lambda: [one for one in slack.shown if "nothing was changed" in one.text])
        await until(lambda: bot.metric("pivotbot_store_gone_total"))
        await until(lambda: is_red(bot))
        assert (telegram.confirmed, telegram.sent) == (0, [])
        hog.rollback()
        hog.close()
        await telegram.until(lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE))
        await telegram.until(lambda: telegram.confirmed == len(PEOPLE))
        assert (await slack.message("salary senior", user="U1", channel="D1")).ok
        await slack.until(lambda: [one for one in slack.shown if one.channel == "D1"])
        await until(lambda: is_green(bot))
    assert answers(telegram) == ALL


async def is_red(bot) -> bool:
    return (await bot.ready())[0] == 503


async def is_green(bot) -> bool:
    return (await bot.ready())[0] == 200


@pytest.fixture
def connections() -> Iterator[list[sqlite3.Connection]]:
    """The bot's own connections: the limit on a database's size is a connection's."""
    made: list[sqlite3.Connection] = []

    def note(connection: sqlite3.Connection, _record: object) -> None:
        made.append(connection)

    sa.event.listen(sa.Engine, "connect", note)
    yield made
    sa.event.remove(sa.Engine, "connect", note)


async def test_when_the_disk_is_full_nothing_is_confirmed_and_with_room_again_all_are_answered(
    url, connections
):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        await telegram.until(lambda: telegram.called("deleteWebhook"))
        for connection in connections:
            connection.execute("PRAGMA max_page_count = 1")  # SQLite makes that the present size
        for user in PEOPLE:
            telegram.say("salary senior", user=user)
        await until(lambda: bot.metric("pivotbot_store_gone_total"))
        assert telegram.confirmed <= len(telegram.sent) < len(PEOPLE)
        for connection in connections:
            connection.execute("PRAGMA max_page_count = 1000000")
        await telegram.until(lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE))
    assert answers(telegram) == ALL


class Jumping(datetime):
    """The host's clock, which somebody sets back."""

    back = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - cls.back


async def test_a_clock_that_jumps_back_an_hour_delays_and_doubles_no_answer(url, monkeypatch):
    """Pace, bursts and leases were noted by a clock that is an hour ahead now."""
    for module in ("adapters.clock", "adapters.storage.sql.transaction"):
        monkeypatch.setattr(f"{module}.datetime", Jumping)
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        for user in PEOPLE:
            for _ in range(3):
                telegram.say("salary senior", user=user)
        await telegram.until(lambda: len(telegram.sent) == 3 * len(PEOPLE), seconds=20)
        monkeypatch.setattr(Jumping, "back", timedelta(hours=1))
        for user in PEOPLE:
            for _ in range(3):
                telegram.say("visa 189", user=user)
        await telegram.until(lambda: len(telegram.sent) == 6 * len(PEOPLE), seconds=20)
        assert (await bot.ready())[0] == 200
    assert datetime.now(UTC) > Jumping.now(UTC)
    assert {len(telegram.texts(user)) for user in PEOPLE} == {6}


async def test_a_clock_that_jumps_back_an_hour_brings_no_nudge_twice(url, file, monkeypatch):
    """Whatever the clock says, the occurrence has its key."""
    for module in ("adapters.clock", "adapters.storage.sql.transaction"):
        monkeypatch.setattr(f"{module}.datetime", Jumping)

    def make_due() -> int:
        now = int(Jumping.now(UTC).timestamp() * 1_000_000)
        with sqlite3.connect(file, timeout=10) as database:
            database.execute("UPDATE subscriptions SET next_due_at = ?", (now,))
        database.close()
        return now

    async def moved_on(since: int) -> bool:
        with sqlite3.connect(file, timeout=10) as database:
            [(due,)] = database.execute("SELECT next_due_at FROM subscriptions").fetchall()
        database.close()
        return due > since

    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        telegram.say("subscribe monday 8am sydney", user=7)
        await telegram.until(lambda: telegram.texts(7))
        make_due()
        await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=20)
        monkeypatch.setattr(Jumping, "back", timedelta(hours=1))
        again = make_due()
        await until(lambda: moved_on(again))
        telegram.say("reminders", user=7)
        await telegram.until(lambda: len(telegram.texts(7)) == 3, seconds=20)
    assert len(telegram.texts(7)) == 3
