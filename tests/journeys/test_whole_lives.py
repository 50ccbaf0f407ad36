"""Whole lives with the bot on both platforms, through their real SDKs, served by one process."""

import pytest

QUESTIONS = 10
NO_PLAN = "16 units, about 147 hours"
"""What `plan` answers to somebody without one."""


def code_in(words: str) -> str:
    return words.split("link ", 1)[1].split(maxsplit=1)[0].strip("`*")


@pytest.mark.parametrize("begins", ["slack", "telegram"])
async def test_from_the_first_word_to_the_last(two_platform_bot, begins):
    here, there = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    if begins == "telegram":
        here, there = there, here
    await here.says("hello", "What would you like?")
    await here.says("what does a senior earn?", "$160,000 – $210,000", "undated")
    await here.says("audit", "Question 1 of 10")
    for number in range(2, QUESTIONS + 1):
        await here.taps("1 · tutorial", f"Question {number} of 10")
    await here.taps("1 · tutorial", "10 of 30")
    await here.taps("Start a plan", "Your plan starts")
    await here.says("subscribe tuesday 7:30am brisbane", "Every Tuesday at 7:30 am in Brisbane")
    await here.sees(
        lambda: two_platform_bot.wait(days=1, hours=1),
        "Your weekly nudge",
        "You are at step 1",
        "Done ✓",
    )
    await here.taps("Done ✓", "Step 1 done ✓")

    code = code_in(await here.says("link", "On the other platform"))
    offered = await there.says(f"link {code}", "one person")
    assert all(
        named in offered for named in ("Slack account U1 in workspace T0TEAM", "Telegram account 7")
    )
    await there.taps("Join", "Plan, profile and open questions now follow you")
    await there.says("reminders", "Tuesdays", "7:30 am")
    await here.sees(lambda: two_platform_bot.wait(days=7), "Your weekly nudge", "step 2")
    await there.says("done", "Step 2 done ✓")
    await there.says("link nudges", "Nudges come here")
    await there.sees(lambda: two_platform_bot.wait(days=7), "Your weekly nudge", "step 3")

    await here.says("forget", "Erase everything")
    await here.taps("Erase everything", "we start as strangers")
    for one in (here, there):
        await one.says("plan", NO_PLAN)
    before = len(two_platform_bot.slack.shown), len(two_platform_bot.telegram.sent)
    await two_platform_bot.wait(days=7)
    await two_platform_bot.parts.delivery.drain(1)
    assert (len(two_platform_bot.slack.shown), len(two_platform_bot.telegram.sent)) == before


async def test_a_points_test_begun_on_slack_goes_on_at_the_next_question_on_telegram(
    two_platform_bot,
):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await slack.says("points", "How old")
    asked = await slack.says("30", "English")
    code = code_in(await slack.says("link", "On the other platform"))
    await telegram.says(f"link {code}", "Join them?")
    await telegram.taps("Join", "now follow you")
    question = next(line for line in asked.splitlines() if line.endswith("?"))
    await telegram.says("points", question)
    await telegram.says("superior", "?")
    assert question not in await slack.says("points", "?")


async def test_of_two_plans_the_person_says_which_one_stays(two_platform_bot):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await slack.says("plan start 6h", "at 6 hours a week")
    await telegram.says("plan start 3h", "at 3 hours a week")
    code = code_in(await slack.says("link", "On the other platform"))
    asked = await telegram.says(f"link {code}", "Both have a learning plan", "Which one stays?")
    assert "Join'" not in asked
    await telegram.taps("Keep the other one", "now follow you")
    await telegram.says("plan", "6 h")
    await slack.says("plan", "6 h")


async def test_whoever_types_the_whole_line_outright_reads_first_who_would_be_joined(
    two_platform_bot,
):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await slack.says("plan start 6h", "at 6 hours a week")
    await telegram.says("plan start 3h", "at 3 hours a week")
    code = code_in(await slack.says("link", "On the other platform"))
    asked = await telegram.says(
        f"link {code} theirs",
        "Slack account U1 in workspace T0TEAM",
        "Telegram account 7",
        "Which one stays?",
    )
    assert "now follow you" not in asked
    await telegram.says("salary senior", "$160,000")
    await telegram.says(f"link {code.lower()} theirs", "Which one stays?")
    await telegram.says("plan", "3 h")
    await telegram.says(f"link {code} theirs", "Which one stays?")
    await telegram.says(f"link {code} theirs", "now follow you", "Nudges go to Slack, as before")
    await telegram.says("plan", "6 h")


async def test_a_join_is_agreed_to_or_refused_in_a_word(two_platform_bot):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await slack.says("plan start 6h", "at 6 hours a week")
    code = code_in(await slack.says("link", "On the other platform"))
    await telegram.says(f"link {code}", "Join them?")
    await telegram.says("nah", "Nothing was joined.")
    await telegram.says("yes", "nothing was done")
    await telegram.says(f"link {code}", "Join them?")
    await telegram.says("yep", "now follow you")
    await telegram.says("plan", "6 h")


async def test_of_two_schedules_the_person_says_which_one_goes_on(two_platform_bot):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await slack.says("subscribe tuesday 7:30am brisbane", "Every Tuesday")
    await telegram.says("subscribe friday 6pm perth", "Every Friday")
    code = code_in(await slack.says("link", "On the other platform"))
    await telegram.says(f"link {code}", "Both have reminders", "Which one stays?")
    await telegram.says("yes", "nothing was done")
    await telegram.says(f"link {code}", "Which one stays?")
    await telegram.taps("Keep this one", "now follow you", "Nudges come here")
    shown = await slack.says("reminders", "Fridays")
    assert "Tuesday" not in shown


async def test_separating_keeps_the_history_with_the_other_account(two_platform_bot):
    slack, telegram = two_platform_bot.on_slack(), two_platform_bot.on_telegram()
    await slack.says("plan start 6h", "at 6 hours a week")
    await slack.says("done", "Step 1 done")
    await telegram.says(f"link {code_in(await slack.says('link', 'On the other'))}", "Join them?")
    await telegram.taps("Join", "now follow you")
    await telegram.says("unlink", "Slack account U1")
    await telegram.taps("Separate", "Separated")
    await telegram.says("plan", NO_PLAN)
    await slack.says("plan", "step 2")


async def test_a_code_that_is_used_old_ones_own_or_made_up_joins_nobody(two_platform_bot):
    slack, telegram, stranger = (
        two_platform_bot.on_slack(),
        two_platform_bot.on_telegram(),
        two_platform_bot.on_telegram(user=9),
    )
    await slack.says("plan start 6h", "at 6 hours a week")
    code = code_in(await slack.says("link", "On the other platform"))
    await slack.says(f"link {code}", "from this same account")
    await telegram.says(f"link {code}", "Join them?")
    await telegram.taps("Join", "now follow you")
    await stranger.says(f"link {code}", "used already")
    await stranger.says(f"link {code} mine", "used already")
    old = code_in(await slack.says("link", "On the other platform"))
    await two_platform_bot.wait(minutes=11)
    await stranger.says(f"link {old}", "run out")
    await stranger.says(f"link {old} theirs", "run out")
    await stranger.says("plan", NO_PLAN)


async def test_whoever_tries_codes_is_asked_to_wait_even_before_a_good_one(two_platform_bot):
    slack, stranger = two_platform_bot.on_slack(), two_platform_bot.on_telegram(user=9)
    code = code_in(await slack.says("link", "On the other platform"))
    for letter in "ABCDE":
        await stranger.says(f"link {letter * 4}-{letter * 4}", "don't know that code")
    await stranger.says(f"link {code}", "several wrong codes")
    await stranger.says(f"link {code} theirs", "several wrong codes")
    await two_platform_bot.wait(minutes=61)
    fresh = code_in(await slack.says("link", "On the other platform"))
    await stranger.says(f"link {fresh}", "Join them?")


@pytest.mark.parametrize(
    "code", ["LJJX-SIRL", "DDDD-DDDD", "ljjxsirl", "AMAZ-INGS", "2345-6723 theirs"]
)
async def test_a_code_is_taken_as_one_however_it_looks(two_platform_bot, code):
    await two_platform_bot.on_telegram().says(f"link {code}", "don't know that code")


async def test_who_types_instead_of_tapping_is_understood_as_well(two_platform_bot):
    one = two_platform_bot.on_telegram()
    await one.says("plan start 6h", "at 6 hours a week")
    await one.says("forget", "Erase everything I hold about you?")
    await one.says("forget yes", "we start as strangers")
    await one.says("plan", NO_PLAN)
