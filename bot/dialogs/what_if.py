"""`what if …`: one thing in the last result changed, beside the result as it is. Nothing is kept unless a tap says so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from bot import hearing, questionnaire
from bot.answers import net_pay, pay_said
from bot.answers.printing import answered, day
from bot.asking import Ask
from bot.commands import tidy
from bot.dialogs import points
from bot.dialogs.outcome import Outcome, shown
from bot.questionnaire import Answers
from bot.reply import Block, Choices, Paragraph, Table, Tap, paragraph
from bot.turn import Turn
from content.library import Content
from content.points import VISAS

_WAIT = re.compile(
    r"\b(?:wait(?:ed)?|in|after)\b(?: for)? (?P<years>\d+|a|an|one|two|three|four|five) (?:more )?(?:years?|yrs?)\b|\bnext year\b"
)
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_VISA = re.compile(r"\b(189|190|491)\b")
MOST_YEARS = 10


def what_if(ask: Ask) -> Turn:
    """In the points test: English, age, years, anything its questions know; a year's wait; a visa. After a sum of pay: the sum again."""
    last = ask.state.conversation.last
    answers = _result(ask)
    if last is not None and last.command in ("takehome", "offer"):
        return net_pay.again(ask, last.command, last.words)
    if not ask.content.points.available:
        return answered(ask, paragraph(ask.content.points.unavailable), cite=(ask.content.points.source,))
    if not answers:
        return ask.answer(paragraph(ask.say("what_if_nothing")), Choices((Tap(ask.say("tap_points"), "points"),)), remember=False)
    words = tidy(ask.words)
    today = ask.today
    lowered = words.lower()
    waits = _WAIT.search(lowered)
    years = min(MOST_YEARS, _years(waits)) if waits else 0
    heard = hearing.hear(ask.content, ask.content.dialogs["points"].questions, "", lowered[: waits.start()] if waits else words, today)
    if heard.doubts:
        doubt = heard.doubts[0]
        taps = tuple(Tap(ask.content.phrases.get(label, label), f"what if {said}") for label, said in doubt.offers)
        return ask.answer(
            paragraph(ask.say(doubt.phrase, **doubt.values)), *((Choices(taps),) if taps else ()), personal=True, remember=False
        )
    if not heard.answers and not years:
        if visa := _VISA.search(words):
            return _visa(ask, answers, visa[1])
        return ask.answer(paragraph(ask.say("what_if_not_understood", said=words)), Choices(_examples(ask)), personal=True, remember=False)
    outcome = compared(ask, answers, heard.answers, years=years)
    return answered(replace(ask, command="what-if"), *outcome.blocks, cite=outcome.cited, taps=outcome.taps, personal=True)


def compared(ask: Ask, answers: Answers, changed: Mapping[str, str], *, years: int = 0) -> Outcome:
    """The last result beside the same with something changed. Nothing is kept."""
    today = ask.today
    later = _years_later(today, years)
    now, then = points.reckon(ask.content, answers, today), points.reckon(ask.content, {**answers, **changed}, later)
    what = [f"{ask.content.questions[key].label} {shown(ask, key, value)}" for key, value in changed.items()]
    what += [ask.say("what_if_waited_one") if years == 1 else ask.say("what_if_waited", years=years)] if years else []
    ended = tuple(points.ending(ask, then))
    rows = [
        (visa, str(now.score.totals[visa]), str(then.score.totals[visa]), _signed(then.score.totals[visa] - now.score.totals[visa]))
        for visa in VISAS
    ]
    header = (ask.say("what_if_visa"), ask.say("what_if_now"), ask.say("what_if_then"), ask.say("what_if_difference"))
    blocks: list[Block] = [Paragraph(ask.line("what_if_headline", what=", ".join(what)))]
    blocks += ended or [Table(ask.say("what_if_caption", day=day(ask.content.points.as_at)), header, tuple(rows))]
    blocks += [] if ended else [paragraph(reason) for reason in _why_same(ask, now, then)]
    if years:
        blocks.append(paragraph(ask.say("what_if_only_age")))
    keep = tuple(Tap(ask.say("tap_keep"), f"change {key.replace('_', ' ')} to {_typed(value)}") for key, value in list(changed.items())[:1])
    taps = (*keep, Tap(ask.say("tap_points_result"), "points result"))
    return Outcome(
        blocks=tuple(blocks),
        cited=(ask.content.points.source, ask.content.points.nomination_source, ask.content.points.pass_mark),
        taps=taps,
    )


def _why_same(ask: Ask, now: points.Reckoned, then: points.Reckoned) -> Iterator[str]:
    if now.score.totals == then.score.totals:
        yield ask.say("what_if_same")
    raw = then.score.breakdown.overseas_employment_raw + then.score.breakdown.australian_employment_raw
    if raw > ask.content.points.work_cap and now.score != then.score:
        yield ask.say("what_if_cap", cap=ask.content.points.work_cap, raw=raw)


def _typed(answer: str) -> str:
    """An answer as the reader takes it again: 'superior (IELTS 8)' → 'IELTS 8', '41 on 2026-11-21' → '41'."""
    if answer.endswith(")"):
        return answer.partition("(")[2].rstrip(")")
    return answer.partition(" on ")[0]


def _signed(difference: int) -> str:
    return f"+{difference}" if difference > 0 else f"−{-difference}" if difference < 0 else "0"


def _years_later(today: date, years: int) -> date:
    return date(today.year + years, today.month, 28 if (today.month, today.day) == (2, 29) else today.day)


def _years(hit: re.Match[str]) -> int:
    said = hit["years"]
    return 1 if said is None else int(_COUNT.get(said, said))


def _result(ask: Ask) -> dict[str, str]:
    kept = ask.state.person.results.get("points", {})
    dialog = ask.state.person.dialog
    if not kept and dialog is not None and dialog.dialog == "points":
        kept = dialog.answers
    return questionnaire.still_valid(ask.content, ask.content.dialogs["points"], kept, ask.today)


def _visa(ask: Ask, answers: dict[str, str], visa: str) -> Turn:
    """What one visa's nomination adds, beside the others."""
    table = ask.content.points
    score = points.reckon(ask.content, answers, ask.today).score
    totals = ", ".join(f"{name}: {score.totals[name]}" for name in VISAS)
    nomination = next(points_ for name, points_ in table.nomination.items() if name == visa)
    words = ask.line(
        "what_if_visa_total", visa=visa, total=score.breakdown.before_nomination + nomination, nomination=nomination, totals=totals
    )
    taps = (Tap(ask.say("tap_visa", visa=visa), f"visa {visa}"), Tap(ask.say("tap_points_result"), "points result"))
    blocked = tuple(points.closed(ask, answers))
    return answered(ask, *(blocked or (paragraph(*words),)), cite=(table.source, table.nomination_source), taps=taps, personal=True)


def _examples(ask: Ask) -> tuple[Tap, ...]:
    return (
        Tap(ask.say("tap_what_if_english", level="IELTS 8"), "what if IELTS 8"),
        Tap(ask.say("tap_what_if_year"), "what if I wait a year"),
    )


def knows(content: Content, _command: str, words: str) -> bool:
    """Whether these words change something: an answer of the points test, a wait, a visa, or something about a pay."""
    questions = content.dialogs["points"].questions
    heard = hearing.hear(content, questions, "", words, content.points.as_at)
    pay = pay_said.read(words)
    return bool(heard.answers or heard.doubts or _WAIT.search(words.lower()) or _VISA.search(words) or pay.basis or not pay.said_nothing)
