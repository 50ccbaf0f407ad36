"""`change X to Y`: one answer of an open dialog, of a finished one or of the profile, by whatever name the person has for it."""

from collections.abc import Mapping

from bot import hearing, questionnaire
from bot.asking import Ask
from bot.commands import tidy
from bot.dialogs.outcome import shown
from bot.dialogs.turns import (
    Step,
    answers_so_far,
    doubted,
    last_dialog,
    not_an_answer,
    open_dialog,
    put,
    starts,
    taken,
)
from bot.reply import Choices, Tap, paragraph
from bot.turn import Turn
from content.dialog import Dialog
from content.library import Content


def change(ask: Ask) -> Turn:
    """`change X` asks X again, `change X to Y` takes Y: in the open dialog, else in the last result, else in the profile."""
    words = tidy(ask.words)
    name, told, said = (part.strip() for part in _at_to(words))
    for key in _changeable(ask):
        dialog = ask.content.dialogs[key]
        question = questionnaire.named(ask.content, dialog, name) or ("" if told else _named_first(ask.content, dialog, words))
        if not question:
            continue
        if not told and (rest := _after_name(ask, question, words)):
            said = rest
        return _change(ask, key, question, said)
    return _what_to_change(ask, name)


def _change(ask: Ask, key: str, question: str, said: str) -> Turn:
    answers = answers_so_far(ask, key)
    if not said:
        was = answers.pop(question, "")
        lead = (paragraph(ask.say("dialog_you_said", answer=shown(ask, question, was))),) if was else ()
        return put(ask, Step(key, answers, question), *lead)
    found = hearing.read(ask.content, question, said, ask.today)
    if not isinstance(found, str):
        heard = hearing.hear(ask.content, (question,), question, said, ask.today)
        found = heard.answers.get(question) or next(iter(heard.doubts), None) or found
    if isinstance(found, str):
        current = ask.state.person.dialog
        alone = ask.content.dialogs[key].optional and (current is None or current.dialog != key)
        return taken(ask, key, answers, {question: found}, ask_on=not alone)
    doubt = found or not_an_answer(ask, question)
    return doubted(ask, Step(key, answers, question), doubt)


def told(ask: Ask, key: str, said: Mapping[str, str]) -> Turn:
    """Answers given of one's own accord, outside any question."""
    return taken(ask, key, answers_so_far(ask, key), said, ask_on=False)


def names_a_question(content: Content, words: str) -> bool:
    """Whether `change WORDS` names a question of some dialog: 'age', 'hours to 8', 'english ielts 8'."""
    name, told, _ = _at_to(tidy(words))
    return any(
        questionnaire.named(content, dialog, name) or (not told and _named_first(content, dialog, words))
        for dialog in content.dialogs.values()
    )


def _changeable(ask: Ask) -> tuple[str, ...]:
    current = open_dialog(ask)
    order = (current.dialog if current else "", last_dialog(ask), *ask.state.person.results, "profile", "points")
    return tuple(dict.fromkeys(key for key in order if key in ask.content.dialogs))


def _at_to(words: str) -> tuple[str, str, str]:
    """'age to 41' → ('age', 'to', '41'); the first ' to ' or '=' divides."""
    for mark in (" to ", " = ", "=", ": "):
        if mark in words:
            return words.partition(mark)
    return words, "", ""


def _named_first(content: Content, dialog: Dialog, words: str) -> str:
    """The question whose name the words open with: 'english ielts 8'. The longest beginning wins."""
    parts = words.split(" ")
    return next(
        (question for end in range(len(parts) - 1, 0, -1) if (question := questionnaire.named(content, dialog, " ".join(parts[:end])))),
        "",
    )


def _after_name(ask: Ask, question: str, words: str) -> str:
    """What follows the question's name in these words."""
    asked = ask.content.questions[question]
    names = sorted((question, question.replace("_", " "), asked.label.lower(), *asked.called), key=len, reverse=True)
    line = words.lower().removeprefix("my ").removeprefix("the ")
    return next((words[len(words) - len(line) + len(name) :].strip() for name in names if line.startswith(f"{name} ")), "")


def _what_to_change(ask: Ask, name: str) -> Turn:
    buttons = [
        Tap(ask.content.questions[question].label, f"change {question.replace('_', ' ')}")
        for key in _changeable(ask)[:1]
        for question in answers_so_far(ask, key)
    ]
    words = ask.say("dialog_change_what", said=name) if name else ask.say("dialog_change_which")
    return ask.answer(
        paragraph(words), *((Choices(tuple(buttons)),) if buttons else (Choices(starts(ask)),)), personal=bool(buttons), remember=False
    )
