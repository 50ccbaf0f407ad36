"""What becomes of messages: every receipt, every fence, each chat's order, the two lanes,
the pace.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.outbox.send_rate_limit import Limit, SendLimits
from adapters.storage.store import LEASE, open_store
from adapters.storage.turns.claiming import MOST_DEATHS
from bot.core.events import Joined, Left
from bot.core.messages import (
    ChatMoved,
    Delivered,
    Dropped,
    Malformed,
    NotSent,
    TokenDead,
    Unclear,
    Unreachable,
)
from bot.core.turn import Broadcast, MoveChat, Turn
from tests.store.scripted_decider import (
    MONDAY,
    ROOM,
    Script,
    chat,
    effecting,
    only,
    reply,
    said,
    second,
    texts,
)

PAST_LEASE = MONDAY + LEASE + timedelta(seconds=1)


@pytest.fixture
def script():
    return Script()


async def sent(store, script, text="hello", user="ada", **more):
    return only(await store.turn(said(text, user, **more), script, room=4))


async def settle(store, script, claimed, receipt, at=MONDAY):
    """Record one receipt and claim what may go at that instant."""
    return await store.exchange(at, [(claimed, receipt)], ROOM, script)


async def test_delivered_once_is_done(store, script):
    claimed = await sent(store, script)
    await settle(store, script, claimed, Delivered("m1"))
    assert texts(await store.exchange(PAST_LEASE, [], ROOM, script)) == []


async def test_what_was_certainly_not_sent_goes_again_after_the_wait(store, script):
    claimed = await sent(store, script)
    held = await settle(store, script, claimed, NotSent(30, "refused"))
    assert texts(held) == []
    assert held.wake_at == second(30)
    again = only(await store.exchange(second(30), [], ROOM, script))
    assert (again.id, again.attempt, again.resent) == (claimed.id, 2, False)
    assert again.message == claimed.message


async def test_waits_grow_while_a_platform_is_down(store, script):
    claimed = await sent(store, script)
    at, waits = MONDAY, []
    for _ in range(4):
        exchange = await settle(store, script, claimed, NotSent(0, "503"), at)
        waits.append((exchange.wake_at - at).total_seconds())
        at = exchange.wake_at
        claimed = only(await store.exchange(at, [], ROOM, script))
    assert waits == [2, 4, 8, 16]


async def test_what_no_attempt_could_deliver_for_days_is_given_up(store, script):
    claimed = await sent(store, script)
    await settle(store, script, claimed, NotSent(0, "503"))
    late = only(await store.exchange(second(10), [], ROOM, script))
    await settle(store, script, late, NotSent(0, "503"), MONDAY + timedelta(days=3))
    assert (await store.figures(MONDAY)).values["failed"] == 1


async def test_an_unclear_attempt_is_repeated_once_and_never_a_third_time(store, script):
    claimed = await sent(store, script)
    again = only(await settle(store, script, claimed, Unclear("timeout")))
    assert (again.attempt, again.resent) == (2, True)
    assert texts(await settle(store, script, again, Unclear("timeout"))) == []
    assert texts(await store.exchange(MONDAY + timedelta(days=1), [], ROOM, script)) == []
    assert (await store.figures(MONDAY)).values["unknown"] == 1


async def test_an_unclear_attempt_counts_even_if_a_clear_failure_lies_between(store, script):
    claimed = await sent(store, script)
    again = only(await settle(store, script, claimed, Unclear("timeout")))
    await settle(store, script, again, NotSent(1, "refused"))
    third = only(await store.exchange(second(5), [], ROOM, script))
    assert third.resent
    await settle(store, script, third, Unclear("timeout"), second(5))
    assert (await store.figures(MONDAY)).values["unknown"] == 1


async def test_a_claim_whose_claimer_died_is_sent_once_more_when_its_lease_is_over(store, script):
    claimed = await sent(store, script)
    waiting = await store.exchange(second(30), [], ROOM, script)
    assert texts(waiting) == []
    assert waiting.wake_at == MONDAY + LEASE
    again = only(await store.exchange(PAST_LEASE, [], ROOM, script))
    assert (again.id, again.attempt, again.resent) == (claimed.id, 2, True)
    assert await store.begin(again)
    assert texts(await store.exchange(PAST_LEASE + 2 * LEASE, [], ROOM, script)) == []
    assert (await store.figures(MONDAY)).values["unknown"] == 1


async def test_a_repeat_whose_call_never_began_was_none(store, script):
    """Its claimers die while they connect, one after the other; then one gets through,
    and only that one counts.
    """
    claimed, at = await sent(store, script), MONDAY
    for attempt in range(2, 6):
        at += LEASE + timedelta(seconds=1)
        again = only(await store.exchange(at, [], ROOM, script))
        assert (again.id, again.attempt) == (claimed.id, attempt)
    assert await store.begin(again)
    assert texts(await store.exchange(at + 2 * LEASE, [], ROOM, script)) == []


async def test_a_message_that_its_claimers_die_of_again_and_again_is_set_aside(store, script):
    await sent(store, script)
    ends = [MONDAY + number * (LEASE + timedelta(seconds=1)) for number in range(1, 15)]
    repeated = [texts(await store.exchange(at, [], ROOM, script)) for at in ends]
    assert repeated == [["hello"]] * (MOST_DEATHS - 1) + [[]] * (15 - MOST_DEATHS)


async def test_a_repeat_that_somebody_else_has_claimed_since_may_not_begin(store, script):
    await sent(store, script)
    slept = only(await store.exchange(PAST_LEASE, [], ROOM, script))
    await store.exchange(PAST_LEASE + 2 * LEASE, [], ROOM, script)
    assert not await store.begin(slept)


async def test_what_stays_unknown_is_noted_with_its_person_and_the_last_three_are_kept(
    store, script, caplog
):
    for number in range(0, 50, 10):
        claimed = await sent(store, script, f"text {number}", at=second(number))
        again = only(await settle(store, script, claimed, Unclear("timeout"), second(number)))
        await settle(store, script, again, Unclear("timeout"), second(number))
    await sent(store, script, "what did I miss", at=second(50))
    noted = script.states[-1].person.uncertain
    assert [(one.kind, one.at) for one in noted] == [("answer", second(at)) for at in (20, 30, 40)]
    assert sum("nobody knows whether it arrived" in line for line in caplog.messages) == 5


class Pages(Script):
    """Every answer is a home page."""

    def _messages(self, turn, event):
        made = super()._messages(turn, event)
        return [replace(one, address=replace(one.address, home=True)) for one in made]


async def test_a_limit_on_one_home_page_holds_all_of_the_workspace_and_no_chat(store, script):
    pages = Pages()
    for user in ("ada", "bob", "eve", "dan", "joe"):
        await store.turn(said("page", user, platform="slack", workspace="T1"), pages, room=0)
    await store.turn(said("page", "zoe", platform="slack", workspace="T2"), pages, room=0)
    first = await store.exchange(MONDAY, [], {"slack:T1": 1, "slack:T2": 0}, pages)
    limited = NotSent(30, "ratelimited", limited=True)
    await store.turn(said("hello", "ada", platform="slack", workspace="T1"), script, room=0)
    after = await store.exchange(MONDAY, [(only(first), limited)], ROOM, pages)
    assert sorted(texts(after)) == ["hello", "page"]  # ada's chat, and zoe's page elsewhere
    await store.turn(said("page", "new", platform="slack", workspace="T1"), pages, room=0)
    told = [(one, Delivered()) for one in after.claimed]
    assert texts(await store.exchange(second(29), told, ROOM, pages)) == []
    went, at = [], second(30)
    for _ in range(6):
        exchange = await store.exchange(at, [], ROOM, pages)
        went += texts(exchange)
        await store.exchange(at, [(one, Delivered()) for one in exchange.claimed], {}, pages)
        at += timedelta(seconds=2)
    assert went == ["page"] * 6


async def test_a_home_page_that_may_not_have_arrived_is_not_missed(store):
    def page(state, event):
        return Turn(state=state, replies=(reply("page"),))

    script = Pages(open=page)
    await store.turn(said("open"), script, room=4)
    claimed = only(await store.exchange(MONDAY, [], ROOM, script))
    again = only(await settle(store, script, claimed, Unclear("timeout")))
    await settle(store, script, again, Unclear("timeout"))
    await store.turn(said("look"), script, room=4)
    assert script.states[-1].person.uncertain == ()


@pytest.mark.parametrize(
    "late",
    [
        NotSent(0, "refused"),
        Unclear("timeout"),
        Unreachable("blocked"),
        Dropped("old"),
        Malformed("bad"),
    ],
)
async def test_the_word_of_a_claimer_that_slept_past_its_lease_changes_nothing(store, script, late):
    stale = await sent(store, script)
    fresh = only(await store.exchange(PAST_LEASE, [], ROOM, script))
    await settle(store, script, stale, late, PAST_LEASE)
    await settle(store, script, fresh, Delivered("m2"), PAST_LEASE)
    assert texts(await store.exchange(PAST_LEASE + 2 * LEASE, [], ROOM, script)) == []
    values = (await store.figures(MONDAY)).values
    assert (values["unknown"], values["failed"], values["outbox_answers"]) == (0, 0, 0)


async def test_a_delivery_reported_late_saves_the_second_copy(store, script):
    """The lease was over, but nobody had begun another attempt."""
    claimed = await sent(store, script)
    await store.exchange(PAST_LEASE, [], {}, script)
    assert texts(await settle(store, script, claimed, Delivered("m1"), PAST_LEASE)) == []


async def test_a_receipt_recorded_twice_counts_once(store, script):
    claimed = await sent(store, script)
    await settle(store, script, claimed, NotSent(10, "refused"))
    await settle(store, script, claimed, Unclear("timeout"))
    assert only(await store.exchange(second(10), [], ROOM, script)).resent is False


async def test_a_refused_formatting_goes_as_plain_text_and_then_fails(store, script):
    claimed = await sent(store, script)
    plainly = only(await settle(store, script, claimed, Malformed("parse")))
    assert plainly.message.plain_only
    assert texts(await settle(store, script, plainly, Malformed("parse"))) == []
    assert (await store.figures(MONDAY)).values["failed"] == 1


async def test_what_is_dropped_is_closed_and_the_next_goes(store, script):
    claimed = await sent(store, script, "one\ntwo")
    assert texts(await settle(store, script, claimed, Dropped("same text"))) == ["two"]


async def test_an_acknowledgement_that_failed_goes_by_its_token(store, script):
    claimed = only(await store.turn(said("hello", in_ack=True), script, room=4))
    again = only(await settle(store, script, claimed, Unclear("no ack")))
    assert again.message.address.in_ack is False
    assert again.message.address.token == "there"


async def test_a_blocked_chat_is_left_alone_until_the_person_returns(store, script):
    subscribe = effecting()
    script.decisions = {
        "hi": lambda state, event: Turn(
            state=replace(state, person=replace(state.person, nudges_to=event.chat))
        )
    }
    await store.turn(said("hi"), script, room=4)
    claimed = await sent(store, script, "one\ntwo\nthree")
    assert texts(await settle(store, script, claimed, Unreachable("blocked"))) == []
    assert texts(await store.exchange(MONDAY + timedelta(days=1), [], ROOM, script)) == []
    await store.turn(said("?", body=Joined()), script, room=4)
    assert script.states[-1].person.unreachable == "blocked"
    assert (await store.figures(MONDAY)).values["unreachable"] == 1
    assert subscribe


async def test_a_refusal_in_a_group_does_not_make_its_author_unreachable(store, script):
    script.decisions = {
        "hi": lambda state, event: Turn(
            state=replace(state, person=replace(state.person, nudges_to=event.chat))
        )
    }
    await store.turn(said("hi"), script, room=4)
    claimed = await sent(store, script, where=chat("group", shared=True))
    await settle(store, script, claimed, Unreachable("archived"))
    await store.turn(said("?"), script, room=4)
    assert script.states[-1].person.unreachable == ""


async def test_a_moved_chat_takes_everything_along(store, script):
    script.decisions = {
        "hi": lambda state, event: Turn(
            state=replace(state, person=replace(state.person, nudges_to=event.chat))
        )
    }
    await store.turn(said("hi"), script, room=4)
    claimed = await sent(store, script, "one\ntwo")
    moved = only(await settle(store, script, claimed, ChatMoved("-100")))
    assert (moved.id, moved.message.address.chat.id) == (claimed.id, "-100")
    following = only(await settle(store, script, moved, Delivered()))
    assert (following.message.fallback, following.message.address.chat.id) == ("two", "-100")
    await store.turn(said("so?", where=chat("-100")), script, room=4)
    assert script.states[-1].person.nudges_to == chat("-100")
    assert script.states[-1].conversation.last.command == "one\ntwo"


async def test_a_move_told_by_an_event_takes_everything_along(store, script):
    script.decisions = {"moved": effecting(MoveChat(old=chat(), new=chat("-100")))}
    await store.turn(said("one"), script, room=0)
    await store.turn(said("moved"), script, room=0)
    assert only(await store.exchange(second(1), [], ROOM, script)).message.address.chat.id == "-100"


async def test_a_dead_token_rests_until_its_workspace_is_heard_again(store, script):
    here = {"platform": "slack", "workspace": "T1"}
    claimed = await sent(store, script, "one\ntwo", **here)
    assert texts(await settle(store, script, claimed, TokenDead("token_revoked"))) == []
    assert texts(await store.exchange(second(60), [], ROOM, script)) == []
    assert (await store.figures(MONDAY)).values["dead_tokens"] == 1
    gone = await store.turn(said("", body=Left("uninstalled"), **here), script, room=4)
    assert gone.claimed == ()
    assert texts(await store.exchange(second(60), [], ROOM, script)) == []
    await store.turn(said("three", "bob", **here), script, room=0)
    assert texts(await store.exchange(second(60), [], ROOM, script)) == ["one", "three"]


async def test_a_dead_token_does_not_hold_up_another(store, script):
    claimed = await sent(store, script, platform="slack", workspace="T1")
    await settle(store, script, claimed, TokenDead("revoked"))
    outcome = await store.turn(said("hi", platform="slack", workspace="T2"), script, room=4)
    assert texts(outcome) == ["hi"]


async def test_a_rate_limited_chat_waits_and_the_others_do_not(store, script):
    claimed = await sent(store, script, "one\ntwo", "ada")
    await settle(store, script, claimed, NotSent(20, "429", limited=True))
    assert texts(await store.turn(said("hello", "bob"), script, room=4)) == ["hello"]
    assert texts(await store.turn(said("more", "ada"), script, room=4)) == []
    assert texts(await store.exchange(second(19), [], ROOM, script)) == []
    assert texts(await store.exchange(second(20), [], ROOM, script)) == ["one"]


async def test_a_rate_limited_token_holds_nudges_back_and_lets_answers_pass(store, script):
    await broadcast(store, script, "ada", "bob")
    claimed = await sent(store, script, "hello", "eve")
    held = await settle(store, script, claimed, NotSent(20, "429", limited=True, bulk=True))
    assert texts(held) == []
    assert texts(await store.turn(said("hi", "ada"), script, room=4)) == ["hi"]
    assert texts(await store.exchange(second(19), [], ROOM, script)) == []
    assert "news" in texts(await store.exchange(second(21), [], ROOM, script))


async def test_room_is_kept_for_each_token(store, script):
    for number in range(6):
        await store.turn(said("hello", f"u{number}"), script, room=0)
        await store.turn(
            said("hello", f"u{number}", platform="slack", workspace=f"T{number % 2}"),
            script,
            room=0,
        )
    room = {"telegram:*": 2, "slack:*": 2, "slack:T1": 1}
    claimed = (await store.exchange(second(1), [], room, script)).claimed
    tokens = sorted(
        f"{one.message.address.chat.platform}:{one.message.address.chat.workspace}"
        for one in claimed
    )
    assert tokens == ["slack:T0", "slack:T0", "slack:T1", "telegram:", "telegram:"]


async def test_nothing_is_claimed_without_room(store, script):
    await store.turn(said("hello"), script, room=0)
    assert texts(await store.exchange(MONDAY, [], {}, script)) == []
    assert texts(await store.exchange(MONDAY, [], {"telegram:*": 4, "telegram:": 0}, script)) == []


async def test_answers_go_before_nudges(store, script):
    await broadcast(store, script, "ada", "bob", "eve")
    await store.turn(said("hello", "zoe"), script, room=0)
    assert texts(await store.exchange(second(1), [], {"telegram:*": 1}, script)) == ["hello"]


async def test_a_broadcast_reaches_everyone_once_at_the_nudges_pace(store, script):
    people = [f"u{number}" for number in range(40)]
    await broadcast(store, script, *people)
    when, at = [], MONDAY
    got = []
    while len(when) < 40:
        exchange = await store.exchange(at, [], ROOM, script)
        for one in exchange.claimed:
            when.append(at)
            got.append(one.message.address.chat.id)
            await store.exchange(at, [(one, Delivered())], {}, script)
        at = max(at, exchange.wake_at or at)
        at += timedelta(milliseconds=1)
    assert sorted(got) == sorted(people)
    busiest = max(
        sum(start <= one < start + timedelta(seconds=1) for one in when) for start in when
    )
    assert busiest <= 30
    assert when[-1] - when[0] < timedelta(seconds=2)


async def test_nudges_keep_their_share_while_answers_flood(store, script):
    """25 answers a second leave 5; nudges never get less than 20."""
    await broadcast(store, script, *(f"u{number}" for number in range(40)))
    nudged = answered = 0
    for step in range(100):
        at = second(step / 50)
        outcome = await store.turn(said("hello", f"a{step}", at=at), script, room=4)
        answered += len(outcome.claimed)
        exchange = await store.exchange(
            at, [(one, Delivered()) for one in outcome.claimed], ROOM, script
        )
        nudged += len(exchange.claimed)
        await store.exchange(at, [(one, Delivered()) for one in exchange.claimed], {}, script)
    assert answered == 100
    assert 30 <= nudged <= 41


async def test_a_held_back_chat_at_the_front_does_not_starve_the_queue(store, script):
    for user in [f"slow{number}" for number in range(30)]:
        claimed = await sent(store, script, "one\ntwo", user)
        await settle(store, script, claimed, NotSent(500, "429", limited=True))
    for number in range(3):
        await store.turn(said("hello", f"u{number}"), script, room=0)
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["hello", "hello", "hello"]


async def test_order_holds_within_a_chat_whatever_happens_to_its_messages(store, script):
    claimed = await sent(store, script, "one\ntwo\nthree")
    seen = []
    for receipt in (
        NotSent(0, "x"),
        Unclear("x"),
        Delivered(),
        Malformed("x"),
        Delivered(),
        Delivered(),
    ):
        seen.append(claimed.message.fallback)
        exchange = await settle(store, script, claimed, receipt)
        at = exchange.wake_at or MONDAY
        claimed = (
            only(exchange if exchange.claimed else await store.exchange(at, [], ROOM, script))
            if len(seen) < 6
            else None
        )
        if claimed is None:
            break
    assert [text for index, text in enumerate(seen) if index == 0 or seen[index - 1] != text] == [
        "one",
        "two",
        "three",
    ]


async def test_two_replicas_never_claim_one_message(url, script):
    one, other = [
        await open_store(
            url,
            real_time=False,
            pace=SendLimits(rates={"telegram": Limit(total=10_000, nudges=10_000)}),
        )
        for _ in range(2)
    ]
    try:
        for number in range(30):
            await one.turn(said("hello", f"u{number}"), script, room=0)
        taken = []
        while len(taken) < 30:
            for store in (one, other):
                exchange = await store.exchange(MONDAY, [], ROOM, script)
                taken.extend(claimed.id for claimed in exchange.claimed)
        assert len(set(taken)) == 30
    finally:
        await one.close()
        await other.close()


async def broadcast(store, script, *users):
    """Everyone has talked to us; then the news go out."""

    def here(state, event):
        return Turn(state=replace(state, person=replace(state.person, nudges_to=event.chat)))

    setting = Script(
        here=here,
        all=effecting(Broadcast(reply=reply("news"), audit="news")),
        Broadcast=lambda state, event: Turn(state=state),
    )
    for user in users:
        await store.turn(said("here", user), setting, room=0)
    await store.turn(said("all", "admin"), setting, room=0)


async def test_a_herd_of_any_length_never_passes_the_platforms_figure_in_any_second(store, script):
    """Ten seconds of it: long enough for the nudges' own lane to run far
    behind what the platform lets through.
    """
    people = 260
    await broadcast(store, script, *(f"u{number}" for number in range(people)))
    at, gone, receipts = MONDAY, [], []
    while len(gone) < people:
        exchange = await store.exchange(at, receipts, ROOM, script)
        gone += len(exchange.claimed) * [at]
        receipts = [(claimed, Delivered()) for claimed in exchange.claimed]
        if not exchange.claimed:
            at = exchange.wake_at
    assert min(
        later - earlier for earlier, later in zip(gone, gone[30:], strict=False)
    ) >= timedelta(seconds=1)
