"""What a text is understood as, by rules and model, where no reader knew it better: the command it
asks for, or a doubt between a few.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.conversation import (
    asked_acts,
    fact_readers,
    questions,
    schedule_readers,
)
from bot.conversation.context import Clarify, OutOfScope, RunCommand, SmallTalk, resolve
from bot.conversation.fallback import ask_back, beyond, name_other, which_answer, word
from bot.conversation.heard import Heard
from bot.conversation.topic_readers import loses_figures
from bot.core.command_line import Line
from bot.core.events import Reading
from bot.core.interpretation import Interpretation
from bot.features import questionnaires


def meanings(heard: Heard) -> Iterator[Interpretation]:
    """What the reading asks for; where it is unsure, a choice between what is likely."""
    reading = heard.reading
    if reading is None:
        return
    if reading.asks and _WISHES.search(heard.utterance.line):
        reading = replace(reading, asks=False)
    request = heard.request("help", heard.text)
    asked = fact_readers.asked_of(heard, reading)
    near = questions.offered(asked)
    match resolve(heard.content, heard.state.conversation, reading, heard.event.at):
        case RunCommand(line=line, entities=entities, also=also):
            if schedule_readers.speaks_of_no_nudge(
                heard, line
            ) or schedule_readers.speaks_of_paid_hours(heard, line):
                return
            if line.command in _OF_STUDY and heard.facts.answers and not heard.utterance.asks:
                # A degree that is told of asks for no page about degrees.
                yield Interpretation(
                    name="a degree told of",
                    score=0.8,
                    decide=lambda: questionnaires.noted_alone(
                        heard.request("profile", heard.text), heard.facts.answers
                    ),
                    takes_facts=True,
                )
                return
            if line.command in asked_acts.ACTING and reading.action != "answer":
                return  # what changes something is never done on the strength of the talk alone
            read = replace(reading, command=line.command, entities=entities)
            if _only_asks_how_long(heard, line):
                line = replace(line, words=f"at {line.words.split()[-1]} hours")
            line = schedule_readers.begins_unasked(heard, line) or line
            starts = _starts_unasked(heard, line)
            if starts:
                yield Interpretation(
                    name="answers that are near" if near else "a questionnaire explained",
                    score=0.7,
                    decide=lambda: (
                        which_answer(request, near)
                        if near
                        else asked_acts.may_start(request, line.command)
                    ),
                )
                return
            yield Interpretation(
                name="understood",
                score=reading.confidence,
                covers=_coverage(heard, line, read),
                decide=lambda: (
                    name_other(request, heard.run(line, read), also)
                    if also
                    else heard.run(line, read)
                ),
                takes_facts=line.command in questionnaires.DIALOG_COMMANDS,
            )
        case SmallTalk() as courtesy:
            yield Interpretation(
                name="small talk", score=0.85, decide=lambda: word(request, courtesy)
            )
        case OutOfScope() as limit:
            yield Interpretation(
                name="beyond me",
                score=min(reading.confidence, 0.8),
                covers=0.6,
                decide=lambda: which_answer(request, near) if near else beyond(request, limit),
            )
        case Clarify() as doubt:
            yield Interpretation(
                name="a doubt",
                score=0.55,
                decide=lambda: ask_back(request, doubt, near or questions.near_the_talk(asked)),
            )


_WISHES: Final = re.compile(
    r"\A (?:(?:ok|okay|and|also|so|then|please|pls|hey) ){0,3}"
    r"(?:can|could|will|would) (?:you|u|ya|ye) (?:please |pls |also |just ){0,2}"
    r"(?:remind|nudge|bug|ping|poke|message|text|tell|write|send|set|start|move|change|make|put"
    r"|pause|stop) "
)
"""A wish in the form of a question: 'can you ping me on mondays'."""
_OF_STUDY: Final = ("education", "qualifications")
_WANTS_TO_START: Final = re.compile(
    r" (?:calculate|calc|compute|add up|tally|work out|figure out|test me|quiz me|calculator) "
    r"| (?:start|begin|go|run|take|do|check|try|open) (?:with )?(?:the |my |a |me "
    r"|through ){0,6}(?:points?|test|audit|self|sum|score|questions)"
    r"| my (?:own )?(?:points?|score|total) | how many points (?:do|would|will|have|could|can"
    r"|might) i (?:have|get|got|score|make|reach)? "
)


def _only_asks_how_long(heard: Heard, line: Line) -> bool:
    """'I only get 5 hours a week, how long would it take': the weeks are told,
    and no plan begins.
    """
    begins = line.command == "plan" and bool(re.fullmatch(r"hours \d{1,2}", line.words))
    return begins and bool(re.search(r" how (?:long|many weeks) ", heard.utterance.line))


def _starts_unasked(heard: Heard, line: Line) -> bool:
    """A question about points or the audit starts neither, nor does a story of somebody else."""
    said = heard.utterance
    of_others = any(clause.holder != "self" for clause in said.clauses)
    is_told = _is_open_already(heard, line)
    if line.command not in ("points", "audit") or line.words:
        return False
    is_named = line.command != "points" or bool(_OF_THE_TEST.search(heard.utterance.line))
    has_figures = line.command == "points" and any(map(str.isdigit, heard.text))
    if is_named and not (said.asks or of_others or is_told or has_figures):
        return False
    return not _WANTS_TO_START.search(heard.utterance.line)


_OF_THE_TEST: Final = re.compile(
    r" (?:points?|pts|score|scores|test|questions?|questionnaire|calculator|total"
    r"|eligib\w{0,6}|qualify) "
)
"""Words without which a text wants no points test."""


def _is_open_already(heard: Heard, line: Line) -> bool:
    """A sentence about the questionnaire that is open wants it
    neither started nor printed again.
    """
    current = questionnaires.waiting(heard.words)
    return current is not None and current.dialog == line.command


def _coverage(heard: Heard, line: Line, reading: Reading) -> float:
    """How much of the text a command accounts for: a figure that
    went nowhere counts for half of it.
    """
    kept = f"{line.words} {' '.join(map(str, reading.entities.values()))}"
    return 0.5 if loses_figures(heard.text, kept) and reading.needs_context else 0.9
