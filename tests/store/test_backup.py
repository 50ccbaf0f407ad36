"""A backup taken while the bot runs comes back whole, in either kind of database."""

import asyncio
import json
from datetime import timedelta

import pytest

from adapters.storage.maintenance.backup import BackupRefused, backup, restore
from adapters.storage.store import open_store
from bot.core.messages import Delivered
from tests.process import bot
from tests.store.scripted_decider import (
    MONDAY,
    ROOM,
    Script,
    only,
    said,
    second,
    subscribing,
    texts,
)

DAY = timedelta(days=1)


def using(url, action):
    async def whole():
        store = await open_store(url, real_time=False)
        try:
            return await action(store)
        finally:
            await store.close()

    return asyncio.run(whole())


@pytest.fixture(
    params=[("sqlite", "postgres"), ("postgres", "sqlite"), ("sqlite", "sqlite")], ids="→".join
)
def places(request, tmp_path):
    def url(kind, name):
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{name}.db"
        return request.getfixturevalue("empty_postgres_url")

    source, target = request.param
    return url(source, "source"), url(target, "target")


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_everything_comes_back(places, tmp_path, name):
    source, target = places
    script = Script(subscribe=subscribing())
    file = tmp_path / name

    async def talk(store):
        await store.turn(said("subscribe", at=MONDAY - DAY), script, room=0)
        await store.turn(said("so it's ünïcode", key="k"), script, room=0)

    async def go_on(store):
        assert (await store.turn(said("so it's ünïcode", key="k"), script, room=0)).duplicate
        await store.turn(said("look", "newcomer"), script, room=0)
        await store.turn(said("look"), script, room=0)
        await store.book(MONDAY)
        sent, receipts = [], []
        for step in range(4):
            exchange = await store.exchange(second(step), receipts, ROOM, script)
            receipts = [(one, Delivered()) for one in exchange.claimed]
            sent.extend(texts(exchange))
        return sent

    using(source, talk)
    assert "rows written" in backup(source, file)
    before = script.states[-1].person
    assert "rows restored" in restore(target, file)
    sent = using(target, go_on)
    newcomer, ada = (state.person for state in script.states[-3:-1])
    assert (ada.id, ada.subscriptions, ada.accounts) == (
        before.id,
        before.subscriptions,
        before.accounts,
    )
    assert newcomer.id != ada.id
    assert sorted(sent) == ["look", "look", "nudge 2026-W48 0"], (
        "answers of before the backup are not sent again"
    )


def test_a_backup_is_one_moment_although_the_bot_goes_on(url, tmp_path):
    script = Script()

    async def talk_meanwhile(store):
        talking = asyncio.create_task(talk(store))
        await asyncio.to_thread(backup, url, tmp_path / "all.jsonl")
        await talking

    async def talk(store):
        for number in range(30):
            await store.turn(said("hello", f"u{number}"), script, room=0)

    using(url, talk_meanwhile)
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()[1:-1]]
    count = {
        name: sum(row[0] == name for row in rows)
        for name in ("people", "accounts", "seen_events", "outbox")
    }
    assert len(set(count.values())) == 1


def test_a_database_that_holds_something_is_not_overwritten(sqlite_url, tmp_path):
    using(sqlite_url, lambda store: store.turn(said("hello"), Script(), room=0))
    backup(sqlite_url, tmp_path / "all.jsonl")
    with pytest.raises(BackupRefused, match="not empty"):
        restore(sqlite_url, tmp_path / "all.jsonl")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n",
        '{"format": "another"}\n',
        '{"format": "pivotbot backup 1", "schema": "9999"}\n',
    ],
)
def test_a_file_that_is_no_backup_of_ours_is_refused(sqlite_url, tmp_path, text):
    file = tmp_path / "all.jsonl"
    file.write_text(text)
    with pytest.raises(BackupRefused, match=r"all\.jsonl: (not a backup|made by a newer version)"):
        restore(sqlite_url, file)
    with pytest.raises(BackupRefused, match="no such file"):
        restore(sqlite_url, tmp_path / "none.jsonl")


def test_a_restored_message_is_recorded_as_before(sqlite_url, tmp_path):
    """Ids go on where they stopped: a receipt can never meet another message's row."""
    claimed = only(using(sqlite_url, lambda store: store.turn(said("hello"), Script(), room=4)))
    backup(sqlite_url, tmp_path / "all.jsonl")
    target = f"sqlite:///{tmp_path}/target.db"
    restore(target, tmp_path / "all.jsonl")
    again = only(using(target, lambda store: store.turn(said("hello", "bob"), Script(), room=4)))
    assert again.id > claimed.id


async def test_on_the_command_line_what_cannot_be_done_is_a_sentence(sqlite_url, tmp_path):
    """As the operator types it: a backup, a restore,
    and the restore that would overwrite something.
    """

    async def typed(*arguments, url):
        async with bot(tmp_path, *arguments, DATABASE_URL=url) as process:
            return await process.ended(20), process.log().strip()

    file, target = str(tmp_path / "all.jsonl.gz"), f"sqlite:///{tmp_path}/target.db"
    store = await open_store(sqlite_url)
    await store.turn(said("hello"), Script(), room=0)
    await store.close()
    code, told = await typed("backup", file, url=sqlite_url)
    assert (code, told.endswith(f"rows written to {file}")) == (0, True)
    code, told = await typed("restore", file, url=target)
    assert (code, told.endswith(f"rows restored from {file}")) == (0, True)
    outcomes = [
        await typed("restore", file, url=target),
        await typed("backup", file, url=f"sqlite:///{tmp_path}/nothing.db"),
        await typed("stats", url="postgresql://nobody@127.0.0.1:1/nothing"),
    ]
    assert [code for code, _ in outcomes] == [1, 1, 1]
    assert [len(told.splitlines()) for _, told in outcomes] == [1, 1, 1]
    assert [
        "not empty" in outcomes[0][1],
        "is DATABASE_URL right?" in outcomes[1][1],
        "127.0.0.1/nothing" in outcomes[2][1],
    ] == 3 * [True]
