"""Quizzes: questions on what a plan's unit teaches, each option with the reason why it is right or wrong.

A quiz is a file named by its unit; `article` is the one on the ideas of the article that the plan answers to. The keys of
questions are remembered when somebody is asked again later, so words may change and keys may not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Self

from pydantic import Field, model_validator

from content.entry import Entry, Key, Words
from content.plan import Plan
from content.reading import Document, Problem

if TYPE_CHECKING:
    from content.library import Content

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
    """One question with exactly one right option. `source` is a page of the plan; the step's own page when left out."""

    step: Key = Field(description="The step of the plan that teaches it: where a wrong answer leads.")
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


def check_quizzes(content: "Content", documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every unit has a quiz, every step a question, and what a question names exists."""
    plans = tuple(content.plans.values())
    for name in content.quizzes:
        plan = next((one for one in plans if name == ARTICLE or name in one.units), None)
        document = documents[f"quizzes/{name}.yaml"]
        if plan is None:
            yield document.problem((), f"no unit {name!r}", f"a file named by a unit, or {ARTICLE}")
        else:
            yield from _check_questions(content, plan, name, document)
    for key, plan in content.plans.items():
        for unit in plan.units.keys() - content.quizzes.keys():
            what = f"no quiz for {unit!r}"
            yield documents[f"plans/{key}.yaml"].problem(("units", unit), what, f"quizzes/{unit}.yaml")


def _check_questions(content: "Content", plan: Plan, name: str, document: Document) -> Iterator[Problem]:
    steps = {key for unit in _units(plan, name) for key in plan.units[unit].steps}
    quiz = content.quizzes[name]
    for key, question in quiz.questions.items():
        place = ("questions", key)
        if question.step not in steps:
            what = f"no step {question.step!r}"
            yield document.problem((*place, "step"), what, f"one of {', '.join(sorted(steps))}")
        if question.source is not None and question.source not in plan.resources:
            what = f"no resource {question.source!r}"
            yield document.problem((*place, "source"), what, "a key of the plan's 'resources'")
    if name == ARTICLE:
        return
    for step in steps - {question.step for question in quiz.questions.values()}:
        yield document.problem(("questions",), f"no question on {step!r}", "one for each step")


def _units(plan: Plan, name: str) -> Iterable[str]:
    return plan.units if name == ARTICLE else (name,)
