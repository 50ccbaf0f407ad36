"""Slack's sockets at their worst, under a whole bot: people go on writing, and Slack brings again
what nobody acknowledged.
"""

import asyncio
import time
from contextlib import suppress

import pytest

from adapters.slack import socket_mode, transport
from adapters.slack.transport import Slack
from bot.runtime import service
from tests.running_bot import Tally, running_bot, tally
from tests.servers.slack import SlackServer, Status
from tests.servers.telegram import TelegramServer

PEOPLE = range(24)
EVERYBODY = {f"D{number}" for number in PEOPLE}
SPEED = 20
"""How much faster than real a minute of drops passes here."""


async def insist(slack: SlackServer, number: int) -> None:
    """As Slack does: until it is acknowledged, it comes again."""
    while True:
        with suppress(ConnectionError, IndexError):
            if (
                await slack.message(
                    "salary senior",
                    user=f"U{number}",
                    channel=f"D{number}",
                    ts=f"1700000000.{number:06d}",
                )
            ).ok:
                return
        await asyncio.sleep(0.05)


def answers(slack: SlackServer) -> Tally:
    return tally(EVERYBODY, [shown.channel for shown in slack.shown])


ALL = Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def test_a_socket_that_drops_every_second_for_a_minute_loses_nothing_and_asks_slack_for_few_tickets(
    url, monkeypatch
):
    monkeypatch.setattr(socket_mode, "MINUTE_SECONDS", 60 / SPEED)
    monkeypatch.setitem(
        Slack.__init__.__kwdefaults__, "ping_seconds", socket_mode.PING_SECONDS / SPEED
    )
    async with SlackServer() as slack, running_bot(url, slack=slack):
        slack.ack_seconds = 3.0 / SPEED
        await slack.until(lambda: slack.live)
        opened = slack.opens
        asking = [asyncio.create_task(insist(slack, number)) for number in PEOPLE]
        began = time.monotonic()
        for _ in range(60):
            await slack.disconnect(close=True)
            await asyncio.sleep(1 / SPEED)
        asked_for, minutes = slack.opens - opened, (time.monotonic() - began) * SPEED / 60
        async with asyncio.timeout(20):
            await asyncio.gather(*asking)
        await slack.until(lambda: {shown.channel for shown in slack.shown} >= EVERYBODY, seconds=20)
    assert answers(slack) == ALL
    assert 3 <= asked_for <= 2 * socket_mode.OPENS_A_MINUTE * minutes, (
        "the method is a slow one: Slack would shut the app out"
    )


async def test_a_ticket_that_fails_its_handshake_is_not_dialled_for_ever(url):
    """The SDK would try the same single-use address again and again."""
    async with SlackServer() as slack:
        slack.refuse_tickets = 3
        async with running_bot(url, slack=slack):
            await slack.until(lambda: slack.live, seconds=20)
            assert (await slack.command("/pivot", "salary senior")).ok
        assert len(set(slack.dials)) >= 2
        assert len(slack.dials) <= 12


async def test_frames_that_nobody_can_read_hold_up_nobody(url):
    async with SlackServer() as slack, running_bot(url, slack=slack):
        await slack.until(lambda: slack.live)
        for number in PEOPLE:
            await slack.babble(
                (
                    "{not json",
                    "[]",
                    "null",
                    '{"type": 7}',
                    '{"type": "events_api"}',
                    '{"type": "unheard_of"}',
                )[number % 6]
            )
            assert (
                await slack.message("salary senior", user=f"U{number}", channel=f"D{number}")
            ).ok
        await slack.until(lambda: {shown.channel for shown in slack.shown} >= EVERYBODY, seconds=20)
    assert answers(slack) == ALL


async def test_slack_away_for_a_while_is_waited_for(url, monkeypatch):
    """Longer than three rebuilds of the connection: Slack counts as lost,
    and is tried again because Telegram works.
    """
    monkeypatch.setattr(service, "RETURN_SECONDS", 0.1)
    monkeypatch.setitem(Slack.__init__.__kwdefaults__, "ping_seconds", 0.02)
    async with (
        SlackServer() as slack,
        TelegramServer() as telegram,
        running_bot(url, slack=slack, telegram=telegram) as bot,
    ):
        await slack.until(lambda: slack.live)
        await slack.away()
        asking = [asyncio.create_task(insist(slack, number)) for number in PEOPLE]
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: telegram.texts(7))
        await asyncio.sleep(1.0)
        assert (await bot.ready())[0] == 200
        await slack.back()
        async with asyncio.timeout(20):
            await asyncio.gather(*asking)
        await slack.until(lambda: {shown.channel for shown in slack.shown} >= EVERYBODY, seconds=20)
    assert answers(slack) == ALL


@pytest.mark.parametrize("method", ["apps.connections.open", "auth.test"])
async def test_a_storm_of_errors_while_connecting_is_sat_out(url, method, monkeypatch):
    monkeypatch.setattr(transport, "WARM_UP_SECONDS", 0.1)
    async with SlackServer() as slack:
        slack.fail(method, *[Status(502), Status(503), Status(200, "no json", {}, "text/plain")])
        async with running_bot(url, slack=slack):
            await slack.until(lambda: slack.live, seconds=20)
            assert (await slack.command("/pivot", "salary senior")).ok
        assert not slack.faults[method]
