"""What one value of the points table brings, for the speaker or for anybody: 'points for age 36',
and the next value of the same row after it.

Nothing of it is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Paragraph, Tap, paragraph
from bot.core.request import Request, marked
from bot.core.turn import Turn
from bot.extraction import slots
from bot.features.figures import answered
from bot.features.questionnaires import points, rows
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.rows import POINTS
from bot.features.questionnaires.statements import PARTNER
from bot.features.questionnaires.turns import answers_so_far, known_answers
from bot.understanding.acts import Utterance


def worth(request: Request, values: Mapping[str, str], *, own: bool) -> Turn:
    """What each of these answers brings by the table; for the speaker beside what is known."""
    have = {**known_answers(request), **answers_so_far(request, POINTS)}
    lines = []
    for key, _ in points.FACTORS:
        if key not in values:
            continue
        label = request.content.questions[key].label
        now = points.brings(request, key, values[key])
        before = ""
        if own and key in have and have[key] != values[key]:
            before = request.text(
                "worth_now",
                answer=shown(request, key, have[key]),
                points=points.brings(request, key, have[key]),
            )
        answer = shown(request, key, values[key])
        lines.append(
            request.text("worth_line", label=label, answer=answer, points=now, before=before)
        )
    lines += _totals_with(request, values) if own or PARTNER in values else []
    if own and "age" in values:
        lines += points.next_band(request, values)[:1]
    kept = request.text("worth_not_kept" if own else "worth_others_not_kept")
    blocks = (*(Paragraph(marked(line, {})) for line in lines), paragraph(kept))
    one = next(iter(values)) if len(values) == 1 else ""
    words = f"{WORTH} {one} {values[one]}" if one else ""
    beside = replace(request, command=POINTS, words=words)
    return answered(
        beside,
        *blocks,
        cite=(request.content.points.source,),
        taps=(Tap(request.text("tap_points"), POINTS),),
        personal=own,
    )


WORTH: Final = rows.PRICE.strip()
_WORK: Final = {"overseas_years": "australian_years", "australian_years": "overseas_years"}
_MORE_OF_IT: Final = re.compile(
    r"^ (?:(?:and|or|so|ok|what|how|about|if|for|with|then|its|is|it|just"
    r"|say) ){0,5}(?P<number>\d{1,2}(?: and a half)?)(?: plus| or more)?(?: (?:years?|yrs?"
    r"|y))?(?: (?:then|instead|exp|points?)){0,2} $"
)
_SAME_THERE: Final = re.compile(
    r"^ (?:(?:and|or|so|ok|what|how|about|if|same|is|it|for|in|the|work|that|they|it's|years?"
    r"|yrs?) ){0,6}(?P<where>here|australia|aus|oz|sydney|melbourne|onshore|locally?"
    r"|australian|overseas|abroad|outside|offshore|overseas ones?) $"
)
_HERE_WORDS: Final = frozenset(
    "here australia aus oz sydney melbourne onshore local locally australian".split()
)


def next_value(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'And 8+', 'same for australia?' after what one value brings: the next value of the same row,
    or the other side of the border.
    """
    last = request.state.conversation.last
    if last is not None and last.command == POINTS:
        before = last.words.split(" ")
    else:
        before = []
    if waiting(request) or len(before) < _WORDS_OF_WORTH or before[0] != WORTH:
        return
    key, value = before[1], " ".join(before[2:])
    number, there = _MORE_OF_IT.match(said.line), _SAME_THERE.match(said.line)
    both = _NUMBER_THERE.match(said.line) if key in _WORK else None
    if both:
        key, number, there = _side(both["where"]), both, None
    values: dict[str, str] = {}
    if number:
        found = slots.read(request.content, key, number["number"], request.today)
        values = {key: found} if isinstance(found, str) else {}
    elif there and key in _WORK:
        values = {_side(there["where"]): value}
    if values:
        yield Interpretation(
            name="what another value brings",
            score=0.991,
            decide=lambda: worth(request, values, own=False),
            takes_facts=True,
        )


_NUMBER_THERE: Final = re.compile(
    r"^ (?:(?:and|or|so|ok|what|how|about|if|plus"
    r"|for) ){0,4}(?P<number>\d{1,2}(?: and a half)?)(?: plus)?(?: (?:years?|yrs?"
    r"|y))?(?: in)? (?P<where>here|australia|aus|oz|sydney|melbourne|onshore|local|overseas"
    r"|abroad|outside|offshore)(?: then)? $"
)


def _side(where: str) -> str:
    """The row of work on that side of the border."""
    return "australian_years" if where in _HERE_WORDS else "overseas_years"


_WORDS_OF_WORTH: Final = 3


def _totals_with(request: Request, values: Mapping[str, str]) -> list[str]:
    """The totals with these answers, where a sum is begun or done."""
    have = answers_so_far(request, POINTS)
    if not rows.on_points(request) or len(have) < rows.FEWEST_ROWS:
        return []
    base = {"english": "competent"}
    now = points.reckon(request.content, {**base, **have}, request.today).score
    then = points.reckon(request.content, {**base, **have, **values}, request.today).score
    totals = " · ".join(f"{visa}: {total}" for visa, total in then.totals.items())
    before = " · ".join(f"{visa}: {total}" for visa, total in now.totals.items())
    return [request.text("worth_totals", totals=totals, before=before)]
