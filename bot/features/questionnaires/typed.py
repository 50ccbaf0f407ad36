"""What an open dialog makes of a typed text, of a form, and of something else that was asked in between."""

import re
from dataclasses import replace

from bot.core.command_line import parse, tidy
from bot.core.events import Reading, Said
from bot.core.reply import Paragraph, Strong, paragraph, spans
from bot.core.request import Request
from bot.core.state import OpenDialog
from bot.core.turn import Turn
from bot.extraction import slots
from bot.extraction.slots.lines import spelled
from bot.features.figures import answered
from bot.features.questionnaires import engine
from bot.features.questionnaires.engine import Answers, Filled
from bot.features.questionnaires.turns import (
    SKIP,
    Step,
    asked_again,
    doubted,
    is_stale,
    not_an_answer,
    open_dialog,
    put,
    skipped,
    taken,
)


def try_answer(request: Request, text: str) -> Turn | None:
    """What an open dialog makes of a typed text; None when it is not meant for the dialog."""
    current = open_dialog(request)
    if current is None or is_stale(request, current):
        return None
    if turn := _meaning_asked(request, current, text):
        return turn
    if not _may_be_an_answer(request, current, text):
        return None
    dialog = request.content.dialogs[current.dialog]
    open_key = (
        current.question
        if current.question in dialog.questions
        else engine.first_open(dialog, current.answers)
    )
    if tidy(text).lower() == SKIP:
        return skipped(request, Step(current.dialog, current.answers, open_key))
    if _UNSURE.fullmatch(spelled(text)):
        step = Step(current.dialog, current.answers, open_key)
        may_skip = engine.may_skip(request.content, dialog, open_key)
        return (
            skipped(request, step)
            if may_skip
            else put(request, step, paragraph(request.text("dialog_unsure")))
        )
    if turn := _taken_back(request, current, open_key, text) or _offered(request, current, text):
        return turn
    heard = slots.fill_slots(request.content, dialog.questions, open_key, text, request.today)
    if heard.answers:
        return taken(request, current.dialog, current.answers, heard.answers, heard.ambiguities)
    if heard.ambiguities:
        doubt = heard.ambiguities[0]
        return doubted(request, Step(current.dialog, current.answers, doubt.question), doubt)
    if _looks_like_an_attempt(request, text):
        return doubted(
            request,
            Step(current.dialog, current.answers, open_key),
            not_an_answer(request, open_key),
        )
    return None


def _taken_back(request: Request, current: OpenDialog, open_key: str, text: str) -> Turn | None:
    """'No wait, 8', 'actually 33': the answer before, another one. A score without its test is of the test named then."""
    hit = _CORRECTION.match(spelled(text))
    dialog = request.content.dialogs[current.dialog]
    before = engine.before(dialog, current.answers, open_key)
    while before and request.content.questions[before].kind == "text":
        before = engine.before(dialog, current.answers, before)
    if hit is None or not before:
        return None
    test = _TEST.search(current.answers.get(before, ""))
    for said in ((f"{test[1]} {hit['rest']}",) if test else ()) + (hit["rest"],):
        found = slots.read(request.content, before, said, request.today)
        if isinstance(found, str):
            return taken(request, current.dialog, current.answers, {before: found})
    return None


def _offered(request: Request, current: OpenDialog, text: str) -> Turn | None:
    """'after', to 'before or after the tables changed?': the button that ends with that word."""
    word = _SAME.get(spelled(text).strip(" .!"), "")
    for action in request.state.conversation.choices.values() if word else ():
        start, _, said = action.partition(f" {current.question} ")
        if start == f"answer {current.dialog}" and said.endswith(f" {word}"):
            found = slots.read(request.content, current.question, said, request.today)
            return (
                taken(request, current.dialog, current.answers, {current.question: found})
                if isinstance(found, str)
                else None
            )
    return None


def _meaning_asked(request: Request, current: OpenDialog, text: str) -> Turn | None:
    """'What does specialist education mean?', 'what counts?': what stands with that question, and the open one once more."""
    hit = _MEANING.fullmatch(spelled(text).rstrip("?!. "))
    if hit is None:
        return None
    dialog = request.content.dialogs[current.dialog]
    key = engine.naming(request.content, dialog, hit["what"]) if hit["what"] else current.question
    if not key or key not in request.content.questions:
        return None
    question = request.content.questions[key]
    facts = tuple(request.content.facts[name] for name in question.facts)
    details = (*question.more, *(str(fact.value) for fact in facts))
    blocks = (
        Paragraph(spans(Strong(question.label))),
        *(paragraph(line) for line in details or (question.hint,)),
    )
    said = (
        request.answer(*blocks, remember=False)
        if not facts
        else answered(replace(request, command="points", words="result"), *blocks, cite=facts)
    )
    return asked_again(request, said)


def sent(request: Request, key: str, before: Answers, filled: Filled) -> Turn:
    """A page of a form that was sent: the same answers as if typed one by one, added to those `before` it. Fields that cannot be
    used are asked again, one by one.
    """
    if not filled.wrong:
        return taken(request, key, before, filled.answers, say_back=False)
    doubt = next(iter(filled.wrong.values()))
    return doubted(request, Step(key, {**before, **filled.answers}, doubt.question), doubt)


def resumed(request: Request, turn: Turn) -> Turn:
    """The turn of something else that was asked in between, and then the open question once more, unless others would read it."""
    in_between = request.state.person.dialog == turn.state.person.dialog
    return asked_again(request, turn) if in_between and not request.event.overheard else turn


_UNSURE = re.compile(
    r"(?:(?:um+|hmm+|well|sorry)[, ]+)?(?:i )?(?:dont know|do not know|dunno|idk|not sure|no idea|no clue|unsure|im not sure|cant say|dk)(?: yet| really| that| this){0,4}[.!?]*"
)
_CORRECTION = re.compile(
    r"(?:(?:no|sorry|oops|oh)[, ]{1,3}){0,4}(?:wait|sorry|oops|actually|i meant?|i mean to say|scratch that|correction|hang on|hold on|make that|my bad)[,:. ]+(?:its |it is |i meant? |its actually |make it )?(?P<rest>.+)"
)
_SAME = {
    **dict.fromkeys(("before", "before that", "earlier", "old", "the old one"), "before"),
    **dict.fromkeys(("after", "after that", "later", "since", "new", "the new one"), "after"),
}
_TEST = re.compile(r"\(([A-Za-z][A-Za-z1 ]*?) [\d.]")
_MEANING = re.compile(
    r"(?:what (?:counts|does (?:that|this|it) mean|do you mean|is that|is this)|why do you (?:ask|need (?:that|this|to know))|whats (?:that|this)(?: mean)?|explain|meaning)"
    r"|(?:what(?: is|s| are| does| do you mean by|s meant by| counts as)|explain|define|meaning of)(?: an?| the)? (?P<what>[a-z][a-z /()-]{2,40}?)(?: mean| count| counted)?"
)
_CLEAR = (
    "unsubscribe",
    "cancel",
    "back",
    "start-over",
    "change",
    "what-if",
    "help",
    "answer",
    "forget",
    "privacy",
    "sources",
    "start",
)
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


def _may_be_an_answer(request: Request, current: OpenDialog, text: str) -> bool:
    """Commands and questions win over the dialog; a text that is an option's own words is an answer all the same."""
    line = parse(request.content, text)
    question = request.content.questions.get(current.question)
    if line is None:
        return not _is_a_question(text)
    if line.explicit or line.command in _CLEAR or question is None:
        return False
    if line.command == SKIP and not line.words:
        return True
    if question.kind == "text":
        return len(text.split()) > _LONG
    return isinstance(slots.read(request.content, current.question, text, request.today), str)


def _is_a_question(text: str) -> bool:
    words = tidy(text).lower().replace("'", "").replace("’", "").split()
    return bool(words) and (
        words[0] in _QUESTION_WORDS or (words[-1].endswith("?") and len(words) > 1)
    )


def _looks_like_an_attempt(request: Request, text: str) -> bool:
    """Nothing that understanding is sure to be something else; where it did not run, something short."""
    match request.event.body:
        case Said(reading=Reading(action=action)):
            return action != "answer"
        case _:
            return len(text.split()) <= _SHORT
