"""Quizzes: questions on what a plan's unit teaches, each option with the reason why it is right or
wrong.

A quiz is a file named by its unit; `article` is the one on the ideas of the article that the plan
answers to. The keys of questions are remembered when somebody is asked again later, so words may
change and keys may not.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, Self

from pydantic import Field, model_validator

from content.entry import Entry, Key, Words

ARTICLE: Final = "article"
FEWEST: Final = 6
LONGEST_STEM: Final = 160
LONGEST_OPTION: Final = 70
LONGEST_REASON: Final = 120
"""Stem, options and one reason fit a phone screen together."""


class Option(Entry):
    """One answer to tap, and why it is right or wrong."""

    text: Words = Field(max_length=LONGEST_OPTION)
    why: Words = Field(max_length=LONGEST_REASON)
    right: bool = False


class QuizQuestion(Entry):
    """One question with exactly one right option.

    `source` is a page of the plan; the step's own page when left out.
    """

    step: Key = Field(
        description="The step of the plan that teaches it: where a wrong answer leads."
    )
    stem: Words = Field(max_length=LONGEST_STEM)
    options: tuple[Option, ...] = Field(min_length=3, max_length=4)
    source: Key | None = None

    @property
    def right(self) -> int:
        """The place of the right option."""
        return next(place for place, option in enumerate(self.options) if option.right)

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        right = sum(option.right for option in self.options)
        if right != 1:
            raise ValueError(f"{right} options are right; exactly one has to be")
        if len({option.text.lower() for option in self.options}) != len(self.options):
            raise ValueError("two options say the same")
        return self


class Quiz(Entry):
    """The questions of one unit."""

    title: Words
    questions: Mapping[Key, QuizQuestion] = Field(min_length=FEWEST)

    @model_validator(mode="after")
    def _places_are_spread(self) -> Self:
        places = Counter(question.right for question in self.questions.values())
        place, often = places.most_common(1)[0]
        if often * 2 > len(self.questions):
            raise ValueError(f"option {place + 1} is right in {often} of {len(self.questions)}")
        return self
