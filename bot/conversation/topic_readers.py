"""Short texts about what was told: the last answer again or shorter, one value of a topic changed, and
what means something after one answer only.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import (
    courtesies,
    numbers_of_ours,
    questions,
    topics,
    wanted_acts,
)
from bot.conversation.follow_ups import follow_up
from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.features import questionnaires
from bot.features.pay import thresholds


def again(heard: Heard) -> Iterator[Interpretation]:
    """'Say that again', 'shorter': the last answer once more, or its first lines."""
    last = heard.state.conversation.last
    said = heard.utterance
    if last is None or not said.does("repeat", "shorter") or any(map(str.isdigit, heard.text)):
        return
    group = heard.content.group_of(last.command)
    if not (group and group.tells) and last.command not in _TOLD_TOO:
        return
    line = Line(last.command, last.words)
    shorter = said.does("shorter")
    yield Interpretation(
        name="again",
        score=0.92,
        covers=max(courtesies.share(said, "repeat", "shorter"), 0.5),
        decide=lambda: (
            courtesies.shortened(heard.run(line, None)) if shorter else heard.run(line, None)
        ),
    )


_TOLD_TOO: Final = frozenset(["points", "what-if", "profile", "plan", "reminders", "audit"])
_BARE_NUMBER: Final = re.compile(r"\W{0,9}\d{1,3}(?:[.,]\d)?\W{0,9}")


def _is_answer(heard: Heard) -> bool:
    """A bare number while a question is open is its answer before it is a change of a sum."""
    bare = _BARE_NUMBER.fullmatch(heard.text)
    return bool(bare) and questionnaires.waiting(heard.words) is not None


def _is_visa(heard: Heard) -> bool:
    """A visa's number alone is that visa, whatever was talked about; a rate's days are counted."""
    bare = heard.text.strip(" ?!.")
    last = heard.state.conversation.last
    is_of_visas = last is not None and last.command not in ("takehome", "offer", "salary")
    return bare in heard.content.visas and not is_of_visas


_MATTERS: Final = re.compile(r" (?:does|do|would|will) (?:it|that|this) (?:even )?matter ")
"""Asks whether a value counts: it is no other value of the sum above."""


def ellipses(heard: Heard) -> Iterator[Interpretation]:
    """One value of a topic talked about lately, changed."""
    is_of_ours = numbers_of_ours.are_named(heard)
    if _is_answer(heard) or _is_visa(heard) or _MATTERS.search(heard.utterance.line):
        return
    found = topics.ellipses(heard.content, heard.state.conversation, heard.text, heard.event.at)
    for distance, one in enumerate(found):
        if is_of_ours and one.line.command in (*topics.SUMS, "salary"):
            continue
        yield Interpretation(
            name="one value of a topic changed",
            score=0.97 - 0.03 * distance,
            covers=one.covers,
            decide=lambda line=one.line: heard.run(line, None),  # type: ignore[misc]
            takes_facts=one.is_about_others,
        )


def follow_ups(heard: Heard) -> Iterator[Interpretation]:
    """What means something after the last answer only."""
    last = heard.state.conversation.last
    page = questions.as_page(heard.content, last)
    if _is_visa(heard):
        return
    line = follow_up(heard.content, page, heard.text, heard.reading, heard.event.at)
    if line is None:
        return
    # 'per week?' means the sum that stands above it; after a page, a fact says more, and an open
    # question's answer always.
    is_open = questionnaires.waiting(heard.words) is not None
    is_sum = last is not None and last.command in wanted_acts.SUMS
    after_sum = is_sum and not is_open and not thresholds.asks_for(last.words if last else "")
    yield Interpretation(
        name="follow-up",
        score=1.0 if after_sum else 0.92,
        covers=0.0 if loses_figures(heard.text, line.words) else 0.95,
        decide=lambda: heard.run(line, heard.reading),
    )


_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)?")


def loses_figures(text: str, kept: str) -> bool:
    """Whether a figure of the text went nowhere."""
    kept = kept.replace(",", "")
    figures = [one.replace(",", "") for one in _FIGURE.findall(text)]
    return any(one not in kept and one.rstrip("0.") not in kept for one in figures)
