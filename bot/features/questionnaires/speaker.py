"""What people say of themselves outside any question: facts, corrections, a result put right.

Facts go into the profile and are said back; with points asked for, they go into the test.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import answered
from bot.features.questionnaires import (
    changes,
    english_results,
    known,
    noting,
    others,
    own_total,
    partner_talk,
    points,
    rows,
    score_levels,
    totals,
    work_places,
)
from bot.features.questionnaires.hypotheses import hypotheses
from bot.features.questionnaires.kept_answers import erasures, place_of, recalls
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.rows import POINTS
from bot.features.questionnaires.statements import Statement, stated
from bot.features.questionnaires.turns import answers_so_far, known_answers, last_dialog, taken
from bot.features.questionnaires.value_points import next_value
from bot.understanding.acts import Utterance

_A_ROW: Final = re.compile(
    r" (?:the|an?|extra|another|those|any|these|get) (?:5|10|15|20|five|ten|fifteen|twenty)"
    r" (?:extra |bonus )?(?:points?|pts) "
)
"""'Do I get the 10 points': one row is asked about, no sum."""
_POINTS_SAID: Final = re.compile(r" (?:points|pts) ")
_SMALL: Final = 0.5
"""Facts that explain less of a message than this are noted beside its answer,
and are not the answer.
"""


def readings(request: Request, said: Utterance, found: Statement) -> Iterator[Interpretation]:
    """Everything of this kind that the message may be; with a question open, the facts are that
    question's business. `found`: what the message states of its speaker.
    """
    yield from rows.readings(request, said)
    yield from own_total.readings(request, said)
    yield from totals.readings(request, said)
    yield from score_levels.readings(request, said)
    yield from recalls(request, said)
    yield from erasures(request, said)
    yield from others.readings(request, said)
    yield from hypotheses(request, said)
    yield from next_value(request, said)
    if waiting(request) is None:
        yield from _english_again(request, said)
        yield from _corrections(request, said)
        yield from _facts(request, said, found)
        yield from _work_without_place(request, said, found)


def _english_again(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Speaking was 89', 'that was in February': the test that was told before,
    put right or dated.
    """
    before = {**known_answers(request), **answers_so_far(request, POINTS)}.get("english", "")
    new = english_results.told_again(request, before, said)
    if not new:
        return
    on_points = rows.on_points(request)
    yield Interpretation(
        name="a result put right",
        score=0.985,
        decide=lambda: (
            _take_points(request, said, new) if on_points else noting.alone(request, new)
        ),
        takes_facts=True,
    )


def _work_without_place(
    request: Request, said: Utterance, found: Statement
) -> Iterator[Interpretation]:
    """'Plus two years as an analyst since', where points are the topic:
    counted where words and facts say, else asked.
    """
    if said.asks or not rows.on_points(request):
        return
    have = answers_so_far(request, POINTS)
    placed = work_places.placed(request, said, _points_of(request, found.answers), have)
    if work_places.HERE in placed and work_places.HERE not in found.answers:
        yield Interpretation(
            name="work since a degree here",
            score=0.992,
            decide=lambda: _take_points(request, said, placed),
            takes_facts=True,
        )
        return
    years = work_places.unplaced(request, said, found.answers)
    if years:
        yield Interpretation(
            name="work somewhere",
            score=0.985,
            decide=lambda: work_places.which(request, years),
            takes_facts=True,
        )


def _facts(request: Request, said: Utterance, found: Statement) -> Iterator[Interpretation]:
    in_points = _points_of(request, found.answers)
    row = _row_asked(said, in_points)
    if row:
        yield Interpretation(
            name="a row of one's own",
            score=0.992,
            decide=lambda: _own_row(request, row, found.answers),
            takes_facts=True,
        )
        return
    is_of_a_row = bool(_A_ROW.search(said.line))
    speaks_of_points = (
        bool(_POINTS_SAID.search(said.line)) and len(found.answers) > 1 and not is_of_a_row
    )
    is_of_partner = set(found.answers) == {"partner"}
    is_one_value = len(found.answers) == 1 and (is_of_partner or not noting.speaks_of_self(said))
    wants_points = (
        (said.does("total") and not is_one_value)
        or speaks_of_points
        or _wants_a_sum(request, said, found)
    )
    if wants_points and (found.answers or found.ambiguities) and request.content.points.available:
        yield Interpretation(
            name="points from what is said",
            score=0.99,
            decide=lambda: partner_talk.with_rows(request, said, _points(request, said, found)),
            takes_facts=True,
        )
        return
    if in_points and _talks_of_points(request):
        yield Interpretation(
            name="an answer of the last result",
            score=0.99,
            covers=max(found.covers, _SMALL),
            decide=lambda: _take_points(request, said, in_points),
            takes_facts=True,
        )
        return
    if found.answers and found.covers >= _SMALL and not said.asks:
        yield Interpretation(
            name="facts",
            score=0.98 if len(found.answers) > 1 else 0.93,
            covers=found.covers,
            decide=lambda: noting.alone(request, found.answers),
            takes_facts=True,
        )


_ROW_ASKED: Final = re.compile(
    r" (?:points?|pts|pt|marks) (?:\w{1,8} ){0,3}?(?:for|from) (?:the |my ){0,2}(?P<row>age|english"
    r"|degree|education|partner|wife|husband) "
)
_ROWS: Final = {"degree": "education", "wife": "partner", "husband": "partner"}


def _row_asked(said: Utterance, answers: Mapping[str, str]) -> str:
    """The one row that is asked about beside its own answer: 'I am 43, how many points for age'."""
    hit = _ROW_ASKED.search(said.line) if noting.speaks_of_self(said) else None
    key = _ROWS.get(hit["row"], hit["row"]) if hit else ""
    return key if key in answers else ""


def _own_row(request: Request, key: str, answers: Mapping[str, str]) -> Turn:
    """What the speaker's own answer of a row brings, and all that was told with it noted."""
    words = request.text(
        "row_is",
        label=request.content.questions[key].label,
        answer=shown(request, key, answers[key]),
        points=points.brings(request, key, answers[key]),
    )
    band = points.next_band(request, answers) if key == "age" else ()
    beside = replace(request, command=POINTS, words="")
    turn = answered(
        beside,
        paragraph(words),
        *(paragraph(one) for one in band),
        cite=(request.content.points.source,),
        taps=(Tap(request.text("tap_points"), POINTS),),
        personal=True,
    )
    return noting.noted(request, turn, answers)


_AT_THE_END: Final = re.compile(
    r" (?:how much|how many|calculate|calc|total|points?|pts|score|ilan)"
    r"(?: (?:please|pls|plz|po|then|now|sir|mate|is it|is that|na)){0,2} $"
)
_CHECKS: Final = re.compile(
    r" (?:check|calculate|calc|count|work out|add up|know|see|get|tell me) (?:me )?my (?:own )?"
    r"(?:points?|pts|score|total) "
)
_STORY: Final = 3
"""Facts of the points table in one message that make it a story, to be summed."""


def _wants_a_sum(request: Request, said: Utterance, found: Statement) -> bool:
    """'32, ielts 7, bachelor, single. how much', 'check my points, age 32'."""
    facts = _points_of(request, found.answers)
    is_story = len(facts) >= _STORY and bool(_AT_THE_END.search(said.line))
    return is_story or (bool(facts) and bool(_CHECKS.search(said.line)))


def _points(request: Request, said: Utterance, found: Statement) -> Turn:
    asks = request.content.dialogs[POINTS].questions
    whole = stated(request.content, asks, said, request.today)
    rest = changes.rest(request, POINTS, said, whole.answers)
    profile = {key: answer for key, answer in found.answers.items() if key not in asks}
    person = request.state.person
    kept = known.remembered(request.content, person.profile, profile)
    request = replace(request, state=replace(request.state, person=replace(person, profile=kept)))
    beside = replace(request, command=POINTS, words="")
    return taken(
        beside,
        POINTS,
        answers_so_far(request, POINTS),
        {**rest, **whole.answers},
        whole.ambiguities,
        summed=True,
    )


def _points_of(request: Request, answers: Mapping[str, str]) -> dict[str, str]:
    asks = request.content.dialogs[POINTS].questions
    return {key: answer for key, answer in answers.items() if key in asks}


def _talks_of_points(request: Request) -> bool:
    """The points result stands in the chat."""
    last = request.state.conversation.last
    has_result = bool(request.state.person.results.get(POINTS))
    return has_result and last is not None and last.command in (POINTS, "what-if", "profile")


def _take_points(request: Request, said: Utterance, answers: Mapping[str, str]) -> Turn:
    rest = changes.rest(request, POINTS, said, answers)
    beside = replace(request, command=POINTS, words="")
    return taken(beside, POINTS, answers_so_far(request, POINTS), {**rest, **answers})


def _corrections(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Another answer to something that was answered before, in the last result or the profile."""
    if not said.does("correct") or said.asks:
        return
    last = request.state.conversation.last
    on_topic = last is not None and last.command in (POINTS, "what-if", "profile", "audit")
    finished = last_dialog(request)
    for dialog in dict.fromkeys((finished, "profile")):
        if not dialog or (dialog != "profile" and not on_topic):
            continue
        new = changes.corrections(request, dialog, said, last_too=on_topic)
        if new:
            beside = replace(request, command=dialog, words="")
            yield Interpretation(
                name="a correction",
                score=0.98,
                covers=1.0 if on_topic else 0.6,
                decide=lambda beside=beside, dialog=dialog, new=new: _correct(beside, dialog, new),  # type: ignore[misc]
                takes_facts=True,
            )
            return


def _correct(request: Request, dialog: str, new: Mapping[str, str]) -> Turn:
    if dialog == "profile":
        return noting.alone(request, new)
    return taken(request, dialog, answers_so_far(request, dialog), new)


def maybe(request: Request, said: Utterance) -> Turn | None:
    """A doubted fact about the speaker: what is known stays.

    None where nothing of the kind was said.
    """
    sure = tuple(replace(one, mood="stated") for one in said.clauses)
    found = noting.facts_in(request, replace(said, clauses=sure)).answers
    key = next(iter(found), "") or place_of(request, said)
    if not key:
        return None
    have = known_answers(request)
    if key not in have:
        return request.answer(paragraph(request.text("maybe_unknown")), remember=False)
    label = request.content.questions[key].label
    words = request.text("maybe_left", label=label, answer=shown(request, key, have[key]))
    return request.answer(paragraph(words), personal=True, remember=False)
