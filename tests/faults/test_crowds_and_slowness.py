"""Platforms that take five seconds for an answer, and a herd of nudges that meets a fault: slow is
not lost, and nobody is told twice.
"""

import asyncio
import sqlite3
import time

import pytest

from bot.runtime.delivery import MAX_IN_FLIGHT
from tests.running_bot import Tally, running_bot, tally
from tests.servers.slack import Hold, SlackServer
from tests.servers.telegram import TelegramServer

SECONDS = 5.0
HERD = range(100, 140)
OTHERS = range(200, 210)


async def test_five_seconds_an_answer_on_both_platforms_lose_and_double_nothing(url):
    """The places in the air are all taken for so long; whoever needs none is answered meanwhile."""
    people = range(100, 100 + 2 * MAX_IN_FLIGHT)
    there = {f"D{user}" for user in people}
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack) as bot,
    ):
        await slack.until(lambda: slack.live)
        released = asyncio.Event()
        telegram.fault("slow", method="sendMessage", times=MAX_IN_FLIGHT, seconds=SECONDS)
        telegram.fault("slow", method="getUpdates", times=1, seconds=SECONDS)
        slack.fail("chat.postMessage", *[Hold(released)] * MAX_IN_FLIGHT)
        asyncio.get_running_loop().call_later(SECONDS, released.set)
        for user in people:
            telegram.say("salary senior", user=user)
        acks = await asyncio.gather(
            *(
                slack.message("salary senior", user=f"U{user}", channel=f"D{user}")
                for user in people
            )
        )
        assert all(ack.ok for ack in acks), "an acknowledgement waits for the commit alone"
        assert (await bot.ready())[0] == 200
        await telegram.until(
            lambda: {sent.chat for sent in telegram.sent} >= set(people), seconds=20
        )
        await slack.until(lambda: {shown.channel for shown in slack.shown} >= there, seconds=20)
    assert tally(people, [sent.chat for sent in telegram.sent]) == Tally(
        len(people), len(people), 0, 0
    )
    assert tally(there, [shown.channel for shown in slack.shown]) == Tally(
        len(people), len(people), 0, 0
    )


def make_due(file, seconds_ago: float) -> None:
    with sqlite3.connect(file, timeout=10) as database:
        database.execute(
            "UPDATE subscriptions SET next_due_at = ?",
            (int((time.time() - seconds_ago) * 1_000_000),),
        )
    database.close()


@pytest.mark.parametrize(
    ("struck", "kind", "details"),
    [
        (HERD, "status", {"status": 503, "times": 2}),
        (HERD[:4], "limit", {"seconds": 1}),
        (HERD, "drop_before", {}),
    ],
)
async def test_a_herd_of_nudges_that_meets_a_fault_arrives_whole_and_once_and_holds_up_no_answer(
    url, file, struck, kind, details
):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        for user in HERD:
            telegram.say("subscribe monday 8am sydney", user=user)
        await telegram.until(lambda: {sent.chat for sent in telegram.sent} >= set(HERD), seconds=20)
        before = len(telegram.sent)
        for user in struck:
            telegram.fault(kind, method="sendMessage", chat=user, **details)
        make_due(file, 60)

        def nudges() -> Tally:
            return tally(HERD, [sent.chat for sent in telegram.sent[before:] if sent.chat in HERD])

        await telegram.until(lambda: not telegram.faults or nudges().answered, seconds=20)
        for user in OTHERS:
            telegram.say("salary senior", user=user)
        await telegram.until(
            lambda: {sent.chat for sent in telegram.sent} >= set(OTHERS), seconds=20
        )
        assert nudges().lost, "the answers did not wait for the herd"
        await telegram.until(lambda: not nudges().lost, seconds=30)
    assert nudges() == Tally(len(HERD), len(HERD), 0, 0)
