"""'Only 0.5 short', '10 points gone for one band': somebody just missed a level of English.

They get one warm line, the level that stands, and what the next one asks; nothing is advised.
"""

import re
from typing import Final

from bot.core.reply import paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.slots.english_scores import SKILLS
from bot.features.figures import answered
from bot.features.questionnaires import score_levels
from bot.features.questionnaires.english_results import Result
from bot.understanding.acts import Utterance
from content.english import Scores

_LITTLE: Final = (
    r"(?:(?:a|one|just|only|like|about|by) ){0,3}(?:0?\.5|half(?: a)?|[1-9]|one|two|three|a few)"
)
_SIGH: Final = re.compile(
    rf"\b(?:only|just|by|for|of|missed|because)\W{{1,3}}{_LITTLE}\b[^.?!]{{0,25}}?\b(?:short|off"
    r"|away|under|below|less|bands?|points?|marks?|speaking|writing|reading|listening)\b"
    rf"|\b{_LITTLE}(?: bands?| points?| marks?)? (?:short|off|away|too low|under|less)\b"
    rf"|\bgone (?:for|because of|by) {_LITTLE}\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r" (?:how|what|which|where|who|can|could|should|if|fee|cost|super|salary|pay|day|days|week"
    r"|weeks|months?|years?|yrs?|hours?) "
)
_OF_TESTS: Final = re.compile(
    r" (?:bands?|marks?|speaking|writing|reading|listening|ielts|pte|toefl|score|short|0 5|half) "
)
_LONGEST: Final = 12


def is_sigh(request: Request, said: Utterance) -> bool:
    """Whether the text sighs over a little that was missed in a test which was told of."""
    is_short = len(said.line.split()) <= _LONGEST
    if not is_short or _SIGH.search(said.text) is None or _ASKS.search(said.line):
        return False
    return bool(_OF_TESTS.search(said.line)) and score_levels.talked_of(request) is not None


def told(request: Request) -> Turn:
    """The warm line, the level of the result that was told, and the next level's scores."""
    result = score_levels.talked_of(request)
    if result is None:
        raise ValueError("no result was told")
    return answered(
        request,
        paragraph(request.text("near_miss")),
        *score_levels.standing(request, result),
        cite=(request.content.english.source, request.content.points.source),
        personal=True,
    )


def band_told(request: Request, band: float) -> Turn:
    """The level of IELTS whose lowest band this is, and what the next one asks."""
    test = request.content.english.tests[_WITH_BANDS]
    result = Result(test=test.name, scores=(band,))
    others = score_levels.standing(request, result)[1:]
    level = test.level(Scores(**dict.fromkeys(SKILLS, band)))
    words = request.text("one_skill", band=f"{band:g}", **score_levels.named(request, level))
    return answered(
        request,
        paragraph(words),
        *others,
        cite=(request.content.english.source, request.content.points.source),
    )


_WITH_BANDS: Final = "ielts"
