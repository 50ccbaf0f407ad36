"""Platforms that are slow, broken, away or confused, seen through the real SDKs.

Every test counts what became of its messages.
"""

import asyncio
from contextlib import suppress

import httpx
import pytest

from tests.running_bot import Tally, running_bot, tally
from tests.servers.slack import Cut, SlackServer, Status, limited
from tests.servers.telegram import TOKEN, TelegramServer

PEOPLE = range(100, 120)


async def ask(telegram: TelegramServer) -> None:
    for user in PEOPLE:
        telegram.say("salary senior", user=user)


def answers(telegram: TelegramServer) -> Tally:
    return tally(PEOPLE, [sent.chat for sent in telegram.sent])


def everybody(telegram: TelegramServer):
    return lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE)


@pytest.mark.parametrize(
    ("kind", "details", "doubled"),
    [
        ("status", {"status": 500}, 0),
        ("status", {"status": 502}, 0),
        ("limit", {"seconds": 1}, 0),
        ("page", {"status": 502}, 0),
        ("drop_before", {}, 0),
        ("drop_after", {}, 5),
        ("garbage", {}, 5),
    ],
)
async def test_nothing_is_lost_when_telegram_fails_five_sends(url, kind, details, doubled):
    """A send that had its effect and broke off is repeated once; nothing else comes twice."""
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        telegram.fault(kind, method="sendMessage", times=5, **details)
        await ask(telegram)
        await telegram.until(everybody(telegram), seconds=20)
        await telegram.until(lambda: len(telegram.sent) >= len(PEOPLE) + doubled)
    counted = answers(telegram)
    assert (counted.lost, counted.doubled) == (0, doubled)
    assert max(len(telegram.texts(user)) for user in PEOPLE) <= 2


async def test_one_slow_chat_holds_up_nobody_else(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        telegram.fault("slow", method="sendMessage", chat=100, seconds=3.0)
        await ask(telegram)
        await telegram.until(
            lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE) - {100}, seconds=2.9
        )
    assert answers(telegram).doubled == 0


async def test_telegram_away_for_a_while_is_waited_for(url):
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack) as bot,
    ):
        await telegram.until(lambda: telegram.called("deleteWebhook"))
        await slack.until(lambda: slack.live)
        port = telegram.port
        await telegram.stop()
        await ask(telegram)
        assert "$160,000" in str((await slack.command("/pivot", "salary senior")).payload)
        status, known = await bot.ready()
        assert (status, set(known["platforms"])) == (200, {"telegram", "slack"})
        await telegram.start(port)
        await telegram.until(everybody(telegram))
    assert answers(telegram) == Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_answers_to_a_platform_that_went_away_meanwhile_arrive_when_it_is_back(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        gate = telegram.fault("status", method="sendMessage", status=503, times=10_000)
        await ask(telegram)
        await telegram.until(lambda: telegram.confirmed == len(PEOPLE))
        assert telegram.sent == []
        assert await bot.metric("pivotbot_outbox_answers") > 0
        telegram.faults.remove(gate)
        await telegram.until(everybody(telegram))
    assert answers(telegram) == Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_a_storm_of_errors_on_polling_loses_no_update(url):
    async with TelegramServer() as telegram:
        for kind, details in (
            ("status", {"status": 500}),
            ("page", {"status": 502}),
            ("garbage", {}),
            ("drop_before", {}),
        ):
            telegram.fault(kind, method="getUpdates", times=3, **details)
        await ask(telegram)
        async with running_bot(url, telegram=telegram):
            await telegram.until(everybody(telegram))
        assert not telegram.faults
    assert answers(telegram) == Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_a_second_poller_costs_nobody_an_answer(url):
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram),
        httpx.AsyncClient() as other,
    ):

        async def poll() -> None:
            while True:
                await other.post(
                    f"{telegram.url}{TOKEN}/getUpdates", json={"timeout": 1}, timeout=5
                )

        stranger = asyncio.create_task(poll())
        await telegram.until(
            lambda: any(call.status == 409 for call in telegram.called("getUpdates"))
        )
        await ask(telegram)
        await telegram.until(everybody(telegram))
        stranger.cancel()
        await asyncio.gather(stranger, return_exceptions=True)
    assert answers(telegram) == Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_updates_that_nobody_can_read_hold_up_nobody(url):
    strange = (
        {"message": {}},
        {"message": "text"},
        {"unheard_of": {"id": 1}},
        {},
        {"message": {"chat": {"id": "x"}, "from": None}},
    )
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        for user in PEOPLE:
            telegram.push_raw(dict(strange[user % len(strange)]))
            telegram.say("salary senior", user=user)
        await telegram.until(lambda: telegram.confirmed == 2 * len(PEOPLE))
        await telegram.until(everybody(telegram))
    assert answers(telegram) == Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_sockets_that_drop_again_and_again_lose_no_message(url):
    async with SlackServer() as slack, running_bot(url, slack=slack):
        slack.ack_seconds = 1.0
        unacknowledged = set(range(12))
        while unacknowledged:
            await slack.until(lambda: slack.live, seconds=20)
            number = min(unacknowledged)
            with suppress(ConnectionError):
                saying = asyncio.create_task(
                    slack.message(
                        "salary senior",
                        user=f"U{number}",
                        channel=f"D{number}",
                        ts=f"1700000000.{number:06d}",
                    )
                )
                if number % 3 == 0:
                    await asyncio.sleep(0)
                    await slack.disconnect(close=True)
                if (await saying).ok:
                    unacknowledged.remove(number)
        await slack.until(lambda: len({shown.channel for shown in slack.shown}) == 12, seconds=20)
    counted = tally(
        {f"D{number}" for number in range(12)}, [shown.channel for shown in slack.shown]
    )
    assert counted == Tally(12, 12, 0, 0)


@pytest.mark.parametrize(
    "fault",
    [
        Status(502),
        Cut(after=False),
        Cut(after=True),
        limited(1),
        Status(200, "no json", {}, "text/plain"),
    ],
    ids=repr,
)
async def test_nothing_is_lost_or_doubled_when_slack_fails_five_sends(url, fault):
    """After a reset Slack is asked first whether the message is there,
    so not even that one comes twice.
    """
    async with SlackServer() as slack, running_bot(url, slack=slack):
        await slack.until(lambda: slack.live)
        slack.fail("chat.postMessage", *[fault] * 5)
        acks = await asyncio.gather(
            *(
                slack.message("salary senior", user=f"U{number}", channel=f"D{number}")
                for number in range(12)
            )
        )
        assert all(ack.ok for ack in acks)
        await slack.until(lambda: len({shown.channel for shown in slack.shown}) == 12, seconds=20)
        await slack.until(lambda: not slack.faults["chat.postMessage"])
    counted = tally(
        {f"D{number}" for number in range(12)}, [shown.channel for shown in slack.shown]
    )
    assert counted == Tally(12, 12, 0, 0)
