"""One engine for every dialog: which question is next, what an answer changes, what a form shows.

Pure, and blind to wording.

A dialog's state is a mapping from question key to answer. Order and conditions are content, so the
next question is always computed, never stored as a position: content may change under an open
dialog.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.core.form import Field
from bot.extraction import slots
from bot.extraction.slots import Ambiguity
from bot.extraction.slots.form_values import TYPED, form_value
from content.checks.dialogs import holds
from content.content import Content
from content.dialog import Dialog

Answers = Mapping[str, str]

SKIPPED = ""
"""The answer of a question that was passed over."""


def path(dialog: Dialog, answers: Answers) -> tuple[str, ...]:
    """The questions that these answers lead through, answered or not, in order."""
    on_path: dict[str, str] = {}
    asked: list[str] = []
    for step in dialog.steps:
        if holds(step, on_path):
            asked.append(step.question)
            on_path |= {step.question: answers[step.question]} if step.question in answers else {}
    return tuple(asked)


def first_open(dialog: Dialog, answers: Answers) -> str:
    """The first question without an answer; empty when there is none left."""
    return next((key for key in path(dialog, answers) if key not in answers), "")


def before(dialog: Dialog, answers: Answers, question: str) -> str:
    """The question before this one on the path; empty at the first."""
    asked = path(dialog, answers)
    if question in asked:
        place = asked.index(question)
    else:
        place = len(asked)
    if not place:
        return ""
    return asked[place - 1]


def still_valid(content: Content, dialog: Dialog, answers: Answers, today: date) -> dict[str, str]:
    """The answers that the content of today still understands and asks for."""
    known = {
        key: answer
        for key, answer in answers.items()
        if key in dialog.questions
        and (
            slots.valid(content, key, answer, today)
            if answer != SKIPPED
            else may_skip(content, dialog, key)
        )
    }
    return {key: known[key] for key in path(dialog, known) if key in known}


def without_old_skips(dialog: Dialog, answers: Answers, new: Answers) -> dict[str, str]:
    """The answers without those that were skipped because of an answer that is now another one:
    they are asked again.
    """
    moved = {key for key, answer in new.items() if key in answers and answers[key] != answer}
    again = {step.question for step in dialog.steps if moved & set(step.when)}
    return {
        key: answer for key, answer in answers.items() if not (key in again and answer == SKIPPED)
    }


def may_skip(content: Content, dialog: Dialog, question: str) -> bool:
    return dialog.optional or content.questions[question].optional


def counted(content: Content, dialog: Dialog, answers: Answers, question: str) -> tuple[int, int]:
    """The question's number, and how many there are on the path as it looks now.

    An optional one has its forerunner's number.
    """
    asked = path(dialog, answers)
    numbered = [key for key in asked if not content.questions[key].optional]
    if question in asked:
        upto = asked[: asked.index(question) + 1]
    else:
        upto = asked
    return sum(key in numbered for key in upto), len(numbered)


def named(content: Content, dialog: Dialog, words: str) -> str:
    """The question that somebody means by these words: its key, label or another name for it;
    empty if none.
    """
    wanted = (
        words.lower().replace("’", "'").removeprefix("my ").removeprefix("the ").strip(" ?.!\"'")
    )
    for key in dialog.questions:
        question = content.questions[key]
        if wanted in (key, key.replace("_", " "), question.label.lower(), *question.called):
            return key
    return ""


def naming(content: Content, dialog: Dialog, words: str) -> str:
    """The same, and the question that these words are an answer of:
    'superior' means the English.
    """
    wanted = words.lower().strip()
    offering = (
        key
        for key in dialog.questions
        for one in content.questions[key].options.values()
        if wanted in (one.label.lower(), *one.words)
    )
    return named(content, dialog, words) or next(offering, "")


def pages(content: Content, dialog: Dialog) -> tuple[tuple[str, ...], ...]:
    """The dialog's questions as the pages of a form: those that are counted together on one, any
    other with the one before it.
    """
    found: list[list[str]] = []
    group: str | None = None
    for key in dialog.questions:
        its = content.questions[key].group
        if not found or (its is not None and its != group):
            found.append([])
            group = its
        found[-1].append(key)
    return tuple(tuple(page) for page in found)


def page_of(content: Content, dialog: Dialog, keys: Container[str]) -> tuple[str, ...]:
    """The page that asks one of these questions; the first if none does."""
    every = pages(content, dialog)
    return next((page for page in every if any(key in keys for key in page)), every[0])


def fields(
    content: Content, key: str, answers: Answers, today: date, page: Container[str]
) -> tuple[Field, ...]:
    """The fields of one page as these answers leave it.

    With more answers there may be more of them or fewer.
    """
    dialog = content.dialogs[key]
    deciding = {name for step in dialog.steps for name in step.when}
    asked = [name for name in path(dialog, answers) if name in page]
    made = [
        _field(content, dialog, name, answers.get(name, ""), today, follows=name in deciding)
        for name in asked
    ]
    # What counts for two questions in a row is said under the first.
    return tuple(
        replace(one, hint="") if before and one.hint == before.hint else one
        for before, one in zip((None, *made), made, strict=False)
    )


def _field(
    content: Content, dialog: Dialog, name: str, answer: str, today: date, *, follows: bool
) -> Field:
    question = content.questions[name]
    is_typed = question.kind in TYPED
    counts = (*question.more, *(str(content.facts[fact].value) for fact in question.facts))
    return Field(
        key=name,
        label=question.ask,
        options=()
        if is_typed
        else tuple((option, shown.label) for option, shown in question.options.items()),
        hint=question.hint if is_typed else " ".join(counts),
        optional=may_skip(content, dialog, name),
        answer=form_value(question, answer, today),
        follows=follows,
    )


def as_before(content: Content, known: Answers, values: Answers, today: date) -> dict[str, str]:
    """What was known and stands in the form as it was put there: kept as exactly as it was known,
    where the form shows less of it.
    """
    return {
        key: known[key]
        for key, value in values.items()
        if value and key in known and form_value(content.questions[key], known[key], today) == value
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a sent form holds: answers, and for each field that cannot be used the
    phrase that says why, with its values.
    """

    answers: Answers
    wrong: Mapping[str, Ambiguity]


def read_form(content: Content, key: str, values: Answers, today: date) -> Filled:
    """Read a form.

    An empty value is a skipped question where it may be, else no answer; a question that the
    answers do not lead to is left out.
    """
    dialog = content.dialogs[key]
    answers: dict[str, str] = {}
    wrong: dict[str, Ambiguity] = {}
    for name in dialog.questions:
        said = values.get(name, "").strip()
        if not said:
            answers |= {name: SKIPPED} if may_skip(content, dialog, name) else {}
            continue
        found = slots.read(content, name, said, today)
        if isinstance(found, str):
            answers[name] = found
        else:
            wrong[name] = found or Ambiguity(
                question=name,
                phrase="doubt_not_an_answer",
                values={"hint": content.questions[name].hint},
            )
    kept = {name: answers[name] for name in path(dialog, answers) if name in answers}
    return Filled(answers=kept, wrong=wrong)
