"""`what if …`: one thing in the last result changed, beside the result as it is.

Nothing is kept unless a tap says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.core.command_line import tidy
from bot.core.reply import Block, Choices, Paragraph, Table, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import pay as pay_said
from bot.extraction import slots
from bot.extraction.visas import covered_visas
from bot.features.figures import answered, day
from bot.features.pay import net_pay
from bot.features.questionnaires import engine, points
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.outcome import Outcome, shown
from bot.features.questionnaires.statements import partner_of
from content.content import Content

_WAIT = re.compile(
    r"\b(?:wait(?:ed)?|in|after)\b(?: for)? (?P<years>\d+|a|an|one|two|three|four"
    r"|five) (?:more )?(?:years?|yrs?)\b|\bnext year\b"
)
_TURNING = re.compile(
    r"\b(?:turn(?:s|ed|ing)?|hit|reach|become|am|be|was|were) (?P<age>1[89]"
    r"|[2-5]\d)\b(?! ?(?:years? |yrs? |points?|%|k\b|hours?))",
    re.IGNORECASE,
)
"""'If I turn 33 before they ask': the age then."""
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
MOST_YEARS = 10


_PARTNER: Final = re.compile(
    r"\b(?:partner|wife|husband|spouse|girlfriend|boyfriend|gf|bf|fiancee?|she|he)\b"
)


def what_if(request: Request) -> Turn:
    """In the points test: English, age, years, anything its questions know; a year's wait; a visa.

    After a sum of pay: the sum again.
    """
    last = request.state.conversation.last
    answers = _result(request)
    if last is not None and last.command in ("takehome", "offer"):
        return net_pay.again(request, last.command, last.words)
    if pay := _pay_talked_about(request):
        return pay
    if not request.content.points.available:
        return answered(
            request,
            paragraph(request.content.points.unavailable),
            cite=(request.content.points.source,),
        )
    if not answers:
        return request.answer(
            paragraph(request.text("what_if_nothing")),
            Choices((Tap(request.text("tap_points"), "points"),)),
            remember=False,
        )
    words = _TURNING.sub(r"age \g<age>", tidy(request.words))
    today = request.today
    lowered = words.lower()
    waits = _WAIT.search(lowered)
    if waits:
        years = min(MOST_YEARS, _years(waits))
    else:
        years = 0
    heard = slots.fill_slots(
        request.content,
        request.content.dialogs["points"].questions,
        "",
        lowered[: waits.start()] if waits else words,
        today,
    )
    if _PARTNER.search(lowered) and (row := partner_of(request.content, lowered, today)):
        heard = slots.Filled(answers={"partner": row})
    if heard.ambiguities:
        doubt = heard.ambiguities[0]
        taps = tuple(
            Tap(request.content.phrases.get(label, label), f"what if {said}")
            for label, said in doubt.offers
        )
        return request.answer(
            paragraph(request.text(doubt.phrase, **doubt.values)),
            *((Choices(taps),) if taps else ()),
            personal=True,
            remember=False,
        )
    if not heard.answers and not years:
        if visas := covered_visas(words, request.content.points.nomination):
            return for_visa(request, answers, visas[0])
        return request.answer(
            paragraph(request.text("what_if_not_understood", said=words)),
            Choices(_examples(request)),
            personal=True,
            remember=False,
        )
    outcome = compared(request, answers, heard.answers, years=years)
    return answered(
        replace(request, command="what-if"),
        *outcome.blocks,
        cite=outcome.cited,
        taps=outcome.taps,
        personal=True,
    )


def _pay_talked_about(request: Request) -> Turn | None:
    """A change of a sum of pay that was talked about a while ago: 'what if I had a study loan'."""
    years = sorted(request.content.tax)
    for topic in request.state.conversation.topics:
        if topic.command in ("takehome", "offer") and topic.words:
            changes = net_pay.change(topic.command, topic.words, request.words, years)
            if not changes:
                return None
            return net_pay.again(request, topic.command, topic.words)
    return None


def compared(
    request: Request, answers: Answers, changed: Mapping[str, str], *, years: int = 0
) -> Outcome:
    """The last result beside the same with something changed. Nothing is kept."""
    today = request.today
    later = _years_later(today, years)
    now, then = (
        points.reckon(request.content, answers, today),
        points.reckon(request.content, {**answers, **changed}, later),
    )
    what = [
        f"{request.content.questions[key].label} {shown(request, key, value)}"
        for key, value in changed.items()
    ]
    what += (
        [
            request.text("what_if_waited_one")
            if years == 1
            else request.text("what_if_waited", years=years)
        ]
        if years
        else []
    )
    ended = tuple(points.ending(request, then))
    rows = [
        (
            visa,
            str(now.score.totals[visa]),
            str(then.score.totals[visa]),
            _with_sign(then.score.totals[visa] - now.score.totals[visa]),
        )
        for visa in now.score.totals
    ]
    header = (
        request.text("what_if_visa"),
        request.text("what_if_now"),
        request.text("what_if_then"),
        request.text("what_if_difference"),
    )
    blocks: list[Block] = [Paragraph(request.spans("what_if_headline", what=", ".join(what)))]
    blocks += ended or [
        Table(
            request.text("what_if_caption", day=day(request.content.points.as_at)),
            header,
            tuple(rows),
        )
    ]
    blocks += [] if ended else [paragraph(reason) for reason in _why_same(request, now, then)]
    if years:
        blocks.append(paragraph(request.text("what_if_only_age")))
    keep = tuple(
        Tap(request.text("tap_keep"), f"change {key.replace('_', ' ')} to {_as_typed(value)}")
        for key, value in list(changed.items())[:1]
    )
    taps = (*keep, Tap(request.text("tap_points_result"), "points result"))
    return Outcome(
        blocks=tuple(blocks),
        cited=(
            request.content.points.source,
            request.content.points.nomination_source,
            request.content.points.pass_mark,
        ),
        taps=taps,
    )


def _why_same(request: Request, now: points.Reckoned, then: points.Reckoned) -> Iterator[str]:
    if now.score.totals == then.score.totals:
        yield request.text("what_if_same")
    raw = (
        then.score.breakdown.overseas_employment_raw
        + then.score.breakdown.australian_employment_raw
    )
    if raw > request.content.points.work_cap and now.score != then.score:
        yield request.text("what_if_cap", cap=request.content.points.work_cap, raw=raw)


def _as_typed(answer: str) -> str:
    """An answer as the reader takes it again: 'superior (IELTS 8)' → 'IELTS 8',
    '41 on 2026-11-21' → '41'.
    """
    if answer.endswith(")"):
        return answer.partition("(")[2].rstrip(")")
    return answer.partition(" on ")[0]


def _with_sign(difference: int) -> str:
    if not difference:
        return "0"
    return f"{difference:+d}".replace("-", "−")


def _years_later(today: date, years: int) -> date:
    return date(
        today.year + years, today.month, 28 if (today.month, today.day) == (2, 29) else today.day
    )


def _years(hit: re.Match[str]) -> int:
    said = hit["years"]
    if said is None:
        return 1
    return int(_COUNT.get(said, said))


def _result(request: Request) -> dict[str, str]:
    kept = request.state.person.results.get("points", {})
    dialog = request.state.person.dialog
    if not kept and dialog is not None and dialog.dialog == "points":
        kept = dialog.answers
    return engine.still_valid(
        request.content, request.content.dialogs["points"], kept, request.today
    )


def for_visa(request: Request, answers: Answers, visa: str) -> Turn:
    """What one visa's nomination adds, beside the others."""
    table = request.content.points
    score = points.reckon(request.content, answers, request.today).score
    totals = ", ".join(f"{name}: {score.totals[name]}" for name in score.totals)
    nomination = table.nomination[visa]
    words = request.spans(
        "what_if_visa_total",
        visa=visa,
        total=score.breakdown.before_nomination + nomination,
        nomination=nomination,
        totals=totals,
    )
    done = bool(request.state.person.results.get("points"))
    taps = (
        Tap(request.text("tap_visa", visa=visa), f"visa {visa}"),
        *((Tap(request.text("tap_points_result"), "points result"),) if done else ()),
    )
    blocked = tuple(points.closed(request, answers))
    return answered(
        replace(request, command="what-if", words=visa),
        *(blocked or (paragraph(*words),)),
        cite=(table.source, table.nomination_source),
        taps=taps,
        personal=True,
    )


def _examples(request: Request) -> tuple[Tap, ...]:
    return (
        Tap(request.text("tap_what_if_english", level="IELTS 8"), "what if IELTS 8"),
        Tap(request.text("tap_what_if_year"), "what if I wait a year"),
    )


def knows(content: Content, _command: str, words: str) -> bool:
    """Whether these words change something: an answer of the points test, a wait, a visa,
    or something about a pay.
    """
    questions = content.dialogs["points"].questions
    heard = slots.fill_slots(content, questions, "", words, content.points.as_at)
    pay = pay_said.read(words)
    return bool(
        heard.answers
        or heard.ambiguities
        or _WAIT.search(words.lower())
        or covered_visas(words, content.points.nomination)
        or pay.basis
        or not pay.said_nothing
    )
