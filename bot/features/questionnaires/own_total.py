"""'So 85 I make it', 'is it 90?': a total that somebody counted, beside ours.

Where the two differ, what may explain it is named.

Ours is arithmetic on what was told. Whether a total is enough is nobody's to say here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Block, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import answered
from bot.features.questionnaires import engine, points
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.rows import FEWEST_ROWS, POINTS, on_points
from bot.features.questionnaires.turns import answers_so_far
from bot.understanding.acts import Utterance, plain

_TOTAL: Final = (
    r"(?<![\d.$])(?:4[5-9]|[5-9]\d|1[0-4]\d)(?![\d.,%])"
    r"(?! ?(?:k|years?|yrs?|days?|hours?|months?|in|each|across|or|and|to|for (?:listening"
    r"|reading|writing|speaking))\b)"
)
_STRONG: Final = (
    r"i make (?:it|that|this)|(?:i|id) (?:get|got|count|counted|reckon|reckoned|come to"
    r"|end up (?:with|on|at)|land on|calculated?|worked out|figure)"
    r"|my (?:count|sum|total|score|own (?:count|sum|total)|maths?|tally|calc\w*|number)(?: is"
    r"| was| says| came to| comes to)?|adds? up to|comes? to"
    r"|makes? (?:it|that|me)|shouldnt it be|gives? me|puts me (?:on|at)|sitting (?:on|at)"
    r"|am i (?:on|at)|total(?: of| is)?"
)
_WEAK: Final = (
    r"is (?:it|that|this)|isnt (?:it|that)|so thats|thats|so|should be|must be|right|yeah|correct"
    r"|then"
)
_GAP: Final = r"(?:\w{1,12} ){0,3}?"
_COUNTED: Final = re.compile(
    rf" (?:{_STRONG}) {_GAP}(?P<total>{_TOTAL})"
    rf"| (?P<first>{_TOTAL})(?: \w{{1,10}}){{0,3}}? (?:{_STRONG}|points?|pts|all up|in all"
    r"|altogether) "
)
_ASKED: Final = re.compile(
    rf" (?:{_WEAK}) {_GAP}(?P<total>{_TOTAL})"
    rf"| (?P<first>{_TOTAL})(?: \w{{1,10}}){{0,2}}? (?:{_WEAK}) "
)
"""Words that name a total only where nothing waits that such a number would answer."""
_OF_OTHERS: Final = re.compile(
    r" (?:cut ?off|minimum|least|pass ?mark|needed|need|invited|round|rounds|lowest|enough) "
)
_LONGEST: Final = 30
_NUMBERED: Final = frozenset(["age", "english", "overseas_years", "australian_years"])
_IMAGINED: Final = frozenset(["hypothetical"])


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """The total that this text counts, where a sum of points is the topic."""
    total = claim(request, said)
    if total:
        yield Interpretation(
            name="a total beside ours",
            score=0.985,
            decide=lambda: comparison(request, said, total),
            takes_facts=True,
        )


def claim(request: Request, said: Utterance) -> int:
    """The total that the speaker counted for themselves; 0 where the text holds none,
    or there is no sum to set it beside.
    """
    line = plain(said.text)
    if len(line.split()) > _LONGEST or not request.content.points.available:
        return 0
    if any(one.holder != "self" or one.mood in _IMAGINED for one in said.clauses):
        return 0
    if said.does("correct") and not said.asks and " i make " not in line:
        return 0
    open_one = waiting(request)
    is_open = open_one is not None and open_one.question in _NUMBERED
    hit = _COUNTED.search(line) or (None if is_open else _ASKED.search(line))
    if hit is None or (_OF_OTHERS.search(line) and " i make " not in line):
        return 0
    if not on_points(request) or len(_have(request)) < FEWEST_ROWS:
        return 0
    return int(hit["total"] or hit["first"])


def _have(request: Request) -> dict[str, str]:
    return answers_so_far(request, POINTS)


def comparison(request: Request, said: Utterance, total: int) -> Turn:
    """Ours beside theirs, row by row."""
    beside = replace(request, command=POINTS, words="result")
    return answered(
        beside,
        *lines(request, said, total),
        cite=(request.content.points.source, request.content.points.nomination_source),
        taps=() if _open(request) else (Tap(request.text("tap_points_result"), "points result"),),
        personal=True,
    )


def lines(request: Request, said: Utterance, total: int) -> tuple[Block, ...]:
    """Whether it is the same, the rows of ours, and what is not answered yet."""
    have = _have(request)
    blocked = points.closed(request, {"english": "competent", **have})
    if blocked:
        return blocked
    score = points.reckon(request.content, {"english": "competent", **have}, request.today).score
    visa = _visa(request, said)
    ours = score.totals[visa]
    words = {
        "visa": visa,
        "ours": ours,
        "theirs": total,
        "rows": points.rows_in_short(request, have),
    }
    if ours == total:
        lead = "total_same"
    else:
        lead = "total_differs"
    gap = request.text("total_more" if total > ours else "total_fewer", points=abs(total - ours))
    blocks: list[Block] = [Paragraph(request.spans(lead, **words, gap=gap))]
    blocks += [paragraph(one) for one in _explanations(request, score.totals, visa, total)]
    return tuple(blocks)


def _visa(request: Request, said: Utterance) -> str:
    """The visa that the text names, else the one without a nomination."""
    nomination = request.content.points.nomination
    named = [visa for visa in nomination if f" {visa} " in plain(said.text)]
    if len(named) == 1:
        return named[0]
    return min(nomination, key=nomination.__getitem__)


def _explanations(
    request: Request, totals: Mapping[str, int], visa: str, total: int
) -> Iterator[str]:
    """What would make up the difference: another visa's nomination,
    or a row that is not answered yet.
    """
    others = [other for other in totals if other != visa and totals[other] == total]
    if others and totals[visa] != total:
        yield request.text("total_of_visa", total=total, visa=others[0])
    open_rows = _open(request)
    if open_rows:
        labels = [request.content.questions[key].label for key in open_rows]
        yield request.text("total_open", open=", ".join(labels))


def _open(request: Request) -> list[str]:
    dialog = request.content.dialogs[POINTS]
    have = _have(request)
    return [key for key in engine.path(dialog, have) if key not in have]


def sum_first(request: Request, said: Utterance, turn: Turn) -> Turn:
    """The turn, with our sum before it where the text counted one: a decision is declined,
    a sum is not.
    """
    asked = replace(request, command=POINTS, words="result")
    total = claim(asked, said)
    if not total or not turn.replies:
        return turn
    first, *others = turn.replies
    blocks = (*lines(asked, said, total), *first.blocks)
    return replace(turn, replies=(replace(first, blocks=blocks, personal=True), *others))
