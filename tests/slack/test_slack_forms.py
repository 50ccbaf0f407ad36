"""Forms: opened by a shortcut, a tap or a command with what is known, following the answers, errors
beside their fields, and the result where the form stood. The whole bot runs between the real SDK
and the strict server.
"""

import asyncio
from typing import Any

import pytest

from tests.servers.slack import Hold, Word, limited, words_of
from tests.slack.conftest import running

POINTS = {
    "age": "34",
    "english": "superior",
    "overseas_years": "3",
    "australian_years": "0",
    "education": "bachelor_or_higher",
    "professional_year": "no",
    "ccl": "no",
    "partner": "single",
}


def keys(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def field(view: dict[str, Any], key: str) -> dict[str, Any]:
    return next(block for block in view["blocks"] if block.get("block_id") == key)


def words(view: dict[str, Any]) -> str:
    return words_of(view["blocks"])


def so_far(view: dict[str, Any]) -> str:
    return next(
        (
            block["elements"][0]["text"]
            for block in view["blocks"]
            if block.get("block_id") == "so_far"
        ),
        "",
    )


@pytest.fixture
async def bot(server, database):
    async with running(server, database) as parts:
        yield parts


async def opened(server, name: str = "points", **who: Any) -> dict[str, Any]:
    before = set(server.views)
    assert (await server.shortcut(name, **who)).ok
    await server.until(lambda: set(server.views) - before)
    return server.views[(set(server.views) - before).pop()]


async def test_a_shortcut_opens_the_questions_as_a_form(server, bot) -> None:
    view = await opened(server)
    assert view["title"]["text"] == "Points test"
    assert keys(view)[:3] == ["age", "english", "overseas_years"]
    assert "regional_study" not in keys(view)
    assert not server.shown
    assert not view.get("private_metadata")


async def test_the_form_follows_the_answers_and_shows_the_sum_so_far(server, bot) -> None:
    view = await opened(server)
    before = view["hash"]
    await server.choose(view, {"age": "34", "education": "doctorate"})
    await server.until(lambda: view["hash"] != before)
    assert "australian_study" in keys(view)
    assert so_far(view) == "So far 45 points (190: 50 · 491: 60 with nomination)."
    before = view["hash"]
    await server.choose(view, {"age": "34", "education": "none"})
    await server.until(lambda: view["hash"] != before)
    assert "australian_study" not in keys(view)
    assert so_far(view) == "So far 25 points (190: 30 · 491: 40 with nomination)."


async def test_of_two_quick_choices_the_later_one_stands(server, bot) -> None:
    view = await opened(server)
    slow, first_hash = Hold(asyncio.Event()), view["hash"]
    server.fail("views.update", slow)
    await server.choose(view, {"age": "34", "education": "none"}, known=first_hash)
    await server.choose(view, {"age": "34", "education": "doctorate"}, known=first_hash)
    await server.until(lambda: "45 points" in so_far(view))
    slow.until.set()
    await server.until(lambda: len(server.calls("views.update")) >= 2)
    assert "45 points" in so_far(view)

    server.fail("views.update", Word("hash_conflict"))
    await server.choose(view, {"age": "34", "education": "none"})
    await server.until(lambda: "25 points" in so_far(view))


async def test_what_cannot_be_used_is_said_beside_its_field_and_changes_nothing(
    server, bot
) -> None:
    view = await opened(server)
    ack = await server.send_form(view, {**POINTS, "age": "seven hundred"})
    assert ack.payload["response_action"] == "errors"
    assert list(ack.payload["errors"]) == ["age"]
    assert "a number like 34" in ack.payload["errors"]["age"]
    assert view["id"] in server.views
    assert "U1" not in server.homes


async def test_a_well_filled_form_ends_in_its_result_and_what_was_told_is_known_next_time(
    server, bot
) -> None:
    view = await opened(server)
    ack = await server.send_form(view, POINTS)
    assert ack.payload["response_action"] == "update", "one question more: the form asks for it"
    again = server.views[view["id"]]
    assert "australian_study" in keys(again)
    await server.send_form(again, {"australian_study": "no"})
    result = server.views[view["id"]]
    assert "189: 75 · 190: 80" in words(result)
    assert not keys(result)

    later = await opened(server)
    assert field(later, "age")["element"]["initial_value"] == "34"
    assert field(later, "partner")["element"]["initial_option"]["value"] == "single"
    assert so_far(later) == "So far 75 points (190: 80 · 491: 90 with nomination)."
    profile = await opened(server, "profile")
    assert field(profile, "english")["element"]["initial_option"]["value"] == "superior"


async def test_what_was_known_more_exactly_than_a_form_shows_stays_exact(server, bot) -> None:
    for line in ("/points", "14 March 1992", "IELTS 8", "3.5 years"):
        await server.message(line, channel="D1")
    await server.until(lambda: len(server.shown) >= 4)
    view = await opened(server)
    assert field(view, "age")["element"]["initial_value"] == "1992-03-14"
    assert field(view, "english")["element"]["initial_option"]["value"] == "superior"
    rest = {
        key: value
        for key, value in POINTS.items()
        if key not in ("age", "english", "overseas_years")
    }
    await server.send_form(view, {**rest, "education": "none"})
    await server.message("profile", channel="D1")
    await server.until(lambda: "IELTS 8" in server.shown[-1].text)
    assert "14 Mar 1992" in server.shown[-1].text
    assert "3.5 years" in server.shown[-1].text


async def test_a_field_of_the_profile_that_is_emptied_is_not_known_any_more(server, bot) -> None:
    for line in ("/profile age 34", "/profile hours 6"):
        await server.message(line, channel="D1")
    await server.until(lambda: len(server.shown) >= 2)
    view = await opened(server, "profile")
    assert [field(view, key)["element"].get("initial_value") for key in ("hours", "age")] == [
        "6",
        "34",
    ]
    await server.send_form(view, {"age": ""})
    view = await opened(server, "profile")
    assert [field(view, key)["element"].get("initial_value") for key in ("hours", "age")] == [
        "6",
        None,
    ]


async def test_the_self_audit_opens_with_its_rules_and_comes_page_by_page(server, bot) -> None:
    view = await opened(server, "audit")
    key = view["id"]
    assert "0 is never, or cannot explain it" in words(view)
    assert "1 of 4 · Interaction" in words(view)
    assert keys(view) == ["q1", "q2", "q3"]
    assert view["submit"]["text"] == "Next"
    before = view["hash"]
    await server.choose(view, {"q1": "2"})
    await server.until(lambda: view["hash"] != before)
    assert keys(view) == ["q1", "q1_evidence", "q2", "q3"]
    await server.send_form(view, {"q1": "2", "q1_evidence": "a churn model", "q2": "0", "q3": "1"})
    for page, asked in (("2 of 4", 3), ("3 of 4", 2), ("4 of 4", 2)):
        assert page in words(server.views[key])
        assert len(keys(server.views[key])) == asked
        last = server.views[key]
        await server.send_form(last, dict.fromkeys(keys(last), "1"))
    assert last["submit"]["text"] == "Send"
    assert "10 of 30" in words(server.views[key])
    assert len(server.views) == 1


async def test_a_form_left_half_way_goes_on_at_its_next_page_and_in_the_chat_at_its_next_question(
    server, bot
) -> None:
    view = await opened(server, "audit")
    await server.send_form(view, {"q1": "0", "q2": "0", "q3": "1"})
    assert keys(await opened(server, "audit")) == ["q4", "q5", "q6"]
    await server.message("audit", channel="D1")
    await server.until(lambda: server.shown)
    assert "Can you take raw tables" in server.shown[-1].text
    assert "Question 4" in server.shown[-1].text
    assert "owners of this workspace" in server.shown[-1].text


async def test_subscribing_by_a_form_is_confirmed_as_typed(server, bot) -> None:
    view = await opened(server, "subscribe")
    assert keys(view) == ["days", "time", "place"]
    ack = await server.send_form(view, {"days": "tue", "time": "25:00", "place": "Brisbane"})
    assert ack.payload["errors"] == {
        "time": "25:00 isn't a time I know. Nothing is set yet. Try 7:30am or 19:30."
    }
    ack = await server.send_form(
        view, {"days": "mon,tue,wed,thu", "time": "soonish", "place": "Atlantis"}
    )
    assert list(ack.payload["errors"]) == ["days", "time", "place"]
    assert "I don't know Atlantis. Nothing is set yet." in ack.payload["errors"]["place"]
    await server.send_form(view, {"days": "tue", "time": "7:30am", "place": "Brisbane"})
    assert "Every Tuesday at 7:30 am in Brisbane" in words(server.views[view["id"]])
    await server.until(lambda: "Brisbane" in str(server.homes.get("U1")))

    later = await opened(server, "subscribe")
    chosen = [option["value"] for option in field(later, "days")["element"]["initial_options"]]
    shown = [field(later, key)["element"]["initial_value"] for key in ("time", "place")]
    assert (chosen, shown) == (["tue"], ["7:30 am", "Brisbane"])
    ack = await server.send_form(later, {"time": "25:00"})
    assert "Your reminder stays on Tuesday 7:30 am." in ack.payload["errors"]["time"]
    await server.send_form(later, {"days": "mon,fri"})
    await server.message("reminders", channel="D1")
    await server.until(lambda: server.shown)
    assert (
        "Mondays" in server.shown[-1].text,
        "Fridays" in server.shown[-1].text,
        "Tuesdays" in server.shown[-1].text,
    ) == (
        True,
        True,
        False,
    )


async def test_a_place_left_empty_is_read_from_the_members_profile(server, bot) -> None:
    view = await opened(server, "subscribe")
    await server.send_form(view, {"days": "tue", "time": "7:30am"})
    await server.until(lambda: any("Brisbane" in one.text for one in server.shown))
    assert [call.arguments["user"] for call in server.calls("users.info")] == ["U1"]


async def test_the_first_question_and_the_page_offer_the_form(server, bot) -> None:
    for line in ("subscribe", "points"):
        await server.message(line, channel="D1")
        await server.until(lambda: server.shown)
        await server.tap(server.shown.pop(), "On one page")
        await server.until(lambda: server.views)
        server.views.clear()
    await server.event({"type": "app_home_opened", "tab": "home", "user": "U1", "channel": "D1"})
    await server.until(lambda: "U1" in server.homes)
    for label in ("Points test", "Self-audit", "Set a reminder"):
        await server.press(server.homes["U1"], label)
        await server.until(lambda: server.views)
        server.views.clear()


async def test_a_slash_command_opens_a_form_too_and_a_typed_message_is_asked_in_the_chat(
    server, bot
) -> None:
    assert (await server.command("/pivot", "form points")).ok
    await server.until(lambda: server.views)
    await server.message("form points", channel="D1")
    await server.until(lambda: server.shown)
    assert "How old are you?" in server.shown[-1].text
    assert len(server.calls("views.open")) == 1


@pytest.mark.parametrize("fault", [Word("trigger_expired"), Word("internal_error"), limited()])
async def test_a_form_that_slack_does_not_open_is_asked_question_by_question(
    server, bot, fault
) -> None:
    server.fail("views.open", fault)
    assert (await server.shortcut("points")).ok
    await server.until(lambda: server.shown)
    assert "How old are you?" in server.shown[0].text
    assert server.views == {}


async def test_every_form_of_somebody_new_and_of_somebody_known_is_one_that_slack_takes(
    server, bot
) -> None:
    for name in ("points", "audit", "profile", "subscribe"):
        assert keys(await opened(server, name))
    await server.message("profile age 34", channel="D1")
    await server.message("subscribe tue fri 7pm perth", channel="D1")
    for name in ("points", "audit", "profile", "subscribe"):
        assert keys(await opened(server, name))
    assert {call.answer["ok"] for call in server.calls("views.open")} == {True}
