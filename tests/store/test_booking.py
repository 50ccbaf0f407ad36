"""Subscriptions that fall due: booked once a week, worded when their slot comes, closed unsent if
things changed meanwhile.
"""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from adapters.storage.sql.tables import subscriptions
from adapters.storage.store import open_store
from bot.core.messages import Delivered, TokenDead, Unreachable
from bot.core.state import Profile
from bot.core.turn import Turn
from tests.store.scripted_decider import (
    MONDAY,
    ROOM,
    Script,
    account,
    chat,
    echo,
    only,
    reply,
    said,
    subscribing,
    texts,
)

DAY = timedelta(days=1)
WEEK = 7 * DAY
BEFORE = MONDAY - DAY
"""Sunday; the nudge is due on Monday 11:00 in Sydney, that is MONDAY."""


@pytest.fixture
def script():
    return Script(subscribe=subscribing())


async def subscribed(store, script, *users):
    for user in users or ("ada",):
        await store.turn(said("subscribe", user, at=BEFORE), script, room=0)


async def change(store, script, at, user="ada", /, **fields):
    """The person changes their subscription."""

    def changed(state, event):
        (one,) = state.person.subscriptions
        return Turn(
            state=replace(
                state, person=replace(state.person, subscriptions=(replace(one, **fields),))
            )
        )

    script.decisions = {**script.decisions, "change": changed}
    await store.turn(said("change", user, at=at), script, room=0)


async def nudges(store, script, now):
    """Book and send everything that goes within a minute; the nudges among it, in order."""
    while (await store.book(now)).booked:
        pass
    got, receipts, at = [], [], now
    while at is not None and at < now + timedelta(minutes=1):
        exchange = await store.exchange(at, receipts, ROOM, script)
        got.extend(one.message.fallback for one in exchange.claimed if one.message.lane == "nudge")
        receipts = [(one, Delivered()) for one in exchange.claimed]
        at = at if receipts else exchange.wake_at
    return got


async def person(store, script, user="ada"):
    await store.turn(said("look", user, at=BEFORE), script, room=0)
    return script.states[-1].person


async def test_nothing_is_booked_before_it_is_due(store, script):
    await subscribed(store, script)
    booking = await store.book(MONDAY - timedelta(microseconds=1))
    assert (booking.booked, booking.next_due_at) == (0, MONDAY)


async def test_a_due_subscription_is_booked_once_and_moves_on(store, script):
    await subscribed(store, script)
    assert (await store.book(MONDAY)).booked == 1
    again = await store.book(MONDAY)
    assert (again.booked, again.next_due_at) == (0, MONDAY + WEEK)


async def test_an_occurrence_that_comes_up_again_is_not_booked_again(store, script):
    await subscribed(store, script)
    assert await nudges(store, script, MONDAY) == ["nudge 2026-W48 0"]
    await change(store, script, MONDAY, next_due_at=MONDAY, sent_week="")
    again = await store.book(MONDAY)
    assert (again.booked, again.next_due_at) == (0, MONDAY + WEEK)


async def test_a_nudge_is_worded_when_its_slot_comes_and_counts_for_its_week(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    script.decisions = {**script.decisions, "Due": echo}
    assert texts(await store.exchange(MONDAY, [], ROOM, script)) == ["nudge 2026-W48 0"]
    assert (await person(store, script)).subscriptions[0].sent_week == "2026-W48"


async def test_the_nudge_knows_the_person_as_they_are_now(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    await store.turn(said("hello", at=MONDAY), script, room=0)
    assert await nudges(store, script, MONDAY) == ["nudge 2026-W48 0"]
    (due,) = [event for event in script.heard if type(event.body).__name__ == "Due"]
    assert (due.account, due.chat, due.at) == (account(), chat(), MONDAY)
    assert script.states[script.heard.index(due)].conversation.last.command == "hello"


async def test_every_week_one(store, script):
    await subscribed(store, script)
    got = []
    for hours in range(0, 24 * 28, 6):
        got.extend(await nudges(store, script, BEFORE + timedelta(hours=hours)))
    assert got == [f"nudge 2026-W{week} 0" for week in (48, 49, 50, 51)]


@pytest.mark.parametrize(
    "fields",
    [
        {"active": False},
        {"paused_until": date(2026, 12, 20)},
        {"snoozed_until": MONDAY + 2 * DAY, "next_due_at": MONDAY + 2 * DAY},
    ],
    ids=["stopped", "paused", "snoozed"],
)
async def test_what_changed_since_the_booking_leaves_the_nudge_unsent(store, script, fields):
    await subscribed(store, script)
    await store.book(MONDAY)
    await change(store, script, MONDAY, **fields)
    assert texts(await store.exchange(MONDAY, [], ROOM, script)) == []
    assert (await store.figures(MONDAY)).values["outbox_nudges"] == 0


async def test_a_nudge_snoozed_before_it_went_out_comes_at_the_new_time(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    await change(store, script, MONDAY, snoozed_until=MONDAY + DAY, next_due_at=MONDAY + DAY)
    assert await nudges(store, script, MONDAY) == []
    assert await nudges(store, script, MONDAY + DAY) == ["nudge 2026-W48 0"]
    assert await nudges(store, script, MONDAY + 3 * DAY) == []
    assert await nudges(store, script, MONDAY + WEEK) == ["nudge 2026-W49 0"]


async def test_a_delivered_nudge_that_is_snoozed_comes_back_once(store, script):
    await subscribed(store, script)
    assert await nudges(store, script, MONDAY) == ["nudge 2026-W48 0"]
    later = MONDAY + timedelta(hours=3)
    await change(store, script, MONDAY, snoozed_until=later, resend=1, next_due_at=later)
    assert await nudges(store, script, later) == ["nudge 2026-W48 1"]
    assert await nudges(store, script, later + DAY) == []
    assert await nudges(store, script, MONDAY + WEEK) == ["nudge 2026-W49 0"]


async def test_a_day_moved_later_in_the_same_week_before_the_nudge_went_out_brings_it_then(
    store, script
):
    await subscribed(store, script)
    await store.book(MONDAY)
    await change(store, script, MONDAY, weekday=3)
    assert await nudges(store, script, MONDAY) == []
    assert await nudges(store, script, MONDAY + 3 * DAY) == ["nudge 2026-W48 0"]


async def test_a_changed_day_counts_from_next_week_if_this_weeks_was_sent(store, script):
    await subscribed(store, script)
    assert await nudges(store, script, MONDAY) == ["nudge 2026-W48 0"]
    await change(store, script, MONDAY, weekday=3)
    assert await nudges(store, script, MONDAY + 3 * DAY) == []
    assert await nudges(store, script, MONDAY + 10 * DAY) == ["nudge 2026-W49 0"]


async def test_the_core_may_say_nothing_when_the_slot_comes(store, script):
    await subscribed(store, script)
    script.decisions = {**script.decisions, "Due": lambda state, event: Turn(state=state)}
    assert await nudges(store, script, MONDAY) == []
    assert (await person(store, script)).subscriptions[0].sent_week == ""
    assert await nudges(store, script, MONDAY + DAY) == []


async def test_the_core_may_move_a_nudge_out_of_quiet_hours(store, script):
    await subscribed(store, script)
    later = MONDAY + timedelta(hours=2)

    def hush(state, event):
        if event.at >= later:
            return echo(state, event)
        (one,) = state.person.subscriptions
        return Turn(
            state=replace(
                state,
                person=replace(
                    state.person,
                    subscriptions=(replace(one, snoozed_until=later, next_due_at=later),),
                ),
            )
        )

    script.decisions = {**script.decisions, "Due": hush}
    assert await nudges(store, script, MONDAY) == []
    assert await nudges(store, script, later) == ["nudge 2026-W48 0"]


async def test_a_nudge_of_several_messages_keeps_their_order(store, script):
    await subscribed(store, script)
    script.decisions = {
        **script.decisions,
        "Due": lambda state, event: Turn(
            state=state, replies=(reply("one"), reply("two"), reply("three")), sends_nudge=True
        ),
    }
    assert await nudges(store, script, MONDAY) == ["one", "two", "three"]


async def test_after_three_weeks_away_there_is_one_nudge_not_three(store, script):
    await subscribed(store, script)
    back = MONDAY + 2 * WEEK + 2 * DAY
    assert await nudges(store, script, back) == ["nudge 2026-W50 0"]
    assert await nudges(store, script, back + DAY) == []
    assert await nudges(store, script, MONDAY + 3 * WEEK) == ["nudge 2026-W51 0"]


async def test_no_catch_up_within_two_days_of_the_next_nudge(store, script):
    await subscribed(store, script)
    assert await nudges(store, script, MONDAY + 3 * WEEK - DAY) == []
    assert await nudges(store, script, MONDAY + 3 * WEEK) == ["nudge 2026-W51 0"]


async def test_nudges_that_could_not_go_out_for_weeks_do_not_come_all_at_once(store, script):
    """Booking went on; nothing was sent."""
    await subscribed(store, script)
    for week in range(3):
        await store.book(MONDAY + week * WEEK)
    assert await nudges(store, script, MONDAY + 2 * WEEK + DAY) == ["nudge 2026-W50 0"]


async def test_an_unreachable_person_is_not_nudged_and_is_again_on_return(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    await store.exchange(
        MONDAY,
        [(only(await store.exchange(MONDAY, [], ROOM, script)), Unreachable("blocked"))],
        {},
        script,
    )
    assert await nudges(store, script, MONDAY + WEEK) == []
    script.decisions = {
        **script.decisions,
        "back": lambda state, event: Turn(
            state=replace(state, person=replace(state.person, unreachable=""))
        ),
    }
    await store.turn(said("back", at=MONDAY + WEEK + DAY), script, room=0)
    assert await nudges(store, script, MONDAY + WEEK + DAY) == []
    assert await nudges(store, script, MONDAY + 2 * WEEK) == ["nudge 2026-W50 0"]


async def test_a_dead_tokens_subscriptions_rest_without_piling_up(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    await store.exchange(
        MONDAY,
        [(only(await store.exchange(MONDAY, [], ROOM, script)), TokenDead("revoked"))],
        {},
        script,
    )
    for week in (1, 2):
        assert (await store.book(MONDAY + week * WEEK)).booked == 0
    await store.turn(said("hello", "bob", at=MONDAY + 2 * WEEK + DAY), script, room=0)
    assert len(await nudges(store, script, MONDAY + 2 * WEEK + DAY)) <= 1


async def test_nudges_follow_the_person_to_another_chat(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    script.decisions = {
        **script.decisions,
        "here": lambda state, event: Turn(
            state=replace(state, person=replace(state.person, nudges_to=event.chat))
        ),
    }
    await store.turn(said("here", at=MONDAY, where=chat("elsewhere")), script, room=0)
    assert only(await store.exchange(MONDAY, [], ROOM, script)).message.address.chat == chat(
        "elsewhere"
    )


async def test_public_holidays_are_passed_over_for_those_who_ask(store, script):
    """Boxing Day 2026 falls on a Saturday."""

    def subscribe(state, event):
        turn = subscribing(weekday=5)(state, event)
        profile = Profile(region="NSW", skip_holidays=True)
        return replace(
            turn, state=replace(turn.state, person=replace(turn.state.person, profile=profile))
        )

    script.decisions = {"subscribe": subscribe}
    await store.turn(said("subscribe", at=MONDAY + 3 * WEEK), script, room=0)
    saturday = MONDAY + 3 * WEEK + 5 * DAY
    assert await nudges(store, script, saturday) == ["nudge 2026-W51 0"]
    assert (await store.book(saturday)).next_due_at == saturday + 2 * WEEK


async def test_full_batches_say_so(store, script):
    await subscribed(store, script, *(f"u{number}" for number in range(5)))
    first = await store.book(MONDAY, limit=3)
    assert (first.booked, first.next_due_at) == (3, MONDAY)
    rest = await store.book(MONDAY, limit=3)
    assert (rest.booked, rest.next_due_at) == (2, MONDAY + WEEK)


async def test_those_who_are_not_to_be_nudged_do_not_stop_the_batch(store, script):
    await subscribed(store, script, *(f"u{number}" for number in range(5)))
    for number in range(4):
        await change(store, script, BEFORE, f"u{number}", paused_until=date(2027, 1, 1))
    assert (await store.book(MONDAY, limit=2)).booked == 1


async def test_two_replicas_book_each_occurrence_once(url, script):
    one, other = [await open_store(url, real_time=False) for _ in range(2)]
    try:
        await subscribed(one, script, *(f"u{number}" for number in range(20)))
        booked = 0
        for _ in range(5):
            for store in (one, other):
                booked += (await store.book(MONDAY, limit=3)).booked
        assert booked == 20
    finally:
        await one.close()
        await other.close()


async def test_a_new_time_zone_database_moves_what_is_still_to_come(store, script):
    await subscribed(store, script, "ada", "bob")
    wrong = sa.update(subscriptions).values(
        tz_version="2020a", next_due_at=MONDAY + timedelta(hours=1)
    )
    await store.database.run(lambda connection: connection.execute(wrong).rowcount)
    gone = await store.tidy(BEFORE)
    assert gone.values["zones"] == 2
    assert (await store.book(BEFORE)).next_due_at == MONDAY


async def test_what_is_due_when_the_zones_change_stays_due(store, script):
    await subscribed(store, script)
    await store.database.run(
        lambda connection: (
            connection.execute(sa.update(subscriptions).values(tz_version="2020a")).rowcount
        )
    )
    await store.tidy(MONDAY)
    assert await nudges(store, script, MONDAY) == ["nudge 2026-W48 0"]


async def test_three_weekdays_are_three_nudges(store, script):
    def three(state, event):
        first = subscribing()(state, event).state.person
        (one,) = first.subscriptions
        several = tuple(
            replace(one, id=name, weekday=day, local_time=time(9))
            for name, day in (("a", 0), ("b", 2), ("c", 4))
        )
        return Turn(state=replace(state, person=replace(first, subscriptions=several)))

    script.decisions = {"subscribe": three}
    await subscribed(store, script)
    got = []
    for hours in range(0, 24 * 8, 3):
        got.extend(await nudges(store, script, BEFORE + timedelta(hours=hours)))
    assert len(got) == 3
    drop = {
        "drop": lambda state, event: Turn(
            state=replace(state, person=replace(state.person, subscriptions=()))
        )
    }
    script.decisions = drop
    await store.turn(said("drop", at=MONDAY + WEEK), script, room=0)
    assert (await store.book(MONDAY + 5 * WEEK)).next_due_at is None


async def test_a_monthly_nudge_is_booked_once_a_month_and_told_by_its_month(store):
    script = Script(subscribe=subscribing(nth=-1, pace="monthly"))
    await subscribed(store, script)
    last_monday = MONDAY + WEEK
    assert (await store.book(MONDAY)).next_due_at == last_monday
    assert await nudges(store, script, last_monday) == ["nudge 2026-M11 0"]
    assert await nudges(store, script, last_monday + 3 * WEEK) == []
    assert await nudges(store, script, last_monday + 4 * WEEK) == ["nudge 2026-M12 0"]
    assert await nudges(store, script, last_monday + 4 * WEEK) == []


async def test_after_months_of_downtime_a_monthly_nudge_comes_once(store):
    script = Script(subscribe=subscribing(nth=1, pace="monthly"))
    await subscribed(store, script)
    assert await nudges(store, script, MONDAY + 15 * WEEK + DAY) == ["nudge 2027-M03 0"]
    assert await nudges(store, script, MONDAY + 16 * WEEK) == []


async def test_what_was_booked_for_a_week_is_not_sent_once_it_goes_by_months(store, script):
    await subscribed(store, script)
    await store.book(MONDAY)
    await change(store, script, MONDAY, nth=1, pace="monthly", next_due_at=None)
    assert await nudges(store, script, MONDAY) == []
    assert await nudges(store, script, MONDAY + 2 * WEEK) == ["nudge 2026-M12 0"]


async def test_between_its_start_and_its_end_and_never_else(store):
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 14)}
    script = Script(subscribe=subscribing(**days))
    await subscribed(store, script)
    sent = [text for week in range(6) for text in await nudges(store, script, MONDAY + week * WEEK)]
    assert sent == ["nudge 2026-W50 0", "nudge 2026-W51 0"]
    assert (await store.book(MONDAY + 6 * WEEK)).next_due_at is None
