"""The figures that a question states, which an answer to it has to speak of: '$145,000' is not
answered by what ends at 320,000.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.extraction import pay
from content.answer import Answer, fact_names
from content.content import Content
from content.entry import Range

_FIGURE = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:,\d{3}){1,2}|\d{1,7}(?:\.\d{1,2})?)(?P<k> ?k\b)?(?!\d)",
    re.IGNORECASE,
)
FIGURES_WITHIN: Final = 300
_LARGE: Final = 10_000
_CODES: Final = range(200_000, 300_000)
"""Numbers of occupations, which name a subject and no pay."""
_SCORE: Final = re.compile(r"(?<![\d.,$])(?<![a-km-qt-vx-z])\d{1,2}(?:\.5)?(?![\d,%]|\.\d| ?k\b)")
_SKILLS: Final = 4
"""So many scores are those of a test of English, one a skill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The large figures that a text states, a pay by the hour or the day, the scores of a test:
    what an answer to it has to speak of.
    """

    large: frozenset[int] = frozenset()
    rate: float | None = None
    scores: frozenset[str] = frozenset()

    def are_in(self, content: Content, key: str) -> bool:
        """Whether an answer speaks of each of them: '$145,000' is not
        answered by what ends at 320,000.
        """
        if not self.large and not self.scores and self.rate is None:
            return True
        answer = content.answer_units[key].answer
        named = " ".join((*answer.asks, *answer.texts, answer.subject, *_values(content, answer)))
        is_rate_named = self.rate is None or f"{self.rate:g}" in named
        is_each_score_named = self.scores <= set(_SCORE.findall(named.lower()))
        return self.large <= _large_figures(named) and is_rate_named and is_each_score_named


def figures_in(text: str) -> Figures:
    """What a text states in figures from ten thousand on, by the hour or the day,
    and as scores of a test.
    """
    if not any(map(str.isdigit, text)):
        return Figures()
    said = pay.read(text[:FIGURES_WITHIN])
    rate = said.hour_rate if said.hour_rate is not None else said.day_rate
    scores = _SCORE.findall(text[:FIGURES_WITHIN].lower())
    is_test = len(scores) >= _SKILLS
    return Figures(
        large=_large_figures(text), rate=rate, scores=frozenset(scores if is_test else ())
    )


def _values(content: Content, answer: Answer) -> Iterator[str]:
    """The figures that an answer's texts name in braces, and those it rests on."""
    names = [name for text in answer.texts for name in fact_names(text)]
    for name in (*names, *answer.rests_on):
        fact = answer.states.get(name) or content.facts.get(name)
        if fact is not None:
            yield _plain(fact.value)


def _plain(value: float | Range | str) -> str:
    match value:
        case Range(low=low, high=high):
            return f"{low or 0:.0f} {high or 0:.0f}"
        case str(words):
            return words
        case number:
            return f"{number:.0f}"


def _large_figures(text: str) -> frozenset[int]:
    """Figures from ten thousand on: 145000, '145,000', '145k'."""
    found = set()
    for hit in _FIGURE.finditer(text[:FIGURES_WITHIN]):
        digits = hit["number"].replace(",", "")
        value = round(float(digits) * (1000 if hit["k"] else 1))
        if value >= _LARGE and value not in _CODES:
            found.add(value)
    return frozenset(found)
