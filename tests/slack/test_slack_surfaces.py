"""What only Slack has: tables in answers, an agent's conversation, shortcuts, channels shared with
other companies. Where a plan, a workspace or the moment refuses one of them, nothing is missing but
that.
"""

import asyncio
from typing import Any

import pytest

from bot.core.reply import Picture, Reply, Table
from tests.servers.slack import Hold, Word, limited, words_of
from tests.slack.conftest import CONTENT, face, running, serving

TABLE = Table("Pay by level", ("Level", "A year"), (("Junior", "$95,000"), ("Senior", "$160,000")))
MEMBERS_ONLY = CONTENT.phrases["slack_members_only"]
AGENT = {"channel": "D1", "assistant_thread": {"action_token": "1"}, "ts": "1700000001.000001"}


@pytest.fixture
async def bot(server, database):
    async with running(server, database) as parts:
        yield parts


# --- tables --------------------------------------------------------------------------------------------------------


async def test_a_table_goes_where_its_refusal_is_heard_and_comes_once_more_without(
    server, slack, desk
) -> None:
    desk.answer = lambda event: (Reply(blocks=(TABLE,)),)
    ack = await server.command("/salary")
    assert (ack.ok, ack.payload) == (True, None)
    await desk.until(1)
    assert [block["type"] for block in server.shown[0].blocks] == ["rich_text", "table"]

    server.fail("response_url", Word("invalid_blocks"))
    await server.command("/salary")
    await desk.until(2)
    again = server.shown[1]
    assert "table" not in [block["type"] for block in again.blocks]
    assert all(
        words in words_of(again.blocks) for words in ("Junior", "$95,000", "Senior", "$160,000")
    )
    assert (again.to, again.text) == ("U1", server.shown[0].text)


async def test_a_posted_table_that_is_refused_comes_without(server, slack, desk) -> None:
    desk.answer = lambda event: (Reply(blocks=(TABLE,)),)
    server.fail("chat.postMessage", Word("invalid_blocks"))
    await server.message("salary", channel="D1")
    await desk.until(1)
    assert "$95,000" in words_of(server.shown[0].blocks)


# --- an agent's conversation ---------------------------------------------------------------------------------------


async def test_an_agents_conversation_says_that_a_slow_answer_is_coming_and_is_answered_in_its_thread(
    server, slack, desk
) -> None:
    async def slow(event: Any) -> None:
        await server.until(lambda: server.statuses)

    desk.before = slow
    await server.message("salary senior", **AGENT)
    await server.until(lambda: server.shown)
    [status] = server.statuses
    assert (status["channel_id"], status["thread_ts"]) == ("D1", AGENT["ts"])
    assert server.shown[0].thread == AGENT["ts"]


async def test_a_slow_picture_says_so_too_and_a_quick_answer_says_nothing(
    server, slack, desk
) -> None:
    await server.message("salary senior", **AGENT)
    await desk.until(1)
    assert not server.calls("assistant.threads.setStatus")
    upload = Hold(asyncio.Event())
    server.fail("files.getUploadURLExternal", upload)
    desk.answer = lambda event: (Reply(blocks=(Picture({"kind": "bars"}, "Senior highest"),)),)
    await server.message("salary chart", **{**AGENT, "ts": "1700000002.000001"})
    await server.until(lambda: server.statuses)
    upload.until.set()
    await desk.until(2)
    assert server.shown[1].blocks[0]["type"] == "image"


@pytest.mark.parametrize(
    "fault", [Word("feature_not_enabled"), Word("missing_scope"), Word("unknown_method"), limited()]
)
async def test_where_there_are_no_agents_everything_else_works(server, slack, desk, fault) -> None:
    async def slow(event: Any) -> None:
        await server.until(lambda: server.calls("assistant.threads.setStatus"))

    server.fail("assistant.threads.setSuggestedPrompts", fault)
    server.fail("assistant.threads.setStatus", fault)
    await server.event(
        {"type": "app_home_opened", "tab": "messages", "user": "U1", "channel": "D1"}
    )
    await server.until(lambda: server.calls("assistant.threads.setSuggestedPrompts"))
    desk.before = slow
    await server.message("salary senior", **AGENT)
    await server.until(lambda: server.shown)
    assert (server.prompts, server.statuses) == ([], [])


async def test_what_to_ask_is_suggested_when_the_conversation_is_opened(
    server, slack, desk
) -> None:
    await server.event(
        {"type": "app_home_opened", "tab": "messages", "user": "U1", "channel": "D1"}
    )
    await server.until(lambda: server.prompts)
    assert "salary senior" in str(server.prompts[0]["prompts"])
    assert desk.events == []


# --- shortcuts -----------------------------------------------------------------------------------------------------


def explained(server, text: str, **who: Any) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": "explain",
        "team": {"id": "T0TEAM"},
        "user": {"id": "U1", "team_id": "T0TEAM"},
        "channel": {"id": "C1", "name": "general"},
        "message": {"text": text, "ts": "1.1", "user": "U2"},
        "message_ts": "1.1",
        "trigger_id": server.trigger(),
        "response_url": server.answers("C1", "U1"),
        **who,
    }


async def test_a_message_is_explained_to_whoever_asked_and_to_nobody_else(server, bot) -> None:
    await server.deliver("interactive", explained(server, "They said the 189 visa is what I need"))
    await server.until(lambda: server.shown)
    assert "189 Skilled Independent" in server.shown[0].text
    assert (server.shown[0].to, server.shown[0].channel) == ("U1", "C1")
    await server.deliver("interactive", explained(server, "subscribe tuesday 7:30am brisbane"))
    await server.until(lambda: len(server.shown) == 2)
    assert "Every" not in server.shown[1].text
    assert "U1" not in server.homes


async def test_a_shortcut_that_cannot_be_taken_now_says_so_in_its_own_window(
    server, desk, clock
) -> None:
    async with serving(face(server, clock, most_turns=0), desk):
        await server.until(lambda: server.live)
        assert (await server.shortcut("points")).ok
        await server.until(lambda: server.views)
        assert CONTENT.phrases["slack_busy"] in words_of(
            next(iter(server.views.values()))["blocks"]
        )


# --- text as Slack sends it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "salary senior",
        "salary\u00a0senior",
        "\u201csalary senior\u201d",
        "`salary senior`",
        " Salary  senior\x00",
        "/salary senior",
        "salary senior <@U2|bob>",
    ],
)
async def test_a_command_is_understood_as_slack_really_sends_it(server, bot, text) -> None:
    assert (await server.command("/pivot", text)).ok
    await server.until(lambda: server.shown)
    assert "$160,000" in server.shown[0].text
    assert "<@" not in server.shown[0].text


# --- channels shared with other companies --------------------------------------------------------------------------


async def test_nothing_personal_is_said_to_or_shown_for_another_companys_people(
    server, bot
) -> None:
    server.users["U9"] = {"tz": "Australia/Perth"}
    server.channels["C1"]["members"].add("U9")
    mention = {"type": "app_mention", "channel": "C1", "user": "U9", "user_team": "T9OTHER"}
    for number, words in enumerate(
        ("points", "subscribe tuesday 7am perth", "profile", "mydata", "link"), 1
    ):
        text = f"<@U0BOT> {words}"
        await server.event(
            {**mention, "text": text, "ts": f"17000000{number}.1"}, is_ext_shared_channel=True
        )
        await server.until(lambda number=number: len(server.shown) >= number)
    assert {one.text for one in server.shown} == {MEMBERS_ONLY}
    assert not server.files

    await server.shortcut("points", user="U9", user_team="T9OTHER")
    await server.until(lambda: len(server.shown) >= 6)
    assert server.shown[5].text == MEMBERS_ONLY
    assert not server.calls("views.open")
    assert "U9" not in server.homes


async def test_what_is_general_is_answered_to_outsiders_too(server, bot) -> None:
    server.users["U9"] = {}
    server.channels["C1"]["members"].add("U9")
    outsider = {"id": "U9", "team_id": "T9OTHER"}
    await server.deliver(
        "interactive",
        explained(server, "the 189 visa", user=outsider, response_url=server.answers("C1", "U9")),
    )
    await server.until(lambda: server.shown)
    assert (server.shown[0].to, "189 Skilled Independent" in server.shown[0].text) == ("U9", True)


async def test_a_members_answer_tapped_by_an_outsider_tells_neither_anything_of_the_other(
    server, bot
) -> None:
    server.users["U9"] = {}
    server.channels["C1"]["members"].add("U9")
    await server.event(
        {
            "type": "app_mention",
            "channel": "C1",
            "user": "U1",
            "text": "<@U0BOT> visa 189",
            "ts": "1700000100.1",
        }
    )
    await server.until(lambda: server.shown)
    [public] = server.shown
    await server.tap(public, "My points", user="U9", user_team="T9OTHER")
    await server.until(lambda: len(server.shown) > 1)
    assert (server.shown[1].to, server.shown[1].text) == ("U9", MEMBERS_ONLY)
    assert public.edits == 0
