"""Answers that change: a correction at any distance, one answer for all that remain,
and the last change taken back.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.state import OpenDialog
from bot.core.turn import Turn
from bot.extraction import slots
from bot.features.questionnaires import engine, known
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.statements import PARTNER, stated
from bot.features.questionnaires.turns import (
    answers_so_far,
    open_dialog,
    taken,
)
from bot.understanding.acts import Utterance, utterance
from content.content import Content

_INSTEAD_OF: Final = re.compile(
    r"(?<![, ])[, ]{0,4}\b(?:not|instead of"
    r"|rather than)\b (?:the )?(?:\w{1,30} )?\d{1,9}(?:\.\d{1,4})?\b(?: (?:years?|yrs?))?",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"^(?:(?:no|nah|oh|ah|oops|whoops|sorry|wait|actually|correction|hang on|hold on"
    r"|scratch that|my bad|i meant?|i mean to say|make (?:it|that)|it'?s|its|it is|just"
    r"|more like|hmm|ok|only|better|rather|retook|resat|redid|it|now|the test"
    r"|that)\b[, :.]*)+",
    re.IGNORECASE,
)
_TRAIL: Final = re.compile(
    r"(?<![, ])[, ]{0,4}\b(?:sorry|actually|pala|only|i mean|hey|then|instead|not)\b\W{0,9}$",
    re.IGNORECASE,
)
_ORDINALS: Final = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
_PLACE: Final = re.compile(
    r"\b(?:question|q|number|no\.?|answer) ?(?P<number>\d{1,2})\b"
    rf"|\b(?P<short>\d{{1,2}})(?:st|nd|rd|th)\b|\b(?P<worded>{'|'.join(_ORDINALS)})\b",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(r"\b(?P<value>\d+(?:\.\d+)?)\b")
_TEST: Final = re.compile(r"\(([A-Za-z][A-Za-z1 ]*?) [\d.]")


_KEEPS_TO_SELF: Final = re.compile(
    r" (?:rather|prefer|sooner) not | (?:not|wont|dont) (?:want to |wanna )?(?:say|tell|share"
    r"|saying|telling|sharing) "
)


def keeps_to_self(said: Utterance) -> bool:
    """'Rather not say where I worked': no answer, and no other one to what was answered before."""
    return bool(_KEEPS_TO_SELF.search(said.line))


def corrections(
    request: Request, dialog: str, said: Utterance, asked: str = "", *, last_too: bool = True
) -> dict[str, str]:
    """Other answers to questions answered before: the one that is named,
    else the one that was answered last.
    """
    if keeps_to_self(said):
        return {}
    answers = answers_so_far(request, dialog)
    content = request.content
    questions = content.dialogs[dialog].questions
    if placed := _by_place(request, dialog, said.text):
        return placed
    theirs = [one for one in said.clauses if one.holder != "self"]
    if theirs:
        found = stated(content, questions, said, request.today)
        return {key: answer for key, answer in found.answers.items() if key == PARTNER}
    if replaced := _by_old_value(request, answers, said.text):
        return replaced
    text = _INSTEAD_OF.sub(" ", said.text)
    bare = _TRAIL.sub("", _LEAD.sub("", text.strip()))
    found = stated(content, questions, _apart(content, bare), request.today)
    changed = {
        key: answer
        for key, answer in found.answers.items()
        if key in answers and answers[key] != answer
    }
    if changed and asked not in found.answers:
        return {**found.answers}
    if changed:
        return changed
    if found.answers or not last_too:
        return {}
    return _of_the_last(request, answers, questions, bare, asked)


def _apart(content: Content, text: str) -> Utterance:
    return utterance(content.acts, text)


_X_NOT_Y: Final = re.compile(
    r"(?<![\d.])(?P<now>\d{1,9}(?:\.\d{1,4})?)\b[^;]{0,25}?\b(?:not|instead of"
    r"|rather than)\b (?:the )?(?P<old>\d{1,9}(?:\.\d{1,4})?)\b"
    r"|\bnot (?P<old2>\d{1,9}(?:\.\d{1,4})?)\b[^;]{0,12}?\b(?:but|its|it's|is"
    r"|,)? ?(?P<now2>\d{1,9}(?:\.\d{1,4})?)\b",
    re.IGNORECASE,
)


def _by_old_value(request: Request, answers: Answers, text: str) -> dict[str, str]:
    """'5 not 4': the one answer that was 4."""
    hit = _X_NOT_Y.search(text)
    if hit is None:
        return {}
    old, now = hit["old"] or hit["old2"], hit["now"] or hit["now2"]
    keys = [key for key, answer in answers.items() if answer.partition(" on ")[0] == old]
    if len(keys) != 1:
        return {}
    found = slots.read(request.content, keys[0], now, request.today)
    if not isinstance(found, str):
        return {}
    return {keys[0]: found}


def _by_place(request: Request, dialog: str, text: str) -> dict[str, str]:
    """'The second one should be 1 not 0': by the number of the question,
    where questions are counted together.
    """
    hit = _PLACE.search(text)
    keys = [
        key
        for key in request.content.dialogs[dialog].questions
        if request.content.questions[key].group and request.content.questions[key].kind != "text"
    ]
    if hit is None or not keys:
        return {}
    word = hit["worded"]
    if word:
        number = _ORDINALS.index(word.lower()) + 1
    else:
        number = int(hit["number"] or hit["short"])
    rest = _INSTEAD_OF.sub(" ", text[: hit.start()] + " " + text[hit.end() :])
    value = _VALUE.search(rest)
    if value is None or number > len(keys):
        return {}
    found = slots.read(request.content, keys[number - 1], value["value"], request.today)
    if not isinstance(found, str):
        return {}
    return {keys[number - 1]: found}


def _of_the_last(
    request: Request, answers: Answers, questions: tuple[str, ...], bare: str, asked: str
) -> dict[str, str]:
    """'No wait, 8', 'actually 33', '4.5 only': what was answered last, another answer.

    A score without its test is of the test named then.
    """
    dialog = next(each for each in request.content.dialogs.values() if each.questions == questions)
    lately = [key for key in request.state.conversation.changed if key in answers]
    if asked:
        before = engine.before(dialog, answers, asked)
    else:
        before = ""
    while before and request.content.questions[before].kind == "text":
        before = engine.before(dialog, answers, before)
    for key in dict.fromkeys((*lately[::-1], before)):
        if not key or key not in answers:
            continue
        test = _TEST.search(answers[key])
        opening = re.split(r"[,;]", bare)[0].strip()
        sayings = (f"{test[1]} {opening}",) if test else ()
        for one in (*sayings, opening, bare):
            found = slots.read(request.content, key, one, request.today)
            if isinstance(found, str) and found != answers[key] and one:
                return {key: found}
    return {}


def rest(request: Request, dialog: str, said: Utterance, given: Answers) -> dict[str, str]:
    """One answer for every question that remains: 'remaining all no', '1 for the rest'.

    Nothing where none was said.
    """
    clause = next((one for one in said.clauses if one.does("rest") and one.mood == "stated"), None)
    if clause is None:
        return {}
    hit = re.search(r"(?<![\w.])[0-3](?![\w.])", clause.text)
    value = hit[0] if hit else "no"
    content, found = request.content, dict(given)
    asked = content.dialogs[dialog]
    while key := engine.first_open(asked, {**answers_so_far(request, dialog), **found}):
        answer = _for_rest(request, key, value)
        if answer is None:
            break
        found[key] = answer
    return {key: answer for key, answer in found.items() if key not in given}


def _for_rest(request: Request, key: str, value: str) -> str | None:
    """The common answer as an answer of this question; None where it cannot be one,
    as 'no' is no age.
    """
    question = request.content.questions[key]
    if question.kind in ("age", "english"):
        return None
    if question.kind == "text":
        return engine.SKIPPED
    found = slots.read(request.content, key, value, request.today)
    if isinstance(found, str):
        return found
    return None


def undo(request: Request) -> Turn:
    """The last change taken back: what was there before is there again."""
    before = request.state.conversation.changed
    if not before:
        return request.answer(paragraph(request.text("undo_nothing")), remember=False)
    dialog = _dialog_of(request, before)
    person = request.state.person
    profile = known.without(person.profile, [key for key, answer in before.items() if not answer])
    restored = {key: answer for key, answer in before.items() if answer}
    profile = known.remembered(request.content, profile, restored)
    results = _results(request, before)
    person = replace(
        person, profile=profile, results=results, dialog=_dialog_as_before(request, before)
    )
    conversation = replace(request.state.conversation, changed={})
    state = replace(request.state, person=person, conversation=conversation)
    request = replace(request, state=state)
    if dialog and (open_dialog(request) or person.results.get(dialog)) and restored:
        return taken(request, dialog, answers_so_far(request, dialog), restored)
    labels = ", ".join(
        request.content.questions[key].label for key in before if key in request.content.questions
    )
    return request.answer(
        paragraph(request.text("undo_done", what=labels)),
        Choices((Tap(request.text("tap_show_profile"), "profile"),)),
        personal=True,
        remember=False,
        state=state,
    )


def _dialog_of(request: Request, changed: Mapping[str, str]) -> str:
    current = open_dialog(request)
    order = (current.dialog if current else "", *request.state.person.results)
    return next(
        (
            key
            for key in order
            if key in request.content.dialogs
            and set(changed) & set(request.content.dialogs[key].questions)
        ),
        "",
    )


def _dialog_as_before(request: Request, before: Mapping[str, str]) -> OpenDialog | None:
    current = request.state.person.dialog
    if current is None:
        return None
    answers = {key: answer for key, answer in current.answers.items() if key not in before}
    return replace(current, answers=answers)


def _results(request: Request, before: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """The last results without what is taken back."""
    return {
        name: {key: answer for key, answer in result.items() if before.get(key, "-") != ""}
        for name, result in request.state.person.results.items()
    }
