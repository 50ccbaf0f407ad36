"""Ten minutes without a platform, on a clock that a test moves: what was to be sent waits, is tried
now and then, and arrives once.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock import VirtualClock
from adapters.slack.transport import Slack
from adapters.telegram.transport import Telegram
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.wiring import assemble
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer, Status
from tests.servers.telegram import TOKEN, TelegramServer

SHELF = ContentStore()
START = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
STEP = timedelta(seconds=20)
OUTAGE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(minutes=5)
FEWEST_TRIES, MOST_TRIES = 4, 10
PEOPLE = range(100, 108)


async def nothing(spec):
    raise ValueError(spec)


class OnTelegram:
    """Everybody asks; then Telegram is away; then it is back."""

    def __init__(self, clock):
        self.server = TelegramServer()
        self.face = lambda: Telegram(
            token=TOKEN,
            clock=clock,
            content=lambda: SHELF.content,
            draw=nothing,
            api_url=self.server.url,
        )
        self.name = "telegram"

    def leave(self):
        self.fault = self.server.fault("status", method="sendMessage", status=503, times=100_000)

    def come_back(self):
        self.server.faults.remove(self.fault)

    async def ask(self):
        for user in PEOPLE:
            self.server.say("salary senior", user=user)
        await self.server.until(lambda: self.server.confirmed == len(PEOPLE))

    def shown(self):
        return Counter(sent.chat for sent in self.server.sent)

    def tries(self):
        return Counter(call.params["chat_id"] for call in self.server.called("sendMessage"))


class OnSlack:
    """The same on Slack."""

    def __init__(self, clock):
        self.server = SlackServer()
        self.face = lambda: Slack(
            clock=clock,
            content=lambda: SHELF.content,
            draw=nothing,
            api_url=self.server.api_url,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
        )
        self.name = "slack"

    def leave(self):
        self.server.fail("chat.postMessage", *[Status(503)] * 100_000)

    def come_back(self):
        self.server.faults["chat.postMessage"].clear()

    async def ask(self):
        await self.server.until(lambda: self.server.live)
        asked = (
            self.server.message("salary senior", user=f"U{user}", channel=f"D{user}")
            for user in PEOPLE
        )
        assert all(ack.ok for ack in await asyncio.gather(*asked))

    def shown(self):
        return Counter(shown.channel for shown in self.server.shown)

    def tries(self):
        return Counter(call.arguments["channel"] for call in self.server.calls("chat.postMessage"))


@pytest.mark.parametrize("platform", [OnTelegram, OnSlack])
async def test_ten_minutes_without_a_platform_cost_nobody_an_answer_and_it_no_storm(
    url, platform, monkeypatch
):
    monkeypatch.undo()  # of the short pauses: this clock need not be spared
    clock = VirtualClock(START)
    there = platform(clock)
    async with there.server:
        face = there.face()
        settings = Settings(_env_file=None)
        async with assemble(
            content_store=SHELF,
            database_url=url,
            clock=clock,
            messengers={there.name: face},
            settings=settings,
        ) as parts:
            serving = asyncio.create_task(face.serve(parts.engine))
            there.leave()
            await there.ask()

            async def pass_by(span):
                end = clock.now() + span
                while clock.now() < end:
                    clock.move_to(clock.now() + STEP)
                    await parts.delivery.run_until_idle()

            await pass_by(OUTAGE)
            tries = there.tries()
            assert there.shown() == Counter()
            there.come_back()
            await pass_by(LONGEST_WAIT)
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
        await face.close()
    assert set(there.shown().values()) == {1}
    assert len(there.shown()) == len(PEOPLE)
    assert len(tries) == len(PEOPLE)
    assert FEWEST_TRIES <= min(tries.values()) <= max(tries.values()) <= MOST_TRIES
