"""Socket Mode under stress: refused tickets, storms of disconnects, silent peers, slow turns,
a stop in the middle.
"""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import socket_mode
from adapters.slack.socket_mode import SlackGone
from adapters.slack.transport import Slack
from bot.core.events import Event
from bot.core.messages import Delivered
from bot.core.reply import Picture, Reply, paragraph
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer, Word
from tests.slack.conftest import Desk, FakeClock, face, serving


async def test_a_refused_ticket_is_thrown_away_and_a_new_one_asked_for(
    server, desk, clock, caplog
) -> None:
    server.refuse_tickets = 1
    async with serving(face(server, clock), desk):
        await server.until(lambda: server.live)
        assert len(set(server.dials)) == server.opens >= 2
        assert (await server.command("/pivot")).ok
    assert "building a new connection" not in caplog.text


async def test_who_is_stopped_twice_still_leaves_no_session_open(server, monkeypatch) -> None:
    """The second stop comes while acknowledgements go out."""
    made: list[socket_mode.Connection] = []
    original = socket_mode.Connection.__init__

    def remembered(self: socket_mode.Connection, **more: Any) -> None:
        original(self, **more)
        made.append(self)

    monkeypatch.setattr(socket_mode.Connection, "__init__", remembered)
    draining = asyncio.Event()

    async def drain() -> None:
        draining.set()
        await asyncio.Event().wait()

    async def handle(*_: object) -> None:
        """Nothing arrives here."""

    listening = asyncio.create_task(
        socket_mode.listen(
            app_token=APP_TOKEN,
            web_client=AsyncWebClient(base_url=server.api_url),
            handle=handle,
            heard=lambda: None,
            drain=drain,
        )
    )
    await server.until(lambda: server.live)
    listening.cancel()
    await draining.wait()
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    assert [connection.aiohttp_client_session.closed for connection in made] == [True]


async def test_an_app_token_that_slack_refuses_ends_it_with_the_settings_name(
    server, desk, clock
) -> None:
    async with serving(face(server, clock, app_token="xapp-wrong"), desk) as task:
        with pytest.raises(SlackGone, match="SLACK_APP_TOKEN"):
            await asyncio.wait_for(task, 5)


async def test_a_bot_token_that_slack_refuses_ends_it_with_the_settings_name(
    server, desk, clock
) -> None:
    server.tokens[BOT_TOKEN]["dead"] = "account_inactive"
    async with serving(face(server, clock), desk) as task:
        with pytest.raises(SlackGone, match="SLACK_BOT_TOKEN"):
            await asyncio.wait_for(task, 5)


async def test_three_clients_that_never_connect_are_enough(server, desk, clock) -> None:
    server.refuse_tickets = 10_000
    async with serving(face(server, clock, ping_seconds=0.002), desk) as task:
        with pytest.raises(SlackGone, match="Socket Mode"):
            await asyncio.wait_for(task, 10)


async def test_a_storm_of_disconnect_frames_makes_one_new_connection(server, slack, desk) -> None:
    opens, first = server.opens, server.live[0]
    for _ in range(5):
        await server.disconnect("warning")
    await server.until(lambda: server.live and server.live[-1] is not first)
    assert (await server.command("/pivot")).ok
    assert server.opens - opens == 1


async def test_a_socket_closed_without_a_word_is_opened_again(server, slack, desk) -> None:
    first = server.live[0]
    await server.disconnect(close=True)
    await server.until(lambda: server.live and server.live[-1] is not first)
    assert (await server.command("/pivot")).ok


async def test_a_peer_that_answers_no_ping_is_left(server, desk, clock) -> None:
    server.deaf = True
    async with serving(face(server, clock), desk):
        await server.until(lambda: len(server.dials) >= 1)
        server.deaf = False
        await server.until(lambda: len(server.dials) >= 2 and server.live)
        assert (await server.command("/pivot")).ok


async def test_life_is_a_pong_not_a_log_line(server, desk, clock) -> None:
    slack = face(server, clock)
    async with serving(slack, desk):
        await server.until(lambda: server.live)
        first = slack.last_heard_at()
        assert first
        async with asyncio.timeout(5):
            while slack.last_heard_at() == first:
                await asyncio.sleep(0.01)


async def test_a_turn_too_slow_for_the_ack_is_answered_by_its_answer_address(
    server, desk, clock
) -> None:
    go_on = asyncio.Event()

    async def slow(event: Event) -> None:
        await go_on.wait()

    desk.before = slow
    async with serving(face(server, clock, ack_seconds=0.02), desk):
        await server.until(lambda: server.live)
        ack = await server.command("/pivot", "salary")
        assert (ack.ok, ack.payload) == (True, None)
        go_on.set()
        [(_, receipt)] = await desk.until(1)
        assert receipt == Delivered("")
        assert [one.to for one in server.shown] == ["U1"]
        assert len(server.calls("response_url")) == 1


async def test_a_slow_turn_that_fails_in_the_end_says_so(server, desk, clock) -> None:
    go_on = asyncio.Event()

    async def slow(event: Event) -> None:
        await go_on.wait()
        raise RuntimeError

    desk.before = slow
    async with serving(face(server, clock, ack_seconds=0.02), desk):
        await server.until(lambda: server.live)
        assert (await server.command("/pivot", "salary")).ok
        go_on.set()
        await server.until(lambda: server.shown)
        assert "nothing was changed" in server.shown[0].text


async def test_a_stop_lets_the_turn_under_way_answer(
    server: SlackServer, desk: Desk, clock: FakeClock
) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def slow(event: Event) -> None:
        entered.set()
        await go_on.wait()

    desk.before = slow
    async with serving(face(server, clock), desk) as task:
        await server.until(lambda: server.live)
        asking = asyncio.create_task(server.command("/pivot", "salary"))
        await entered.wait()
        task.cancel()
        asyncio.get_running_loop().call_later(
            0.1, go_on.set
        )  # long after a socket that did not wait would be closed
        assert (await asking).ok
        with suppress(asyncio.CancelledError):
            await task
        assert desk.settled[0][1] == Delivered("")


async def test_a_burst_of_commands_is_answered_whole(server, slack, desk) -> None:
    acks = await asyncio.gather(*(server.command("/salary", str(number)) for number in range(200)))
    assert all(ack.ok for ack in acks)
    assert len(desk.events) == 200


async def test_a_picture_does_not_hold_up_the_ack(server, slack: Slack, desk) -> None:
    desk.answer = lambda event: (
        Reply(blocks=(Picture({"kind": "bars"}, "Senior highest"), paragraph("Below."))),
    )
    ack = await server.command("/salary", "chart")
    assert (ack.ok, ack.payload) == (True, None)
    await desk.until(1)
    assert [(one.to, one.blocks[0]["type"]) for one in server.shown] == [("U1", "image")]


async def test_while_slack_cannot_say_who_we_are_nothing_is_acknowledged(
    server, desk, clock
) -> None:
    slack = face(server, clock)
    async with serving(slack, desk):
        await server.until(lambda: server.live)
        slack.grants._grant = (
            None  # as after a start in which the first event overtook the first answer
        )
        server.fail("auth.test", Word("internal_error"), Word("internal_error"))
        server.ack_seconds = 0.1
        first = await server.message("hello")
        again = await server.message("hello")
        assert (first.ok, again.ok) == (False, True)


async def test_too_many_who_share_the_events_are_reported(server, desk, clock, caplog) -> None:
    server.says_connections = 5
    async with serving(face(server, clock), desk):
        await server.until(lambda: server.live)
        assert (await server.command("/pivot")).ok
    assert "5 connections share this app's events" in caplog.text


async def test_more_than_can_be_answered_is_turned_away_kindly_and_events_come_again(
    server, desk, clock
) -> None:
    go_on = asyncio.Event()

    async def slow(event: Event) -> None:
        await go_on.wait()

    desk.before = slow
    server.ack_seconds = 0.2
    async with serving(face(server, clock, ack_seconds=0.01, most_turns=2), desk):
        await server.until(lambda: server.live)
        for _ in range(2):
            assert (await server.command("/pivot")).payload is None
        third = await server.command("/pivot")
        assert "more questions than I can answer" in third.payload["text"]
        assert not (await server.message("hello")).ok
        go_on.set()
        await desk.until(2)
        assert (await server.message("hello")).ok
