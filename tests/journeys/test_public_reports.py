"""Faults that people reported of other bots, tried against this one: docs/public-reports.md lists them with their addresses.

Each test is named by what should be so; the row of the report names the test.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.slack import parse as slack_parse
from adapters.telegram import parse as telegram_parse
from tests.faces import SlackFace, TelegramFace
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer
from tests.talk import CONTENT, Talk

AT = datetime(2026, 11, 24, tzinfo=UTC)
GROUP = {"id": -100500, "type": "supergroup", "title": "Study"}
SOMEBODY = {"id": 7, "is_bot": False, "first_name": "Ada"}
OURS = {"id": 7001, "is_bot": True, "first_name": "Pivot", "username": "pivot_bot"}
TABLE = Path(__file__).parents[2] / "docs" / "public-reports.md"


def on_telegram(update):
    face = TelegramFace(CONTENT)
    return telegram_parse.parse(
        {"update_id": 1} | update, me=face.me, surface=face.surface, at=AT, nonce="0" * 32
    )


def in_group(text, **more):
    command = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    written = {"message_id": 5, "date": int(AT.timestamp()), "chat": GROUP, "from": SOMEBODY}
    return on_telegram({"message": {**written, "text": text, "entities": command, **more}})


def on_slack(event, event_id="Ev1"):
    body = {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": event_id,
        "event": event,
        "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
    }
    return slack_parse.parse(body, at=AT, nonce="0" * 32, names=SlackFace(CONTENT).names)


MENTION = {
    "type": "message",
    "channel": "C1",
    "channel_type": "channel",
    "user": "U1",
    "ts": "1764.000100",
    "text": "<@UBOT> salary senior",
}


async def test_an_edit_in_which_nothing_changed_is_not_answered(tmp_path):
    async with (
        TelegramServer() as telegram,
        running_bot(f"sqlite:///{tmp_path}/a.db", telegram=telegram),
    ):
        telegram.say("plan start 4h", user=7)
        await telegram.until(lambda: len(telegram.texts(7)) == 1, seconds=20)
        written = telegram.message("done 1", user=7)
        telegram.push("message", written)
        await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=20)
        answer = telegram.last(7).text
        assert "Step 1 done" in answer
        telegram.edit(written["message_id"], "done 1", user=7)
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: len(telegram.texts(7)) == 3, seconds=20)
        assert telegram.texts(7)[1] == answer
        telegram.edit(written["message_id"], "visa 189", user=7)
        await telegram.until(lambda: "189" in telegram.texts(7)[1], seconds=20)


@pytest.mark.parametrize("name", ["pivot_bot", "PIVOT_BOT", "Pivot_Bot"])
def test_a_command_for_this_bot_is_heard_however_its_name_is_written(name):
    assert in_group(f"/salary@{name} senior").body.text == "/salary senior"
    assert in_group("/salary@other_bot senior") is None


def test_a_reply_in_the_general_topic_or_without_topics_names_no_thread():
    answered = {"message_id": 44, "date": 1, "chat": GROUP, "from": OURS}
    event = in_group("/salary@pivot_bot senior", message_thread_id=44, reply_to_message=answered)
    assert event.chat.thread == ""
    topic = in_group("/salary@pivot_bot senior", message_thread_id=44, is_topic_message=True)
    assert topic.chat.thread == "44"


def test_a_mention_that_slack_tells_of_twice_is_one_event():
    twice = [on_slack(MENTION), on_slack({**MENTION, "type": "app_mention"}, "Ev2")]
    assert len({event.key for event in twice}) == 1


def test_a_link_that_slack_unfurls_is_no_second_message():
    inner = {"type": "message", "user": "U1", "text": "done 2 https://a.b", "ts": "1764.0001"}
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "D1",
        "channel_type": "im",
        "ts": "1765.0001",
        "message": {**inner, "attachments": [{"title": "a"}]},
        "previous_message": inner,
    }
    assert on_slack(changed) is None
    ours = {**changed, "message": {**inner, "bot_id": "B1"}, "previous_message": inner}
    assert on_slack(ours) is None


def test_a_mention_sent_to_the_channel_from_a_thread_is_heard():
    both = {**MENTION, "subtype": "thread_broadcast", "thread_ts": "1763.0001"}
    for kind in ("app_mention", "message"):
        assert on_slack({**both, "type": kind}).body.text == "salary senior"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("salary “senior”", "$160,000 – $210,000"),
        ("salary\u00a0senior", "$160,000 – $210,000"),
        ("takehome 120k — plus super", "Package $134,400"),
        ("what’s the pay of a senior?", "$160,000 – $210,000"),
    ],
)
def test_quotation_marks_and_dashes_of_a_phone_spoil_no_command(typed, said):
    assert said in Talk(AT).hear(typed)


def test_every_button_fits_in_bytes_not_in_characters():
    talk = Talk(AT)
    talk.say("plan start 4h")
    for text in ("stuck", "remind friday 6pm to позвонить в агентство, срочно и обязательно"):
        talk.say(text)
        assert all(len(f"1:{action}".encode()) <= 64 for action in talk.taps.values())


@pytest.mark.parametrize("machine", ["America/Chicago", "Pacific/Auckland", "UTC"])
def test_a_reminder_counts_on_the_persons_clock_whatever_the_machines_is(machine, monkeypatch):
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    talk = Talk(AT)
    talk.say("timezone sydney")
    talk.say("remind in 5 minutes to test")
    talk.say("remind at 14:55 to call")
    first, second = talk.state.person.reminders
    assert first.due_at - AT < timedelta(minutes=6)
    assert second.due_at == datetime(2026, 11, 24, 3, 55, tzinfo=UTC)
    monkeypatch.undo()
    time.tzset()


def test_three_days_over_a_clock_change_end_at_the_same_wall_clock():
    talk = Talk(datetime(2026, 10, 1, 23, tzinfo=UTC))
    talk.say("timezone sydney")
    talk.say("remind in 3 days at 9am to call")
    (reminder,) = talk.state.person.reminders
    assert reminder.due_at == datetime(2026, 10, 4, 22, tzinfo=UTC)


def test_every_report_is_listed_with_a_test_that_exists():
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if "](https://" in line]
    assert len(rows) >= 10
    for row in rows:
        place, name = re.search(r"`(tests/\S+\.py)(?:::(\w+))?`", row).groups()
        text = (TABLE.parents[1] / place).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, row
