"""What people do with words, as data: thanking, correcting, repeating, doubting, and whose facts
they speak of.

A pattern is a row of words. `a|b` is either word, `word?` may be missing, `*` up to four words
between, `^` and `$` are the clause's two ends, `#` a number. Clauses are compared in lower case,
without punctuation or apostrophes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import model_validator

from content.entry import Entry, Words

_GAP = r"(?:\S+ ){0,4}?"

ActKind = Literal[
    "thank",
    "bye",
    "greet",
    "insult",
    "complain",
    "repeat",
    "shorter",
    "mean",
    "why_ask",
    "total",
    "how_many_left",
    "rest",
    "undo",
    "resume",
    "leave",
    "unsure",
    "someone_else",
    "negation",
    "polite_request",
    "wish_to_start",
    "apologise",
    "acknowledge",
    "confirm",
    "in_private",
    "share_that",
    "no_evidence",
    "nudges_end",
    "nudges_back",
    "nudges_rest",
    "nudge_next",
    "nudge_skip",
    "nudge_once",
    "nudge_clocks",
    "reminders_told",
    "plan_begin",
    "plan_again",
    "plan_drop",
    "plan_regret",
    "plan_calendar",
    "feed_end",
    "feed_new",
    "plan_ease",
    "plan_next",
    "plan_tick",
    "step_big",
    "doubt",
    "why",
    "which_figure",
    "what_changes",
    "erase_all",
]


class Stances(Entry):
    """Whose fact a clause is: words for the partner, for others, for oneself.

    `leads`: openings that say nothing of whose it is.
    """

    partner: tuple[Words, ...]
    other: tuple[Words, ...]
    other_after: tuple[Words, ...]
    pronouns: tuple[Words, ...]
    own: tuple[Words, ...]
    own_after_my: tuple[Words, ...]
    leads: tuple[Words, ...]


class Moods(Entry):
    """How a clause is meant, where it is not simply stated."""

    asked: tuple[Words, ...]
    doubted: tuple[Words, ...]
    hypothetical: tuple[Words, ...]


@dataclass(frozen=True)
class ActPattern:
    """What follows the first word of an act, as a regular expression."""

    kind: str
    expression: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled for the first text that has its opening word: few of a thousand ever are."""
        return re.compile(self.expression)


class Acts(Entry):
    """`acts`: patterns of each kind.

    `address` and `padding`: words that may stand around a courtesy and say nothing more.
    """

    address: tuple[Words, ...]
    padding: tuple[Words, ...]
    acts: Mapping[ActKind, tuple[Words, ...]]
    stances: Stances
    moods: Moods
    correction: tuple[Words, ...]

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> "Acts":
        _ = self.openings
        return self

    @cached_property
    def openings(self) -> Mapping[str, tuple[ActPattern, ...]]:
        """For each word that may open a pattern, the kinds it may open and what follows there."""
        kinds: Mapping[str, tuple[str, ...]] = {
            **{str(kind): patterns for kind, patterns in self.acts.items()},
            "asked": self.moods.asked,
            "doubted": self.moods.doubted,
            "hypothetical": self.moods.hypothetical,
            "correct": self.correction,
        }
        rows: dict[str, dict[str, list[str]]] = {}
        for kind, patterns in kinds.items():
            for first, row in (pair for pattern in patterns for pair in _rows(pattern)):
                rows.setdefault(first, {}).setdefault(kind, []).append(row)
        return {
            word: tuple(ActPattern(kind, "|".join(some)) for kind, some in by_kind.items())
            for word, by_kind in rows.items()
        }

    @cached_property
    def around(self) -> frozenset[str]:
        """Words that may stand around a courtesy."""
        return frozenset((*self.address, *self.padding))


def _rows(pattern: str) -> Iterator[tuple[str, str]]:
    """Each word that may open the pattern, with the whole of it as a
    regular expression that matches from there.
    """
    parts = pattern.split()
    begin = r"(?<=\A )" if parts[0] == "^" else ""
    parts = parts[1:] if begin else parts
    while parts:
        first, *rest = parts
        row = "".join(map(_token, rest))
        for word in first.removesuffix("?").split("|"):
            yield word, f"{begin}{_literal(word)} {row}"
        if not first.endswith("?"):
            return
        parts = rest


def _token(token: str) -> str:
    match token:
        case "*":
            return _GAP
        case "$":
            return r"\Z"
        case _:
            bare = token.removesuffix("?")
            words = "|".join(map(_literal, bare.split("|")))
            return rf"(?:(?:{words}) ){'?' if bare != token else ''}"


def _literal(word: str) -> str:
    if word == "#":
        return r"\d[\d.,]{0,19}"
    return re.escape(word)
