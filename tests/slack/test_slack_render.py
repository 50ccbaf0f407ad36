"""What a reply looks like on Slack, and that Slack would take it:
held against slackblocks' registry of limits.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.slack.block_kit import clean, escape, literal, without_picture, without_tables
from adapters.slack.render import Words, modal, render
from adapters.slack.surface import SURFACE
from bot.core.events import (
    Account,
    AnswerToken,
    Body,
    Chat,
    Due,
    Event,
    OpenedHome,
    Pressed,
    Said,
    Submitted,
)
from bot.core.reply import (
    Bar,
    Bullets,
    Choices,
    Code,
    Copy,
    File,
    Heading,
    Link,
    Note,
    Open,
    Paragraph,
    Picture,
    Reply,
    Sources,
    Strong,
    Table,
    Tap,
    Text,
    paragraph,
    spans,
)
from tests.servers import slack_kit
from tests.servers.slack import buttons
from tests.strategies.replies import replies

AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
WORDS = Words(
    share="Share in channel",
    members_only="Only inside.",
    home_more="More in Messages.",
    form_title="pivotbot",
    form_close="Close",
)
DIRECT = Chat(platform="slack", workspace="T1", id="D1")
CHANNEL = Chat(platform="slack", workspace="T1", id="C1", thread="1.0", shared=True)
SENIOR = Reply(blocks=(paragraph("$160,000"), Sources((spans("ATO"),))))


def event(
    body: Body | None = None, chat: Chat = DIRECT, *, token: bool = False, workspace: str = "T1"
) -> Event:
    given = (
        AnswerToken(
            address="https://hooks.slack.com/1", expires_at=AT + timedelta(minutes=30), in_ack=True
        )
        if token
        else None
    )
    account = Account(platform="slack", workspace=workspace, user="U1")
    return Event(
        key="k",
        at=AT,
        account=account,
        chat=chat,
        surface=SURFACE,
        body=body or Said("hi"),
        token=given,
    )


def kit(*blocks: Any, **more: Any) -> list[dict[str, Any]]:
    [message] = render(Reply(blocks=blocks), event(**more), WORDS)
    return list(message.payload["blocks"])  # type: ignore[call-overload]


def visible(blocks: list[dict[str, Any]]) -> str:
    """Every character that these blocks show, in order."""
    return "".join(_strings(blocks))


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    if not isinstance(value, dict):
        return []
    own = value.get("text") if isinstance(value.get("text"), str) else value.get("alt_text", "")
    if value.get("type") == "mrkdwn":
        own = (
            re.sub(r"<[^|>]*\|([^>]*)>", r"\1", own)
            .replace("\u2060", "")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
        )
    return [own, *(text for part in value.values() for text in _strings(part))]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u2060]", "", clean(text))


@given(replies)
@settings(max_examples=100)
def test_whatever_the_core_says_slack_takes_it_and_nothing_is_lost(reply: Reply) -> None:
    messages = render(reply, event(), WORDS)
    for message in messages:
        assert slack_kit.problems(message.payload["blocks"]) == []
        assert 0 < len(str(message.payload["text"])) <= 40_000
    shown = squeezed(
        visible([block for message in messages for block in message.payload["blocks"]])
    )  # type: ignore[attr-defined]
    for wanted in _wanted(reply):
        assert squeezed(wanted) in shown


@given(replies)
@settings(max_examples=40)
def test_it_takes_it_as_a_home_page_and_in_a_form_too(reply: Reply) -> None:
    for message in render(reply, event(OpenedHome()), WORDS):
        assert slack_kit.view_problems({"type": "home", "blocks": message.payload["blocks"]}) == []
    for message in render(reply, event(Submitted("points", ()), token=True), WORDS):
        assert slack_kit.view_problems(modal(list(message.payload["blocks"]), WORDS)) == []  # type: ignore[call-overload]


@given(replies)
@settings(max_examples=40)
def test_what_goes_instead_of_tables_and_pictures_is_taken_and_holds_their_words(
    reply: Reply,
) -> None:
    for message in render(reply, event(), WORDS):
        blocks: list[dict[str, Any]] = list(message.payload["blocks"])  # type: ignore[call-overload]
        simpler = without_picture(without_tables(blocks))
        assert {block["type"] for block in simpler}.isdisjoint({"table", "image"})
        assert [
            problem for problem in slack_kit.problems(simpler) if not problem.endswith("blocks")
        ] == []


def _wanted(reply: Reply) -> list[str]:
    wanted: list[str] = []
    for block in reply.blocks:
        match block:
            case Heading(text=text):
                wanted.append(text)
            case Paragraph(spans=line):
                wanted += [span.text for span in line]
            case Bullets(items=items):
                wanted += [span.text for item in items for span in item]
            case Table(caption=caption, rows=rows, header=header):
                wanted += [caption, *(cell for row in (header, *rows) for cell in row)]
            case Note(title=title, lines=lines):
                wanted += [title, *(span.text for line in lines for span in line)]
            case Sources(lines=lines):
                wanted += [span.text for line in lines for span in line]
            case Bar(words=words):
                wanted.append(words)
            case Picture(alt=alt):
                wanted.append(alt)
            case File(caption=caption):
                wanted.append(caption)
            case Choices(choices=choices):
                # What a Copy puts on the clipboard stands in the words too: Slack has no such button.
                wanted += [choice.label for choice in choices if not isinstance(choice, Copy)]
    return wanted


def test_each_block_has_its_native_form() -> None:
    table = Table(
        caption="Pay", header=("Level", "Pay"), rows=(("Senior", "$160,000"), ("Staff", ""))
    )
    blocks = kit(
        Heading("Pay"),
        Paragraph((Text("a "), Strong("b"), Code("salary"), Link("ATO", "https://ato.gov.au"))),
        Bullets((spans("one"), spans("two")), ordered=True),
        table,
        Note("Why", (spans("because"),)),
        Bar("2 of 4 done", 2, 4),
        Sources((spans("ATO, ", Link("rates", "https://ato.gov.au?a=1&b=2")),)),
        Choices((Tap("Take-home", "takehome 160000"), Open("ATO", "https://ato.gov.au"))),
    )
    assert [block["type"] for block in blocks] == [
        "header",
        "rich_text",
        "rich_text",
        "rich_text",
        "table",
        "rich_text",
        "context",
        "context",
        "context",
        "actions",
    ]
    assert visible(blocks[3:4]) == "Pay"
    assert blocks[4]["rows"] == [
        [{"type": "raw_text", "text": "Level"}, {"type": "raw_text", "text": "Pay"}],
        [{"type": "raw_text", "text": "Senior"}, {"type": "raw_text", "text": "$160,000"}],
        [{"type": "raw_text", "text": "Staff"}, {"type": "raw_text", "text": "–"}],
    ]
    assert blocks[7]["elements"] == [{"type": "plain_text", "text": "▓▓▓▓▓░░░░░", "emoji": False}]
    assert blocks[8]["elements"] == [
        {"type": "mrkdwn", "text": "ATO, <https://ato.gov.au?a=1&amp;b=2|rates>", "verbatim": True}
    ]
    assert buttons(blocks) == [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "Take-home", "emoji": False},
            "value": "takehome 160000",
            "action_id": "v1:0",
        },
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "ATO", "emoji": False},
            "url": "https://ato.gov.au",
            "action_id": "v1:link:1",
        },
    ]


def test_the_text_beside_the_blocks_holds_everything_for_a_screen_reader() -> None:
    reply = Reply(
        blocks=(
            Heading("Pay"),
            Table(caption="Pay by level", header=("Level", "Pay"), rows=(("Senior", "<$160,000"),)),
            Picture({"kind": "bars"}, "Senior highest"),
        )
    )
    first, second = render(reply, event(), WORDS)
    assert first.payload["text"] == "Pay\nPay by level (Level)\nSenior  Pay: &lt;$160,000"
    assert first.fallback == "Pay\nPay by level (Level)\nSenior  Pay: <$160,000"
    assert (second.payload["text"], second.payload["picture"]) == (
        "Senior highest",
        {"kind": "bars"},
    )


def test_a_long_reply_becomes_several_messages_cut_between_blocks() -> None:
    reply = Reply(blocks=tuple(paragraph(f"{number}: {'x' * 700}") for number in range(30)))
    messages = render(reply, event(), WORDS)
    assert len(messages) == 6
    assert "\n".join(message.fallback for message in messages) == "\n".join(
        f"{number}: {'x' * 700}" for number in range(30)
    )


def test_a_table_longer_than_slack_allows_becomes_several_with_the_same_head() -> None:
    table = Table(
        caption="Long", header=("N", "Square"), rows=tuple((str(n), str(n * n)) for n in range(250))
    )
    blocks = [
        block
        for message in render(Reply(blocks=(table,)), event(), WORDS)
        for block in message.payload["blocks"]
    ]  # type: ignore[attr-defined]
    tables = [block for block in blocks if block["type"] == "table"]
    assert [len(block["rows"]) for block in tables] == [100, 100, 53]
    assert {block["rows"][0][1]["text"] for block in tables} == {"Square"}


def test_a_form_holds_no_native_table() -> None:
    table = Table(
        caption="Pay", header=("Level", "Pay", "Years"), rows=(("Senior", "$160,000", "6–10"),)
    )
    blocks = kit(table, body=Submitted("points", ()), token=True)
    assert visible(blocks) == "PaySenior  Pay: $160,000 · Years: 6–10"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;", "&amp;lt;"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_three_characters_are_escaped_and_nothing_else(text: str, safe: str) -> None:
    assert escape(text) == literal(text) == safe


def test_marks_of_mrkdwn_never_pair_up_in_echoed_text() -> None:
    assert (
        re.search(r"(?<!\u2060)[*_~`]|[*_~`](?!\u2060)", literal("*bold* _it_ ~no~ `code`")) is None
    )


# --- where it goes -------------------------------------------------------------------------------------------------


def test_a_direct_message_is_simply_answered() -> None:
    [message] = render(SENIOR, event(), WORDS)
    assert (message.address.chat, message.address.only_to, message.address.token) == (
        DIRECT,
        "",
        "",
    )


def test_a_mention_is_answered_for_all_unless_it_is_personal() -> None:
    [general] = render(SENIOR, event(chat=CHANNEL), WORDS)
    [personal] = render(replace(SENIOR, personal=True), event(chat=CHANNEL), WORDS)
    assert (general.address.only_to, personal.address.only_to) == ("", "U1")
    assert general.address.chat.thread == "1.0"


def test_a_command_is_answered_for_the_asker_with_a_way_to_share() -> None:
    [message] = render(SENIOR, event(Said("/salary senior"), CHANNEL, token=True), WORDS)
    assert (message.address.only_to, message.payload["response_type"]) == ("U1", "ephemeral")
    assert [button["value"] for button in buttons(message.payload["blocks"])] == [
        "share salary senior"
    ]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "reply", [replace(SENIOR, personal=True), Reply(blocks=(paragraph("Which level?"),))]
)
def test_neither_something_personal_nor_a_question_can_be_shared(reply: Reply) -> None:
    [message] = render(reply, event(Said("/points"), CHANNEL, token=True), WORDS)
    assert buttons(message.payload["blocks"]) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [Pressed("share"), Said("/share"), Pressed("share salary senior")])
def test_sharing_speaks_to_the_channel_and_never_with_something_personal(body: Body) -> None:
    [shared] = render(replace(SENIOR, in_place=True), event(body, CHANNEL, token=True), WORDS)
    [kept] = render(replace(SENIOR, personal=True), event(body, CHANNEL, token=True), WORDS)
    assert (shared.payload["response_type"], shared.payload["replace_original"]) == (
        "in_channel",
        False,
    )
    assert kept.payload["response_type"] == "ephemeral"


def test_a_tap_rewrites_what_only_the_tapper_sees_and_not_what_a_channel_reads() -> None:
    reply = replace(SENIOR, in_place=True)
    [ephemeral] = render(reply, event(Pressed("x"), CHANNEL, token=True), WORDS)
    [direct] = render(reply, event(Pressed("x", message="9.9"), DIRECT, token=True), WORDS)
    [public] = render(reply, event(Pressed("x", message="9.9"), CHANNEL, token=True), WORDS)
    assert [message.payload["replace_original"] for message in (ephemeral, direct, public)] == [
        True,
        True,
        False,
    ]
    assert (direct.address.edit_of, public.address.edit_of, public.address.only_to) == (
        "9.9",
        "",
        "U1",
    )


def test_only_the_first_of_several_messages_takes_the_tapped_ones_place() -> None:
    long = Reply(blocks=tuple(paragraph("x" * 2500) for _ in range(3)), in_place=True)
    messages = render(long, event(Pressed("x", message="9.9"), token=True), WORDS)
    assert [bool(message.payload.get("replace_original")) for message in messages] == [
        True,
        False,
        False,
    ]
    assert [message.address.edit_of for message in messages] == ["9.9", "", ""]


def test_a_nudge_booked_in_a_channel_goes_to_the_person() -> None:
    [message] = render(SENIOR, event(Due("s", "2026-W48", 0, AT), CHANNEL), WORDS)
    assert message.address.chat == Chat(platform="slack", workspace="T1", id="U1")


def test_nothing_personal_goes_to_people_of_another_company() -> None:
    stranger = event(chat=CHANNEL, workspace="T7")
    [personal] = render(replace(SENIOR, personal=True), stranger, WORDS)
    [general] = render(SENIOR, stranger, WORDS)
    assert (personal.fallback, general.fallback) == ("Only inside.", "$160,000\nATO")


def test_a_home_page_too_long_ends_in_where_the_rest_is() -> None:
    [message] = render(
        Reply(blocks=tuple(paragraph(str(n)) for n in range(130))), event(OpenedHome()), WORDS
    )
    blocks: list[Any] = list(message.payload["blocks"])  # type: ignore[call-overload]
    assert (message.address.home, len(blocks), visible(blocks[-1:])) == (
        True,
        100,
        "More in Messages.",
    )


def test_the_text_of_a_table_says_what_its_first_column_is() -> None:
    table = Table(caption="Visas", header=("Feature", "482"), rows=(("Charge", "$3,210"),))
    [message] = render(Reply(blocks=(table,)), event(), WORDS)
    assert "Feature" in message.payload["text"]
