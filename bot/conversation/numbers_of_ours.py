"""Numbers that name something of ours and are no amount of money: a code, 'and 261313?' after a pay,
or a visa that the rest of the text asks about, 'the English, same for 482?'.

Readers of money leave such a text alone; with a dollar sign or a k the number is a pay again.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation.heard import Heard, Interpreter
from bot.conversation.stated_figures import figures_in
from bot.core.interpretation import Interpretation
from content.subject import tokens

_CODE: Final = re.compile(
    r"(?<![\d,.$])\b[1-3]\d{5}\b(?![\d,]|\.\d|\s?(?:k\b|dollars|a year|plus|incl))"
)
_MONEY: Final = re.compile(
    r"\$|\d\s?k\b|\b(?:pays?|paid|salary|package|super|net|tax|rate|offer\w*|a year|per year|days?)\b",
    re.IGNORECASE,
)
_MINE: Final = re.compile(
    r"\b(?:i (?:get|make|earn|am on|have)|im on|i'm on|my (?:pay|salary|base|job|package|offer)|me|we|offer\w*|pays?|paid|earn\w*|after tax|in hand)\b",
    re.IGNORECASE,
)
ROUND: Final = 100
"""A pay is said in whole hundreds."""
NEAR: Final = 0.3
MOST: Final = 3
SURE: Final = 0.95
"""So near a fact about the visa has to be."""


def are_named(heard: Heard) -> bool:
    """Whether the numbers of the text are a code's, or a visa's that it surely asks about."""
    said = heard.content.mentions(tokens(heard.text))
    if _CODE.search(heard.text) and any(one.kind == "code" for one in said):
        return True
    if _is_told_exactly(heard):
        return True
    if heard.reading is None or not heard.reading.answers or _MONEY.search(heard.text):
        return False
    visas = frozenset(one for one in said if one.kind == "visa")
    best = heard.reading.answers[0]
    return best.score >= SURE and bool(heard.content.answer_units[best.key].about & visas)


def _is_told_exactly(heard: Heard) -> bool:
    """Whether the one figure of the text stands in an answer near it, to the dollar: '79,499' is
    somebody's threshold, '80k' somebody's pay.
    """
    if _MINE.search(heard.text) or heard.reading is None:
        return False
    figures = figures_in(heard.text)
    exact = [one for one in figures.large if one % ROUND]
    return bool(exact) and any(
        match.score >= NEAR and figures.are_in(heard.content, match.key)
        for match in heard.reading.answers[:MOST]
    )


def unless_named(reader: Interpreter) -> Interpreter:
    """The reader of money for a text in which no number names something of ours."""

    def readings(heard: Heard) -> Iterator[Interpretation]:
        if not are_named(heard):
            yield from reader(heard)

    return readings
