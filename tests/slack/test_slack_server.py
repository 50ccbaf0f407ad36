"""The strict Slack is strict: what it refuses is what Slack refuses.

A lenient judge would prove nothing.
"""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import word_of
from tests.servers import slack_kit
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer

SECTION = {"type": "section", "text": {"type": "plain_text", "text": "hi"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Form"}, "blocks": [SECTION]}


def button(**more: Any) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": "a",
        "text": {"type": "plain_text", "text": "Go"},
        **more,
    }


@pytest.fixture
def client(server: SlackServer) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[])


async def refused(call) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return word_of(caught.value)


@pytest.mark.parametrize(
    "blocks",
    [
        [SECTION] * 51,
        [{"type": "sectoin", "text": SECTION["text"]}],
        [{"type": "section"}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "no"}}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        [{"type": "image", "image_url": "https://x.test/a.png"}],
        [{"type": "image", "slack_file": {"id": "F_unknown"}, "alt_text": "a"}],
        [{"type": "actions", "elements": [button(), button()]}],
        [{"type": "actions", "elements": [button(text={"type": "plain_text", "text": "x" * 76})]}],
        [{"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]}],
        [{"type": "context", "elements": [SECTION["text"]] * 11}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}], []]}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a" * 10_001}]]}],
        [{"type": "rich_text", "elements": []}],
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}
                ],
            }
        ],
        [{"type": "alert", "text": SECTION["text"]}],
        [{**SECTION, "colour": "red"}],
    ],
)
async def test_blocks_that_slack_would_refuse_are_refused(client, blocks) -> None:
    assert (
        await refused(client.chat_postMessage(channel="C1", text="x", blocks=blocks))
        == "invalid_blocks"
    )


async def test_tokens_scopes_channels_and_lengths_are_checked(server, client) -> None:
    assert (
        await refused(client.chat_postMessage(token="xoxb-other", channel="C1", text="x"))
        == "invalid_auth"
    )
    assert await refused(client.chat_postMessage(channel="C9", text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel="C2", text="x")) == "not_in_channel"
    assert await refused(client.chat_postMessage(channel="C1", text="x" * 40_001)) == "msg_too_long"
    assert (
        await refused(client.chat_postMessage(channel="C1", text="<!channel> <oops>"))
        == "unescaped_text"
    )
    assert (
        await refused(client.apps_connections_open(app_token=BOT_TOKEN)) == "not_allowed_token_type"
    )
    server.scopes = frozenset()
    assert await refused(client.chat_postMessage(channel="C1", text="x")) == "missing_scope"


async def test_a_trigger_opens_one_view_within_three_seconds(server, client) -> None:
    trigger = server.trigger()
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert await refused(client.views_open(trigger_id=trigger, view=MODAL)) == "trigger_exchanged"
    server.age_seconds = 4
    assert (
        await refused(client.views_open(trigger_id=server.trigger(), view=MODAL))
        == "trigger_expired"
    )


async def test_a_form_with_fields_needs_a_button_to_send_it(server, client) -> None:
    field = {
        "type": "input",
        "label": SECTION["text"],
        "element": {"type": "plain_text_input", "action_id": "a"},
    }
    assert (
        await refused(
            client.views_open(trigger_id=server.trigger(), view={**MODAL, "blocks": [field]})
        )
        == "invalid_arguments"
    )
    assert (
        slack_kit.view_problems({**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}) != []
    )
    assert (
        slack_kit.view_problems(
            {**MODAL, "blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}]}
        )
        != []
    )


async def test_a_ticket_dials_once(server, client) -> None:
    url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_an_answer_address_takes_five_answers_for_half_an_hour(server) -> None:
    async with aiohttp.ClientSession() as session:

        async def answer(url: str) -> int:
            async with session.post(url, json={"text": "hi"}) as response:
                return response.status

        spent = server.answers("C1", "U1")
        assert [await answer(spent) for _ in range(6)] == [200] * 5 + [404]
        late = server.answers("C1", "U1")
        server.age_seconds = 1801
        assert await answer(late) == 404


async def test_a_channel_takes_a_burst_and_then_says_when_to_come_again(server, client) -> None:
    server.burst = 2
    for _ in range(2):
        await client.chat_postMessage(channel="C1", text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (
        429,
        "1",
    )
    await client.chat_postMessage(channel="U1", text="x")
