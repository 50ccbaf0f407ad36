"""PostgreSQL gone for a while: intake pauses, readiness is red, and everything is answered once the server is back."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.storage.store import open_store
from bot import serving
from tests.house import Tally, house, tally, until
from tests.servers.telegram import TelegramServer

PEOPLE = range(100, 130)


class Wire:
    """The way to the server, which can be cut."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._socket)
        await asyncio.gather(self._pour(reader, back), self._pour(there, writer))

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()


@pytest.fixture
async def wire(postgres_url: str):
    folder = parse_qs(urlsplit(postgres_url).query)["host"][0]
    wire = Wire(f"{folder}/.s.PGSQL.5432")
    await wire.mend()
    yield wire
    await wire.cut()


async def test_while_postgres_is_gone_nothing_is_confirmed_and_afterwards_all_are_answered(postgres_url, wire, monkeypatch):
    monkeypatch.setattr(serving, "TICK_SILENCE_SECONDS", 0.5)
    await (await open_store(postgres_url)).close()
    parts = urlsplit(postgres_url)
    url = f"postgresql://{parts.username or 'postgres'}@127.0.0.1:{wire.port}{parts.path}"
    async with TelegramServer() as telegram, house(url, telegram=telegram) as bot:
        await telegram.until(lambda: telegram.called("deleteWebhook"), seconds=20)
        await wire.cut()
        for user in PEOPLE:
            telegram.say("salary senior", user=user)
        await until(lambda: red(bot))
        assert (telegram.confirmed, telegram.sent) == (0, [])
        await wire.mend()
        await telegram.until(lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE), seconds=30)
        await telegram.until(lambda: telegram.confirmed == len(PEOPLE), seconds=20)
    assert tally(PEOPLE, [sent.chat for sent in telegram.sent]) == Tally(len(PEOPLE), len(PEOPLE), 0, 0)


async def red(bot) -> bool:
    status, known = await bot.ready()
    return status == 503 and known["database"] == "away"
