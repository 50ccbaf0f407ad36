"""An upgrade while the bot runs: the newer version migrates, the version before goes on, and a
backup of either finds its way.
"""

import asyncio
import json
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from adapters.storage.maintenance.backup import BackupRefused, backup, restore
from adapters.storage.sql import schema
from adapters.storage.sql.database import Database
from adapters.storage.store import open_store
from bot.core.messages import Delivered
from bot.core.turn import Turn
from tests.process import bot
from tests.store import next_version
from tests.store.scripted_decider import ROOM, Script, said, second, texts

WRITERS = 6


@pytest.fixture
def upgraded(monkeypatch, tmp_path):
    """Whatever is opened from here on is opened by the next version."""

    def upgrade() -> None:
        monkeypatch.setattr(schema, "MIGRATIONS", next_version.migrations(tmp_path))
        monkeypatch.setattr(schema, "HEAD", next_version.NUMBER)

    return upgrade


def inspected(url, question):
    """What `question` finds out about the database there."""

    async def whole():
        database = Database(url)
        try:
            return await database.run(question)
        finally:
            await database.close()

    return asyncio.run(whole())


async def found(url):
    database = Database(url)
    try:
        return await database.run(schema.revision)
    finally:
        await database.close()


async def test_the_version_before_loses_no_turn_while_the_next_one_migrates(bare_url, tmp_path):
    store = await open_store(bare_url, real_time=False)
    script, sent, over = Script(), [], asyncio.Event()

    async def write(number):
        count = 0
        while not over.is_set() or count < 5:
            event = said(f"{number} {count}", f"u{number}", key=f"{number}-{count}")
            assert not (await store.turn(event, script, room=0)).duplicate
            count += 1
            await asyncio.sleep(0.02)
        return count

    async def send():
        receipts, moment, idle = [], 0, 0
        while idle < 3 or not over.is_set():
            moment += 1
            exchange = await store.exchange(second(moment), receipts, ROOM, script)
            receipts = [(one, Delivered()) for one in exchange.claimed]
            sent.extend(texts(exchange))
            idle = 0 if receipts else idle + 1

    async def migrate():
        async with bot(
            tmp_path,
            str(tmp_path),
            "migrate",
            program="tests.store.next_version",
            DATABASE_URL=bare_url,
        ) as process:
            assert await process.ended(30) == 0, process.log()
        over.set()

    counts, *_ = await asyncio.gather(
        asyncio.gather(*(write(number) for number in range(WRITERS))), migrate(), send()
    )
    assert await found(bare_url) == next_version.NUMBER
    await store.close()
    store = await open_store(bare_url, real_time=False)
    await send()
    await store.close()
    assert sorted(sent) == sorted(
        f"{number} {count}" for number in range(WRITERS) for count in range(counts[number])
    )


async def test_a_program_goes_on_with_the_schema_of_the_version_after_it(
    bare_url, upgraded, monkeypatch, caplog
):
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", schema.MIGRATIONS)
        upgraded()
        await (await open_store(bare_url)).close()
    monkeypatch.undo()
    store = await open_store(bare_url)
    assert texts(await store.turn(said("hello"), Script(), room=4)) == ["hello"]
    await store.close()
    assert await found(bare_url) == next_version.NUMBER, "nothing was taken back"
    assert "schema of a newer version" in caplog.text
    assert "a newer version's" in await asyncio.to_thread(schema.migrate, bare_url)


async def test_both_versions_that_start_together_leave_the_newer_schema(bare_url, tmp_path):
    async with (
        bot(
            tmp_path,
            str(tmp_path),
            "migrate",
            program="tests.store.next_version",
            DATABASE_URL=bare_url,
        ) as newer,
        bot(tmp_path, "migrate", DATABASE_URL=bare_url) as older,
    ):
        assert (await newer.ended(30), await older.ended(30)) == (0, 0), newer.log() + older.log()
    assert await found(bare_url) == next_version.NUMBER


async def test_a_migration_waits_for_a_backup_without_holding_anybody_up(
    empty_postgres_url, upgraded, monkeypatch, caplog
):
    """PostgreSQL lets everybody wait who comes after one that waits for a table."""
    monkeypatch.setattr(schema, "LOCK_SECONDS", 1)
    store = await open_store(empty_postgres_url, real_time=False)
    reading, enough = threading.Event(), threading.Event()

    def read(connection):
        connection.execute(sa.text("SELECT count(*) FROM people")).all()
        reading.set()
        enough.wait(20)

    backing_up = asyncio.create_task(store.database.look(read))
    await asyncio.to_thread(reading.wait, 20)
    upgraded()
    migrating = asyncio.create_task(open_store(empty_postgres_url, real_time=False))
    while "the migration waits" not in caplog.text:
        await asyncio.wait_for(store.turn(said("hello"), Script(), room=0), 2)
    assert not migrating.done()
    enough.set()
    await backing_up
    await (await migrating).close()
    await store.database.run(
        lambda connection: schema.bring_to(connection, f"{int(next_version.NUMBER) - 1:04}")
    )
    await store.close()


# --- backups between versions ------------------------------------------------------------------------------------------


def fill(url):
    async def whole():
        store = await open_store(url, real_time=False)
        await store.turn(said("hello", key="k"), Script(), room=0)
        await store.close()

    asyncio.run(whole())


def people(connection):
    return [dict(row) for row in connection.execute(sa.text("SELECT * FROM people")).mappings()]


@pytest.mark.parametrize(
    "target", ["new", "used and emptied by the version before", "used and emptied by this version"]
)
def test_a_backup_of_the_version_before_is_restored_and_migrated(
    bare_url, sqlite_url, tmp_path, upgraded, target
):
    """The plain way when an upgrade goes wrong, and the only one between two machines."""
    file = tmp_path / "before.jsonl.gz"
    fill(sqlite_url)
    backup(sqlite_url, file)
    if target == "used and emptied by the version before":
        schema.migrate(bare_url)
    upgraded()
    if target == "used and emptied by this version":
        schema.migrate(bare_url)
    assert "rows restored" in restore(bare_url, file)
    [person] = inspected(bare_url, people)
    assert person["nickname"] == "none"
    assert inspected(bare_url, schema.revision) == next_version.NUMBER


def test_a_backup_holds_what_only_a_newer_version_knows_and_the_older_refuses_it_whole(
    bare_url, tmp_path, upgraded, monkeypatch
):
    file, other = tmp_path / "newer.jsonl", f"sqlite:///{tmp_path}/other.db"
    with monkeypatch.context():
        upgraded()
        fill(bare_url)
        inspected(
            bare_url,
            lambda connection: (
                connection.execute(sa.text("UPDATE people SET nickname = 'Ada'")).rowcount
            ),
        )
    newer = schema.MIGRATIONS, schema.HEAD
    monkeypatch.undo()
    backup(bare_url, file)
    with pytest.raises(BackupRefused, match="made by a newer version"):
        restore(other, file)
    monkeypatch.setattr(schema, "MIGRATIONS", newer[0])
    monkeypatch.setattr(schema, "HEAD", newer[1])
    restore(other, file)
    assert [person["nickname"] for person in inspected(other, people)] == ["Ada"]


@pytest.mark.parametrize(
    "torn",
    [
        lambda text: text[:-20],
        lambda text: text.rpartition('{"rows"')[0],
        lambda text: text + text[-9:],
    ],
)
def test_a_backup_that_is_not_whole_is_refused_and_leaves_nothing_behind(
    bare_url, sqlite_url, tmp_path, torn
):
    file = tmp_path / "torn.jsonl"
    fill(sqlite_url)
    backup(sqlite_url, file)
    file.write_text(torn(file.read_text()))
    with pytest.raises(BackupRefused, match="is not whole"):
        restore(bare_url, file)
    assert inspected(bare_url, schema.revision) is None


# --- every migration ---------------------------------------------------------------------------------------------------


def trouble(before, after):
    """What a program for the schema `before` would stumble over in `after`:
    a migration may only add.
    """
    problems = [f"{name} is gone" for name in before.tables if name not in after.tables]
    for name, old in before.tables.items():
        new = after.tables.get(name)
        if new is None:
            continue
        for column in old.c:
            if column.name not in new.c:
                problems.append(f"{name}.{column.name} is gone")
            elif type(column.type) is not type(new.c[column.name].type):
                problems.append(f"{name}.{column.name} has another type")
            elif column.nullable and not new.c[column.name].nullable:
                problems.append(f"{name}.{column.name} must have a value now")
        wanting = [
            column.name
            for column in new.c
            if column.name not in old.c and not column.nullable and column.server_default is None
        ]
        problems += [
            f"{name}.{column} is new and wants a value that the version before does not give"
            for column in wanting
        ]
        unique = {index.name for index in old.indexes if index.unique}
        problems += [
            f"{index.name} is new and unique"
            for index in new.indexes
            if index.unique and index.name not in unique
        ]
    return problems


def numbers():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][
        ::-1
    ]


def built(connection, number):
    """The tables as this migration leaves them."""
    schema.bring_to(connection, number)
    tables = sa.MetaData()
    tables.reflect(connection)
    return tables


def test_every_migration_lets_the_version_before_it_go_on(bare_url):
    """What a version stops using, the next one may take away: then this test is where to say so."""
    stages = inspected(
        bare_url, lambda connection: [built(connection, number) for number in numbers()]
    )
    assert [trouble(one, other) for one, other in pairwise(stages)] == [[] for _ in stages[1:]]


ROUGH = {
    'op.drop_table("link_tries")': "link_tries is gone",
    'op.drop_column("people", "unreachable")': "people.unreachable is gone",
    'op.add_column("outbox", sa.Column("colour", sa.Text(), nullable=False))': "outbox.colour is new and wants a value",
    'op.create_index("rough", "people", ["dialog_at"], unique=True)': "rough is new and unique",
}


@pytest.mark.parametrize("step", ROUGH)
def test_a_migration_that_the_version_before_would_stumble_over_is_named(
    tmp_path, monkeypatch, step
):
    text = f"{next_version.MIGRATION.partition('def upgrade')[0]}\ndef upgrade():\n    {step}\n\ndef downgrade():\n    pass\n"
    monkeypatch.setattr(schema, "MIGRATIONS", next_version.migrations(tmp_path, text))
    monkeypatch.setattr(schema, "HEAD", next_version.NUMBER)

    def stages(connection):
        return [
            built(connection, number)
            for number in (f"{int(next_version.NUMBER) - 1:04}", next_version.NUMBER)
        ]

    assert ROUGH[step] in " ".join(trouble(*inspected(f"sqlite:///{tmp_path}/rough.db", stages)))


# --- what only the newer version knows of a person ---------------------------------------------------------------------


async def test_the_version_before_keeps_what_the_next_one_wrote_of_a_person(url):
    """Both write the same rows while a roll-out lasts."""

    def wished(state, event):
        person = replace(state.person, profile=replace(state.person.profile, background="data"))
        return Turn(state=replace(state, person=person))

    script = Script(wish=wished)
    store = await open_store(url, real_time=False)
    await store.turn(said("hello"), script, room=0)
    text = json.dumps(
        {
            "profile": {"zone": "Australia/Perth", "colour": "blue"},
            "friends": ["bob"],
            "progress": None,
        }
    )
    await store.database.run(
        lambda connection: (
            connection.execute(sa.text("UPDATE people SET state = :text"), {"text": text}).rowcount
        )
    )
    await store.turn(said("wish"), script, room=0)
    [written] = await store.database.run(
        lambda connection: connection.execute(sa.text("SELECT state FROM people")).scalars().all()
    )
    await store.close()
    assert json.loads(written) == {
        "profile": {"zone": "Australia/Perth", "background": "data", "colour": "blue"},
        "friends": ["bob"],
    }
