"""The home page on Slack: published after every change wherever it happened,
and its taps answered where they are seen.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from content.library import load
from tests.faces import TelegramFace
from tests.servers.slack import Word, buttons, words_of
from tests.slack.conftest import running


def shown(view: Any) -> str:
    return words_of(view["blocks"])


async def looked(server, user: str = "U1") -> Any:
    await server.event({"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"})
    await server.until(lambda: user in server.homes)
    return server.homes[user]


@pytest.fixture
def telegram() -> TelegramFace:
    return TelegramFace(load())


@pytest.fixture
async def bot(server, database, telegram):
    async with running(server, database, telegram=telegram) as parts:
        yield parts


async def linked(server, bot, telegram) -> Any:
    """Somebody on both platforms; gives back how they talk on Telegram."""

    async def say(text: str) -> None:
        await bot.engine.take(telegram.said(text, "ann", datetime.now(UTC)))

    await server.message("link", channel="D1")
    await server.until(lambda: server.shown)
    code = re.search(r"link (\w{4}-\w{4})", server.shown[-1].text)
    assert code
    await say(f"link {code[1]}")
    await say(f"link {code[1]} mine")
    await server.until(lambda: "U1" in server.homes)
    return say


async def test_a_change_on_another_platform_is_shown_at_once(server, bot, telegram) -> None:
    say = await linked(server, bot, telegram)
    await say("subscribe tuesday 7:30am brisbane")
    await server.until(lambda: "Brisbane" in shown(server.homes["U1"]))
    await say("stop")
    await server.until(lambda: "Tuesdays" not in shown(server.homes["U1"]))


async def test_who_erases_everything_on_another_platform_leaves_no_page_behind(
    server, bot, telegram
) -> None:
    say = await linked(server, bot, telegram)
    await say("subscribe tuesday 7:30am brisbane")
    await server.until(lambda: "Brisbane" in shown(server.homes["U1"]))
    await say("forget yes")
    await server.until(lambda: "Brisbane" not in shown(server.homes["U1"]))


async def test_what_changes_nothing_publishes_nothing_and_several_quick_changes_end_in_the_last(
    server, bot
) -> None:
    await looked(server)
    await server.message("salary senior", channel="D1")
    await server.until(lambda: server.shown)
    assert len(server.calls("views.publish")) == 1
    server.fail("views.publish", Word("internal_error"))
    for day in ("monday", "tuesday", "friday"):
        await server.message(f"subscribe instead {day} 7:30am brisbane", channel="D1")
    await server.until(lambda: "Fridays" in shown(server.homes["U1"]))
    assert not any(word in shown(server.homes["U1"]) for word in ("Mondays", "Tuesdays"))


async def test_a_page_that_cannot_be_published_holds_nothing_else_up(server, bot) -> None:
    server.fail("views.publish", Word("not_enabled"), Word("not_enabled"), Word("user_not_found"))
    for number, line in enumerate(
        ("subscribe tuesday 7:30am brisbane", "plan start 4 hours", "salary senior"), 1
    ):
        await server.message(line, channel="D1")
        await server.until(lambda number=number: len(server.shown) >= number)
    assert "$160,000" in server.shown[-1].text


async def test_the_page_shows_everything_that_there_is(server, bot) -> None:
    page = await looked(server)
    actions = {element["value"] for element in buttons(page["blocks"])}
    assert {
        "form points",
        "form audit",
        "form subscribe",
        "plan start",
        "profile",
        "timezone",
        "privacy",
        "mydata",
        "forget",
    } <= actions
    for line in ("subscribe tuesday 7:30am brisbane", "plan start 4 hours"):
        await server.message(line, channel="D1")
    await server.until(lambda: "52 steps" in shown(server.homes["U1"]))
    assert "Next: " in shown(server.homes["U1"])


async def test_a_tap_on_the_page_is_answered_over_it_and_goes_on_in_place(server, bot) -> None:
    page = await looked(server)
    await server.press(page, "Privacy")
    await server.until(lambda: server.views)
    [(key, view)] = server.views.items()
    assert "Slack" in shown(view)
    assert not server.shown
    label = buttons(view["blocks"])[0]["text"]["text"]
    before = view["hash"]
    await server.press(view, label)
    await server.until(lambda: server.views[key]["hash"] != before)
    assert len(server.views) == 1
    assert not server.shown


async def test_a_tap_that_slack_does_not_show_a_modal_for_is_answered_in_the_chat(
    server, bot
) -> None:
    page = await looked(server)
    server.fail("views.open", Word("trigger_expired"))
    await server.press(page, "Privacy")
    await server.until(lambda: server.shown)
    assert (server.shown[0].to, server.channels[server.shown[0].channel]["im"]) == ("", "U1")


async def test_a_file_asked_for_on_the_page_comes_in_the_chat(server, bot) -> None:
    page = await looked(server)
    await server.press(page, "Everything held")
    await server.until(lambda: any(file["done"] for file in server.files.values()))
    assert server.views
