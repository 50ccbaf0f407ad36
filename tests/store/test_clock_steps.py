"""A clock that is weeks ahead: what is due is moved on by no moment of it,
and comes when it should after a longer one.
"""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from adapters.steady_time import WAIT, SteadyTime
from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.sql.tables import subscriptions
from adapters.storage.store import open_store
from bot.core.messages import Delivered
from tests.store.scripted_decider import ROOM, Script, said, subscribing, texts

SUNDAY = datetime(2026, 11, 22, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""Monday 11:00 in Sydney."""
WEEKS = timedelta(weeks=3)


class Bot:
    """A store by a clock that can be wrong, its ticks, and what it sent."""

    def __init__(self, store, script):
        self.store, self.script = store, script
        self.up, self.off = 0.0, timedelta()
        self.sent = []
        store._steady = SteadyTime(lambda: self.up)
        store._read_clock = lambda _connection: self.real + self.off

    @property
    def real(self):
        return SUNDAY + timedelta(seconds=self.up)

    async def live(self, until, every=timedelta(minutes=1)):
        while self.real < until:
            self.up += every.total_seconds()
            await self.store.book(self.real)
            exchange = await self.store.exchange(self.real, [], ROOM, self.script)
            self.sent += [(text, self.real) for text in texts(exchange)]
            receipts = [(one, Delivered()) for one in exchange.claimed]
            await self.store.exchange(self.real, receipts, {}, self.script)

    async def next_due(self):
        return await self.store.database.look(
            lambda connection: connection.execute(sa.select(subscriptions.c.next_due_at)).scalar()
        )


@pytest.fixture
async def bot(url):
    store = await open_store(url, pace=SendLimits(rates={}))
    bot = Bot(store, Script(subscribe=subscribing(id="weekly")))
    await store.turn(said("subscribe", at=SUNDAY), bot.script, room=0)
    await bot.live(SUNDAY + timedelta(hours=1))
    yield bot
    await store.close()


async def test_three_weeks_ahead_for_a_moment_moves_nothing(bot):
    bot.off = WEEKS
    await bot.live(bot.real + timedelta(minutes=2))
    bot.off = timedelta()
    await bot.live(DUE + timedelta(minutes=5))
    assert [text for text, _ in bot.sent] == ["nudge 2026-W48 0"]
    assert bot.sent[0][1] - DUE <= timedelta(minutes=1)


async def test_a_nudge_that_falls_due_while_a_step_is_waited_out_comes_in_time(bot):
    await bot.live(DUE - timedelta(minutes=4), every=timedelta(minutes=30))
    bot.off = WEEKS
    await bot.live(DUE + timedelta(minutes=2))
    bot.off = timedelta()
    await bot.live(DUE + timedelta(minutes=30))
    assert [text for text, _ in bot.sent] == ["nudge 2026-W48 0"]
    assert bot.sent[0][1] - DUE <= timedelta(minutes=1)


async def test_three_weeks_ahead_for_an_hour_and_back_the_next_nudge_comes_in_its_own_week(bot):
    bot.off = WEEKS
    await bot.live(bot.real + WAIT + timedelta(hours=1))
    assert await bot.next_due() > DUE + timedelta(weeks=2)
    bot.off = timedelta()
    await bot.live(bot.real + WAIT + timedelta(minutes=2))
    assert await bot.next_due() == DUE
    await bot.live(DUE + timedelta(minutes=5), every=timedelta(minutes=10))
    assert "nudge 2026-W48 0" in [text for text, _ in bot.sent]
    weeks = [text for text, _ in bot.sent]
    assert len(weeks) == len(set(weeks)), "two nudges for one week"
