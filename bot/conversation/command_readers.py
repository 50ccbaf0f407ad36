"""What is typed as a command, after a slash or word for word, or as the label of a button. A sentence
that merely opens with a command's name is none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.conversation import (
    asked_acts,
)
from bot.conversation.exact_commands import exact, misspelt, speaks_for_itself
from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import talks_of_migration
from bot.core.command_line import Line, parse, tidy
from bot.core.interpretation import Interpretation
from bot.core.reply import paragraph
from bot.core.turn import Turn
from bot.features import questionnaires
from bot.features.work.occupations import echoed


def commands(heard: Heard) -> Iterator[Interpretation]:
    """A command word for word, a button's label, or what stands after a slash."""
    if tidy(heard.text).startswith("/"):
        yield Interpretation(name="slash command", score=1.0, decide=lambda: _slashed(heard))
        return
    typed = _button_or_line(heard, exact(heard.content, heard.text, heard.reading))
    if typed is None or _only_asks_about(heard, typed) or _FORGETS_SOMEBODY.match(heard.text):
        return
    if _imagines_something_else(heard, typed) or _asks_why_of_something(heard, typed):
        return
    is_sentence = bool(_OPENS_A_SENTENCE.match(typed.words))
    sure = not typed.words or (not is_sentence and speaks_for_itself(heard.content, heard.text))
    yield Interpretation(
        name="command",
        score=0.99 if sure else 0.96,
        decide=lambda: heard.run(typed, heard.reading),
        takes_facts=typed.command in questionnaires.DIALOG_COMMANDS,
    )


def _imagines_something_else(heard: Heard, line: Line) -> bool:
    """'What if it expires' in a talk about migration: nothing that changes a sum,
    so the talk says what it means.
    """
    if line.command != "what-if" or not line.words:
        return False
    if not talks_of_migration(heard.content, heard.state.conversation, heard.event.at):
        return False
    has_sum = bool(heard.state.person.results.get("points") or heard.state.person.dialog)
    knows = questionnaires.knows_change(heard.content, line.command, line.words)
    return not (has_sum and knows)


def _asks_why_of_something(heard: Heard, line: Line) -> bool:
    """'Why not listed', 'why the same': 'why' alone asks for the sources, and no more than that."""
    return line.command == "sources" and bool(line.words) and _WHY.match(heard.text) is not None


_WHY: Final = re.compile(r"\W{0,3}why\b", re.IGNORECASE)
_FORGETS_SOMEBODY: Final = re.compile(
    r"\W{0,3}(?:(?:ok|okay|so|no|yeah),? ){0,2}forget (?:about )?(?:him|her|them|that|it|this)\b",
    re.IGNORECASE,
)
"""'Forget him', 'forget it': a change of topic, and nothing is erased."""
_OPENS_A_SENTENCE: Final = re.compile(
    r"(?:for|of|from) (?:being|a|an|the|my|some)\b", re.IGNORECASE
)
"""'points for being 34': a name of the table, and a question all the same."""


def _slashed(heard: Heard) -> Turn:
    """The command after a slash; one that is mistyped is named beside its answer."""
    if line := parse(heard.content, heard.text):
        return heard.run(line, None)
    typed, line = misspelt(heard.content, heard.text) or ("", None)
    # What acts is only explained: a slip of the finger may have meant another one.
    is_only_named = line is not None and not line.words and line.command in asked_acts.ACTING
    if line is None or is_only_named:
        return heard.run(Line("help", tidy(heard.text).replace("/pivot ", "/", 1)), None)
    turn = heard.run(line, None)
    words = heard.request().text("taken_as", typed=echoed(typed), meant=line.command)
    if not turn.replies:  # a form that opens says nothing
        return turn
    first, *others = turn.replies
    return replace(
        turn, replies=(replace(first, blocks=(paragraph(words), *first.blocks)), *others)
    )


def _only_asks_about(heard: Heard, line: Line) -> bool:
    """'stop?' is a command; 'skip means what' and 'forget, does it stop the nudges' are none."""
    if not line.words:
        return False
    is_said = asked_acts.is_asked_about(line.command, heard.utterance)
    return is_said and len(heard.text.split()) > 2


def _button_or_line(heard: Heard, line: Line | None) -> Line | None:
    """The label of a button shown last means that button, even where it is a command's name too
    ('Start' under a plan); `stop` always stops.
    """
    if line is not None and (line.explicit or line.words or line.command == "unsubscribe"):
        return line
    typed = tidy(heard.text).lower()
    choices = heard.state.conversation.choices.items()
    tapped = next((action for label, action in choices if label.lower() == typed), "")
    return parse(heard.content, tapped) or line
