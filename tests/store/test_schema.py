"""Migrations: what they build is what the tables say, on both databases, and back again; started
together they do not collide.
"""

import asyncio
import sqlite3
import time

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from adapters.storage.sql import schema
from adapters.storage.sql.database import BUSY_SECONDS, Database
from adapters.storage.sql.host_lock import AnotherHost
from adapters.storage.sql.tables import metadata
from adapters.storage.store import open_store
from bot.core.ports import StoreGone
from tests.store.scripted_decider import Script, said, texts


async def test_migrations_build_what_the_tables_say_and_take_it_back(bare_url):
    database = Database(bare_url)
    await database.on_thread(schema.upgrade)
    different = await database.run(
        lambda connection: compare_metadata(MigrationContext.configure(connection), metadata)
    )
    await database.on_thread(
        lambda one: one.transact(lambda connection: schema.bring_to(connection, ""))
    )
    left = await database.run(lambda connection: set(sa.inspect(connection).get_table_names()))
    await database.close()
    assert different == []
    assert left <= {"alembic_version", "sqlite_sequence"}


async def test_stores_that_start_together_migrate_once(bare_url):
    stores = await asyncio.gather(*(open_store(bare_url) for _ in range(6)))
    outcomes = [
        await store.turn(said("hello", f"u{number}"), Script(), room=4)
        for number, store in enumerate(stores)
    ]
    for store in stores:
        await store.close()
    assert [texts(outcome) for outcome in outcomes] == 6 * [["hello"]]


async def test_an_up_to_date_database_is_left_as_it_is(url):
    store = await open_store(url)
    await store.turn(said("hello", key="k"), Script(), room=4)
    await store.close()
    store = await open_store(url)
    assert (await store.turn(said("hello", key="k"), Script(), room=4)).duplicate
    await store.close()


async def test_a_database_that_is_not_there_says_so():
    with pytest.raises(StoreGone):
        await open_store("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreGone):
        await open_store("sqlite:////nowhere/at/all.db")


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="sqlite:///FILE or postgresql://"):
        Database("mysql://here/there")


async def test_a_file_in_use_on_another_host_is_refused(sqlite_url, monkeypatch):
    store = await open_store(sqlite_url)
    neighbour = await open_store(sqlite_url)
    monkeypatch.setattr("adapters.storage.sql.host_lock._host", lambda: "another")
    with pytest.raises(AnotherHost, match="PostgreSQL"):
        await open_store(sqlite_url)
    await store.close()
    await neighbour.close()
    moved = await open_store(sqlite_url)
    await moved.close()


def test_the_newest_migration_is_the_one_the_program_expects():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    numbers = [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_current_head() == schema.HEAD
    assert numbers == sorted(numbers, reverse=True), (
        "an older program knows a newer schema by its number"
    )
    assert {len(number) for number in numbers} == {4}


@pytest.mark.parametrize("refused", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY])
async def test_a_file_that_another_process_is_opening_is_asked_again(
    tmp_path, monkeypatch, refused
):
    """SQLite refuses it at once, without waiting."""
    await (await open_store(f"sqlite:///{tmp_path / 'bot.db'}")).close()
    original, refusals = Database.transact, iter([refused] * 3)

    def refusing(database: Database, function):
        if code := next(refusals, None):
            driver = sqlite3.OperationalError("database is locked")
            driver.sqlite_errorcode = code
            driver.sqlite_errorname = "SQLITE_BUSY"
            raise StoreGone("database is locked") from OperationalError("BEGIN", None, driver)
        return original(database, function)

    monkeypatch.setattr(Database, "transact", refusing)
    store = await open_store(f"sqlite:///{tmp_path / 'bot.db'}")
    await store.close()
    assert next(refusals, None) is None


async def test_a_file_that_is_no_database_is_refused_at_once(tmp_path):
    (tmp_path / "bot.db").write_bytes(b"no database, but long enough to be looked at" * 40)
    began = time.monotonic()
    with pytest.raises(StoreGone):
        await open_store(f"sqlite:///{tmp_path / 'bot.db'}")
    assert time.monotonic() - began < BUSY_SECONDS
