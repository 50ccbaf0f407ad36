"""What an open dialog makes of a typed text, of a form, and of something else that was asked in between."""

from bot import hearing, questionnaire
from bot.asking import Ask
from bot.commands import parse, tidy
from bot.dialogs.turns import (
    SKIP,
    Step,
    asked_again,
    doubted,
    is_stale,
    not_an_answer,
    open_dialog,
    skipped,
    taken,
)
from bot.events import Reading, Said
from bot.questionnaire import Answers, Filled
from bot.state import OpenDialog
from bot.turn import Turn


def try_answer(ask: Ask, text: str) -> Turn | None:
    """What an open dialog makes of a typed text; None when it is not meant for the dialog."""
    current = open_dialog(ask)
    if current is None or is_stale(ask, current) or not _may_be_an_answer(ask, current, text):
        return None
    dialog = ask.content.dialogs[current.dialog]
    open_key = current.question if current.question in dialog.questions else questionnaire.first_open(dialog, current.answers)
    if tidy(text).lower() == SKIP:
        return skipped(ask, Step(current.dialog, current.answers, open_key))
    heard = hearing.hear(ask.content, dialog.questions, open_key, text, ask.today)
    if heard.answers:
        return taken(ask, current.dialog, current.answers, heard.answers, heard.doubts)
    if heard.doubts:
        doubt = heard.doubts[0]
        return doubted(ask, Step(current.dialog, current.answers, doubt.question), doubt)
    if _looks_like_an_attempt(ask, text):
        return doubted(ask, Step(current.dialog, current.answers, open_key), not_an_answer(ask, open_key))
    return None


def sent(ask: Ask, key: str, before: Answers, filled: Filled) -> Turn:
    """A page of a form that was sent: the same answers as if typed one by one, added to those `before` it. Fields that cannot be
    used are asked again, one by one.
    """
    if not filled.wrong:
        return taken(ask, key, before, filled.answers)
    doubt = next(iter(filled.wrong.values()))
    return doubted(ask, Step(key, {**before, **filled.answers}, doubt.question), doubt)


def resumed(ask: Ask, turn: Turn) -> Turn:
    """The turn of something else that was asked in between, and then the open question once more."""
    return asked_again(ask, turn) if ask.state.person.dialog == turn.state.person.dialog else turn


_CLEAR = ("unsubscribe", "cancel", "back", "start-over", "change", "what-if", "help", "answer", "forget", "privacy", "sources", "start")
_QUESTION_WORDS = (
    "what",
    "whats",
    "how",
    "why",
    "which",
    "who",
    "when",
    "where",
    "can",
    "could",
    "do",
    "does",
    "is",
    "are",
    "should",
    "will",
    "would",
)
_SHORT = 4
_LONG = 4
"""Words: up to four are a try at an answer; with more than four, a text that happens to open with a command's name is evidence."""


def _may_be_an_answer(ask: Ask, current: OpenDialog, text: str) -> bool:
    """Commands and questions win over the dialog; a text that is an option's own words is an answer all the same."""
    line = parse(ask.content, text)
    question = ask.content.questions.get(current.question)
    if line is None:
        return not _is_a_question(text)
    if line.explicit or line.command in _CLEAR or question is None:
        return False
    if line.command == SKIP and not line.words:
        return True
    if question.kind == "text":
        return len(text.split()) > _LONG
    return isinstance(hearing.read(ask.content, current.question, text, ask.today), str)


def _is_a_question(text: str) -> bool:
    words = tidy(text).lower().replace("'", "").replace("’", "").split()
    return bool(words) and (words[0] in _QUESTION_WORDS or (words[-1].endswith("?") and len(words) > 1))


def _looks_like_an_attempt(ask: Ask, text: str) -> bool:
    """Nothing that understanding is sure to be something else; where it did not run, something short."""
    match ask.event.body:
        case Said(reading=Reading(action=action)):
            return action != "answer"
        case _:
            return len(text.split()) <= _SHORT
