"""The whole bot on Slack: the real engine and store between the real SDK and the strict server."""

from tests.servers.slack import buttons
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
