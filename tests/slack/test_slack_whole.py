"""The whole bot on Slack: the real engine and store between the real SDK and the strict server."""

import pytest

from tests.servers.slack import Word, buttons
from tests.slack.conftest import running


async def test_somebody_asks_taps_shares_subscribes_and_looks_at_their_page(
    server, database
) -> None:
    async with running(server, database):
        assert (await server.command("/pivot", "salary senior")).ok
        [pay] = server.shown
        assert pay.to == "U1"
        assert "$160,000" in pay.text
        await server.tap(pay, "Share in channel")
        await server.until(lambda: len(server.shown) == 2)
        shared = server.shown[1]
        assert (shared.to, "$160,000" in shared.text) == ("", True)

        await server.message("subscribe tuesday 7:30am brisbane", channel="D1")
        await server.until(lambda: "U1" in server.homes)
        assert any("Brisbane" in str(block) for block in server.homes["U1"]["blocks"])
        confirmed = server.shown[2]
        assert (confirmed.channel, "7:30" in confirmed.text) == ("D1", True)
        assert buttons(confirmed.blocks)


async def test_a_second_process_knows_what_the_first_was_told_and_repeats_nothing(
    server, database
) -> None:
    async with running(server, database):
        said = {
            "text": "subscribe tuesday 7:30am brisbane",
            "channel": "D1",
            "ts": "1700000009.000100",
        }
        assert (await server.message(**said)).ok
        await server.until(lambda: server.shown)
    async with running(server, database):
        assert (await server.message(**said)).ok
        await server.message("reminders", channel="D1")
        await server.until(lambda: len(server.shown) >= 2)
        assert "Brisbane" in server.shown[1].text
    assert len(server.shown) == 2


async def test_a_form_ends_in_its_result_where_it_stood(server, database) -> None:
    values = {
        "age": "30",
        "english": "superior",
        "overseas_years": "4",
        "australian_years": "0",
        "education": "bachelor_or_higher",
        "australian_study": "no",
        "professional_year": "no",
        "ccl": "no",
        "partner": "single",
    }
    async with running(server, database):
        ack = await server.submit(
            "points", {f"form:{key}": {"value": value} for key, value in values.items()}
        )
        assert ack.payload["response_action"] == "update"
        shown = str(ack.payload["view"]["blocks"])
        assert "190" in shown
        assert "Age" in shown


async def test_a_members_zone_is_read_from_their_profile_when_they_subscribe(
    server, database
) -> None:
    async with running(server, database):
        await server.message("subscribe tuesday 7:30am", channel="D1")
        await server.until(lambda: any("Brisbane" in one.text for one in server.shown))
        assert len(server.calls("users.info")) == 1


async def test_a_thread_begins_with_the_answer_it_hangs_under(server, database) -> None:
    async def asks(text: str, thread: str = "") -> str:
        before = len(server.shown)
        under = {"thread_ts": thread} if thread else {}
        await server.message(text, channel="D1", **under)
        await server.until(lambda: len(server.shown) > before)
        return server.shown[-1].text

    async with running(server, database):
        await asks("salary senior")
        pay = server.shown[-1]
        why = await asks("why")
        await asks("plan start 4 hours")
        await asks("forget")
        asked = server.shown[-1]
        await asks("visa 189")
        assert await asks("why", pay.ts) == why
        assert server.shown[-1].thread == pay.ts
        await asks("salary junior", pay.ts)
        assert await asks("why", pay.ts) != why
        assert "open" in await asks("yes")
        await asks("yes", asked.ts)
        assert "[ Start ]" in await asks("progress")


async def test_emoji_and_mentions_are_neither_words_nor_numbers(server, database) -> None:
    said = (
        ("plan start 4 hours", "Your plan starts"),
        ("done :+1::skin-tone-3:", "Step 1 done"),
        ("plan hours 6 :muscle::skin-tone-2:", "6 hours a week"),
        ("subscribe tuesday 7:30am brisbane :sunrise:", "Every Tuesday at 7:30 am in Brisbane"),
        ("salary senior <@U07CC57KKSR> <#C0123456789>", "$160,000"),
    )
    async with running(server, database):
        for text, answer in said:
            before = len(server.shown)
            await server.message(text, channel="D1")
            await server.until(
                lambda before=before, answer=answer: any(
                    answer in one.text for one in server.shown[before:]
                )
            )


async def test_a_form_field_holds_what_its_writer_saw(server, database) -> None:
    state = {
        "form:days": {"selected_options": [{"value": "tue"}]},
        "form:time": {"value": "7:30am :sunrise:"},
        "form:place": {"value": "brisbane :flag-au:"},
    }
    async with running(server, database):
        ack = await server.submit("subscribe", state)
        assert "Brisbane" in str(ack.payload)


async def test_what_goes_to_everybody_holds_the_emoji_that_was_picked(server, database) -> None:
    async with running(server, database, admins="slack:T0TEAM/U1"):
        await server.message("admin broadcast The new figures are in :tada:", channel="D1")
        await server.until(lambda: any("figures are in 🎉" in one.text for one in server.shown))


async def test_a_neighbour_in_a_shared_channel_gets_the_general_answer_only(
    server, database
) -> None:
    mention = {"type": "app_mention", "channel": "C1"}
    outside = {"team_id": "T7", "is_ext_shared_channel": True}
    async with running(server, database):
        for user, team, words in (("U1", "T0TEAM", "points"), ("U9", "T7", "points")):
            event = {
                **mention,
                "user": user,
                "text": f"<@U0BOT> {words}",
                "ts": f"17000000{user[1:]}0.000100",
                "team": team,
                "user_team": team,
            }
            await server.event(event, **outside)
        await server.until(lambda: len(server.shown) == 2)
    shown = {one.to: one.text for one in server.shown}
    assert "How old are you" in shown["U1"]
    assert "How old are you" not in str({key: text for key, text in shown.items() if key != "U1"})


@pytest.mark.parametrize(
    "word",
    [
        "file_uploads_disabled",
        "missing_scope",
        "storage_limit_reached",
        "blocked_file_type",
        "odd_new_word",
    ],
)
async def test_a_workspace_that_takes_no_files_is_told_so(server, database, word) -> None:
    async with running(server, database):
        await server.message("plan start 4 hours", channel="D1")
        await server.until(lambda: server.shown)
        await server.message("subscribe tuesday 7:30am brisbane", channel="D1")
        await server.until(lambda: any("Every Tuesday" in one.text for one in server.shown))
        server.fail("files.getUploadURLExternal", Word(word))
        await server.message("calendar", channel="D1")
        await server.until(
            lambda: any(
                "I couldn't send" in one.text and "takes no files" in one.text
                for one in server.shown
            )
        )
