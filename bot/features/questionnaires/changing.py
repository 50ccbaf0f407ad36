"""`change X to Y`: one answer of an open dialog, of a finished one or of the profile, by whatever
name the person has for it.
"""

from collections.abc import Mapping

from bot.core.command_line import tidy
from bot.core.reply import Choices, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import slots
from bot.features.questionnaires import engine, noting
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.turns import (
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
from content.content import Content
from content.dialog import Dialog


def change(request: Request) -> Turn:
    """`change X` asks X again, `change X to Y` takes Y: in the open dialog, else in the last
    result, else in the profile.
    """
    words = tidy(request.words)
    name, told, said = (part.strip() for part in _at_to(words))
    for key in _changeable(request):
        dialog = request.content.dialogs[key]
        question = engine.named(request.content, dialog, name) or (
            "" if told else _opening_name(request.content, dialog, words)
        )
        if not question:
            continue
        if not told and (rest := _after_name(request, question, words)):
            said = rest
        return _change(request, key, question, said)
    return _what_to_change(request, name)


def _change(request: Request, key: str, question: str, said: str) -> Turn:
    answers = answers_so_far(request, key)
    if not said:
        was = answers.pop(question, "")
        lead: tuple[Paragraph, ...] = ()
        if was:
            lead = (
                paragraph(request.text("dialog_you_said", answer=shown(request, question, was))),
            )
        return put(request, Step(key, answers, question), *lead)
    found = slots.read(request.content, question, said, request.today)
    if not isinstance(found, str):
        heard = slots.fill_slots(request.content, (question,), question, said, request.today)
        found = heard.answers.get(question) or next(iter(heard.ambiguities), None) or found
    if isinstance(found, str):
        current = request.state.person.dialog
        alone = request.content.dialogs[key].optional and (current is None or current.dialog != key)
        return taken(request, key, answers, {question: found}, ask_on=not alone)
    doubt = found or not_an_answer(request, question)
    return doubted(request, Step(key, answers, question), doubt)


def tell(request: Request, key: str, said: Mapping[str, str]) -> Turn:
    """Answers given of one's own accord, outside any question."""
    if key == "profile":
        return noting.alone(request, said)
    return taken(request, key, answers_so_far(request, key), said, ask_on=False)


def names_a_question(content: Content, words: str) -> bool:
    """Whether `change WORDS` names a question of some dialog: 'age', 'hours to 8',
    'english ielts 8'.
    """
    name, told, _ = _at_to(tidy(words))
    return any(
        engine.named(content, dialog, name) or (not told and _opening_name(content, dialog, words))
        for dialog in content.dialogs.values()
    )


def _changeable(request: Request) -> tuple[str, ...]:
    current = open_dialog(request)
    order = (
        current.dialog if current else "",
        last_dialog(request),
        *request.state.person.results,
        "profile",
        "points",
    )
    return tuple(dict.fromkeys(key for key in order if key in request.content.dialogs))


MOST_NAME_WORDS = 12
"""Words in a question's longest name."""


def _at_to(words: str) -> tuple[str, str, str]:
    """'age to 41' → ('age', 'to', '41'); the first ' to ' or '=' divides."""
    for mark in (" to ", " = ", "=", ": "):
        if mark in words:
            return words.partition(mark)
    return words, "", ""


def _opening_name(content: Content, dialog: Dialog, words: str) -> str:
    """The question whose name the words open with: 'english ielts 8'.

    The longest beginning wins.
    """
    parts = words.split(" ", MOST_NAME_WORDS)
    return next(
        (
            question
            for end in range(len(parts) - 1, 0, -1)
            if (question := engine.named(content, dialog, " ".join(parts[:end])))
        ),
        "",
    )


def _after_name(request: Request, question: str, words: str) -> str:
    """What follows the question's name in these words."""
    asked = request.content.questions[question]
    names = sorted(
        (question, question.replace("_", " "), asked.label.lower(), *asked.called),
        key=len,
        reverse=True,
    )
    line = words.lower().removeprefix("my ").removeprefix("the ")
    return next(
        (
            words[len(words) - len(line) + len(name) :].strip()
            for name in names
            if line.startswith(f"{name} ")
        ),
        "",
    )


def _what_to_change(request: Request, name: str) -> Turn:
    buttons = [
        Tap(request.content.questions[question].label, f"change {question.replace('_', ' ')}")
        for key in _changeable(request)[:1]
        for question in answers_so_far(request, key)
    ]
    if name:
        words = request.text("dialog_change_what", said=name)
    else:
        words = request.text("dialog_change_which")
    return request.answer(
        paragraph(words),
        *((Choices(tuple(buttons)),) if buttons else (Choices(starts(request)),)),
        personal=bool(buttons),
        remember=False,
    )
