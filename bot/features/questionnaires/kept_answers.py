"""One kept answer, asked for or erased in words: 'what age do you have for me', 'delete only my age'."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.slots.lines import find
from bot.features.questionnaires import known, noting
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.rows import POINTS
from bot.features.questionnaires.statements import STATE
from bot.features.questionnaires.turns import answers_so_far, known_answers
from bot.understanding.acts import Utterance

_KEEPS: Final = re.compile(
    r" (?:you|u|ya) (?:\w+ )?(?:have|got|hold|holding|know|remember|saved|noted|store|stored"
    r"|keep) | (?:have|got|hold) (?:you|u|ya)? ?(?:got|down|for|me|my) "
)
_ASIDE: Final = re.compile(
    r" (?:i|totally|always|often|completely|almost|to|cant|you) (?:totally |completely )?forget "
    r"| forgets? (?:it|him|her|them|that|to|about (?:it|that|him|her)) "
)
ERASES: Final = re.compile(
    r" (?:delete|forget|erase|remove|wipe|drop(?! out)) |(?<! i)(?<! we)(?<! she)(?<! he)(?<! they)"
    r" (?:dont|do not|never|stop|without) (?:you |u |ya )?"
    r"(?:keep|keeping|store|storing|save|saving|hold|holding|remember|remembering) "
)


def place_of(request: Request, said: Utterance) -> str:
    """The question about the state, where the message names one: 'we might shift to Hobart'."""
    line = said.line
    options = request.content.questions[STATE].options.items()
    named = any(f" {word} " in line for key, one in options for word in (key, *one.words))
    return STATE if named else ""


def recalls(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'What age do you have for me?': the one answer."""
    line = said.line
    if (not said.asks and "?" not in said.text) or not _KEEPS.search(line):
        return
    if not re.search(r" (?:me|my|mine|you|u) ", line) or len(line.split()) > _LONGEST_RECALL:
        return
    keys = [
        key
        for key in dict.fromkeys(
            key for name in noting.PROFILE for key in request.content.dialogs[name].questions
        )
        if _names(request, key, line)
    ]
    keys = keys or ([STATE] if place_of(request, said) else [])
    if keys:
        yield Interpretation(
            name="what is known",
            score=0.97,
            decide=lambda: _tell_known(request, keys[0]),
            takes_facts=True,
        )


_LONGEST_RECALL: Final = 14


def _names(request: Request, key: str, line: str) -> bool:
    question = request.content.questions[key]
    names = (key.replace("_", " "), question.label.lower(), *question.called)
    return any(find(name, line) for name in names)


def _tell_known(request: Request, key: str) -> Turn:
    have = {**answers_so_far(request, POINTS), **known_answers(request)}
    question = request.content.questions[key]
    if key in have:
        words = request.text(
            "known_is", label=question.label, answer=shown(request, key, have[key])
        )
    else:
        words = request.text("known_not", label=question.label.lower())
    taps = (
        Tap(request.text("tap_change_it"), f"change {key.replace('_', ' ')}"),
        Tap(request.text("tap_show_profile"), "profile"),
    )
    return request.answer(paragraph(words), Choices(taps), personal=True, remember=False)


def erasures(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Delete only my age': that answer and nothing else."""
    line = said.line
    if not ERASES.search(line) or said.asks or len(line.split()) > _LONGEST_RECALL:
        return
    if _ASIDE.search(line) or any(map(str.isdigit, line)):
        return  # 'PTE 79 80 82 90, totally forgot' tells a result
    have = known_answers(request)
    kept = [key for key, question in request.content.questions.items() if question.remember]
    keys = [key for key in kept if _names(request, key, line)]
    if len(keys) == 1 and not re.search(r" (?:everything|all|data) ", line):
        yield Interpretation(
            name="erase one answer",
            score=0.97,
            decide=lambda: _drop(request, keys[0], known_before=keys[0] in have),
            takes_facts=True,
        )


def _drop(request: Request, key: str, *, known_before: bool) -> Turn:
    person = request.state.person
    before = {key: known_answers(request).get(key, "")}
    profile = known.without(person.profile, (key,))
    results = {
        name: {each: answer for each, answer in result.items() if each != key}
        for name, result in person.results.items()
    }
    person = replace(person, profile=profile, results=results)
    conversation = replace(request.state.conversation, changed=before)
    state = replace(request.state, person=person, conversation=conversation)
    label = request.content.questions[key].label
    words = request.text("dropped" if known_before else "known_not", label=label)
    return request.answer(paragraph(words), state=state, personal=True, remember=False)
