"""Behind a proxy that puts a path before ours: passed on or taken off, with a slash too many or
without, it is the same door.
"""

import json

import pytest

from adapters.slack.proxy import proxy_for
from tests.running_bot import running_bot
from tests.servers.slack import SIGNING_SECRET, SlackServer, signed
from tests.servers.telegram import TelegramServer

BOTH = {
    "slack_app_token": None,
    "slack_signing_secret": SIGNING_SECRET,
    "public_url": "https://bot.example.org/bot",
    "telegram_webhook_url": "https://bot.example.org/bot/telegram",
    "telegram_webhook_secret": "sesame",
}
FORMS = ("/bot{}", "{}", "/bot{}/", "{}/", "//bot/{}")


async def test_both_platforms_are_served_by_the_same_rule(url):
    challenge = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"})
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack, **BOTH) as bot,
    ):
        await slack.until(lambda: slack.calls("auth.test"))
        await telegram.until(lambda: telegram.called("setWebhook"))
        for form in FORMS:
            to_slack = await bot.door.post(
                form.format("/slack/events"),
                content=challenge,
                headers={"Content-Type": "application/json", **signed(challenge)},
            )
            assert (form, to_slack.status_code) == (form, 200)
            to_telegram = await bot.door.post(
                form.format("/telegram"),
                json={"update_id": 1},
                headers={"X-Telegram-Bot-Api-Secret-Token": "sesame"},
            )
            assert (form, to_telegram.status_code) == (form, 200)


async def test_nobody_is_sent_to_where_the_host_header_points(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        for path in ("/healthz/", "//healthz", "/nothing/", "/nothing"):
            answer = await bot.door.get(path, headers={"Host": "evil.example"})
            assert answer.status_code in {200, 404}
            assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("address", "without", "proxy"),
    [
        ("https://slack.com/api/", "", "http://proxy:3128"),
        ("wss://wss-primary.slack.com/?ticket=1", "", "http://proxy:3128"),
        ("https://slack.com/api/", "slack.com", None),
        ("wss://wss-primary.slack.com/?ticket=1", ".slack.com", None),
        ("https://slack.com/api/", "*", None),
        ("https://slack.com/api/", "example.org", "http://proxy:3128"),
        ("http://127.0.0.1:8080/api/", "", None),
    ],
)
def test_no_proxy_is_honoured_towards_slack(monkeypatch, address, without, proxy):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", without)
    assert proxy_for(address) == proxy


async def test_with_a_proxy_set_for_the_world_a_slack_near_by_is_reached(url, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with SlackServer() as slack, running_bot(url, slack=slack):
        await slack.until(lambda: slack.live)
        await slack.message("visa 189", channel="D1")
        await slack.until(lambda: slack.shown)
