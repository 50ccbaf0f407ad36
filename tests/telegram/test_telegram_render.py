"""What people see on Telegram: each block's look, the limits,
and that no text can break out of its place.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.telegram.layout import TEXT_LIMIT, blank
from adapters.telegram.render import render
from adapters.telegram.surface import payload, surface, words
from bot.core.events import Account, Body, Chat, Event, Pressed, Said
from bot.core.messages import Message
from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choices,
    Code,
    Emphasis,
    File,
    Heading,
    Link,
    Moment,
    Note,
    Open,
    Picture,
    Reply,
    Sources,
    Strong,
    Table,
    Tap,
    paragraph,
    spans,
)
from content.library import load
from tests.servers.telegram import Refusal, TelegramServer, _markup
from tests.servers.telegram_html import read
from tests.strategies.replies import replies

PHRASES = load().phrases
PRIVATE = Chat(platform="telegram", id="7")
GROUP = Chat(platform="telegram", id="-100", shared=True)
SURFACE = surface("pivot_test_bot")
EVENT = Event(
    key="telegram:update:1:2",
    at=datetime(2026, 11, 21, tzinfo=UTC),
    account=Account(platform="telegram", user="7"),
    chat=PRIVATE,
    surface=SURFACE,
    body=Said("salary senior"),
)


def shown(
    *blocks: Block, body: Body | None = None, chat: Chat = PRIVATE, **about: bool
) -> tuple[Message, ...]:
    event = replace(EVENT, chat=chat, body=body or EVENT.body)
    return render(Reply(blocks=blocks, **about), event, PHRASES)


def html(*blocks: Block) -> str:
    (message,) = shown(*blocks)
    return str(message.payload["text"])


def keyboard(message: Message) -> list[list[str]]:
    markup = message.payload["reply_markup"]
    assert isinstance(markup, dict)
    return [[button["text"] for button in row] for row in markup["inline_keyboard"]]


def test_an_answer_reads_as_its_writers_meant_it() -> None:
    (message,) = shown(
        Heading("Senior ML engineer: $160,000 – $210,000 a year"),
        paragraph(
            "One careers page's ",
            Emphasis("estimate"),
            ", see ",
            Link("the page", "https://a.example/?a=1&b=2"),
            ".",
        ),
        Sources((spans("aicareergraph.com, undated"),)),
        Choices((Tap("Take-home", "takehome 160000"), Tap("Compare levels", "salary compare"))),
    )
    assert message.payload == {
        "method": "sendMessage",
        "text": "<b>Senior ML engineer: $160,000 – $210,000 a year</b>\n"
        'One careers page\'s <i>estimate</i>, see <a href="https://a.example/?a=1&amp;b=2">the page</a>.\n\n'
        "<i>aicareergraph.com, undated</i>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [
                    {"text": "Take-home", "callback_data": "1:takehome 160000"},
                    {"text": "Compare levels", "callback_data": "1:salary compare"},
                ]
            ]
        },
    }
    assert message.fallback == (
        "Senior ML engineer: $160,000 – $210,000 a year\n"
        "One careers page's estimate, see the page (https://a.example/?a=1&b=2).\n\n"
        "aicareergraph.com, undated\n\n"
        "Take-home: /takehome 160000\n"
        "Compare levels: /salary compare"
    )


def test_a_narrow_table_is_aligned_and_figures_stand_right() -> None:
    table = Table(
        caption="Pay", header=("Level", "AUD"), rows=(("Junior", "90,000"), ("Senior", "160,000"))
    )
    assert html(table) == "<b>Pay</b>\n<pre>Level       AUD\nJunior   90,000\nSenior  160,000</pre>"


def test_a_wide_table_is_told_row_by_row() -> None:
    rows = (("Junior", "0–3 years", "$90,000 – $120,000"), ("Contract", "", "$150,000 – $280,000"))
    table = Table(caption="", header=("Level", "Experience", "Estimate"), rows=rows)
    assert html(table) == (
        "<i>Experience · Estimate</i>\n<b>Junior</b> — 0–3 years · $90,000 – $120,000\n<b>Contract</b> — Estimate: $150,000 – $280,000"
    )


def test_a_wide_table_of_many_columns_names_them_in_every_row() -> None:
    rows = (("Sydney", "$100,000", "$120,000", "$140,000"), ("Perth", "$90,000", "", "$120,000"))
    assert html(Table(caption="", header=("City", "Junior", "Mid", "Senior"), rows=rows)) == (
        "<b>Sydney</b> — Junior: $100,000 · Mid: $120,000 · Senior: $140,000\n<b>Perth</b> — Junior: $90,000 · Senior: $120,000"
    )


def test_a_table_of_long_cells_gets_a_line_for_each() -> None:
    rows = (
        (
            "Who starts it",
            "an invitation; no employer and no state",
            "nomination by a state or territory, then an invitation",
        ),
    )
    table = Table(caption="", header=("", "189", "190"), rows=rows)
    assert html(table) == (
        "<b>Who starts it</b>\n189: an invitation; no employer and no state\n190: nomination by a state or territory, then an invitation"
    )


def test_cells_that_are_alike_are_told_once_with_all_their_columns() -> None:
    table = Table(
        "Compared",
        ("", "482", "189", "190"),
        (
            (
                "Kind",
                "temporary, tied to the one employer who nominates and for four years at most",
                "permanent",
                "permanent",
            ),
        ),
    )
    assert html(table).endswith("for four years at most\n189 · 190: permanent")


def test_long_remarks_on_sources_are_folded_but_never_the_sources_and_the_caveat() -> None:
    named = spans("ATO, 2023–24 · general information")
    assert (
        html(Sources((named, spans("Not opened by us."))))
        == "<i>ATO, 2023–24 · general information</i>\n<i>Not opened by us.</i>"
    )
    folded = html(Sources((named, spans("Not opened by us: ", "ATO, " * 40), spans("Old."))))
    assert folded.startswith(
        "<i>ATO, 2023–24 · general information</i>\n<blockquote expandable><i>Not opened by us: </i>"
    )
    assert folded.endswith("\n<i>Old.</i></blockquote>")
    assert html(Sources((spans("ATO, " * 100),))).startswith("<i>ATO, ")


def test_bullets_bars_notes_and_moments_have_their_look() -> None:
    assert (
        html(Bullets((spans("one"), spans("two ", Strong("strong")))))
        == "• one\n• two <b>strong</b>"
    )
    assert html(Bar("unit 3 of 16", 3, 16)) == "unit 3 of 16\n▓▓░░░░░░░░"
    assert html(Note("Why", (spans("because ", Code("x < y")),))) == (
        "<blockquote expandable><b>Why</b>\nbecause <code>x &lt; y</code></blockquote>"
    )
    at = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    strong = html(paragraph(Moment("Tue 24 Nov", at, strong=True)))
    assert strong == f'<b><tg-time unix="{int(at.timestamp())}">Tue 24 Nov</tg-time></b>'
    assert (
        html(paragraph("First: ", Moment("Tue 24 Nov", at)))
        == f'First: <tg-time unix="{int(at.timestamp())}">Tue 24 Nov</tg-time>'
    )


def test_a_picture_travels_with_its_words_as_caption_and_the_buttons_under_it() -> None:
    text, picture = shown(
        paragraph("Pay by level"),
        Picture({"kind": "bars"}, "Junior 90,000"),
        Choices((Tap("Back", "back"),)),
    )
    assert text.payload["method"] == "sendMessage"
    assert picture.payload == {
        "method": "sendPhoto",
        "chart": {"kind": "bars"},
        "caption": "Junior 90,000",
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [[{"text": "Back", "callback_data": "1:back"}]]},
    }


def test_words_too_long_for_a_caption_follow_as_text() -> None:
    picture, text = shown(Picture({}, "word " * 300))
    assert "personal" not in picture.payload
    assert shown(Picture({}, "yours"), personal=True)[0].payload["personal"] is True
    assert "caption" not in picture.payload
    assert str(text.payload["text"]).split() == ["word"] * 300


def test_a_file_keeps_its_name_and_type() -> None:
    (message,) = shown(
        File(
            name="plan.ics", media_type="text/calendar", text="BEGIN:VCALENDAR", caption="Your plan"
        )
    )
    assert message.payload["file"] == {
        "name": "plan.ics",
        "media_type": "text/calendar",
        "refused": "",
        "text": "BEGIN:VCALENDAR",
    }


def test_short_buttons_share_a_row_and_long_ones_stand_alone() -> None:
    (numbers,) = shown(
        paragraph("?"),
        Choices(tuple(Tap(str(number), f"done {number}") for number in range(1, 10))),
    )
    assert [len(row) for row in keyboard(numbers)] == [8, 1]
    (levels,) = shown(
        paragraph("?"), Choices((Tap("Earlier", "e"), Tap("Later", "l"), Tap("Another day", "d")))
    )
    assert keyboard(levels) == [["Earlier", "Later"], ["Another day"]]


def test_more_than_a_hundred_buttons_are_all_there() -> None:
    messages = shown(
        paragraph("?"), Choices(tuple(Tap(f"{number}", f"done {number}") for number in range(150)))
    )
    assert [label for message in messages for row in keyboard(message) for label in row] == [
        str(number) for number in range(150)
    ]


def test_an_address_that_no_button_takes_is_written_out() -> None:
    (message,) = shown(paragraph("Ask"), Choices((Open("Write to us", "mailto:a@b.example"),)))
    assert "Write to us: mailto:a@b.example" in str(message.payload["text"])
    assert "reply_markup" not in message.payload


def test_choices_without_words_get_some() -> None:
    (message,) = shown(Choices((Tap("Pay", "salary"),)))
    assert message.payload["text"] == PHRASES["telegram_choose"]


def test_a_long_answer_is_cut_at_block_borders_and_nothing_is_lost() -> None:
    paragraphs = [f"{number} " + "word " * 150 for number in range(12)]
    messages = shown(*map(paragraph, paragraphs), Choices((Tap("Next", "plan"),)))
    texts = [str(message.payload["text"]) for message in messages]
    assert len(texts) == 3
    assert all(text.split()[0].isdigit() for text in texts)
    assert "".join(texts).split() == " ".join(paragraphs).split()
    assert ["reply_markup" in message.payload for message in messages] == [False, False, True]


def test_a_heading_is_not_left_alone_at_the_end_of_a_message() -> None:
    messages = shown(paragraph("a" * 4000), Heading("Next"), paragraph("b" * 200))
    assert str(messages[1].payload["text"]).startswith("<b>Next</b>\n")


def test_code_points_are_counted_and_not_utf16() -> None:
    (message,) = shown(paragraph("👍" * (TEXT_LIMIT - 2)))
    assert len(str(message.payload["text"])) == TEXT_LIMIT - 2


def test_a_tapped_answer_rewrites_its_message_only_if_it_is_one_text() -> None:
    tapped = Pressed("salary", "41")
    assert [
        message.address.edit_of for message in shown(paragraph("x"), body=tapped, in_place=True)
    ] == ["41"]
    assert [message.address.edit_of for message in shown(paragraph("x"), body=tapped)] == [""]
    assert [
        message.address.edit_of
        for message in shown(paragraph("a" * 5000), body=tapped, in_place=True)
    ] == ["", ""]
    assert [
        message.address.edit_of for message in shown(Picture({}, "alt"), body=tapped, in_place=True)
    ] == [""]


def test_an_edited_question_rewrites_its_answer() -> None:
    edited = Said("pay", edit_of="41", message="40")
    assert [
        one.address.edit_of for one in shown(paragraph("x" * 5000), body=edited, in_place=True)
    ] == ["41", ""]
    assert shown(paragraph("x"), body=edited)[0].address.edit_of == ""
    assert (
        shown(paragraph("x"), body=replace(edited, edit_of="0"), in_place=True)[0].address.edit_of
        == ""
    )


def test_among_others_an_answer_points_at_the_question() -> None:
    (message,) = shown(paragraph("x"), body=Said("pay", message="40"), chat=GROUP)
    assert message.payload["reply_parameters"] == {
        "message_id": 40,
        "allow_sending_without_reply": True,
    }
    assert (
        "reply_parameters" not in shown(paragraph("x"), body=Said("pay", message="40"))[0].payload
    )


def test_what_is_personal_does_not_enter_a_group() -> None:
    (message,) = shown(
        paragraph("Your points: 85"), body=Said("/points"), chat=GROUP, personal=True
    )
    assert "85" not in json.dumps(message.payload)
    assert "85" not in message.fallback
    markup = message.payload["reply_markup"]
    assert isinstance(markup, dict)
    assert markup["inline_keyboard"][0][0]["url"] == "https://t.me/pivot_test_bot?start=points"


@given(
    replies,
    st.sampled_from(
        [EVENT, replace(EVENT, chat=GROUP), replace(EVENT, body=Pressed("salary", "41"))]
    ),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_reply_is_accepted_by_telegram_and_nothing_in_it_is_lost(
    reply: Reply, event: Event
) -> None:
    server = TelegramServer()
    messages = render(reply, event, PHRASES)
    for message in messages:
        json.dumps(dict(message.payload)).encode()
        key, limit = (
            ("text", 4096) if message.payload["method"] == "sendMessage" else ("caption", 1024)
        )
        _markup(dict(message.payload))
        server._words(
            dict(message.payload), key, limit, "too long", empty="empty" if key == "text" else ""
        )
        plain = {key: message.fallback}
        server._words(plain, key, limit, "too long", empty="empty" if key == "text" else "")
    if not (reply.personal and event.chat.shared):
        said = " ".join(message.fallback for message in messages)
        for block in reply.blocks:
            if isinstance(block, Heading) and not blank(block.text):
                assert _letters(block.text) in _letters(said)
            if isinstance(block, Choices):
                assert all(_letters(choice.label) in _letters(said) for choice in block.choices)


@given(
    st.lists(
        st.sampled_from(
            ["<b>", "</b>", "</pre>", "<a href='x'>", "&lt;", "&", "<", ">", '"', "x", " "]
        ),
        min_size=1,
    ).map("".join)
)
@settings(max_examples=200)
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    if not text.strip():
        return
    for block, kind in (
        (Heading(text), "bold"),
        (paragraph(Code(text)), "code"),
        (paragraph(text), None),
    ):
        parsed = read(html(block))
        assert parsed.text == text
        assert {entity["type"] for entity in parsed.entities} <= {kind}


@pytest.mark.parametrize(
    "broken",
    [
        "<b>a",
        "a < b",
        "<i><b>x</i></b>",
        "<code><b>x</b></code>",
        "<br>",
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
    ],
)
def test_the_server_refuses_what_telegram_refuses(broken: str) -> None:
    with pytest.raises(Refusal, match="parse entities"):
        TelegramServer()._words({"text": broken, "parse_mode": "HTML"}, "text", 4096, "too long")


@given(
    st.from_regex(r"[a-z0-9 .$:-]{1,40}", fullmatch=True)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
def test_a_deep_link_carries_a_command_line_there_and_back(line: str) -> None:
    coded = payload(line)
    assert len(coded) <= 64
    assert set(coded) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert coded == "" or words(coded) == line


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
