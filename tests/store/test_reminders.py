"""One-off reminders in the store: each goes out once,
whatever becomes of the row that carries it.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from adapters.storage.maintenance import reminders
from adapters.storage.maintenance.reminders import LOOK_AGAIN
from adapters.storage.sql import schema
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import outbox
from adapters.storage.store import open_store
from bot.core.messages import Delivered
from bot.core.state import Profile, Reminder
from bot.core.turn import Forget, Turn
from tests.store.scripted_decider import MONDAY, ROOM, Script, effecting, reminding, said, texts

HOUR = timedelta(hours=1)
BEFORE = MONDAY - timedelta(days=1)
TEST = Reminder(id="r1", text="book the test", due_at=MONDAY, asked_at=BEFORE)
FEE = Reminder(id="r2", text="pay the fee", due_at=MONDAY + HOUR, asked_at=BEFORE)


@pytest.fixture
def script():
    return Script(remind=reminding(TEST, FEE))


async def reminded(store, script, user="ada"):
    await store.turn(said("remind", user, at=BEFORE), script, room=0)


async def change(store, script, at, **fields):
    """The person changes; what they had stays otherwise."""

    def changed(state, event):
        return Turn(state=replace(state, person=replace(state.person, **fields)))

    script.decisions = {**script.decisions, "change": changed}
    await store.turn(said("change", at=at), script, room=0)


async def told(store, script, now):
    """What goes out now."""
    await store.book(now)
    exchange = await store.exchange(now, [], ROOM, script)
    await store.exchange(now, [(one, Delivered()) for one in exchange.claimed], {}, script)
    return texts(exchange)


async def closed(store):
    """Everything ready is closed unsent, as a version that knows no reminders does."""

    def close(connection):
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.state == "ready")
            .values(state="closed", error="stopped", closed_at=MONDAY)
        )

    await store.database.run(close)


async def test_each_comes_once_at_its_time(store, script):
    await reminded(store, script)
    booking = await store.book(MONDAY - HOUR)
    assert (booking.booked, booking.next_due_at) == (0, MONDAY)
    assert await told(store, script, MONDAY) == ["once book the test"]
    assert await told(store, script, MONDAY) == []
    assert await told(store, script, MONDAY + HOUR) == ["once pay the fee"]
    assert (await store.book(MONDAY + HOUR)).next_due_at is None


async def test_a_clock_that_steps_back_repeats_nothing(store, script):
    await reminded(store, script)
    assert await told(store, script, MONDAY) == ["once book the test"]
    assert await told(store, script, MONDAY - HOUR) == []
    assert await told(store, script, MONDAY + timedelta(minutes=1)) == []


async def test_booked_and_then_the_clock_steps_back_it_still_comes_once(store, script):
    await reminded(store, script)
    assert (await store.book(MONDAY)).booked == 1
    assert (await store.book(MONDAY - HOUR)).booked == 0
    await change(store, script, MONDAY - HOUR, profile=Profile(zone="Australia/Perth"))
    assert await told(store, script, MONDAY) == ["once book the test"]
    assert await told(store, script, MONDAY + timedelta(minutes=1)) == []


async def test_what_was_dropped_after_it_was_booked_is_not_sent(store, script):
    await reminded(store, script)
    await store.book(MONDAY)
    await change(store, script, MONDAY, reminders=(FEE,))
    assert await told(store, script, MONDAY) == []
    assert await told(store, script, MONDAY + HOUR) == ["once pay the fee"]


async def test_what_was_moved_after_it_was_booked_comes_at_the_new_time_alone(store, script):
    await reminded(store, script)
    await store.book(MONDAY)
    later = replace(TEST, id="r3", due_at=MONDAY + 3 * HOUR)
    await change(store, script, MONDAY, reminders=(later,))
    assert await told(store, script, MONDAY) == []
    assert await told(store, script, MONDAY + 3 * HOUR) == ["once book the test"]


async def test_a_row_that_was_closed_unsent_is_booked_again(store, script):
    await reminded(store, script)
    await change(store, script, BEFORE, reminders=(TEST,))
    await store.book(MONDAY)
    await closed(store)
    assert await told(store, script, MONDAY + LOOK_AGAIN / 2) == []
    assert await told(store, script, MONDAY + LOOK_AGAIN) == ["once book the test"]
    assert await told(store, script, MONDAY + 2 * LOOK_AGAIN) == []


async def test_nobody_to_write_to_loses_nothing(store, script):
    """Blocked at the time, back two days later: it comes then, once."""
    await reminded(store, script)
    await change(store, script, BEFORE, reminders=(TEST,), unreachable="blocked")
    assert await told(store, script, MONDAY) == []
    back = MONDAY + timedelta(days=2)
    assert await told(store, script, back) == []
    await change(store, script, back, unreachable="")
    assert await told(store, script, back) == ["once book the test"]


async def test_late_it_waits_for_a_civil_hour(store, script):
    """Down over Monday noon in Sydney, up again at three in the morning: at eight."""
    late = replace(TEST, zone="Australia/Sydney")
    await reminded(store, script)
    await change(store, script, BEFORE, reminders=(late,))
    three = MONDAY + 16 * HOUR
    assert await told(store, script, three) == []
    assert await told(store, script, three + 5 * HOUR) == ["once book the test"]


async def test_replicas_book_each_once(url, script):
    stores = [await open_store(url, real_time=False) for _ in range(2)]
    for user in ("ada", "bob", "eve"):
        await reminded(stores[0], script, user)
    booked = await asyncio.gather(*(store.book(MONDAY) for store in stores))
    assert sum(one.booked for one in booked) == 3
    for store in stores:
        await store.close()


async def test_erasing_leaves_no_word_of_it(store, script):
    await reminded(store, script)
    await store.book(MONDAY)
    assert await rows_with(store, "book the test") == 1
    script.decisions = {**script.decisions, "forget": effecting(Forget())}
    await store.turn(said("forget", at=MONDAY), script, room=0)
    assert await rows_with(store, "book the test") == 0
    assert await told(store, script, MONDAY) == []


async def rows_with(store, text):
    def count(connection):
        found = connection.execute(
            sa.text("SELECT count(*) FROM people WHERE state LIKE :text"), {"text": f"%{text}%"}
        )
        return found.scalar()

    return await store.database.look(count)


async def test_a_database_of_the_version_before_is_opened_and_takes_reminders(bare_url, script):
    before = f"{int(schema.HEAD) - 1:04}"
    database = Database(bare_url)
    await database.run(lambda connection: schema.bring_to(connection, before))
    await database.run(
        lambda connection: connection.execute(
            sa.text("INSERT INTO people (state, created_at) VALUES ('{}', 0)")
        )
    )
    await database.close()
    store = await open_store(bare_url, real_time=False)
    await reminded(store, script)
    assert await told(store, script, MONDAY) == ["once book the test"]
    await store.close()


async def test_a_clock_that_was_ahead_delays_nothing_once_it_is_right(url, script):
    """Blocked, with the clock a month ahead: what was put off to next
    month is looked at by the right time.
    """
    store = await open_store(url, real_time=False)
    await reminded(store, script)
    await change(store, script, BEFORE, reminders=(TEST,), unreachable="blocked")
    assert await told(store, script, MONDAY + timedelta(days=30)) == []
    await store._run(MONDAY, reminders.look_anew)
    await store.book(MONDAY)
    booking = await store.book(MONDAY)
    assert booking.next_due_at == MONDAY + LOOK_AGAIN
    await store.close()
