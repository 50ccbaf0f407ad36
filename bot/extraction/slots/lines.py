"""A message as the readers see it, and what they make of it: an answer, a doubt, or nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.command_line import tidy
from bot.core.latest_texts import of_latest
from bot.extraction.numbers import with_digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """Something was meant as an answer to `question` but is not clear.

    `phrase` says why; `offers` are answers to tap.
    """

    question: str
    phrase: str
    values: Mapping[str, object] = field(default_factory=dict)
    offers: tuple[tuple[str, str], ...] = ()
    """(label, answer): the label is a phrase key, or stands for itself;
    the answer is what could be typed.
    """


@dataclass(frozen=True, slots=True)
class Line:
    """A message in the readers' spelling: lower case, straight, no apostrophes.

    What was read is blanked out.
    """

    words: str
    today: date

    def without(self, hit: re.Match[str]) -> "Line":
        return Line(f"{self.words[: hit.start()]} ; {self.words[hit.end() :]}", self.today)


Read = tuple[str | Ambiguity | None, Line]
"""What was found, and the message without it."""

NOT = re.compile(r"\b(?:no|not|never|without|dont|havent|didnt|isnt|nor|aint|non)\b[^;,]{0,20}$")
"""A denial just before the words that it denies."""


@of_latest
def spelled(text: str) -> str:
    """Lower case, straight dashes, no apostrophes, numbers in digits: 'Bachelor’s' is 'bachelors',
    'six' is '6'.
    """
    line = (
        tidy(text)
        .lower()
        .replace("’", "'")
        .replace("‘", "'")
        .replace("–", "-")
        .replace("—", "-")
        .replace("½", ".5")
    )
    return with_digits(line.replace("'", "").rstrip(".!"))


def find(word: str, line: str) -> re.Match[str] | None:
    """The word on its own, not inside another."""
    if (
        word not in line
    ):  # most words are not there, and asking so is a hundred times cheaper than a pattern
        return None
    return re.search(rf"(?<![\w+])(?<!\d\.){re.escape(word)}(?![\w+])", line)
