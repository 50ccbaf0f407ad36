"""What an open dialog makes of a typed text, of a form, and of something else that was asked in between."""

import re
from dataclasses import replace

from bot import hearing, questionnaire
from bot.answers.printing import answered
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
    put,
    skipped,
    taken,
)
from bot.events import Reading, Said
from bot.hearing.lines import spelled
from bot.questionnaire import Answers, Filled
from bot.reply import Paragraph, Strong, paragraph, spans
from bot.state import OpenDialog
from bot.turn import Turn


def try_answer(ask: Ask, text: str) -> Turn | None:
    """What an open dialog makes of a typed text; None when it is not meant for the dialog."""
    current = open_dialog(ask)
    if current is None or is_stale(ask, current):
        return None
    if turn := _meaning_asked(ask, current, text):
        return turn
    if not _may_be_an_answer(ask, current, text):
        return None
    dialog = ask.content.dialogs[current.dialog]
    open_key = current.question if current.question in dialog.questions else questionnaire.first_open(dialog, current.answers)
    if tidy(text).lower() == SKIP:
        return skipped(ask, Step(current.dialog, current.answers, open_key))
    if _UNSURE.fullmatch(spelled(text)):
        step = Step(current.dialog, current.answers, open_key)
        may_skip = questionnaire.may_skip(ask.content, dialog, open_key)
        return skipped(ask, step) if may_skip else put(ask, step, paragraph(ask.say("dialog_unsure")))
    if turn := _taken_back(ask, current, open_key, text) or _offered(ask, current, text):
        return turn
    heard = hearing.hear(ask.content, dialog.questions, open_key, text, ask.today)
    if heard.answers:
        return taken(ask, current.dialog, current.answers, heard.answers, heard.doubts)
    if heard.doubts:
        doubt = heard.doubts[0]
        return doubted(ask, Step(current.dialog, current.answers, doubt.question), doubt)
    if _looks_like_an_attempt(ask, text):
        return doubted(ask, Step(current.dialog, current.answers, open_key), not_an_answer(ask, open_key))
    return None


def _taken_back(ask: Ask, current: OpenDialog, open_key: str, text: str) -> Turn | None:
    """'No wait, 8', 'actually 33': the answer before, another one. A score without its test is of the test named then."""
    hit = _CORRECTION.match(spelled(text))
    dialog = ask.content.dialogs[current.dialog]
    before = questionnaire.before(dialog, current.answers, open_key)
    while before and ask.content.questions[before].kind == "text":
        before = questionnaire.before(dialog, current.answers, before)
    if hit is None or not before:
        return None
    test = _TEST.search(current.answers.get(before, ""))
    for said in ((f"{test[1]} {hit['rest']}",) if test else ()) + (hit["rest"],):
        found = hearing.read(ask.content, before, said, ask.today)
        if isinstance(found, str):
            return taken(ask, current.dialog, current.answers, {before: found})
    return None


def _offered(ask: Ask, current: OpenDialog, text: str) -> Turn | None:
    """'after', to 'before or after the tables changed?': the button that ends with that word."""
    word = _SAME.get(spelled(text).strip(" .!"), "")
    for action in ask.state.conversation.choices.values() if word else ():
        start, _, said = action.partition(f" {current.question} ")
        if start == f"answer {current.dialog}" and said.endswith(f" {word}"):
            found = hearing.read(ask.content, current.question, said, ask.today)
            return taken(ask, current.dialog, current.answers, {current.question: found}) if isinstance(found, str) else None
    return None


def _meaning_asked(ask: Ask, current: OpenDialog, text: str) -> Turn | None:
    """'What does specialist education mean?', 'what counts?': what stands with that question, and the open one once more."""
    hit = _MEANING.fullmatch(spelled(text).rstrip("?!. "))
    if hit is None:
        return None
    dialog = ask.content.dialogs[current.dialog]
    key = questionnaire.naming(ask.content, dialog, hit["what"]) if hit["what"] else current.question
    if not key or key not in ask.content.questions:
        return None
    question = ask.content.questions[key]
    facts = tuple(ask.content.facts[name] for name in question.facts)
    details = (*question.more, *(str(fact.value) for fact in facts))
    blocks = (Paragraph(spans(Strong(question.label))), *(paragraph(line) for line in details or (question.hint,)))
    said = (
        ask.answer(*blocks, remember=False) if not facts else answered(replace(ask, command="points", words="result"), *blocks, cite=facts)
    )
    return asked_again(ask, said)


def sent(ask: Ask, key: str, before: Answers, filled: Filled) -> Turn:
    """A page of a form that was sent: the same answers as if typed one by one, added to those `before` it. Fields that cannot be
    used are asked again, one by one.
    """
    if not filled.wrong:
        return taken(ask, key, before, filled.answers, say_back=False)
    doubt = next(iter(filled.wrong.values()))
    return doubted(ask, Step(key, {**before, **filled.answers}, doubt.question), doubt)


def resumed(ask: Ask, turn: Turn) -> Turn:
    """The turn of something else that was asked in between, and then the open question once more."""
    return asked_again(ask, turn) if ask.state.person.dialog == turn.state.person.dialog else turn


_UNSURE = re.compile(
    r"(?:(?:um+|hmm+|well|sorry)[, ]+)?(?:i )?(?:dont know|do not know|dunno|idk|not sure|no idea|no clue|unsure|im not sure|cant say|dk)(?: yet| really| that| this)*[.!?]*"
)
_CORRECTION = re.compile(
    r"(?:(?:no|sorry|oops|oh)[, ]+)*(?:wait|sorry|oops|actually|i meant?|i mean to say|scratch that|correction|hang on|hold on|make that|my bad)[,:. ]+(?:its |it is |i meant? |its actually |make it )?(?P<rest>.+)"
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
