"""One message, one attempt, one receipt: every door,
and every way in which Slack or the network refuses.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.errors import receipt_of
from adapters.slack.transport import Slack
from bot.core.events import Account, AnswerToken, Chat, Due, Event, OpenedHome, Pressed, Said
from bot.core.messages import (
    Claimed,
    Delivered,
    Dropped,
    Malformed,
    NotSent,
    Receipt,
    TokenDead,
    Unclear,
    Unreachable,
)
from bot.core.ports import StoreGone
from bot.core.reply import Block, File, Heading, Picture, Reply, Table, paragraph
from tests.servers.slack import ANSWERS, BOT_TOKEN, Cut, Hold, SlackServer, Status, Word, limited
from tests.slack.conftest import FakeClock, face

TEAM = "T0TEAM"
CHART = Picture({"kind": "bars"}, "Junior $100,000, senior $180,000")
PAY = Table(caption="Pay", header=("Level", "Pay"), rows=(("Senior", "$160,000"),))


@pytest.fixture
async def idle(server: SlackServer, clock: FakeClock) -> AsyncIterator[Slack]:
    """The face with nobody listening: only what is sent counts."""
    slack = face(server, clock)
    yield slack
    await slack.close()


def event(
    slack: Slack,
    clock: FakeClock,
    body: Any = None,
    *,
    chat: str = "D1",
    answers: str = "",
    **more: Any,
) -> Event:
    where = Chat(platform="slack", workspace=TEAM, id=chat, shared=chat.startswith("C"), **more)
    token = (
        AnswerToken(address=answers, expires_at=clock.now() + timedelta(minutes=30))
        if answers
        else None
    )
    account = Account(platform="slack", workspace=TEAM, user="U1")
    return Event(
        key="k",
        at=clock.now(),
        account=account,
        chat=where,
        surface=slack.surface,
        body=body or Said("hi"),
        token=token,
    )


def claim(slack: Slack, where: Event, *blocks: Block, resent: bool = False, **more: Any) -> Claimed:
    [message] = slack.render(Reply(blocks=blocks or (paragraph("Hello."),), **more), where)
    return Claimed(id=7, attempt=1, message=message, resent=resent)


@pytest.fixture
def direct(server: SlackServer) -> str:
    server.channels["D1"] = {"members": {"U1", "U0BOT"}, "im": "U1"}
    return "D1"


# --- doors ---------------------------------------------------------------------------------------------------------


async def test_a_message_carries_its_outbox_id_and_unfurls_nothing(
    server, idle, clock, direct
) -> None:
    receipt = await idle.send(claim(idle, event(idle, clock)))
    [shown] = server.shown
    assert receipt == Delivered(shown.ts)
    assert shown.metadata["event_payload"]["id"] == "7"
    [call] = server.calls("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


async def test_an_answer_address_takes_five_answers_and_the_sixth_goes_to_the_asker_alone(
    server, idle, clock
) -> None:
    where = event(idle, clock, chat="C1", answers=server.answers("C1", "U1"))
    receipts = [await idle.send(claim(idle, where)) for _ in range(ANSWERS + 1)]
    assert {type(receipt) for receipt in receipts} == {Delivered}
    assert [one.to for one in server.shown] == ["U1"] * (ANSWERS + 1)
    assert len(server.calls("chat.postEphemeral")) == 1


async def test_an_answer_address_past_its_half_hour_is_not_even_tried(server, idle, clock) -> None:
    where = event(idle, clock, chat="C1", answers=server.answers("C1", "U1"))
    clock.ahead = 31 * 60
    assert await idle.send(claim(idle, where)) == Delivered("")
    assert server.calls("response_url") == []
    assert [one.to for one in server.shown] == ["U1"]


async def test_where_the_bot_is_no_member_the_answer_goes_to_the_direct_message(
    server, idle, clock
) -> None:
    server.age_seconds = 1900
    where = event(idle, clock, chat="C2", answers=server.answers("C2", "U1"))
    assert isinstance(await idle.send(claim(idle, where)), Delivered)
    assert [(one.channel, one.to) for one in server.shown] == [("DU1", "")]


async def test_with_every_door_shut_the_answer_is_dropped_and_never_said_aloud(
    server, idle, clock
) -> None:
    server.age_seconds = 1900
    server.users["U1"]["deleted"] = True
    where = event(idle, clock, chat="C2", answers=server.answers("C2", "U1"))
    assert await idle.send(claim(idle, where)) == Dropped("no way left to answer: user_disabled")
    assert server.shown == []


async def test_a_foreign_answer_address_is_never_called(server, idle, clock) -> None:
    where = event(idle, clock, chat="C1", answers="http://answers.elsewhere.test/1")
    assert await idle.send(claim(idle, where)) == Delivered("")
    assert [one.to for one in server.shown] == ["U1"]


async def test_a_tapped_direct_message_is_edited_when_its_answer_address_is_spent(
    server, idle, clock, direct
) -> None:
    await idle.send(claim(idle, event(idle, clock)))
    [shown] = server.shown
    server.age_seconds = 1900
    where = event(
        idle, clock, Pressed("x", message=shown.ts), answers=server.answers("D1", "U1", shown)
    )
    assert await idle.send(claim(idle, where, paragraph("New."), in_place=True)) == Delivered(
        shown.ts
    )
    assert (shown.text, shown.edits, len(server.shown)) == ("New.", 1, 1)


async def test_what_cannot_be_edited_any_more_comes_as_a_new_message(
    server, idle, clock, direct
) -> None:
    where = event(idle, clock, Pressed("x", message="1.1"), answers="")
    where = replace(where, token=AnswerToken(address="", expires_at=clock.now()))
    assert isinstance(await idle.send(claim(idle, where, in_place=True)), Delivered)
    assert [one.text for one in server.shown] == ["Hello."]


async def test_a_home_page_is_published_for_its_person(server, idle, clock) -> None:
    assert await idle.send(
        claim(idle, event(idle, clock, OpenedHome()), Heading("Your plan"))
    ) == Delivered("")
    assert server.homes["U1"]["blocks"][0]["text"]["text"] == "Your plan"


async def test_a_nudge_for_somebody_who_subscribed_in_a_channel_opens_the_direct_message(
    server, idle, clock
) -> None:
    due = Due("s", "2026-W48", 0, clock.now())
    assert isinstance(await idle.send(claim(idle, event(idle, clock, due, chat="C1"))), Delivered)
    assert [one.channel for one in server.shown] == ["DU1"]


async def test_a_reply_in_a_thread_stays_there(server, idle, clock) -> None:
    await idle.send(claim(idle, event(idle, clock, chat="C1", thread="1700.1")))
    assert [one.thread for one in server.shown] == ["1700.1"]


# --- pictures and files --------------------------------------------------------------------------------------------


async def test_a_chart_is_drawn_uploaded_with_its_words_and_shown_once_uploaded_for_all(
    server, idle, clock, direct
) -> None:
    for _ in range(2):
        assert isinstance(await idle.send(claim(idle, event(idle, clock), CHART)), Delivered)
    [(key, file)] = server.files.items()
    assert (file["alt"], file["done"], file["channel"]) == (CHART.alt, True, "")
    assert [one.blocks[0]["slack_file"] for one in server.shown] == [{"id": key}] * 2


@pytest.mark.parametrize("trouble", ["draw", "upload", "scope"])
async def test_a_chart_that_cannot_be_shown_is_told_in_words(
    server, idle, clock, direct, trouble
) -> None:
    chart = replace(CHART, spec={"broken": True}) if trouble == "draw" else CHART
    if trouble == "upload":
        server.fail("upload", Status(500))
    if trouble == "scope":
        server.scopes -= {"files:write"}
    assert isinstance(await idle.send(claim(idle, event(idle, clock), chart)), Delivered)
    [shown] = server.shown
    assert shown.blocks[0]["elements"][0]["elements"][0]["text"] == CHART.alt


async def test_a_file_asked_for_in_a_channel_goes_to_the_asker(server, idle, clock) -> None:
    calendar = File("plan.ics", "text/calendar", "BEGIN:VCALENDAR", "Your plan")
    where = event(idle, clock, chat="C1", answers=server.answers("C1", "U1"))
    assert await idle.send(claim(idle, where, calendar)) == Delivered("")
    [file] = server.files.values()
    assert (file["channel"], file["content"], file["comment"]) == (
        "DU1",
        b"BEGIN:VCALENDAR",
        "Your plan",
    )
    assert server.shown == []


# --- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "receipt"),
    [
        ("channel_not_found", Unreachable("channel_not_found")),
        ("is_archived", Unreachable("is_archived")),
        ("user_disabled", Unreachable("user_disabled")),
        ("cannot_dm_bot", Unreachable("cannot_dm_bot")),
        ("missing_scope", Dropped("configuration: missing_scope")),
        ("messages_tab_disabled", Dropped("configuration: messages_tab_disabled")),
        ("restricted_action", Dropped("failed: restricted_action")),
        ("a_word_of_next_year", Dropped("failed: a_word_of_next_year")),
        ("invalid_blocks", Malformed("invalid_blocks")),
        ("msg_blocks_too_long", Malformed("msg_blocks_too_long")),
        ("internal_error", Unclear("internal_error")),
        ("fatal_error", Unclear("fatal_error")),
        ("service_unavailable", NotSent(30.0, "service_unavailable")),
        ("team_added_to_org", NotSent(3600.0, "team_added_to_org")),
        ("ratelimited", NotSent(1.0, "ratelimited", limited=True)),
    ],
)
@pytest.mark.usefixtures("direct")
async def test_every_refusal_has_its_receipt(
    server, idle, clock, word: str, receipt: Receipt
) -> None:
    server.fail("chat.postMessage", Word(word))
    assert await idle.send(claim(idle, event(idle, clock))) == receipt
    assert len(server.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("fault", "receipt"),
    [
        (limited(7), NotSent(7.0, "ratelimited", limited=True)),
        (
            Status(429, "slow down", {"Retry-After": "soon"}, "text/plain"),
            NotSent(30.0, "ratelimited", limited=True),
        ),
        (Status(503), NotSent(5.0, "http 503")),
        (Status(502, "plain words", content_type="text/plain"), NotSent(5.0, "http 502")),
        (Status(500, "not json", content_type="application/json"), NotSent(5.0, "http 500")),
        (Cut(after=False), Unclear("ServerDisconnectedError")),
        (Cut(after=True), Unclear("ServerDisconnectedError")),
    ],
)
@pytest.mark.usefixtures("direct")
async def test_proxies_limits_and_broken_connections_are_told_apart(
    server, idle, clock, fault, receipt
) -> None:
    server.fail("chat.postMessage", fault)
    assert await idle.send(claim(idle, event(idle, clock))) == receipt
    assert len(server.calls("chat.postMessage")) == 1


async def test_a_message_that_did_arrive_is_not_sent_again(server, idle, clock, direct) -> None:
    server.fail("chat.postMessage", Cut(after=True))
    sent = claim(idle, event(idle, clock))
    assert isinstance(await idle.send(sent), Unclear)
    [shown] = server.shown
    assert await idle.send(replace(sent, attempt=2, resent=True)) == Delivered(shown.ts)
    assert len(server.shown) == 1


async def test_a_message_in_a_thread_or_to_a_person_is_looked_for_there(
    server, idle, clock
) -> None:
    for where in (event(idle, clock, chat="C1", thread="1700.1"), event(idle, clock, chat="U1")):
        sent = claim(idle, where)
        assert isinstance(await idle.send(sent), Delivered)
        await idle.send(replace(sent, resent=True))
    assert len(server.shown) == 2


async def test_a_message_that_did_not_arrive_is_sent_and_so_is_a_different_one_with_the_same_number(
    server, idle, clock, direct
) -> None:
    server.fail("chat.postMessage", Cut(after=False))
    sent = claim(idle, event(idle, clock))
    assert isinstance(await idle.send(sent), Unclear)
    await idle.send(replace(sent, resent=True))
    await idle.send(replace(claim(idle, event(idle, clock), paragraph("Other.")), resent=True))
    assert [one.text for one in server.shown] == ["Hello.", "Other."]


class Call:
    """Counts the beginnings of an attempt's calls; one that may not begin writes nothing."""

    def __init__(self, allowed: bool = True) -> None:
        self.allowed, self.begun = allowed, 0

    async def __call__(self) -> None:
        if not self.allowed:
            raise StoreGone("away")
        self.begun += 1


async def test_a_first_call_begins_with_its_connection_and_one_that_may_not_begin_says_nothing(
    server, idle, clock, direct
) -> None:
    call = Call()
    assert isinstance(await idle.send(claim(idle, event(idle, clock)), call), Delivered)
    assert call.begun == 1
    refused = await idle.send(claim(idle, event(idle, clock)), Call(allowed=False))
    assert isinstance(refused, NotSent)
    assert len(server.shown) == 1


async def test_a_repeat_that_could_be_looked_for_begins_nothing_and_may_come_again(
    server, idle, clock, direct
) -> None:
    for _ in range(3):
        server.fail("chat.postMessage", Cut(after=False))
    sent, call = claim(idle, event(idle, clock)), Call()
    assert isinstance(await idle.send(sent, call), Unclear)
    repeat = replace(sent, resent=True)
    repeats = [type(await idle.send(repeat, call)) for _ in range(4)]
    assert repeats == [Unclear, Unclear, Delivered, Delivered]
    assert (call.begun, len(server.shown)) == (1, 1)


async def test_a_repeat_that_nobody_can_look_for_begins(server, idle, clock, direct) -> None:
    server.scopes -= {"im:history"}
    call = Call()
    await idle.send(replace(claim(idle, event(idle, clock)), resent=True), call)
    where = event(idle, clock, chat="C1", answers=server.answers("C1", "U1"))
    await idle.send(replace(claim(idle, where), resent=True), call)
    assert call.begun == 2


async def test_without_leave_to_look_the_second_copy_is_sent(server, idle, clock, direct) -> None:
    server.scopes -= {"im:history"}
    sent = claim(idle, event(idle, clock))
    await idle.send(sent)
    await idle.send(replace(sent, resent=True))
    assert len(server.shown) == 2


async def test_a_refused_table_is_sent_at_once_as_a_list(server, idle, clock, direct) -> None:
    server.fail("chat.postMessage", Word("invalid_blocks"))
    assert isinstance(await idle.send(claim(idle, event(idle, clock), PAY)), Delivered)
    assert len(server.calls("chat.postMessage")) == 2
    assert [block["type"] for block in server.shown[0].blocks] == ["rich_text", "rich_text"]


async def test_what_is_refused_without_any_table_is_not_tried_twice(
    server, idle, clock, direct
) -> None:
    server.fail("chat.postMessage", Word("invalid_blocks"))
    assert await idle.send(claim(idle, event(idle, clock))) == Malformed("invalid_blocks")
    assert len(server.calls("chat.postMessage")) == 1


async def test_plain_words_go_without_blocks_and_escaped(server, idle, clock, direct) -> None:
    message = claim(idle, event(idle, clock), paragraph("1 < 2 & <!channel>")).message
    await idle.send(Claimed(id=1, attempt=2, message=replace(message, plain_only=True)))
    [shown] = server.shown
    assert (shown.text, shown.blocks) == ("1 &lt; 2 &amp; &lt;!channel&gt;", [])


async def test_a_dead_token_is_asked_about_once_more_before_it_is_believed(
    server, idle, clock, direct
) -> None:
    server.fail("chat.postMessage", Word("invalid_auth"))
    assert await idle.send(claim(idle, event(idle, clock))) == NotSent(60.0, "invalid_auth")
    server.tokens[BOT_TOKEN]["dead"] = "account_inactive"
    assert await idle.send(claim(idle, event(idle, clock))) == TokenDead("account_inactive")


async def test_slack_away_is_no_loss(clock) -> None:
    async with SlackServer() as server:
        slack = face(server, clock)
        where = event(slack, clock)
    receipt = await slack.send(claim(slack, where))
    await slack.close()
    assert receipt == NotSent(2.0, "ClientConnectorError")


async def test_messages_one_after_the_other_use_one_connection_and_ask_who_we_are_once(
    server, idle, clock, direct
) -> None:
    for _ in range(25):
        await idle.send(claim(idle, event(idle, clock)))
    assert (len(server.connections), len(server.calls("auth.test")), len(server.shown)) == (
        1,
        1,
        25,
    )


async def test_a_crowd_that_comes_first_asks_who_we_are_once(server, idle, clock, direct) -> None:
    await asyncio.gather(
        *(idle.send(replace(claim(idle, event(idle, clock)), id=number)) for number in range(20))
    )
    assert (len(server.calls("auth.test")), len(server.shown)) == (1, 20)


async def test_a_stopped_sender_leaves_nothing_hanging(server, idle, clock, direct) -> None:
    never = asyncio.Event()
    server.fail("chat.postMessage", Hold(never))
    task = asyncio.create_task(idle.send(claim(idle, event(idle, clock))))
    await server.until(lambda: server.calls("auth.test"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    never.set()


async def test_slack_names_a_persons_zone(server, idle) -> None:
    account = Account(platform="slack", workspace=TEAM, user="U2")
    assert await idle.zone_of(account) == "Australia/Perth"
    assert await idle.zone_of(replace(account, user="U99")) == ""


def test_a_bare_status_has_a_receipt_too() -> None:
    assert receipt_of("", status=404) == Dropped("failed: http 404")
