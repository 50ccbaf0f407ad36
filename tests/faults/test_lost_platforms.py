"""A platform that is lost is tried again as long as another one works."""

from bot.runtime import service
from tests.running_bot import running_bot
from tests.servers.slack import SlackServer
from tests.servers.telegram import TOKEN, TelegramServer


async def test_a_revoked_token_stops_nobody_else_and_works_again_once_it_is_good(url, monkeypatch):
    monkeypatch.setattr(service, "RETURN_SECONDS", 0.1)
    strict = TelegramServer(token="999:ANOTHER-TOKEN_than-the-bot-has")
    async with (
        strict as telegram,
        SlackServer() as slack,
        running_bot(url, telegram=telegram, slack=slack),
    ):
        await telegram.until(lambda: len(telegram.called("getMe")) >= 3, seconds=20)
        assert {call.status for call in telegram.called("getMe")} == {401}
        await slack.until(lambda: slack.live, seconds=20)
        assert "$160,000" in str((await slack.command("/pivot", "salary senior")).payload)
        telegram.token = TOKEN
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: telegram.texts(7), seconds=20)
    assert "$160,000 – $210,000" in telegram.last(7).text
