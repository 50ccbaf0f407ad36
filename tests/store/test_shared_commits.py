"""SQLite: transactions that wait together share a commit; each is whole or undone by itself."""

import asyncio
import threading

import pytest
import sqlalchemy as sa

from adapters.storage.sql import prepared
from adapters.storage.sql.database import Database


@pytest.fixture
async def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/shared.db")
    await database.run(
        lambda connection: connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
    )
    yield database
    await database.close()


def writing(word):
    def function(connection: sa.Connection) -> str:
        connection.exec_driver_sql("INSERT INTO words VALUES (?)", (word,))
        if word == "poison":
            raise KeyError(word)
        return word

    return function


async def words(database):
    return await database.run(
        lambda connection: sorted(connection.exec_driver_sql("SELECT word FROM words").scalars())
    )


async def with_a_queue(database, functions):
    """Run them so that all but the first wait behind it."""
    begun, held = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> None:
        begun.set()
        held.wait(10)

    first = asyncio.create_task(database.run(slow))
    await asyncio.to_thread(begun.wait, 10)
    rest = [asyncio.create_task(database.run(function)) for function in functions]
    await asyncio.sleep(0)
    held.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


async def test_those_that_wait_together_are_committed_together(database, monkeypatch):
    said = []
    monkeypatch.setattr(
        prepared,
        "say",
        lambda connection, command, say=prepared.say: (
            said.append(command),
            say(connection, command),
        ),
    )
    results = await with_a_queue(database, [writing(f"w{number}") for number in range(10)])
    assert results == [f"w{number}" for number in range(10)]
    assert said.count("COMMIT") == 2, "one for the first, one for the ten that waited"
    assert await words(database) == sorted(results)


async def test_one_that_fails_is_undone_alone_and_the_others_stand(database):
    results = await with_a_queue(database, [writing("before"), writing("poison"), writing("after")])
    assert [type(result) for result in results] == [str, KeyError, str]
    assert await words(database) == ["after", "before"]


async def test_what_the_database_itself_refuses_is_tried_alone_and_holds_up_nobody(database):
    def refused(connection: sa.Connection) -> None:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    results = await with_a_queue(database, [writing("before"), refused, writing("after")])
    assert isinstance(results[1], sa.exc.OperationalError)
    assert await words(database) == ["after", "before"]
