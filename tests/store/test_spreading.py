"""Many nudges due at one instant go out spread over the promised minutes; a few, and those of a
platform that takes any number, at once.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from adapters.storage.outbox.send_rate_limit import RATES
from adapters.storage.sql.tables import outbox, people
from adapters.storage.store import SqlStore
from bot.core.messages import Delivered
from bot.core.state import Person, Profile
from scheduler.booking import PROMISE, SPREAD
from tests.bench.ground import Herd, codec, settle_in
from tests.store.scripted_decider import MONDAY, ROOM, Script

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
MANY = int(RATES["telegram"].herd) + 1


async def due_together(store, size, *, platform="telegram", **changes):
    await settle_in(store.database, Herd(first=1, last=size, due=MONDAY))
    values = {"nudge_platform": platform, **changes}
    await store.database.run(
        lambda connection: connection.execute(sa.update(people).values(values))
    )


async def slots(store: SqlStore, now):
    """Book what is due; when each person's nudge of it may go out."""
    while (await store.book(now)).booked:
        pass
    found = select(outbox.c.person_id, outbox.c.due_at, outbox.c.not_before).where(
        outbox.c.due_at == now
    )
    rows = await store.database.look(lambda connection: connection.execute(found).all())
    return {row.person_id: row.not_before - row.due_at for row in rows}


async def test_a_herd_goes_out_inside_the_promised_minutes_and_not_as_one_burst(store):
    await due_together(store, MANY)
    while (await store.book(MONDAY)).booked:
        pass
    script, receipts, now, sent = Script(), [], MONDAY, []
    while now is not None and now <= MONDAY + PROMISE:
        exchange = await store.exchange(now, receipts, ROOM, script)
        sent += [now] * len(exchange.claimed)
        receipts = [(one, Delivered()) for one in exchange.claimed]
        now = now if receipts else exchange.wake_at
    assert len(sent) == MANY
    assert sent[0] >= MONDAY
    assert sent[-1] <= MONDAY + PROMISE
    a_minute = [
        sum(MONDAY + n * MINUTE <= at < MONDAY + (n + 1) * MINUTE for at in sent)
        for n in range(SPREAD // MINUTE)
    ]
    assert sum(a_minute) == MANY
    assert max(a_minute) < 2 * MANY / len(a_minute)


async def test_everybody_keeps_their_place_from_week_to_week(store):
    await due_together(store, MANY)
    first, second = await slots(store, MONDAY), await slots(store, MONDAY + WEEK)
    assert len(set(first.values())) > MANY * 0.9
    assert first == second


@pytest.mark.parametrize(("platform", "size"), [("telegram", MANY - 1), ("console", MANY)])
async def test_a_few_go_out_on_the_minute_and_the_console_never_spreads(store, platform, size):
    await due_together(store, size, platform=platform)
    assert set((await slots(store, MONDAY)).values()) == {timedelta()}


async def test_a_workspace_is_a_herd_by_itself(store):
    few = int(RATES["slack"].herd)
    workspace = sa.case((people.c.id <= few, "T1"), else_="T2")
    await due_together(store, 2 * few + 1, platform="slack", nudge_workspace=workspace)
    waits = await slots(store, MONDAY)
    assert {waits[person] for person in range(1, few + 1)} == {timedelta()}
    assert len({waits[person] for person in range(few + 1, 2 * few + 2)}) > few


async def test_nobody_is_spread_into_their_quiet_hours(store):
    quiet = codec.person_text(
        Person(id=0, profile=Profile(zone="Australia/Sydney", quiet="11:05-12:00"))
    )
    await due_together(store, MANY, state=quiet)
    assert set((await slots(store, MONDAY)).values()) == {timedelta()}
