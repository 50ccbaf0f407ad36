"""'So my total?', 'points now', 'is that enough for the 189': what everything told so far comes to,
row by row, with what is not known yet and the next question.

A total is arithmetic. Whether it is enough nobody here says: what past rounds took stands beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Block, Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import figure
from bot.features.questionnaires import engine, points
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.statements import stated
from bot.features.questionnaires.turns import Step, answers_so_far, known_answers, put
from bot.understanding.acts import Clause, Utterance

POINTS: Final = "points"
FEWEST_ROWS: Final = 2
"""A sum of fewer answers is none yet."""
_OF_POINTS: Final = re.compile(r" (?:points?|pts|pt|total|totals|score|sum|ilan|tally|marks) ")
_OF_OTHERS: Final = re.compile(
    r" (?:pay|salary|super|cost|costs|fee|fees|charge|hours|weeks|units?|plan|audit|tax|money"
    r"|days|needed|need|minimum|least|lowest|highest|maximum|max|lowest invited|for (?:age|english|py"
    r"|naati|work|a|an|the(?! (?:189|190|491))|my|being|having|not|no|partner|wife|husband|single)) "
)
_ENOUGH: Final = re.compile(
    r" (?:enough|invite|invited|invitation|sure|safe|ok|okay|good|chance|chances|qualify) "
)
_ENOUGH_ASKED: Final = re.compile(
    r"\A (?:(?:so|and|is|it|that|my|then|this|wow|ok|na|now|points?) ){0,5}(?:enough|sure|safe|ok"
    r"|okay|good)(?: (?:for|to|a|an|get|na|then|the|me|be)){0,4} (?:189|190|491|invite|invited"
    r"|invitation)(?: (?:now|then|visa|or not|na|po)){0,2} \Z"
)
_LONGEST: Final = 14


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """The total of what is known, where the text asks for it and tells nothing new."""
    if not _asks_total(request, said):
        return
    yield Interpretation(
        name="the total so far",
        score=0.978,
        decide=lambda: total(request, said),
        on_dialog=True,
        takes_facts=True,
    )


def _asks_total(request: Request, said: Utterance) -> bool:
    line = said.line
    is_short = len(line.split()) <= _LONGEST
    is_asked = (said.does("total") and _OF_POINTS.search(line)) or _ENOUGH_ASKED.search(line)
    if not (is_short and is_asked and request.content.points.available):
        return False
    if _OF_OTHERS.search(line) or any(map(_is_other, said.clauses)):
        return False
    open_one = waiting(request)
    if open_one is not None and (open_one.dialog != POINTS or not _ENOUGH.search(line)):
        return False  # an open test tells its own sum
    asks = request.content.dialogs[POINTS].questions
    if stated(request.content, asks, said, request.today).answers:
        return False
    return len(_have(request)) >= FEWEST_ROWS


def _is_other(clause: Clause) -> bool:
    return clause.holder != "self" or clause.mood == "hypothetical"


def _have(request: Request) -> dict[str, str]:
    return {**known_answers(request), **answers_so_far(request, POINTS)}


def total(request: Request, said: Utterance) -> Turn:
    """The sum with its rows, what rounds took where it is asked whether it is enough, and the next
    question where one is open.
    """
    dialog = request.content.dialogs[POINTS]
    have = engine.still_valid(request.content, dialog, _have(request), request.today)
    beside = replace(request, command=POINTS, words="")
    blocked = points.closed(request, {"english": "competent", **have}) if "age" in have else ()
    blocks: tuple[Block, ...] = blocked or points.summed(request, have)
    if _ENOUGH.search(said.line):
        blocks = (*blocks, paragraph(figure(request.content.migration.rounds.summary[0])))
    following = engine.first_open(dialog, have)
    if following and not blocked:
        return put(beside, Step(POINTS, have, following), *blocks, in_short=True)
    taps = Choices((Tap(request.text("tap_points_result"), "points result"),))
    return beside.answer(*blocks, taps, personal=True)
