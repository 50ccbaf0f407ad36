"""Any reply that the core could make, for property tests of every renderer."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choices,
    Code,
    Copy,
    Emphasis,
    File,
    Heading,
    Link,
    Moment,
    Note,
    Open,
    Paragraph,
    Picture,
    Reply,
    Sources,
    Span,
    Strong,
    Table,
    Tap,
    Text,
)

NASTY = (
    "<b>",
    "</b>",
    "&amp;",
    "&",
    "<",
    ">",
    '"',
    "'",
    "*",
    "_",
    "~",
    "`",
    "```",
    "|",
    "<@U123>",
    "<!channel>",
    "<http://x.example|y>",
    "</pre>",
    "\u202e",
    "\u200b",
    "\x00",
    "\x1b",
    "\r\n",
    "\n",
    "👩‍💻",
    "🇦🇺",
    "$160,000 – $210,000",
    "@everyone",
    "/forget",
    "é",
    "\ud83d",
)
"""Pieces that break renderers: markup of every platform, control characters,
half a surrogate pair.
"""

pieces = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=12), st.from_regex(r"[a-z]{1,9} ", fullmatch=True)
)
words = st.lists(pieces, max_size=8).map("".join)
long_words = st.builds(lambda piece, times: piece * times, pieces.filter(bool), st.integers(1, 900))
texts = st.one_of(words, words, words, long_words)
labels = (
    st.lists(pieces, min_size=1, max_size=4).map("".join).filter(lambda label: bool(label.strip()))
)
actions = st.from_regex(r"[a-z0-9][a-z0-9 .$:-]{0,58}", fullmatch=True)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)
addresses = st.one_of(
    st.sampled_from(
        (
            "https://www.ato.gov.au/rates?a=1&b=2",
            "https://immi.homeaffairs.gov.au/",
            'https://x.example/"quoted"',
            "mailto:a@b.example",
        )
    ),
    st.from_regex(r"https://[a-z]{1,12}\.example/[a-z0-9/&?=%-]{0,60}", fullmatch=True),
)

spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Text, texts),
    st.builds(Strong, texts),
    st.builds(Emphasis, texts),
    st.builds(Code, words),
    st.builds(Link, words, addresses),
    st.builds(Moment, words, moments, strong=st.booleans()),
)
lines = st.lists(spans, max_size=5).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 5))
    row = st.lists(words, min_size=width, max_size=width).map(tuple)
    return Table(
        caption=draw(words), header=draw(row), rows=draw(st.lists(row, max_size=12).map(tuple))
    )


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    total = draw(st.integers(0, 40))
    return Bar(words=draw(words), done=draw(st.integers(0, total)), total=total)


choices = st.one_of(
    st.builds(Tap, labels, actions),
    st.builds(Open, labels, addresses),
    st.builds(Copy, labels, addresses),
)
files = st.builds(
    File,
    name=st.sampled_from(("plan.ics", "my data.json")),
    media_type=st.sampled_from(("text/calendar", "application/json")),
    text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=50),
    caption=texts,
)
pictures = st.builds(
    Picture, spec=st.just({"kind": "bars", "rows": [["Junior", 100], ["Senior", 180]]}), alt=texts
)

blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, words),
    st.builds(Paragraph, lines),
    st.builds(Bullets, st.lists(lines, max_size=8).map(tuple), st.booleans()),
    tables(),
    st.builds(Note, words, st.lists(lines, max_size=4).map(tuple)),
    bars(),
    st.builds(Sources, st.lists(lines, max_size=3).map(tuple)),
    st.builds(Choices, st.lists(choices, max_size=12).map(tuple)),
    pictures,
    files,
)

replies: st.SearchStrategy[Reply] = st.builds(
    Reply,
    blocks=st.lists(blocks, max_size=7).map(tuple),
    personal=st.booleans(),
    in_place=st.booleans(),
)
"""Whatever blocks, in whatever order: more than the core ever makes."""
