"""Years of other work beside none of ML: the bands go by years, and the lowest stands first.

'zero ML but 6 yrs testing, what could i get': six years of testing are not read as six of ML.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import topics
from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.turn import Turn
from bot.features import figures
from bot.features.pay import pay_answers, pay_parts
from bot.features.work import occupations
from bot.understanding.acts import plain

_NONE: Final = re.compile(
    r" (?:zero|no|0|none|without|not any|never|nothing|nil|havent|dont have|not) "
    r"(?:\w{1,12} ){0,4}(?:ml|machine learning|ai|data science) "
)
_YEARS: Final = re.compile(
    r" (?P<years>\d{1,2}) ?(?:\+ )?(?:years?|yrs?|yoe)(?! (?:old|ago|of ml|in ml|ml))"
)
_OF_PAY: Final = re.compile(
    r" (?:pay|paid|pays|salary|earn|earns|money|make|worth|band|bands|expect|get|gets|level"
    r"|offered|much|range) "
)


_MOST_YEARS: Final = 50


def readings(heard: Heard) -> Iterator[Interpretation]:
    """Years of other work, no ML, and pay asked for or talked about."""
    line = plain(heard.text)
    hit = _YEARS.search(line)
    if hit is None or int(hit["years"]) > _MOST_YEARS or not _NONE.search(line):
        return
    if not (_OF_PAY.search(line) or _is_on_pay(heard)):
        return
    yield Interpretation(
        name="years of other work",
        score=0.992,
        decide=lambda: _lowest_first(heard, int(hit["years"])),
    )


def _is_on_pay(heard: Heard) -> bool:
    recent = topics.recent(heard.state.conversation, heard.event.at)[:1]
    return any(one.command in ("salary", "takehome", "offer") for one in recent)


def _lowest_first(heard: Heard, years: int) -> Turn:
    request = heard.request("salary", heard.text)
    occupation = occupations.default(heard.content)
    lowest = next(iter(occupation.bands))
    bands = tuple(pay_parts.reached(occupation, years, years).values())
    turn = heard.run(Line("salary", lowest), None)
    first, band = turn.replies[0].blocks[0], bands[-1]
    why = pay_answers.line(
        request,
        "experience_elsewhere",
        years=years,
        level=band.short.lower(),
        band=figures.amount(band.pay),
    )
    return pay_answers.instead(turn, first, why)
