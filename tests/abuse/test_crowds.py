"""A workspace or a group that floods is held back by itself: others do not notice, each person
reads at most one notice, `stop` acts.
"""

import sqlite3
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.person_rate_limit import check
from bot.core.events import Account, Chat, Event, OpenedHome, Said, Submitted, Surface
from bot.core.state import Person, State
from bot.runtime import intake_rate_limit
from bot.runtime.intake_rate_limit import REMEMBERED, IntakeLimiter, Limit
from tests.running_bot import running_bot
from tests.servers.slack import SIGNING_SECRET, SlackServer
from tests.servers.telegram import TelegramServer
from tests.slack.workspaces import install
from tests.talk import CONTENT

pytestmark = pytest.mark.filterwarnings(
    "ignore:BasicAuth is deprecated:DeprecationWarning"
)  # slack-sdk 3.47's way to exchange a code

NOTICE = "A lot is coming in from here at once"
PAY = "$160,000 – $210,000"
TAKEN, NOTICES = 12, 5


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """The same reactions as always, with fewer messages."""
    monkeypatch.setitem(
        intake_rate_limit.ALLOWANCES, "workspace", Limit(burst=TAKEN, per_second=0.001)
    )
    monkeypatch.setitem(intake_rate_limit.ALLOWANCES, "group", Limit(burst=TAKEN, per_second=0.001))
    monkeypatch.setitem(
        intake_rate_limit.ALLOWANCES, "notice", Limit(burst=NOTICES, per_second=0.001)
    )


@asynccontextmanager
async def two_workspaces(url):
    """A bot that two workspaces installed, T1 and T2, each with its own token."""
    settings = {
        "slack_bot_token": None,
        "slack_app_token": None,
        "slack_client_id": "1.2",
        "slack_client_secret": "shh",
        "slack_signing_secret": SIGNING_SECRET,
        "secret_key": "a secret of the operator",
    }
    async with SlackServer() as slack, running_bot(url, slack=slack, **settings) as bot:
        slack.request_url = f"{bot.door.base_url}/slack/events"
        for team in ("T1", "T2"):
            assert (
                await install(slack, str(bot.door.base_url), team, token=f"xoxb-{team}")
            ).status == 200
        yield slack


def texts(slack, channel):
    return [one.text for one in slack.shown if one.channel == channel]


async def test_a_flooding_workspace_is_held_back_and_another_is_answered_as_always(url):
    flood = [f"U{number}" for number in range(100, 100 + 3 * TAKEN)]
    async with two_workspaces(url) as slack:
        for user in flood:
            assert (
                await slack.message("salary senior", user=user, channel=f"D{user}", team="T2")
            ).ok, "acknowledged, not brought again"
        assert (await slack.message("salary senior", user="U1", channel="D1", team="T1")).ok
        await slack.until(
            lambda: texts(slack, "D1") and len(slack.shown) == TAKEN + NOTICES + 1, seconds=20
        )
        answered = [texts(slack, f"D{user}") for user in flood]
    assert PAY in texts(slack, "D1")[0]
    assert [PAY in found[0] for found in answered[:TAKEN]] == [True] * TAKEN
    assert [found[0].startswith(NOTICE) for found in answered[TAKEN : TAKEN + NOTICES]] == [
        True
    ] * NOTICES
    assert answered[TAKEN + NOTICES :] == [[]] * (len(flood) - TAKEN - NOTICES)


async def test_whoever_goes_on_in_a_flood_reads_one_notice_and_stop_still_acts(url, file):
    async with two_workspaces(url) as slack:
        await slack.message("subscribe monday 8am sydney", user="U1", channel="D1", team="T2")
        for number in range(TAKEN):
            await slack.message(
                "visa 189", user="U2", channel="D2", team="T2", ts=f"1700000000.{number:06d}"
            )
        for number in range(6):
            await slack.message(
                "visa 189", user="U1", channel="D1", team="T2", ts=f"1700000001.{number:06d}"
            )
            await slack.command("/visa", "189", user="U1", channel="D1", team="T2")
        await slack.command("/pivot", "stop", user="U1", channel="D1", team="T2")
        await slack.until(lambda: "stopped" in texts(slack, "D1")[-1].lower(), seconds=20)
    assert Counter(text.startswith(NOTICE) for text in texts(slack, "D1")) == {True: 1, False: 2}
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT active FROM subscriptions").fetchall() == [(0,)]
    database.close()


async def test_a_flooding_group_is_held_back_and_private_chats_are_answered(url):
    group, people = -100, range(200, 200 + 3 * TAKEN)
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        for user in people:
            telegram.say("/salary senior", user=user, chat=group)
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: telegram.confirmed == len(people) + 1, seconds=20)
        await telegram.until(
            lambda: telegram.texts(7) and len(telegram.texts(group)) == TAKEN + NOTICES, seconds=20
        )
    assert PAY in telegram.last(7).text
    assert Counter(text.startswith(NOTICE) for text in telegram.texts(group)) == {
        False: TAKEN,
        True: NOTICES,
    }


# --- the bucket by itself ------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def event(user="U1", workspace="T1", *, chat="D1", shared=False, body=None, own_machine=False):
    return Event(
        key="k",
        at=NOW,
        account=Account(platform="slack", workspace=workspace, user=user),
        chat=Chat(platform="slack", workspace=workspace, id=chat, shared=shared),
        surface=Surface(name="slack", own_machine=own_machine),
        body=body or Said("hi"),
    )


def verdicts(found, count, now=NOW, **more):
    return [found.check(event(**more), now) for _ in range(count)]


def test_what_was_taken_runs_out_and_comes_back_with_time(monkeypatch):
    monkeypatch.setitem(intake_rate_limit.ALLOWANCES, "workspace", Limit(burst=3, per_second=0.5))
    found = IntakeLimiter()
    assert verdicts(found, 5) == ["answer"] * 3 + ["notice", "silence"]
    assert verdicts(found, 2, NOW + timedelta(seconds=2)) == ["answer", "silence"]
    assert verdicts(found, 4, NOW + timedelta(minutes=1))[:3] == ["answer"] * 3
    assert verdicts(found, 1, NOW - timedelta(hours=1)) == ["answer"], (
        "a clock set back stops nobody"
    )


def test_the_notice_comes_again_after_an_hour_not_before():
    found = IntakeLimiter()
    verdicts(found, TAKEN)
    assert verdicts(found, 2) == ["notice", "silence"]
    assert "notice" not in verdicts(found, TAKEN, NOW + timedelta(minutes=59))
    assert verdicts(found, TAKEN, NOW + timedelta(minutes=61)).count("notice") == 1


@pytest.mark.parametrize(
    "more",
    [
        {"workspace": ""},
        {"own_machine": True},
        {"body": Submitted("points", ())},
    ],
)
def test_a_private_chat_ones_own_machine_and_forms_are_not_counted(more):
    assert set(verdicts(IntakeLimiter(), 5 * TAKEN, **more)) == {"answer"}


def test_a_home_page_looked_at_in_a_flood_is_left_as_it_is():
    assert verdicts(IntakeLimiter(), TAKEN + 2, body=OpenedHome())[TAKEN:] == ["silence", "silence"]


def test_what_is_remembered_is_bounded():
    found = IntakeLimiter()
    for number in range(2 * REMEMBERED):
        found.check(event(workspace=f"T{number}"), NOW)
    assert len(found._full_until) == REMEMBERED


def test_the_notice_is_remembered_with_the_person_whatever_replica_takes_the_next_one():
    state, crowded = State(person=Person(id=1)), replace(event(), crowded=True)
    seen = []
    for at in (NOW, NOW + timedelta(minutes=59), NOW + timedelta(minutes=61)):
        state, verdict = check(CONTENT, state, replace(crowded, at=at))
        seen.append(verdict)
    assert seen == ["too_many", "silence", "too_many"]
    assert check(CONTENT, state, event())[1] == "answer"
