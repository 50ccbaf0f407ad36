"""`mydata`, `forget`, and what comes after: whole journeys through the real SDKs,
judged by every cell of both databases.
"""

import json
import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

import pytest
import sqlalchemy as sa

from adapters.storage.sql.database import driver_url
from tests.running_bot import running_bot, until
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer
from tests.talk import Talk

USER = 70_770_077
MEMBER, DIRECT = "U0PLANTED", "D0PLANTED"
SECRETS = (str(USER), MEMBER, DIRECT, "zebraquartz", "187654", "Perth")
LEARNED = (
    "takehome 187654 plus super",
    "subscribe monday 8am perth",
    "plan start",
    "points",
    "zebraquartz?",
)
HASHED = {"seen_events", "tombstones", "deployment", "alembic_version", "leases"}
"""What may be left of anybody."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, url):
    """The URL of an empty, migrated database of either kind."""
    return url if request.param == "sqlite" else request.getfixturevalue("empty_postgres_url")


def cells(url: str) -> list[tuple[str, str]]:
    """Everything the database holds, as (table, text), whatever tables there are."""
    engine = sa.create_engine(driver_url(url))
    found = sa.MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        held = [
            (table.name, str(cell))
            for table in found.sorted_tables
            for row in connection.execute(table.select())
            for cell in row
        ]
    engine.dispose()
    return held


def traces(url: str) -> set[tuple[str, str]]:
    return {(table, secret) for table, cell in cells(url) for secret in SECRETS if secret in cell}


async def nothing_left(url: str) -> bool:
    return not traces(url)


async def say(telegram: TelegramServer, text: str) -> str:
    before = len(telegram.texts(USER))
    telegram.say(text, user=USER)
    await telegram.until(lambda: len(telegram.texts(USER)) > before, seconds=20)
    return telegram.last(USER).text


async def test_my_data_is_everything_and_forget_leaves_nothing_at_once(database):
    async with TelegramServer() as telegram, running_bot(database, telegram=telegram):
        for text in LEARNED:
            await say(telegram, text)
        await say(telegram, "mydata")
        await telegram.until(lambda: any(sent.document for sent in telegram.sent), seconds=20)
        (document,) = [sent.document for sent in telegram.sent if sent.document]
        held = json.loads(document)
        assert {secret for table, secret in traces(database)} <= {
            secret for secret in SECRETS if secret in json.dumps(held)
        }
        assert "Australia/Perth" in json.dumps(held["held"]["person"])
        assert held["explained"]
        assert "Erase everything" in await say(telegram, "forget")
        assert traces(database), "asked once: nothing is gone yet"
        telegram.tap("Erase everything", user=USER)
        await telegram.until(
            lambda: any("start as strangers" in text for text in telegram.texts(USER)), seconds=20
        )
        await telegram.until(lambda: telegram.confirmed == len(LEARNED) + 3, seconds=20)
        await until(lambda: nothing_left(database), seconds=5)
    assert traces(database) == set()
    assert {table for table, _ in cells(database)} <= HASHED | {"outbox", "send_pace"}


async def test_forgetting_on_slack_forgets_what_was_said_on_telegram_too_and_late_events_bring_nobody_back(
    database,
):
    """The first copy of one message never reached us; Slack brings it again afterwards,
    and so it does with one that did.
    """
    async with AsyncExitStack() as stack:
        telegram, slack = (
            await stack.enter_async_context(TelegramServer()),
            await stack.enter_async_context(SlackServer()),
        )
        await stack.enter_async_context(running_bot(database, telegram=telegram, slack=slack))
        await slack.until(lambda: slack.live)
        where = {"user": MEMBER, "channel": DIRECT}
        for text in LEARNED:
            await say(telegram, text)
        telegram.say("link", user=USER)
        offered = partial(
            re.findall, r"link ([A-Z2-7]{4}-[A-Z2-7]{4})"
        )  # among the messages: the open question comes again beside it
        await telegram.until(lambda: offered("\n".join(telegram.texts(USER))), seconds=20)
        (code,) = offered("\n".join(telegram.texts(USER)))
        early = {"ts": f"{datetime.now(UTC).timestamp():.6f}"}
        for text in (f"link {code}", f"link {code} mine", "zebraquartz"):
            assert (await slack.message(text, **where)).ok
        seen = {"ts": f"{datetime.now(UTC).timestamp():.6f}"}
        assert (await slack.message("takehome 187654", **where, **seen)).ok
        await slack.until(
            lambda: [shown for shown in slack.shown if shown.channel == DIRECT], seconds=20
        )
        assert {secret for _, secret in traces(database)} >= {
            str(USER),
            MEMBER,
            DIRECT,
            "187654",
            "Perth",
        }, "they are one"
        await slack.command("/pivot", "forget yes", **where)
        await slack.until(
            lambda: [shown for shown in slack.shown if "start as strangers" in shown.text],
            seconds=20,
        )
        await until(lambda: nothing_left(database), seconds=5)
        answers = len(slack.shown)
        assert (await slack.message("zebraquartz again", **where, **early)).ok
        assert (await slack.message("takehome 187654", **where, **seen)).ok
        assert (len(slack.shown), traces(database)) == (answers, set())
        assert not [
            table
            for table, _ in cells(database)
            if table in {"people", "accounts", "conversations"}
        ]
        fresh = {"ts": f"{datetime.now(UTC).timestamp():.6f}"}
        await slack.message("profile", **where, **fresh)
        await slack.until(lambda: len(slack.shown) > answers, seconds=20)
        assert "Perth" not in slack.shown[-1].text
        assert {secret for _, secret in traces(database)} == {MEMBER, DIRECT}


async def test_updates_from_before_do_not_bring_a_forgotten_person_back_and_the_next_message_meets_a_stranger(
    url,
):
    async with TelegramServer() as telegram:
        async with running_bot(url, telegram=telegram):
            await say(telegram, "subscribe monday 8am perth")
            await say(telegram, "zebraquartz?")
            await telegram.until(lambda: telegram.confirmed == 2)
            known = [call.answer for call in telegram.called("getUpdates") if call.answer]
            redelivered = [update for answer in known for update in answer]
            assert redelivered
            await say(telegram, "forget yes")
            await telegram.until(lambda: telegram.confirmed == 3)
        answered = len(telegram.sent)
        telegram.updates.extendleft(
            (update["update_id"], update) for update in reversed(redelivered)
        )
        async with running_bot(url, telegram=telegram):
            await telegram.until(lambda: not telegram.updates)
            assert len(telegram.sent) == answered
            assert not [
                table
                for table, cell in cells(url)
                if table in {"people", "accounts", "subscriptions", "conversations"}
            ]
            greeting = await say(telegram, "profile")
            assert "Perth" not in greeting
    assert {table for table, secret in traces(url) if secret == "Perth"} == set()


def test_no_open_question_comes_back_after_an_erasure():
    talk = Talk(now=datetime(2026, 11, 24, tzinfo=UTC))
    talk.say("points")
    assert "Still open in the points test" in talk.say("salary senior")
    answer = talk.say("forget yes")
    assert "start as strangers" in answer
    assert "Still open" not in answer
