"""Pay as people say it: amounts, super in or out, the year, a study loan;
and nothing that anybody types breaks a sum.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from adapters.console import render
from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Said, Surface
from bot.core.reply import Paragraph, Table, plain
from bot.core.state import Person, State
from bot.extraction.pay import Pay, merged, read, written
from content.library import load

CONTENT = load()


def said(text, state=None):
    event = Event(
        key="1",
        at=datetime(2026, 11, 21, 1, tzinfo=UTC),
        account=Account(platform="console", user="ada"),
        chat=Chat(platform="console", id="here"),
        surface=Surface(name="console"),
        body=Said(text),
    )
    return step(CONTENT, state or State(person=Person(id=1)), event)


def words(turn):
    blocks = [block for reply in turn.replies for block in reply.blocks]
    lines = [plain(block.spans) for block in blocks if isinstance(block, Paragraph)]
    return "\n".join(
        (
            *lines,
            *(" ".join(row) for block in blocks if isinstance(block, Table) for row in block.rows),
        )
    )


@pytest.mark.parametrize(
    ("text", "amount", "basis"),
    [
        ("165k", 165_000, None),
        ("165 grand plus super", 165_000, "plus_super"),
        ("$165,000 + super", 165_000, "plus_super"),
        ("165000 incl super", 165_000, "including_super"),
        ("165k inc. super", 165_000, "including_super"),
        ("165k with super", 165_000, "including_super"),
        ("165k package", 165_000, "including_super"),
        ("165k base", 165_000, "plus_super"),
        ("165k ex super", 165_000, "plus_super"),
        ("165k and super", 165_000, "plus_super"),
        ("165k super included", 165_000, "including_super"),
        ("165k not including super", 165_000, "plus_super"),
        ("8k a month", 96_000, None),
        ("$4,000 fortnightly", 104_000, None),
        ("2000 per week incl super", 104_000, "including_super"),
    ],
)
def test_amounts_and_super_in_ordinary_words(text, amount, basis):
    pay = read(text)
    assert (pay.amount, pay.basis) == (amount, basis)


@pytest.mark.parametrize(
    "text",
    ["1000/day 220 days", "1,000 a day, 220 days", "$1000 p/d 220 days", "1k per day 220 days"],
)
def test_day_rates_in_ordinary_words(text):
    pay = read(text)
    assert (pay.day_rate, pay.days, pay.amount) == (1000, 220, None)


@pytest.mark.parametrize(
    ("text", "year", "loan"),
    [
        ("165k 2025-26", "2025-26", False),
        ("165k 2025/26 with hecs", "2025-26", True),
        ("165k 2025–2026 help-debt", "2025-26", True),
        ("165k with hecs debt", "", True),
        ("165k no hecs", "", False),
        ("165k student loan", "", True),
    ],
)
def test_years_and_study_loans_in_ordinary_words(text, year, loan):
    pay = read(text)
    assert (pay.amount, pay.year, pay.help_debt) == (165_000, year, loan)


def test_a_correction_changes_only_what_it_says():
    old = read("165k plus super 2025-26 hecs")
    assert merged(old, read("including super")) == Pay(
        amount=165_000, basis="including_super", year="2025-26", help_debt=True
    )
    assert merged(old, read("180k")).amount == 180_000


PAYS = some.builds(
    Pay,
    amount=some.one_of(some.none(), some.integers(10_000, 900_000).map(float)),
    basis=some.sampled_from([None, "plus_super", "including_super"]),
    year=some.sampled_from(["", "2025-26", "2026-27"]),
    help_debt=some.booleans(),
)


@given(PAYS)
def test_what_a_button_says_is_read_as_it_was_meant(pay):
    if pay.amount is not None:
        assert merged(Pay(), read(written(pay))) == pay


_PARTS = [
    *(
        "takehome",
        "offer",
        "what if",
        "165k",
        "-3",
        "1000/day",
        "220 days",
        "plus super",
        "incl super",
        "vs",
        "2026-27",
        "1999-00",
    ),
    *(
        "hecs",
        "sums",
        "0",
        "99999999999",
        "8k a month",
        "$60 per hour",
        "half",
        "super",
        "k",
        "$",
        "package",
        "IELTS 8",
        "points",
        "change",
    ),
    *(
        "age",
        "to",
        "41",
        "profile",
        "result",
        "chart",
        "answer points age",
        "answer nothing here",
        "start over",
        "back",
        "audit apply",
    ),
]


@settings(max_examples=250)
@given(
    some.lists(
        some.lists(some.sampled_from(_PARTS), min_size=1, max_size=7).map(" ".join),
        min_size=1,
        max_size=4,
    )
)
@example(messages=["takehome 165k", "-3"])
@example(messages=["99999999999 -3"])
def test_nothing_that_is_typed_breaks_a_sum_or_a_dialog(messages):
    state = State(person=Person(id=1))
    for text in messages:
        turn = said(text, state)
        state = turn.state
        assert turn.replies
        assert all(reply.blocks for reply in turn.replies)


def test_nobody_is_told_that_a_threshold_is_passed_or_failed():
    text = words(said("offer 88k including super")).lower()
    text += words(said("offer 88k including super more")).lower()
    assert "$78,571" in text
    assert "$79,423" in text
    assert "$79,499" in text
    assert not [
        verdict
        for verdict in ("passes", "fails", "meets", "enough", "qualif", "eligible")
        if verdict in text.replace("must also meet", "")
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "offer 165k plus super at Acme, says Jo, vs 1000/day 220 days",
            "165000 plus super vs 1000/day 220 days",
        ),
        (
            "offer is 160k plus super better than 1000 a day at Acme",
            "160000 plus super vs 1000/day",
        ),
        ("offer 150k and 170k including super", "150000 vs 170000 including super"),
        ("takehome Acme pays me 165k with hecs 2025-26", "165000 2025-26 help-debt"),
    ],
)
def test_the_pays_are_remembered_and_not_the_sentence(text, kept):
    last = said(text).state.conversation.last
    assert last.words == kept
    assert said(f"{last.command} {kept}").state.conversation.last.words == kept


def shown(text):
    return "\n".join(render.text(reply) for reply in said(text).replies)


@pytest.mark.parametrize(
    ("words", "year"),
    [
        *(("95k FY26", "2025-26"), ("95k fy2026", "2025-26"), ("95k FY25-26", "2025-26")),
        *(("95k 25/26", "2025-26"), ("95k in 26/27", "2026-27"), ("95k FY '27", "2026-27")),
        *(
            ("95k last financial year", "last"),
            ("95k previous tax year", "last"),
            ("95k next FY", "next"),
        ),
        *(("95k 12/20", ""), ("95k", "")),
    ],
)
def test_a_year_is_read_however_it_is_written(words, year):
    assert read(words).year == year
    assert read(words).amount == 95_000


def test_the_sum_is_that_years_or_says_that_there_is_none():
    for words in ("FY26", "25/26", "last financial year"):
        assert "For 2025-26" in shown(f"takehome 95k plus super {words}")
    for words in ("FY25", "next financial year"):
        assert "I have no tax rates for 202" in shown(f"takehome 95k plus super {words}")
        assert "I have no tax rates for 202" in shown(f"offer 95k plus super {words} vs 800/day")


@pytest.mark.parametrize(
    ("words", "shown_as"),
    [
        ("110k plus super per week", "$1,621 a week in the hand"),
        ("110k plus super by the month", "$7,023 a month in the hand"),
        ("2000 a week plus super", "Taking $2,000 as a week's pay"),
    ],
)
def test_a_span_after_a_year_of_pay_is_shown_and_a_span_of_pay_is_made_a_year(words, shown_as):
    assert shown_as in shown(f"takehome {words}")


def test_a_share_of_full_time_is_counted():
    said = shown("takehome 95k plus super 0.6 FTE")
    assert "Taking 0.6 of $95,000: $57,000 a year." in said
    assert "Not counted" not in said


@pytest.mark.parametrize(
    "beside",
    [
        "80% FTE",
        "3 days a week",
        "four-day week",
        "part-time",
        "WHM visa",
        "casual loading",
    ],
)
def test_what_makes_another_sum_is_named_as_not_counted(beside):
    words = f"takehome 95k plus super {beside}"
    assert f"Not counted: {beside}." in shown(words)
    assert read(words).amount == read("takehome 95k plus super").amount == 95_000
    assert read(words).days is None


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        *(("95k plus 12% super", "plus_super"), ("95k + 12 per cent super", "plus_super")),
        *(
            ("95k including 12% super", "including_super"),
            ("95k incl 15% super", "including_super"),
        ),
    ],
)
def test_a_rate_of_super_says_which(words, basis):
    assert read(words).basis == basis
    answer = shown(f"takehome {words}")
    assert "Nobody said which" not in answer
    assert ("Not counted: super of 15% (the sum takes 12%)" in answer) == ("15" in words)
