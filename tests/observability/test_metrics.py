"""What operators read at /metrics, each figure moved by its own cause
through the real web server and SDKs.
"""

import asyncio
import math
import sqlite3
import time
from pathlib import Path

from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families

from bot.runtime.metrics import Metrics
from tests.running_bot import RunningBot, running_bot, until
from tests.servers.slack import BOT_TOKEN, Hold, SlackServer
from tests.servers.telegram import TelegramServer

RUNNING = Path(__file__).parents[2] / "docs" / "running.md"
LABELS = {"platform", "outcome", "action", "lane", "receipt", "where", "error", "kind", "le"}


class Read(dict[str, float]):
    """Samples by name and labels, as Prometheus writes them:
    `turns_total{outcome="decided",platform="slack"}`.
    """

    @classmethod
    async def at(cls, bot: RunningBot) -> "Read":
        found = cls()
        for family in text_string_to_metric_families((await bot.door.get("/metrics")).text):
            for sample in family.samples:
                labels = ",".join(
                    f'{name}="{value}"' for name, value in sorted(sample.labels.items())
                )
                found[
                    sample.name.removeprefix("pivotbot_") + (f"{{{labels}}}" if labels else "")
                ] = sample.value
        return found


async def comes(bot: RunningBot, name: str, value: float, seconds: float = 20.0) -> Read:
    """What is read as soon as this figure is at least `value`."""

    async def enough() -> Read | None:
        read = await Read.at(bot)
        return read if read.get(name, 0.0) >= value else None

    return await until(enough, seconds)


def test_every_metric_is_named_by_convention_explained_and_listed_for_operators():
    families = list(Metrics().registry.collect())
    listed = RUNNING.read_text(encoding="utf-8")
    for family in families:
        assert family.name.startswith("pivotbot_")
        assert family.documentation.endswith(".")
        assert family.name.endswith("_seconds") == ("_seconds" in family.name), (
            "the unit comes last"
        )
        assert family.name in listed, f"{family.name} is not in docs/running.md"
        assert all(set(sample.labels) <= LABELS for sample in family.samples)
    assert len(families) > 20


async def test_turns_are_counted_with_their_time_by_platform_and_outcome(url):
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack) as bot,
    ):
        await slack.until(lambda: slack.live, seconds=20)
        telegram.say("salary senior", user=7)
        for _ in range(2):
            await slack.message(
                "what does an ml engineer earn", user="U1", channel="D1", ts="1700000000.000001"
            )
        await slack.command("/pivot", "visa 189")
        read = await comes(
            bot, 'sent_total{lane="answer",platform="telegram",receipt="Delivered"}', 1
        )
    assert read['turns_total{outcome="decided",platform="telegram"}'] == 1
    assert read['turns_total{outcome="decided",platform="slack"}'] == 2
    assert read['turns_total{outcome="duplicate",platform="slack"}'] == 1
    assert read['turn_seconds_count{platform="slack"}'] == 3
    assert 0 < read['turn_seconds_sum{platform="slack"}'] < 30
    assert read['turn_seconds_bucket{le="+Inf",platform="telegram"}'] == 1
    assert read['understood_total{action="answer"}'] >= 1
    assert (read["people"], read["people_reachable"]) == (2, 2)
    assert 0 <= read['platform_heard_seconds{platform="telegram"}'] < 30
    assert 0 <= read['platform_heard_seconds{platform="slack"}'] < 30
    assert 0 <= read["tick_seconds"] < 10


async def test_what_waits_shows_in_depth_and_age_even_while_it_is_tried_again(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        gate = telegram.fault("status", method="sendMessage", status=503, times=10_000)
        for user in (7, 8):
            telegram.say("salary senior", user=user)
        read = await comes(bot, "outbox_answers_oldest_seconds", 0.6)
        assert read["outbox_answers"] == 2
        assert read['sent_total{lane="answer",platform="telegram",receipt="NotSent"}'] >= 2
        telegram.faults.remove(gate)
        await telegram.until(lambda: telegram.texts(7) and telegram.texts(8))
        await until(lambda: nothing_waits(bot))


async def nothing_waits(bot: RunningBot) -> bool:
    read = await Read.at(bot)
    return (
        read["outbox_answers"],
        read["outbox_answers_oldest_seconds"],
        read["outbox_sending"],
    ) == (0, 0, 0)


async def test_nudges_show_how_late_they_are_before_and_after_they_go_out(url, file):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        telegram.say("subscribe monday 8am sydney", user=7)
        await telegram.until(lambda: telegram.texts(7))
        assert (await Read.at(bot))["subscriptions"] == 1
        gate = telegram.fault("status", method="sendMessage", status=503, times=10_000)
        overdue(file, 90)
        read = await comes(bot, "outbox_nudges_oldest_seconds", 90)
        assert read["outbox_nudges"] == 1
        telegram.faults.remove(gate)
        read = await comes(bot, "nudge_lateness_seconds_count", 1)
        assert 90 <= read["nudge_lateness_seconds_sum"] < 200
        read = await comes(bot, "nudge_latest_seconds", 90)
        assert (
            read["outbox_nudges"],
            read["subscriptions_due"],
            read["booking_oldest_seconds"],
        ) == (0, 0, 0)


def overdue(file: Path, seconds: float) -> None:
    with sqlite3.connect(file, timeout=10) as database:
        database.execute(
            "UPDATE subscriptions SET next_due_at = ?", (int((time.time() - seconds) * 1_000_000),)
        )
    database.close()


async def test_a_rate_limit_an_unreachable_person_and_a_dead_token_are_counted(url):
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack) as bot,
    ):
        await slack.until(lambda: slack.live, seconds=20)
        for user in (7, 8):
            telegram.say("salary senior", user=user)
        await telegram.until(lambda: telegram.texts(7) and telegram.texts(8))
        telegram.fault("limit", method="sendMessage", chat=7, seconds=1)
        telegram.say("visa 189", user=7)
        telegram.block(8)
        slack.tokens[BOT_TOKEN]["dead"] = "token_revoked"
        await slack.message("salary senior", user="U1", channel="D1")
        read = await comes(bot, "people_unreachable", 1)
        assert (await comes(bot, 'limited_total{platform="telegram"}', 1))[
            'limited_total{platform="telegram"}'
        ] == 1
        dead = await comes(bot, "dead_tokens", 1)
        assert dead['sent_total{lane="answer",platform="slack",receipt="TokenDead"}'] == 1
        assert read["people"] == 3


async def test_failures_are_counted_by_class_and_what_was_set_aside_is_left_to_be_seen(url, file):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        with sqlite3.connect(file, timeout=10) as database:
            database.execute(
                "CREATE TRIGGER defect BEFORE INSERT ON outbox WHEN instr(NEW.fallback, 'reference') = 0"
                " BEGIN SELECT RAISE(ABORT, 'quoting') ; END"
            )
        database.close()
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: telegram.texts(7))
        read = await comes(bot, "dead_letters", 1)
    assert read['errors_total{error="IntegrityError",where="turn"}'] == 1


async def test_a_message_given_up_and_one_that_nobody_knows_of_are_counted(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        telegram.fault("drop_after", method="sendMessage", chat=7, times=2)
        telegram.fault(
            "status",
            method="sendMessage",
            chat=8,
            status=403,
            description="Forbidden: bot was blocked by the user",
        )
        for user in (7, 8):
            telegram.say("salary senior", user=user)
        await comes(bot, "messages_unknown", 1)
        read = await comes(bot, "messages_failed", 1)
    assert read['sent_total{lane="answer",platform="telegram",receipt="Unclear"}'] == 2


async def test_a_database_that_does_not_answer_and_a_platform_that_is_silent_show(url, file):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        await telegram.until(lambda: telegram.called("deleteWebhook"), seconds=20)
        hog = sqlite3.connect(file)
        hog.execute("BEGIN EXCLUSIVE")
        telegram.say("salary senior", user=7)
        await comes(bot, "store_gone_total", 1)
        hog.close()
        await telegram.until(lambda: telegram.texts(7), seconds=20)
        await telegram.stop()
        before = (await Read.at(bot))['platform_heard_seconds{platform="telegram"}']
        await comes(bot, 'platform_heard_seconds{platform="telegram"}', before + 0.3)


async def test_a_scraper_that_asks_for_openmetrics_gets_it(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        wanted = {"Accept": "application/openmetrics-text; version=1.0.0"}
        answer = await bot.door.get("/metrics", headers=wanted)
        assert answer.headers["content-type"].startswith("application/openmetrics-text")
        assert answer.text.endswith("# EOF\n")
        names = {family.name for family in openmetrics(answer.text)}
        assert {"pivotbot_turns", "pivotbot_people"} <= names
        plain = await bot.door.get("/metrics")
        assert plain.headers["content-type"].startswith("text/plain")


async def test_a_platform_that_was_never_heard_is_not_taken_for_one_heard_just_now(url):
    stranger = TelegramServer(token="999:ANOTHER-TOKEN_than-the-bot-has")
    async with (
        stranger as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack) as bot,
    ):
        await slack.until(lambda: slack.live, seconds=20)
        assert math.isnan((await Read.at(bot))['platform_heard_seconds{platform="telegram"}'])


async def test_a_look_up_that_somebody_waits_for_shows_until_it_is_answered(url):
    async with SlackServer() as slack, running_bot(url, slack=slack) as bot:
        await slack.until(lambda: slack.live, seconds=20)
        answer = asyncio.Event()
        slack.fail("users.info", Hold(answer))
        await slack.message("subscribe monday 8am", user="U1", channel="D1")
        await comes(bot, "errands", 1)
        answer.set()
        await slack.until(lambda: [one for one in slack.shown if one.channel == "D1"], seconds=10)
        assert (await Read.at(bot))["errands"] == 0
