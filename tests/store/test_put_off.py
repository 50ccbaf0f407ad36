"""Writes that a transaction puts off: done together before anything is read and before it ends,
or not at all.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from adapters.storage.sql.batch import over_rows, rows
from adapters.storage.sql.tables import outbox, seen_events
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.messages import Delivered
from bot.core.turn import Turn
from tests.store.scripted_decider import MONDAY, ROOM, Script, reply, said, subscribing

SEEN = sa.insert(seen_events).values(key=bindparam("seen"), at=bindparam("seen_at"))
AGAIN = (
    sa.update(seen_events)
    .where(seen_events.c.key == bindparam("seen"))
    .values(key=bindparam("as_key"))
)
KEYS = select(seen_events.c.key).order_by(seen_events.c.key)


async def transact(store, function):
    def whole(connection):
        work = UnitOfWork(
            connection=connection, owner="me", lease=timedelta(minutes=1), given=MONDAY
        )
        found = function(work)
        work.flush()
        return found

    return await store.database.run(whole)


def keys(work):
    return [row.key for row in work.run(KEYS)]


async def test_what_was_put_off_is_there_for_the_next_statement(store):
    def both(work):
        for key in ("b", "a"):
            work.defer(SEEN, {"seen": key, "seen_at": MONDAY})
            work.defer(AGAIN, {"seen": key, "as_key": f"{key}!"})
        return keys(work)

    assert await transact(store, both) == ["a!", "b!"]


async def test_what_was_put_off_last_is_done_before_the_end(store):
    await transact(store, lambda work: work.defer(SEEN, {"seen": "a", "seen_at": MONDAY}))
    assert await transact(store, keys) == ["a"]


async def test_one_that_the_database_refuses_takes_the_whole_transaction_along_and_no_other(store):
    def twice(work):
        work.run(SEEN, {"seen": "a", "seen_at": MONDAY})
        for key in ("b", "b", "c"):
            work.defer(SEEN, {"seen": key, "seen_at": MONDAY})
            work.defer(AGAIN, {"seen": key, "as_key": key})

    with pytest.raises(IntegrityError) as caught:
        await transact(store, twice)
    assert not caught.value.connection_invalidated
    await transact(store, lambda work: work.defer(SEEN, {"seen": "d", "seen_at": MONDAY}))
    assert await transact(store, keys) == ["d"]


async def test_rows_of_a_batch_come_with_what_is_missing_and_what_is_quoted(store):
    copied = over_rows(
        lambda insert, one: insert(seen_events).from_select(
            ["key", "at"], select(one.c.key, one.c.at)
        ),
        key=sa.Text,
        at=sa.BigInteger,
    )
    echoed = over_rows(lambda _, one: select(one.c.key, one.c.at), key=sa.Text, at=sa.BigInteger)
    odd = 'it\'s "quoted" \\ and $.at: {}; \N{SNOWMAN}'
    batch = rows([{"key": odd, "at": 2**62}, {"key": "plain", "at": None}])
    assert [
        tuple(row) for row in await transact(store, lambda work: work.run(echoed, batch).all())
    ] == [(odd, 2**62), ("plain", None)]
    await transact(store, lambda work: work.run(copied, rows([{"key": odd, "at": 1}])))
    assert await transact(store, keys) == [odd]


def named(state, event):
    return Turn(
        state=state,
        replies=(reply(f"{event.account.user} {len(state.person.subscriptions)}"),),
        sends_nudge=True,
    )


async def test_nudges_claimed_together_are_each_their_own_persons(store):
    users = ("ada", "bob", "cy", "dee")
    script = Script(subscribe=subscribing())
    for user in users:
        await store.turn(
            said("subscribe", user, at=MONDAY - timedelta(days=1), platform="console"),
            script,
            room=0,
        )
    await store.book(MONDAY)
    script.decisions = {**script.decisions, "Due": named}
    exchange = await store.exchange(MONDAY, [], ROOM, script)
    assert sorted(
        (one.message.address.chat.id, one.message.fallback) for one in exchange.claimed
    ) == [(user, f"{user} 1") for user in users]
    await store.exchange(MONDAY, [(one, Delivered()) for one in exchange.claimed], ROOM, script)
    states = await store.database.look(
        lambda connection: set(connection.execute(select(outbox.c.state)).scalars())
    )
    assert states == {"sent"}
