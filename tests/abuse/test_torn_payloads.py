"""No payload, however torn, ends a transport: it is passed over,
and what comes after it is taken.
"""

import asyncio
import contextlib
import json
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace

import pytest

from adapters.clock import SystemClock
from adapters.slack.transport import Slack
from adapters.telegram import webhook
from adapters.telegram.http_client import TooDeep, Wire
from adapters.telegram.parse import Me, Unreadable, parse
from adapters.telegram.polling import Poller
from adapters.telegram.surface import surface
from tests.strategies.torn import torn
from tests.talk import CONTENT

AT = datetime(2026, 11, 30, tzinfo=UTC)
ME = Me(id=42, username="pivot_bot", commands=frozenset({"salary"}))
SURFACE = surface("pivot_bot")
ADA = {"id": 7, "is_bot": False, "first_name": "Ada"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -1007, "type": "supergroup"}
MESSAGE = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": ADA, "text": "salary senior"}
MEMBER = {"status": "member", "user": {"id": 42, "is_bot": True}}
UPDATES = (
    {"update_id": 1, "message": MESSAGE},
    {"update_id": 2, "edited_message": {**MESSAGE, "edit_date": 5}},
    {"update_id": 3, "message": {**MESSAGE, "location": {"latitude": -33.9, "longitude": 151.2}}},
    {"update_id": 4, "message": {**MESSAGE, "chat": GROUP, "migrate_to_chat_id": -1009}},
    {"update_id": 5, "message": {**MESSAGE, "chat": GROUP, "reply_to_message": {"from": ADA}}},
    {"update_id": 6, "callback_query": {"id": "9", "from": ADA, "message": MESSAGE, "data": "1:x"}},
    {
        "update_id": 7,
        "my_chat_member": {
            "chat": GROUP,
            "from": ADA,
            "old_chat_member": MEMBER,
            "new_chat_member": {**MEMBER, "status": "kicked"},
        },
    },
    {"update_id": 8, "inline_query": {"id": "4", "from": ADA, "query": "salary", "offset": ""}},
)
TEAM = {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": False}
AUTHORIZED = [{"team_id": "T1", "user_id": "UBOT", "is_enterprise_install": False}]


def _happening(**event):
    return {
        **TEAM,
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1_700_000_000,
        "authorizations": AUTHORIZED,
        "event": {"user": "U1", "channel": "D1", "channel_type": "im", "ts": "1700.1", **event},
    }


VIEW = {
    "id": "V1",
    "hash": "h",
    "type": "modal",
    "callback_id": "points",
    "state": {"values": {"age": {"v1:field:age": {"type": "plain_text_input", "value": "34"}}}},
}
BY = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "13.38"}
PAYLOADS = (
    {
        **TEAM,
        "command": "/pivot",
        "text": "salary senior",
        "user_id": "U1",
        "channel_id": "C1",
        "trigger_id": "13.37",
        "response_url": "https://hooks.slack.com/commands/1",
    },
    _happening(type="message", text="salary senior"),
    _happening(type="message", text="hi", files=[{"id": "F1"}], thread_ts="1700.0"),
    _happening(type="app_home_opened", tab="home", view=VIEW),
    _happening(type="app_home_opened", tab="messages"),
    _happening(type="app_uninstalled"),
    _happening(type="tokens_revoked", tokens={"bot": ["UBOT"]}),
    _happening(type="team_access_revoked", team_ids=["T1", "T2"]),
    {
        **BY,
        "type": "block_actions",
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "1700.5", "channel_id": "C1"},
        "message": {"ts": "1700.5", "thread_ts": "1700.1"},
        "response_url": "https://hooks.slack.com/actions/1",
        "actions": [{"type": "button", "action_id": "v1:0", "value": "takehome 160000"}],
    },
    {**BY, "type": "block_actions", "view": VIEW, "actions": [{"action_id": "v1:field:age"}]},
    {**BY, "type": "view_submission", "view": VIEW},
    {**BY, "type": "shortcut", "callback_id": "points"},
    {**BY, "type": "message_action", "callback_id": "explain", "message": {"text": "ITA?"}},
)


@pytest.fixture
def count(thorough):
    return 20_000 if thorough else 1_500


def test_no_torn_update_raises_anything_but_that_it_cannot_be_read(count):
    random = Random(20261130)
    for number in range(count):
        update = torn(UPDATES[number % len(UPDATES)], random)
        with contextlib.suppress(Unreadable):
            parse(update, me=ME, surface=SURFACE, at=AT, nonce="00")


@pytest.mark.parametrize("chat", ["1e400", "-1e400", "NaN", "9" * 400])
async def test_a_number_beyond_all_bounds_is_passed_over_by_webhook_and_poller(chat):
    body = f'{{"update_id": 9, "message": {{"message_id": 1, "date": 1, "text": "hi", "from": {{"id": 7}}, "chat": {{"id": {chat}, "type": "private"}}}}}}'
    taken = []

    async def take(event):
        taken.append(event.body.text)

    def read(update):
        return parse(update, me=ME, surface=SURFACE, at=AT, nonce="00")

    answer = await webhook._receive(body.encode(), read, take)
    assert answer.status_code == 200
    offsets = []

    async def fetch(offset):
        offsets.append(offset)
        if len(offsets) == 1:
            return [json.loads(body), {**UPDATES[0], "update_id": 10}]
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Poller(fetch=fetch, read=read, take=take).run()
    assert offsets == [0, 11]
    assert "salary senior" in taken


def test_an_answer_nested_without_end_still_names_its_updates():
    body = b'{"ok":true,"result":[{"update_id":12,"message":' + b"[" * 200_000
    body += b"]" * 200_000 + b"}]}"
    with pytest.raises(TooDeep) as caught:
        Wire.parse_json_payload(body)
    assert caught.value.update_ids == (12,)


class Grants:
    async def revoke(self, workspace, *, said_at):
        pass


@pytest.fixture
async def slack():
    made = Slack(
        clock=SystemClock(), content=lambda: CONTENT, draw=None, bot_token="xoxb-1", app_token="x"
    )
    listener = made._listener
    listener._grants = Grants()
    listener._showing = SimpleNamespace(prompts=_nothing, follow=_nothing)
    listener._turn = _nothing
    yield made
    await made.close()


async def _nothing(*_):
    return None


async def test_no_torn_payload_escapes_the_listener(slack, count):
    random, acknowledged = Random(20261130), []

    async def ack(*_):
        acknowledged.append(1)

    for number in range(count):
        payload = torn(PAYLOADS[number % len(PAYLOADS)], random)
        if isinstance(payload, dict):
            await slack._listener.listen(payload, ack, None)
    assert acknowledged
