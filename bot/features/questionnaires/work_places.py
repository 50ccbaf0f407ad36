"""Years of work that name no country: 'plus two years as an analyst since', '4 yrs as a dev'.

Where they were decides what they bring.

Words and what is known may say it; otherwise it is asked, with both answers to tap.
"""

import re
from collections.abc import Mapping
from typing import Final

from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import slots
from bot.extraction.slots.lines import spelled
from bot.extraction.slots.work_years import has_study_alone
from bot.features.questionnaires import points
from bot.features.questionnaires.turns import answers_so_far
from bot.understanding.acts import Utterance

OVERSEAS: Final = "overseas_years"
HERE: Final = "australian_years"
_YEARS: Final = re.compile(r"(?<![\d.])\d+(?:\.\d+)?\+? ?(?:years?|yrs?|months?|mths?|mos?)\b")
_WORKED: Final = re.compile(
    r"\b(?:as (?:an? )?\w+|work\w*|full[ -]?time|experience|exp|jobs?|employed|dev\w*"
    r"|engineer\w*|analyst|scientist|programmer|consultant|postdoc|research (?:assistant"
    r"|fellow)|role)\b"
)
_SINCE: Final = re.compile(
    r"\b(?:since(?! \d)|afterwards|after (?:that|graduat\w+|finishing|my|the)|from then on"
    r"|ever since|on my (?:485|482|grad\w*))\b"
)


def years_in(said: Utterance) -> str:
    """The clause of the speaker that tells years of work; '' where there is none,
    or it tells several.
    """
    mine = [spelled(one.text) for one in said.clauses if one.is_mine]
    told = [one for one in mine if len(_YEARS.findall(one)) == 1 and _is_work(one)]
    if len(told) != 1:
        return ""
    return told[0]


def _is_work(clause: str) -> bool:
    return bool(_WORKED.search(clause)) and not has_study_alone(clause) and " old" not in clause


def placed(
    request: Request, said: Utterance, answers: Mapping[str, str], have: Mapping[str, str]
) -> dict[str, str]:
    """The answers, with years 'since' a degree in Australia counted
    there and not as whatever was asked.
    """
    clause = years_in(said)
    known = {**have, **answers}
    studied_here = known.get("australian_study") == "yes"
    is_here = bool(clause) and bool(_SINCE.search(said.line)) and studied_here
    if not is_here or HERE in answers or _names_place(request, clause):
        return dict(answers)
    years = _years(request, clause)
    kept = {key: one for key, one in answers.items() if not (key == OVERSEAS and one == years)}
    if years:
        return {**kept, HERE: years}
    return dict(answers)


def unplaced(request: Request, said: Utterance, answers: Mapping[str, str]) -> str:
    """The years of work that went nowhere, as an answer; '' where there are none."""
    clause = years_in(said)
    if not clause or OVERSEAS in answers or HERE in answers:
        return ""
    return _years(request, clause)


def _names_place(request: Request, clause: str) -> bool:
    found = slots.fill_slots(request.content, (OVERSEAS,), "", clause, request.today)
    return bool(found.answers)


def _years(request: Request, clause: str) -> str:
    hit = _YEARS.search(clause)
    found = None
    if hit:
        found = slots.read(request.content, HERE, hit[0], request.today)
    if isinstance(found, str):
        return found
    return ""


def which(request: Request, years: str) -> Turn:
    """Asks where these years were; each answer says what they bring there."""
    have = answers_so_far(request, "points")
    taps = []
    for key, label in ((HERE, "tap_worked_here"), (OVERSEAS, "tap_worked_overseas")):
        base = {"english": "competent", **have}
        bare = points.reckon(request.content, {**base, key: "0"}, request.today).score
        whole = points.reckon(request.content, {**base, key: years}, request.today).score
        gain = whole.breakdown.before_nomination - bare.breakdown.before_nomination
        action = f"change {key.replace('_', ' ')} to {years}"
        taps.append(Tap(request.text(label, points=gain), action))
    words = request.text("worked_where", years=years)
    return request.answer(paragraph(words), Choices(tuple(taps)), personal=True, remember=False)
