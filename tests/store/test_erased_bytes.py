"""What is erased is in no byte of any file, a readiness that only reads is none,
and a pooler is known by its sessions.
"""

import os
import stat
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from adapters.storage.maintenance.backup import _open
from adapters.storage.sql.database import Database, PoolerBetweenError, refuse_pooler
from adapters.storage.store import open_store
from bot.core.ports import StoreGone
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer

PLANTED = (b"187654", b"zebraquartz", b"70770077")


def _bytes_beside(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir() if path.is_file())


async def test_no_byte_of_any_file_tells_of_somebody_who_was_forgotten(tmp_path):
    file = tmp_path / "bot.db"
    async with TelegramServer() as telegram, running_bot(f"sqlite:///{file}", telegram=telegram):
        for said in ("takehome 187654 plus super", "subscribe monday 8am perth", "zebraquartz?"):
            telegram.say(said, user=70770077)
        await telegram.until(lambda: len(telegram.texts(70770077)) >= 3, seconds=60)
        assert PLANTED[0] in _bytes_beside(file)
        telegram.say("forget", user=70770077)
        await telegram.until(lambda: len(telegram.texts(70770077)) >= 4, seconds=60)
        telegram.say("forget yes", user=70770077)
        await telegram.until(lambda: len(telegram.texts(70770077)) >= 5, seconds=60)
        left = _bytes_beside(file)
        assert [word for word in PLANTED[:2] if word in left] == []


async def test_what_is_erased_is_overwritten_in_the_file(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/bot.db")
    try:
        found = await database.run(
            lambda connection: connection.execute(sa.text("PRAGMA secure_delete")).scalar()
        )
    finally:
        await database.close()
    assert found == 1


async def test_readiness_is_red_where_nothing_can_be_written(tmp_path):
    file = tmp_path / "bot.db"
    now = datetime(2026, 11, 30, tzinfo=UTC)
    store = await open_store(f"sqlite:///{file}")
    try:
        await store.prove_writable(now)
        await store.database.run(
            lambda connection: connection.execute(sa.text("PRAGMA query_only=ON"))
        )
        with pytest.raises(StoreGone):
            await store.prove_writable(now)
    finally:
        await store.close()


def test_a_backup_is_its_owners_alone(tmp_path):
    old = os.umask(0o022)
    try:
        with _open(tmp_path / "all.jsonl.gz", "wt") as file:
            file.write("x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "all.jsonl.gz").stat().st_mode) == 0o600


def _server(processes):
    waiting = iter(processes)

    @contextmanager
    def connect():
        process = next(waiting)
        yield SimpleNamespace(
            execute=lambda _: SimpleNamespace(scalar=lambda: process), rollback=lambda: None
        )

    return connect


def test_two_sessions_on_one_server_process_are_a_pooler_and_refused_by_name():
    refuse_pooler(_server([1, 2]))
    with pytest.raises(PoolerBetweenError, match="pgbouncer"):
        refuse_pooler(_server([1, 1]))
