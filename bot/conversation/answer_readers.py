"""Answers to what waits: a yes or no, an open question of a form or a schedule, an offer that is taken,
a questionnaire that is gone on with or left.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.conversation import (
    asked_acts,
    courtesies,
)
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.extraction.slots import agreement
from bot.features import nudges, questionnaires
from bot.understanding.acts import plain

MOST_NO_WORDS: Final = 6
QUESTION_LASTS: Final = timedelta(minutes=10)
"""After so long a bare 'yes' is no answer any more: what it would do may be final."""


def yes_or_no(heard: Heard) -> Iterator[Interpretation]:
    """A yes or no to what was just asked; anything like a no is the safe side."""
    question = heard.state.conversation.question
    if question is None or heard.event.at - question.at > QUESTION_LASTS:
        return
    says = agreement(heard.text) or _leans_to_no(heard, question.no)
    line = parse(heard.content, question.yes if says == "yes" else question.no)
    if says and line is not None:
        yield Interpretation(
            name="yes or no", score=1.0, decide=lambda: heard.run(line, None), takes_facts=True
        )


_NO_WORDS: Final = frozenset(
    """
    no nah nope dont not never cancel wait stop keep leave hold hang nevermind na noo nay
    """.split()
)


def _leans_to_no(heard: Heard, no: str) -> str:
    """'nah keep it', or the words of the other button: anything like a no is the safe side."""
    words = heard.utterance.line.split()
    label = next(
        (label for label, action in heard.state.conversation.choices.items() if action == no), ""
    )
    if label and plain(label).strip() in heard.utterance.line and not heard.utterance.asks:
        return "no"
    is_short = 0 < len(words) <= MOST_NO_WORDS
    return "no" if is_short and words[0] in _NO_WORDS and not heard.utterance.asks else ""


def about_the_question(heard: Heard) -> Iterator[Interpretation]:
    """A side question while a yes or no is waited for: 'does that also stop the nudges?'"""
    question = heard.state.conversation.question
    if (
        question is None
        or not heard.utterance.asks
        or heard.event.at - question.at > QUESTION_LASTS
    ):
        return
    asked = parse(heard.content, question.yes)
    if asked is None or asked.command not in asked_acts.ACTING:
        return
    points_back = re.search(
        r" (?:that|it|this|erase|forget|delete|everything|too|also) ", heard.utterance.line
    )
    if points_back:
        yield Interpretation(
            name="about what is asked",
            score=0.985,
            decide=lambda: asked_acts.explained(heard.request(), asked.command),
            keeps_question=True,
        )


def open_dialog(heard: Heard) -> Iterator[Interpretation]:
    """A value of the kind that the open question asks for."""
    yield from questionnaires.readings(heard.request("answer", heard.text), heard.utterance)


def open_schedule(heard: Heard) -> Iterator[Interpretation]:
    """A value that the open question about a schedule asks for."""
    if turn := nudges.answered(heard.words):
        yield Interpretation(
            name="answer about the schedule",
            score=0.985,
            decide=lambda: turn,
            on_dialog=True,
            takes_facts=True,
        )


def leaves(heard: Heard) -> Iterator[Interpretation]:
    """'Leave it there, stop asking': a questionnaire that waits in silence is put away."""
    said = heard.utterance
    is_parked = heard.state.person.dialog is not None and not questionnaires.waiting(heard.words)
    if (
        not is_parked
        or not said.does("leave")
        or said.asks
        or len(heard.text.split()) > _LONGEST_LEAVE
    ):
        return
    yield Interpretation(
        name="leave",
        score=0.93,
        decide=lambda: heard.run(Line("cancel", ""), None),
        on_dialog=True,
        takes_facts=True,
    )


_LONGEST_LEAVE: Final = 10


def resumes(heard: Heard) -> Iterator[Interpretation]:
    """'Carry on with the audit', 'where were we': the question that was left open."""
    if not heard.utterance.does("resume") or len(heard.text.split()) > 2 * MOST_NO_WORDS:
        return
    request = heard.request("resume")
    turn = questionnaires.brought_back(request)
    if turn is not None:
        yield Interpretation(
            name="go on", score=0.99, decide=lambda: turn, on_dialog=True, takes_facts=True
        )


_GO_ON: Final = re.compile(
    r" (?:go on|go ahead|go for it|do it|lets go|lets do (?:it|that)|quiz me|test me|ask me"
    r"|bring it on|hit me) "
)
MOST_BESIDE_AN_OFFER: Final = 2
"""With more buttons under an answer, none of them is what it offers."""
_RATHER_NOT: Final = re.compile(r" (?:keep|leave|no|not|nah|nope|dont|later|never|stop|wait) ")


def offer_taken(heard: Heard) -> Iterator[Interpretation]:
    """'Go on then', 'yeah, test me' where one questionnaire was just offered by a button:
    that one begins.
    """
    offered = {
        line.command
        for action in heard.state.conversation.choices.values()
        if (line := parse(heard.content, action)) and line.command in questionnaires.DIALOG_COMMANDS
    }
    is_short = len(heard.text.split()) <= MOST_NO_WORDS
    is_the_offer = len(heard.state.conversation.choices) <= MOST_BESIDE_AN_OFFER
    if (
        len(offered) != 1
        or not is_the_offer
        or not is_short
        or not _GO_ON.search(heard.utterance.line)
    ):
        return
    is_typed = parse(heard.content, heard.text) is not None
    said = heard.utterance
    is_left = said.does("confirm", "deny") or bool(_RATHER_NOT.search(said.line))
    if is_typed or is_left or said.asks or questionnaires.waiting(heard.words):
        return
    (command,) = offered
    yield Interpretation(
        name="an offer taken",
        score=0.985,
        decide=lambda: heard.run(Line(command, ""), None),
    )


def bare_answers(heard: Heard) -> Iterator[Interpretation]:
    """A bare yes or no, and nothing that it could answer."""
    is_read = heard.reading is not None and heard.reading.action == "answer"
    if agreement(heard.text) and not is_read:
        yield Interpretation(
            name="yes or no to nothing",
            score=0.5 if questionnaires.waiting(heard.words) else 0.9,
            decide=lambda: courtesies.nothing_asked(heard.words),
        )
