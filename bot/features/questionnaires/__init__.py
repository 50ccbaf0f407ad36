"""Dialogs: questions asked one by one, answered by tap or in words, and what they amount to.

`turns`, `flow`, `changing` and `typed` run them all; each other module is one dialog's own end.
`HANDLERS` and the few functions that a turn needs besides commands are exported here.
"""

import re
from dataclasses import replace

from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction import slots
from bot.features.figures import answered
from bot.features.questionnaires import (
    audit,
    changes,
    changing,
    engine,
    flow,
    noting,
    own_total,
    points,
    profile,
    speaker,
    typed,
    value_points,
)
from bot.features.questionnaires.flow import brought_back
from bot.features.questionnaires.open_questions import digressed, waiting
from bot.features.questionnaires.rows import PRICE, asks_points_alone, factor_named
from bot.features.questionnaires.turns import live_total
from bot.features.questionnaires.typed import hint, sent
from bot.features.questionnaires.what_if import knows as knows_change
from bot.features.questionnaires.what_if import what_if
from content.content import Content

__all__ = [
    "DIALOG_COMMANDS",
    "GRAMMARS",
    "HANDLERS",
    "PRICE",
    "asks_points_alone",
    "brought_back",
    "digressed",
    "factor_named",
    "hint",
    "keeps_to_self",
    "knows_change",
    "live_total",
    "maybe",
    "noted_alone",
    "readings",
    "sent",
    "statements",
    "states_something",
    "sum_first",
    "undo",
    "waiting",
]

keeps_to_self = changes.keeps_to_self
maybe = speaker.maybe
noted_alone = noting.alone
sum_first = own_total.sum_first
readings = typed.readings
statements = speaker.readings
undo = changes.undo


def _points(request: Request) -> Turn:
    """`points`, `points result`, `points chart`, or answers at once:
    `points 34, IELTS 8, single`.
    """
    table, today = request.content.points, request.today
    if not table.available:
        return answered(request, paragraph(table.unavailable), cite=(table.source,))
    match request.words.lower().strip():
        case "":
            return flow.start(request, "points")
        case "result" | "chart" as wanted:
            return _points_result(request, chart=wanted == "chart")
        case priced if priced.startswith(f"{value_points.WORTH} "):
            _, key, value = priced.split(" ", 2)
            return value_points.worth(request, {key: value}, own=False)
        case "result more":
            return _points_result(request, more=True)
        case "rounds":
            outcome = points.rounds(request)
            return answered(request, *outcome.blocks, cite=outcome.cited)
        case _:
            heard = slots.fill_slots(
                request.content,
                request.content.dialogs["points"].questions,
                "",
                request.words,
                today,
            )
            if heard.answers or heard.ambiguities:
                return flow.take(request, "points", heard)
            return flow.start(request, "points")


def _points_result(request: Request, *, chart: bool = False, more: bool = False) -> Turn:
    dialog = request.content.dialogs["points"]
    kept = engine.still_valid(
        request.content, dialog, request.state.person.results.get("points", {}), request.today
    )
    if engine.first_open(dialog, kept):
        return request.answer(
            paragraph(request.text("points_no_result")),
            Choices((Tap(request.text("tap_points"), "points"),)),
            remember=False,
        )
    outcome = points.outcome(request, kept)
    if chart and not points.closed(request, kept):
        back = Tap(request.text("tap_points_result"), "points result")
        return answered(
            request,
            points.chart(request, kept),
            cite=outcome.cited[:2],
            taps=(back,),
            personal=True,
        )
    if more:
        back = Tap(request.text("tap_points_result"), "points result")
        return answered(request, *outcome.rest, cite=outcome.cited, taps=(back,), personal=True)
    return answered(request, *outcome.blocks, cite=outcome.cited, taps=outcome.taps, personal=True)


def _audit(request: Request) -> Turn:
    """`audit`, `audit apply`, or a total that was reached elsewhere: `audit total 14`."""
    words = request.words.lower().strip()
    if told := re.fullmatch(r"total (\d{1,2})", words):
        return audit.band_turn(request, int(told[1]))
    if words == "apply":
        return audit.apply(request)
    return flow.start(request, "audit")


def _profile(request: Request) -> Turn:
    """`profile`, `profile fill`, or a correction at once: `profile age 41`."""
    words = request.words.strip()
    match words.lower():
        case "":
            return profile.show(request)
        case "fill":
            return flow.start(request, "profile")
        case _ if (
            heard := slots.fill_slots(
                request.content,
                request.content.dialogs["profile"].questions,
                "",
                words,
                request.today,
            )
        ).answers:
            return changing.tell(request, "profile", heard.answers)
        case _:
            return changing.change(replace(request, words=words))


HANDLERS: dict[str, Handler] = {
    "points": _points,
    "audit": _audit,
    "profile": _profile,
    "what-if": what_if,
    "answer": flow.answer,
    "back": flow.back,
    "cancel": flow.cancel,
    "start-over": flow.start_over,
    "change": changing.change,
    "undo": changes.undo,
}


def states_something(content: Content, words: str) -> bool:
    """Whether these words, said of oneself, answer a question of the profile: 'I'm 34',
    'IELTS 8'.
    """
    if words.rstrip().endswith("?"):
        return False
    heard = slots.fill_slots(
        content, content.dialogs["profile"].questions, "", words, content.points.as_at
    )
    return bool(heard.answers)


def _knows_question(content: Content, _command: str, words: str) -> bool:
    return words.strip().lower() in ("", "fill") or changing.names_a_question(content, words)


def _knows_answers(content: Content, _command: str, words: str) -> bool:
    """Several answers at once are no question about points; a single one may be."""
    heard = slots.fill_slots(
        content, content.dialogs["points"].questions, "", words, content.points.as_at
    )
    return len(heard.answers) > 1


GRAMMARS: dict[str, Grammar] = {
    "what-if": knows_change,
    "change": _knows_question,
    "profile": _knows_question,
    "points": _knows_answers,
}

DIALOG_COMMANDS = frozenset(HANDLERS)
"""Commands after which the open question is not repeated: they are about it."""
