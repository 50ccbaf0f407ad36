"""What one phone screen holds: a page loses nothing when it is cut,
and no command's page is longer.
"""

import pytest

from adapters.slack.block_kit import pieces
from bot.core.reply import Bullets, Choices, Paragraph, Tap, paragraph, plain, spans
from bot.features.screen import CHARACTERS, LINES, fit, lines_of, text_of

PAGES = (
    *("salary", "salary senior", "salary 145k", "takehome 150k", "offer 165k vs 1000/day"),
    *("visa", "visa 482", "visa 186", "visa 189", "visa 190", "visa 491", "visa steps 190"),
    *("visa rounds", "visa english", "visa assessment", "visa reform", "code", "code 262114"),
    *("role", "ai", "skills", "education", "fit", "outlook", "help", "limits", "privacy"),
)


def bullets(*items: str) -> Bullets:
    return Bullets(tuple(map(spans, items)))


@pytest.mark.parametrize("line", PAGES)
def test_a_page_is_at_most_one_screen(talk, line):
    blocks = [block for block in talk(line).reply.blocks if not isinstance(block, Choices)]
    assert sum(len(text_of(block)) for block in blocks) <= 900
    assert sum(map(lines_of, blocks)) <= 25


def test_what_does_not_fit_is_left_over_in_its_order():
    blocks = (paragraph("First."), bullets(*(f"Item {number} " * 8 for number in range(20))))
    kept, left = fit(blocks)
    told = [
        plain(item)
        for block in (*kept, *left)
        if isinstance(block, Bullets)
        for item in block.items
    ]
    assert told == [f"Item {number} " * 8 for number in range(20)]
    assert sum(map(lines_of, kept)) <= LINES
    assert sum(len(text_of(block)) for block in kept) <= CHARACTERS


def test_a_line_that_introduces_a_list_goes_along_with_it():
    long = paragraph("word " * 130)
    _, left = fit((long, paragraph("These:"), bullets("word " * 30)))
    assert isinstance(left[0], Paragraph)
    assert plain(left[0].spans) == "These:"


def test_only_the_main_tap_stands_out_on_slack():
    (piece,) = pieces(Choices((Tap("One", "help", main=True), Tap("Two", "visa"))), flat=False)
    styles = [button.get("style") for button in piece.kit[0]["elements"]]
    assert styles == ["primary", None]
