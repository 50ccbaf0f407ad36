"""The database goes away and comes back; several replicas and one poller."""

import asyncio
import sqlite3

import pytest
import sqlalchemy as sa

from adapters.storage.maintenance import leadership
from adapters.storage.maintenance.leadership import Leadership, LeadershipLost
from adapters.storage.maintenance.picture_refs import PictureRefs
from adapters.storage.sql import database as databases
from adapters.storage.sql import prepared
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import leases
from adapters.storage.store import open_store
from bot.core.ports import StoreGone
from tests.store.scripted_decider import MONDAY, ROOM, Script, said, second, texts

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
async def postgres(empty_postgres_url):
    database = Database(empty_postgres_url)
    yield database
    await database.close()


async def test_cut_connections_are_noticed_and_made_anew(empty_postgres_url, postgres):
    store = await open_store(empty_postgres_url, real_time=False)
    script = Script()
    await store.turn(said("one"), script, room=0)
    await postgres.run(lambda connection: connection.exec_driver_sql(CUT).all())
    for _ in range(databases.POSTGRES_THREADS):
        try:
            await store.turn(said("two", key="k"), script, room=0)
            break
        except StoreGone:
            continue
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["one"]
    assert (await store.turn(said("two", key="k"), script, room=0)).duplicate
    await store.close()


async def test_while_another_process_holds_the_file_all_who_wait_are_told_together_and_nobody_queues_for_a_try(
    sqlite_url, tmp_path, monkeypatch
):
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.5)
    store = await open_store(sqlite_url, real_time=False)
    script = Script()
    events = [said("hello", f"u{number}", key=f"k{number}") for number in range(60)]
    hog = sqlite3.connect(tmp_path / "store.db")
    hog.execute("BEGIN IMMEDIATE")
    tried = []
    monkeypatch.setattr(
        prepared,
        "say",
        lambda connection, command, say=prepared.say: (
            tried.append(command),
            say(connection, command),
        ),
    )
    outcomes = await asyncio.gather(
        *(store.turn(event, script, room=0) for event in events), return_exceptions=True
    )
    assert {type(one) for one in outcomes} == {StoreGone}
    assert len({id(one) for one in outcomes}) == len(events)
    assert tried.count("BEGIN IMMEDIATE") <= 2, "each try waits for as long as anybody may wait"
    hog.rollback()
    hog.close()
    again = await asyncio.gather(*(store.turn(event, script, room=0) for event in events))
    assert not any(one.duplicate for one in again)
    assert (await store.figures(MONDAY)).values["people"] == len(events)
    await store.close()


async def test_what_sqlite_keeps_in_memory_is_bounded_and_readers_keep_little(sqlite_url):
    store = await open_store(sqlite_url)

    def cache(connection):
        return connection.exec_driver_sql("PRAGMA cache_size").scalar()

    kept = await store.database.run(cache), await store.database.look(cache)
    assert kept == (-databases.WRITERS_CACHE_KIB, -databases.READERS_CACHE_KIB)
    await store.close()


async def test_a_locked_file_is_away_and_nothing_of_the_turn_happened(
    sqlite_url, tmp_path, monkeypatch
):
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.05)
    store = await open_store(sqlite_url, real_time=False)
    script = Script()
    hog = sqlite3.connect(tmp_path / "store.db")
    hog.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreGone, match="locked"):
        await store.turn(said("one", key="k"), script, room=0)
    with pytest.raises(StoreGone):
        await store.exchange(MONDAY, [], ROOM, script)
    hog.rollback()
    hog.close()
    assert not (await store.turn(said("one", key="k"), script, room=0)).duplicate
    await store.close()


async def test_a_full_disk_is_away_and_comes_back(sqlite_url):
    store = await open_store(sqlite_url, real_time=False)
    script = Script()

    def limit(pages):
        return lambda connection: connection.exec_driver_sql(
            f"PRAGMA max_page_count = {pages}"
        ).scalar()

    full = await store.database.run(limit(1))

    async def fill():
        for number in range(200):
            await store.turn(said(f"{number}\n" * 20, f"u{number}"), script, room=0)

    with pytest.raises(StoreGone, match="full"):
        await fill()
    await store.database.run(limit(full * 100))
    assert not (await store.turn(said("one"), script, room=0)).duplicate
    await store.close()


async def test_an_error_in_a_statement_is_not_taken_for_an_absent_database(store):
    with pytest.raises(sa.exc.DBAPIError):
        await store.database.run(
            lambda connection: connection.exec_driver_sql("SELECT * FROM nothing_of_that_name")
        )


async def test_one_replica_leads_and_the_next_follows_when_it_lets_go(postgres):
    one, other = Leadership(postgres, "intake"), Leadership(postgres, "intake")
    assert await one.take()
    assert not await other.take()
    assert await one.take()
    await one.let_go()
    assert await other.take()


async def test_leading_in_one_matter_is_not_leading_in_another(postgres):
    assert await Leadership(postgres, "intake").take()
    assert await Leadership(postgres, "something else").take()


async def test_a_leader_that_fell_silent_is_replaced_after_its_lease(postgres):
    one, other = Leadership(postgres, "intake"), Leadership(postgres, "intake")
    await one.take()
    over = sa.update(leases).values(until=MONDAY.replace(year=2000))
    await postgres.run(lambda connection: connection.execute(over).rowcount)
    assert await other.take()
    assert not await one.take()


def test_a_new_leader_is_there_within_fifteen_seconds():
    assert leadership.LEASE.total_seconds() + leadership.RENEW_SECONDS <= 15


async def test_a_leader_that_lost_its_lease_is_stopped(postgres, monkeypatch):
    monkeypatch.setattr(leadership, "LEASE", leadership.LEASE / 100)

    async def lead():
        async with asyncio.timeout(10), Leadership(postgres, "intake").hold(renew_seconds=0.01):
            usurped = sa.update(leases).values(owner="other", until=MONDAY.replace(year=3000))
            await postgres.run(lambda connection: connection.execute(usurped).rowcount)
            await asyncio.Event().wait()

    with pytest.raises(LeadershipLost):
        await lead()


async def test_a_leader_that_is_told_to_stop_stops_and_lets_go(postgres):
    one, other = Leadership(postgres, "intake"), Leadership(postgres, "intake")
    leading = asyncio.Event()

    async def lead():
        async with one.hold(renew_seconds=0.01):
            leading.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(lead())
    await leading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await other.take()


async def test_on_sqlite_one_process_of_the_host_leads_and_the_next_follows_at_once(
    sqlite_url, monkeypatch
):
    monkeypatch.setattr(leadership, "LOOK_SECONDS", 0.01)
    first, second_store = await open_store(sqlite_url), await open_store(sqlite_url)
    led = asyncio.Event()

    async def follow() -> None:
        async with second_store.leadership("intake"):
            led.set()

    async with first.leadership("intake"):
        following = asyncio.create_task(follow())
        async with second_store.leadership("another matter"):
            await asyncio.sleep(0.1)
        assert not led.is_set()
    async with asyncio.timeout(5):
        await following
    await first.close()
    await second_store.close()


async def test_on_sqlite_a_leader_that_is_frozen_is_followed_and_stops_when_it_wakes(
    sqlite_url, monkeypatch
):
    monkeypatch.setattr(leadership, "LEASE", leadership.LEASE / 60)
    monkeypatch.setattr(leadership, "LOOK_SECONDS", 0.01)
    frozen, other = await open_store(sqlite_url), await open_store(sqlite_url)
    asleep, led = asyncio.Event(), asyncio.Event()
    take = Leadership.take

    async def slept(self):
        """Its process does nothing meanwhile; its locks stay where they are."""
        if self._owner == frozen._owner.name and asleep.is_set():
            await led.wait()
        return await take(self)

    monkeypatch.setattr(Leadership, "take", slept)

    async def follow():
        await asleep.wait()
        async with Leadership(other.database, "intake", other._owner).hold(renew_seconds=0.02):
            led.set()
            await asyncio.Event().wait()

    async def lead():
        leading = Leadership(frozen.database, "intake", frozen._owner)
        async with asyncio.timeout(20), leading.hold(renew_seconds=0.02):
            asleep.set()
            await asyncio.Event().wait()

    following = asyncio.create_task(follow())
    with pytest.raises(LeadershipLost):
        await lead()
    assert led.is_set()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await frozen.close()
    await other.close()


async def test_a_database_in_memory_has_one_process_and_it_leads():
    database = Database("sqlite:///:memory:")
    async with Leadership(database, "intake").hold(), Leadership(database, "intake").hold():
        pass
    await database.close()


async def test_a_picture_sent_before_is_known_by_its_bytes_and_token(store):
    pictures = PictureRefs(store.database)
    await pictures.put("telegram:", "abc", "file-1")
    await pictures.put("telegram:", "abc", "file-2")
    assert await pictures.get("telegram:", "abc") == "file-2"
    assert await pictures.get("telegram:other", "abc") is None
