"""What only Slack has, with the whole bot behind it: a profile's zone, prompts, messages to
explain, outsiders, the home page.
"""

import pytest

from tests.servers.slack import TEAM, Word

OUTSIDE = "I only talk about those inside my own workspace"


async def explain(two_platform_bot, text, user="U1"):
    """The message shortcut on somebody else's message."""
    payload = {
        "type": "message_action",
        "callback_id": "explain",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "channel": {"id": "C1", "name": "general"},
        "message": {"type": "message", "user": "U2", "ts": "1700000001.000100", "text": text},
        "trigger_id": two_platform_bot.slack.trigger(),
        "response_url": two_platform_bot.slack.answers("C1", user),
        "is_enterprise_install": False,
    }
    assert (await two_platform_bot.slack.deliver("interactive", payload)).ok


async def test_the_zone_of_the_profile_is_taken_and_said(two_platform_bot):
    ada = two_platform_bot.on_slack()
    confirmed = await ada.says("subscribe tuesday 7:30am", "Every Tuesday at 7:30 am in Brisbane")
    assert "the one in your profile here" in confirmed
    two_platform_bot.slack.users["U2"] = {}
    await two_platform_bot.on_slack("U2", "D2").says(
        "subscribe tuesday 7:30am", "In which city are you?"
    )


async def test_a_message_to_explain_is_answered_with_facts_for_its_reader_alone(two_platform_bot):
    in_channel = two_platform_bot.on_slack(channel="C1")
    await in_channel.sees(
        lambda: explain(two_platform_bot, "what does a senior ML engineer earn?"),
        "$160,000 – $210,000",
    )
    assert two_platform_bot.slack.shown[-1].to == "U1"


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "forget yes",
        "done",
        "/forget yes",
        "30",
        "subscribe monday 9am perth",
        "remind me on fridays",
    ],
)
async def test_a_message_to_explain_answers_no_question_of_its_reader_and_acts_on_nobody(
    two_platform_bot, text
):
    ada, in_channel = two_platform_bot.on_slack(), two_platform_bot.on_slack(channel="C1")
    await ada.says("plan start 6h", "at 6 hours a week")
    await ada.says("subscribe tuesday 7:30am brisbane", "Every Tuesday")
    await ada.says("points", "How old")
    await in_channel.sees(lambda: explain(two_platform_bot, text), "no pay, visa, code or subject")
    await ada.says("reminders", "Tuesdays 7:30 am")
    await ada.says("plan", "step 1")
    await ada.says("points", "How old")


async def test_who_opens_the_messages_is_offered_what_to_ask_where_slack_can(two_platform_bot):
    async def opens():
        ack = await two_platform_bot.slack.event(
            {
                "type": "app_home_opened",
                "user": "U1",
                "channel": "D1",
                "tab": "messages",
                "event_ts": "1.1",
            }
        )
        assert ack.ok

    await opens()
    await two_platform_bot.slack.until(lambda: two_platform_bot.slack.prompts)
    assert two_platform_bot.slack.prompts[0]["channel_id"] == "D1"
    assert "salary senior" in str(two_platform_bot.slack.prompts[0]["prompts"])
    two_platform_bot.slack.fail(
        "assistant.threads.setSuggestedPrompts", Word("feature_not_enabled")
    )
    await opens()
    await two_platform_bot.on_slack().says("salary senior", "$160,000 – $210,000")
    assert len(two_platform_bot.slack.prompts) == 1


async def test_an_outsider_in_a_shared_channel_hears_general_answers_and_nothing_personal(
    two_platform_bot,
):
    outside = {
        "type": "app_mention",
        "channel": "C1",
        "user": "U9",
        "user_team": "T9OTHER",
        "team": "T9OTHER",
    }
    in_channel = two_platform_bot.on_slack(channel="C1")

    async def mentions(text, ts):
        said = {**outside, "text": f"<@U0BOT> {text}", "ts": ts}
        assert (await two_platform_bot.slack.event(said, is_ext_shared_channel=True)).ok

    await in_channel.sees(
        lambda: mentions("salary senior", "1700000002.000100"), "$160,000 – $210,000"
    )
    for number, line in enumerate(("profile", "mydata", "plan start 6h", "link")):
        shown = await in_channel.sees(
            lambda line=line, number=number: mentions(line, f"170000001{number}.000100")
        )
        assert OUTSIDE in shown


async def test_the_home_page_follows_what_is_said(two_platform_bot):
    ada = two_platform_bot.on_slack()
    await ada.says("plan start 6h", "at 6 hours a week")
    await two_platform_bot.slack.until(
        lambda: "52 steps" in str(two_platform_bot.slack.homes.get("U1"))
    )
    await ada.says("subscribe tuesday 7:30am brisbane", "Every Tuesday")
    await two_platform_bot.slack.until(
        lambda: "Tuesdays 7:30 am" in str(two_platform_bot.slack.homes["U1"])
    )
    await ada.says("forget yes", "strangers")
    await two_platform_bot.slack.until(
        lambda: "Tuesdays 7:30 am" not in str(two_platform_bot.slack.homes["U1"])
    )


async def test_the_home_page_shows_the_joined_person_and_after_parting_a_stranger(two_platform_bot):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await telegram.says("plan start 6h", "at 6 hours a week")
    code = (
        (await telegram.says("link", "On the other platform"))
        .split("link ", 1)[1]
        .split(maxsplit=1)[0]
    )
    await slack.says(f"link {code}", "Join them?")
    await slack.taps("Join", "now follow you")
    await two_platform_bot.slack.until(
        lambda: "52 steps" in str(two_platform_bot.slack.homes.get("U1"))
    )
    await slack.says("unlink yes", "Separated")
    await two_platform_bot.slack.until(
        lambda: "52 steps" not in str(two_platform_bot.slack.homes["U1"])
    )
