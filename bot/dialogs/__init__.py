"""Dialogs: questions asked one by one, answered by tap or in words, and what they amount to.

`turns`, `flow`, `changing` and `typed` run them all; each other module is one dialog's own end. `HANDLERS` and the few functions that a turn needs
besides commands are exported here.
"""

from dataclasses import replace

from bot import hearing, questionnaire
from bot.answers.printing import answered
from bot.asking import Ask, Handler, Knows
from bot.dialogs import audit, changing, flow, points, profile
from bot.dialogs.turns import live_total
from bot.dialogs.typed import resumed, sent, try_answer
from bot.dialogs.what_if import knows as knows_change
from bot.dialogs.what_if import what_if
from bot.reply import Choices, Tap, paragraph
from bot.turn import Turn
from content.library import Content

__all__ = ["DIALOG_COMMANDS", "HANDLERS", "KNOWS", "live_total", "resumed", "sent", "states_something", "try_answer"]


def _points(ask: Ask) -> Turn:
    """`points`, `points result`, `points chart`, or answers at once: `points 34, IELTS 8, single`."""
    table, today = ask.content.points, ask.today
    if not table.available:
        return answered(ask, paragraph(table.unavailable), cite=(table.source,))
    match ask.words.lower().strip():
        case "":
            return flow.start(ask, "points")
        case "result" | "chart" as wanted:
            return _points_result(ask, chart=wanted == "chart")
        case "rounds":
            outcome = points.rounds(ask)
            return answered(ask, *outcome.blocks, cite=outcome.cited)
        case _:
            heard = hearing.hear(ask.content, ask.content.dialogs["points"].questions, "", ask.words, today)
            return flow.take(ask, "points", heard) if heard.answers or heard.doubts else flow.start(ask, "points")


def _points_result(ask: Ask, *, chart: bool) -> Turn:
    dialog = ask.content.dialogs["points"]
    kept = questionnaire.still_valid(ask.content, dialog, ask.state.person.results.get("points", {}), ask.today)
    if questionnaire.first_open(dialog, kept):
        return ask.answer(paragraph(ask.say("points_no_result")), Choices((Tap(ask.say("tap_points"), "points"),)), remember=False)
    outcome = points.outcome(ask, kept)
    if chart and not points.closed(ask, kept):
        back = Tap(ask.say("tap_points_result"), "points result")
        return answered(ask, points.chart(ask, kept), cite=outcome.cited[:2], taps=(back,), personal=True)
    return answered(ask, *outcome.blocks, cite=outcome.cited, taps=outcome.taps, personal=True)


def _audit(ask: Ask) -> Turn:
    return audit.apply(ask) if ask.words.lower().strip() == "apply" else flow.start(ask, "audit")


def _profile(ask: Ask) -> Turn:
    """`profile`, `profile fill`, or a correction at once: `profile age 41`."""
    words = ask.words.strip()
    match words.lower():
        case "":
            return profile.show(ask)
        case "fill":
            return flow.start(ask, "profile")
        case _ if (heard := hearing.hear(ask.content, ask.content.dialogs["profile"].questions, "", words, ask.today)).answers:
            return changing.told(ask, "profile", heard.answers)
        case _:
            return changing.change(replace(ask, words=words))


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
}


def states_something(content: Content, words: str) -> bool:
    """Whether these words, said of oneself, answer a question of the profile: 'I'm 34', 'IELTS 8'."""
    if words.rstrip().endswith("?"):
        return False
    heard = hearing.hear(content, content.dialogs["profile"].questions, "", words, content.points.as_at)
    return bool(heard.answers)


def _knows_question(content: Content, _command: str, words: str) -> bool:
    return words.strip().lower() in ("", "fill") or changing.names_a_question(content, words)


def _knows_answers(content: Content, _command: str, words: str) -> bool:
    """Several answers at once are no question about points; a single one may be."""
    heard = hearing.hear(content, content.dialogs["points"].questions, "", words, content.points.as_at)
    return len(heard.answers) > 1


KNOWS: dict[str, Knows] = {"what-if": knows_change, "change": _knows_question, "profile": _knows_question, "points": _knows_answers}

DIALOG_COMMANDS = frozenset(HANDLERS)
"""Commands after which the open question is not repeated: they are about it."""
