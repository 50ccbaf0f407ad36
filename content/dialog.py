"""Dialogs as content: the questions, what may be answered, and the order in which a dialog asks
them.

A question stands once, in `content/questions/`, and several dialogs may ask it: an answer given in
one is known in the others. A dialog is a list of steps; a step may depend on earlier answers, and
on nothing else, so that every path ends.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from content.entry import Entry, FactKey, Key, Words

OptionKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.+-]*$")]
"""Kept in the database and written on buttons. Numbers stand for themselves."""

Kind = Literal["choice", "yes_no", "age", "years", "english", "hours", "text"]


class Option(Entry):
    """`words`: other ways to type it as the answer to its question.

    `anywhere`: words that mean this option in any message, also one that answers another question.
    Lower case, without apostrophes.
    """

    label: Words
    words: tuple[Words, ...] = ()
    anywhere: tuple[Words, ...] = ()


class Question(Entry):
    """`label` names it in lists and on buttons; `called` are other words for it in 'change X'."""

    kind: Kind
    ask: Words
    label: Words
    called: tuple[Words, ...] = ()
    hint: Words
    """What to type: said when an answer was not understood."""
    options: Mapping[OptionKey, Option] = Field(default_factory=dict)
    mentions: tuple[Words, ...] = ()
    """Words that answer a yes-or-no question with yes when they turn up in a longer message, or no
    beside 'no'; for years of work, the words that tell this question's years from another's.
    """
    where: Literal["australia", "elsewhere"] | None = None
    """For years of work: places named beside the number decide whether this question is meant."""
    more: tuple[Words, ...] = ()
    """Said under the question, folded where the platform can fold."""
    facts: tuple[FactKey, ...] = ()
    """Facts to show under the question."""
    group: Key | None = None
    """Questions that are counted together."""
    highest: bool = False
    """Of several options that a message names, the first in the list is the answer."""
    optional: bool = False
    """May be skipped; the empty answer is kept."""
    remember: bool = False
    """Kept in the profile and used wherever it is asked."""

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> "Question":
        if self.kind == "choice" and len(self.options) < 2:
            raise ValueError("a choice needs at least two 'options'")
        if self.kind == "yes_no" and set(self.options) != {"yes", "no"}:
            raise ValueError(
                "a yes-or-no question has exactly the options 'yes' and 'no', both in quotes"
            )
        return self


class Step(Entry):
    """Asked when every condition holds: the earlier question has one of these answers."""

    question: Key
    when: Mapping[Key, tuple[OptionKey, ...]] = Field(default_factory=dict)


class Dialog(Entry):
    """`name` is used inside sentences: 'the points test'."""

    name: Words
    title: Words
    command: Words
    """What a person types to start it."""
    facts: tuple[FactKey, ...] = ()
    """Said first, each with its source and date."""
    opening: tuple[Words, ...] = ()
    """Said before the first question."""
    in_chat: tuple[Words, ...] = ()
    """Said after it where the questions come one by one: how to answer them there."""
    optional: bool = False
    """Every question may be skipped."""
    steps: tuple[Step, ...] = Field(min_length=1)

    @property
    def questions(self) -> tuple[Key, ...]:
        return tuple(step.question for step in self.steps)
