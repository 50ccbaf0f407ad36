"""People talk to the bot through Socket Mode: the real Bolt and SDK against the strict server."""

import asyncio

from bot.core.events import Event, Pressed, Said, Submitted
from bot.core.messages import Delivered
from bot.core.reply import Choices, Paragraph, Reply, Sources, Tap, Text, paragraph, spans
from tests.slack.conftest import face, serving


def pay(event: Event) -> tuple[Reply, ...]:
    return (
        Reply(
            blocks=(
                paragraph("$160,000 – $210,000"),
                Sources((spans("ATO 2023–24"),)),
                Choices((Tap("Take-home", "takehome 160000"),)),
            )
        ),
    )


async def test_a_command_is_answered_in_its_acknowledgement(server, slack, desk) -> None:
    desk.answer = pay
    ack = await server.command("/pivot", "salary senior", channel="C1")
    assert ack.ok
    assert desk.events[0].body == Said("/salary senior")
    [shown] = server.shown
    assert (shown.to, shown.channel) == ("U1", "C1")
    assert "$160,000" in shown.text
    [(claimed, receipt)] = await desk.until(1)
    assert (claimed.message.address.in_ack, receipt) == (True, Delivered(""))
    assert not server.calls("response_url")
    assert not server.calls("chat.postMessage")


async def test_a_tap_on_an_answer_for_one_rewrites_it_in_place(server, slack, desk) -> None:
    desk.answer = pay
    await server.command("/salary", "senior")
    [first] = server.shown
    desk.answer = lambda event: (
        Reply(blocks=(paragraph("In your pocket: $120,000"),), in_place=True),
    )
    await server.tap(first, "Take-home")
    await server.until(lambda: first.edits)
    assert desk.events[1].body == Pressed("takehome 160000")
    assert first.text == "In your pocket: $120,000"
    assert len(server.shown) == 1


async def test_an_answer_for_one_is_shared_only_when_asked(server, slack, desk) -> None:
    desk.answer = pay
    await server.command("/salary", "senior")
    [private] = server.shown
    await server.tap(private, "Share in channel")
    await server.until(lambda: len(server.shown) == 2)
    assert [one.to for one in server.shown] == ["U1", ""]
    assert private.edits == 0


async def test_a_direct_message_is_answered_there(server, slack, desk) -> None:
    await server.message("what does a senior earn &amp; why", channel="D1")
    await server.until(lambda: server.shown)
    assert desk.events[0].body == Said(
        "what does a senior earn & why", message=desk.events[0].key.split(":")[-1]
    )
    assert [(one.channel, one.text, one.to) for one in server.shown] == [("D1", "Hello.", "")]


async def test_a_mention_that_also_arrives_as_a_message_is_answered_once(
    server, slack, desk
) -> None:
    said = {"text": "<@U0BOT> pay for <@U2>?", "channel": "C1", "ts": "1700000001.000100"}
    await server.message(**said, type="app_mention")
    await server.message(**said)
    await server.until(lambda: server.shown)
    assert [event.body for event in desk.events] == [
        Said("pay for @someone?", message="1700000001.000100")
    ]
    assert len(desk.duplicates) == 1
    assert [(one.thread, one.to) for one in server.shown] == [("1700000001.000100", "")]


async def test_something_personal_in_a_channel_is_for_the_asker_alone(server, slack, desk) -> None:
    desk.answer = lambda event: (Reply(blocks=(paragraph("65 points"),), personal=True),)
    await server.message("<@U0BOT> my points", type="app_mention", channel="C1")
    await server.until(lambda: server.shown)
    assert [(one.channel, one.to) for one in server.shown] == [("C1", "U1")]


async def test_an_event_is_acknowledged_only_after_its_turn_is_committed_however_long_that_takes(
    server, desk, clock
) -> None:
    committed = asyncio.Event()

    async def hold(event: Event) -> None:
        await committed.wait()

    desk.before = hold
    async with serving(face(server, clock, ack_seconds=0.01), desk):
        await server.until(lambda: server.live)
        delivery = asyncio.create_task(server.message("hello"))
        done, _ = await asyncio.wait({delivery}, timeout=0.1)
        assert not done
        committed.set()
        assert (await delivery).ok
        assert len(desk.events) == 1


async def test_an_event_that_could_not_be_taken_is_brought_again_and_has_its_effect_once(
    server, slack, desk, caplog
) -> None:
    attempts = []

    async def fail_twice(event: Event) -> None:
        attempts.append(event.key)
        if len(attempts) < 3:
            raise RuntimeError("the text of somebody")

    desk.before = fail_twice
    server.ack_seconds = 0.1  # nothing else tells over a socket that no acknowledgement will come
    assert (await server.message("hello", retries=3)).ok
    assert len(set(attempts)) == 1
    assert len(desk.events) == 1
    assert "the text of somebody" not in caplog.text


async def test_a_command_whose_turn_fails_says_so_at_once(server, slack, desk) -> None:
    async def fail(event: Event) -> None:
        raise RuntimeError

    desk.before = fail
    ack = await server.command("/pivot", "salary")
    assert ack.ok
    assert [
        (one.to, "Nothing was changed" in one.text or "nothing was changed" in one.text)
        for one in server.shown
    ] == [("U1", True)]


async def test_bots_edits_and_joins_are_acknowledged_and_nothing_else(server, slack, desk) -> None:
    for more in (
        {"bot_id": "B9"},
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"user": "U0BOT"},
    ):
        assert (await server.message("hi", **more)).ok
    assert (await server.event({"type": "reaction_added", "user": "U1"})).ok
    assert desk.events == []


async def test_a_form_shows_its_answer_where_it_stood(server, slack, desk) -> None:
    ack = await server.submit(
        "subscribe",
        {
            "weekday": {"type": "static_select", "selected_option": {"value": "tuesday"}},
            "time": {"value": "7:30"},
        },
    )
    assert desk.events[0].body == Submitted("subscribe", (("weekday", "tuesday"), ("time", "7:30")))
    assert ack.payload["response_action"] == "update"
    assert ack.payload["view"]["blocks"]
    assert (await desk.until(1))[0][1] == Delivered("")


async def test_what_people_write_shows_as_they_wrote_it(server, slack, desk) -> None:
    nasty = "<!channel> & <@U2> *bold* @here #general <https://evil.test|bank> `x`"
    desk.answer = lambda event: (
        Reply(blocks=(Paragraph((Text(nasty),)), Sources(((Text(nasty),),)))),
    )
    await server.command("/pivot", "hello")
    [shown] = server.shown
    assert shown.blocks[0]["elements"][0]["elements"] == [{"type": "text", "text": nasty}]
    context = shown.blocks[1]["elements"][0]
    assert context["verbatim"] is True
    assert "<" not in context["text"]
    assert "<" not in shown.text


async def test_a_payload_of_an_unknown_shape_is_acknowledged_and_its_kind_logged(
    server, slack, desk, caplog
) -> None:
    ack = await server.event(
        {"type": "message", "channel_type": "im", "user": "U1", "text": "a secret", "channel": "D1"}
    )
    assert ack.ok
    assert desk.events == []
    assert "event_callback payload of a shape we do not know (KeyError)" in caplog.text
    assert "a secret" not in caplog.text
