"""Months on a 482 added up beside what the way to the 186 counts.

The sum is arithmetic; whether a time counts is not said here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.core.reply import Block, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.calendar_names import MONTH, MONTHS
from bot.extraction.numbers import with_digits
from bot.features.figures import MONTHS as MONTHS_SHORT
from bot.features.figures import answered
from content.content import Content
from content.entry import Fact, Range

MARK: Final = "sponsor months"
"""Before the months of a command line: 'visa 186 sponsor months 14 8'."""
_MARKED: Final = re.compile(rf"\b{MARK}(?P<months>(?: \d{{1,3}}){{1,6}})\s*$")
MONTHS_A_YEAR: Final = 12
MOST_MONTHS: Final = 240
_TIME: Final = re.compile(
    r"(?<![\d.])(?P<number>\d{1,2}(?:\.\d)?)(?P<half> and a half)? ?(?P<unit>years?|yrs?"
    r"|months?|mths?|mos?)\b(?P<half_after> and a half)?"
    r"(?:,? (?:and )?(?P<more>\d{1,2}) ?(?:months?|mths?|mos?)\b)?"
)
_SINCE: Final = re.compile(
    rf"\bsince (?:early |late |mid )?(?P<month>{MONTH}) (?P<year>20[12]\d)\b"
)
_OF_THE_RULE: Final = re.compile(
    r"\b(?:need|needs|require[sd]?|rule|must|in the last|of the last|within|another|left"
    r"|to go|more)\b[^,;.]{0,12}$"
)


def of(words: str) -> tuple[int, ...]:
    """The months that a command line holds; empty for any other line."""
    hit = _MARKED.search(words)
    if not hit:
        return ()
    return tuple(map(int, hit["months"].split()))


def told(text: str, today: date) -> tuple[int, ...]:
    """Every length of time that a text tells, in months: '14 months', 'a year and a half',
    'since March 2025'.
    """
    line = with_digits(re.sub(r"\ba (?=year|month)", "1 ", text.lower()))
    lengths = [
        _months(hit) for hit in _TIME.finditer(line) if not _OF_THE_RULE.search(line[: hit.start()])
    ]
    for hit in _SINCE.finditer(line):
        begun = int(hit["year"]) * MONTHS_A_YEAR + MONTHS[hit["month"]]
        lengths.append(today.year * MONTHS_A_YEAR + today.month - begun)
    return tuple(one for one in lengths if 0 < one <= MOST_MONTHS)


def _months(hit: re.Match[str]) -> int:
    number = float(hit["number"]) + (0.5 if hit["half"] or hit["half_after"] else 0)
    is_years = hit["unit"].startswith("y")
    return round(number * MONTHS_A_YEAR if is_years else number) + int(hit["more"] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From one visa to another after some time: the step's fact, and the two numbers."""

    start: str
    goal: str
    rule: Fact


def way(content: Content) -> Way | None:
    """The way that our visas know by a step which names another visa and how long it takes."""
    for number, entry in content.visas.items():
        for step in entry.steps:
            goal = next((one for one in content.visas if one in step.title and one != number), "")
            rule = next((one for one in step.takes if isinstance(one, Fact)), None)
            if goal and rule is not None and rule.unit == "years":
                return Way(start=number, goal=goal, rule=rule)
    return None


def counted(request: Request, months: tuple[int, ...]) -> Turn | None:
    """These months, their sum, and how far that is from what the step takes; what else decides, in
    the sources' words. None without such a step.
    """
    known = way(request.content)
    if known is None:
        return None
    lately = tuple(
        one for one in request.content.visas[known.goal].lately[:1] if isinstance(one, Fact)
    )
    return answered(
        request,
        *_blocks(request, months, known),
        *(paragraph(str(fact.value)) for fact in lately),
        paragraph(request.text("sponsor_time_decides")),
        cite=(known.rule, *lately),
        taps=(Tap(request.text("tap_steps_of", subclass=known.goal), f"visa steps {known.goal}"),),
        personal=True,
    )


def _least(rule: Fact) -> int:
    """The years that the step takes, in months."""
    if not isinstance(rule.value, Range) or rule.value.low is None:
        raise TypeError("such a step takes a number of years")
    return round(float(rule.value.low) * MONTHS_A_YEAR)


def _blocks(request: Request, months: tuple[int, ...], known: Way) -> Iterator[Block]:
    total, least = sum(months), _least(known.rule)
    if len(months) > 1:
        lead = f"{' + '.join(map(str, months))} = {total}"
    else:
        lead = str(total)
    values = {"sum": lead, "least": least, "goal": known.goal, "measures": known.rule.measures}
    if total < least:
        left = least - total
        then = request.today.year * MONTHS_A_YEAR + request.today.month - 1 + left
        until = f"{MONTHS_SHORT[then % MONTHS_A_YEAR]} {then // MONTHS_A_YEAR}"
        yield Paragraph(request.spans("sponsor_time_short", left=left, until=until, **values))
    else:
        yield Paragraph(request.spans("sponsor_time_reached", **values))
    if len(months) > 1:
        yield paragraph(request.text("sponsor_time_several"))
