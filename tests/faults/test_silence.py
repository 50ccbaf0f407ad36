"""A transport that is alive and says nothing is rebuilt; three in vain end the last platform,
and never the other one.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Self

import pytest

from adapters.slack import socket_mode
from adapters.telegram import silence_watchdog
from bot.runtime import service
from bot.runtime.settings import Settings
from tests.running_bot import running_bot, until
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.servers.telegram import TOKEN, TelegramServer


class Silent:
    """An address that takes connections and whatever is sent, and never answers.

    `switch` puts it in front of a port.
    """

    def __init__(self) -> None:
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._swallow, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _swallow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            while await reader.read(65_536):
                pass
        except OSError:
            pass


class Hours:
    """The watch's clock: a wait ends when the test lets time pass."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    async def __call__(self, seconds: float) -> None:
        assert seconds == silence_watchdog.SILENT_SECONDS
        passed = asyncio.get_running_loop().create_future()
        self._waiting.append(passed)
        await passed

    async def pass_(self) -> None:
        await until(self._anybody)
        for one in self._waiting:
            if not one.done():
                one.set_result(None)
        self._waiting.clear()

    async def _anybody(self) -> bool:
        return bool(self._waiting)


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    from adapters.telegram.transport import Telegram

    hours = Hours()
    monkeypatch.setitem(Telegram.__init__.__kwdefaults__, "watch", hours)
    return hours


async def so(condition: Callable[[], object]) -> object:
    async def asked() -> object:
        return condition()

    return await until(asked)


async def test_a_telegram_connection_gone_silent_is_replaced_and_nothing_is_lost(
    url, hours, caplog
):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: telegram.texts(7), seconds=20)
        await hours.pass_()
        assert "silent" not in caplog.text, "it answered meanwhile"
        hung = telegram.fault("slow", method="getUpdates", seconds=3600.0)
        telegram.say("visa 189", user=7)
        await so(lambda: hung not in telegram.faults)
        telegram.say("visa 190", user=8)
        for _ in range(2):
            await hours.pass_()
        await telegram.until(lambda: len(telegram.texts(7)) == 2 and telegram.texts(8), seconds=20)
    assert caplog.text.count("building new connections") == 1


async def test_three_silent_connections_end_the_process_of_the_last_platform(url, hours, caplog):
    caplog.set_level(logging.WARNING)
    async with Silent() as nobody:
        settings = {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": f"http://127.0.0.1:{nobody.port}/bot",
            "database_url": url,
            "port": 0,
        }
        running = asyncio.create_task(
            service.run(Settings(_env_file=None, **settings), until=asyncio.Event().wait())
        )
        for number in range(1, silence_watchdog.REBUILDS + 1):
            await so(lambda number=number: nobody.connections >= number)
            await hours.pass_()
        await so(lambda: nobody.connections > silence_watchdog.REBUILDS)
        assert not running.done()
        await hours.pass_()
        assert await asyncio.wait_for(running, 20) == 1
    assert caplog.text.count("building new connections") == silence_watchdog.REBUILDS
    assert "telegram ended: TelegramGone: no answer on 3 fresh connections" in caplog.text


async def test_a_silent_telegram_does_not_stop_slack(url, hours, monkeypatch):
    monkeypatch.setattr(service, "RETURN_SECONDS", 0.1)
    async with Silent() as nobody, SlackServer() as slack:
        silent = {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": f"http://127.0.0.1:{nobody.port}/bot",
        }
        async with running_bot(url, slack=slack, **silent) as bot:
            await slack.until(lambda: slack.live, seconds=20)
            for number in range(
                2 * (silence_watchdog.REBUILDS + 1)
            ):  # lost, tried again a while later, lost again
                await so(lambda number=number: nobody.connections > number)
                await hours.pass_()
            assert "$160,000" in str((await slack.command("/pivot", "salary senior")).payload)
            status, known = await bot.ready()
            assert (status, known["platforms"]["telegram"]) == (200, None)


async def test_a_slack_connection_that_answers_no_ping_is_replaced(url):
    async with SlackServer() as slack:
        slack.deaf = True
        async with running_bot(url, slack=slack):
            await slack.until(lambda: slack.dials, seconds=20)
            slack.deaf = False  # the next connection is sound
            await slack.until(lambda: len(slack.dials) > 1 and slack.live, seconds=20)
            assert "$160,000" in str((await slack.command("/pivot", "salary senior")).payload)


async def test_three_slack_clients_that_never_connect_end_the_process_of_the_last_platform_and_not_of_another(
    url, monkeypatch, caplog
):
    monkeypatch.setattr(socket_mode, "OPENS_A_MINUTE", 10_000)
    monkeypatch.setattr(service, "RETURN_SECONDS", 3600.0)
    async with SlackServer() as slack, TelegramServer() as telegram:
        slack.refuse_tickets = 10_000
        async with running_bot(url, slack=slack, telegram=telegram):
            await so(lambda: "slack ended: SlackGone" in caplog.text)
            telegram.say("salary senior", user=7)
            await telegram.until(lambda: telegram.texts(7), seconds=20)
        settings = {
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_api_url": slack.api_url,
            "database_url": url,
            "port": 0,
        }
        alone = service.run(Settings(_env_file=None, **settings), until=asyncio.Event().wait())
        assert await asyncio.wait_for(alone, 30) == 1
