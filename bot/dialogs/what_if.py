"""`what if …`: one thing in the last result changed, beside the result as it is. Nothing is kept unless a tap says so."""

import re
from dataclasses import replace

from bot import hearing, questionnaire
from bot.answers import net_pay, pay_said
from bot.answers.printing import answered
from bot.asking import Ask
from bot.commands import tidy
from bot.dialogs import points
from bot.reply import Choices, Tap, paragraph
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
    outcome = points.compared(ask, answers, heard.answers, years=years)
    return answered(replace(ask, command="what-if"), *outcome.blocks, cite=outcome.cited, taps=outcome.taps, personal=True)


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
