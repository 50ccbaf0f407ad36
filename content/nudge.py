"""What a nudge may say: why it came, and templates for each situation, taken in turn.

No template counts missed weeks or days in a row, and none reproaches; a test reads them all for
that.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from content.entry import Entry, Key, Words

BLANKS = frozenset(
    {"pace", "slot", "number", "step", "closed", "total", "unit", "minutes", "first", "smaller"}
)
"""What a template may ask for: the pace ('weekly'), the slot ('Tuesdays 7:30 am'), the step's
number and title, steps closed of the unit's total, the unit's title, the minutes and words of the
first bite, and the smaller way in.
"""

ENOUGH = 18
"""Nudges on three days a week for six weeks: nobody reads a sentence twice in that time."""
ENOUGH_LIGHT = 12
"""Of seven nudges without an answer at most five are light ones, and then none comes."""


def _check_blanks(text: str) -> str:
    if unknown := set(re.findall(r"\{(\w*+)[^{}]*+\}", text)) - BLANKS:
        raise ValueError(f"unknown blank {{{unknown.pop()}}}; known: {', '.join(sorted(BLANKS))}")
    return text


Line = Annotated[Words, AfterValidator(_check_blanks)]
"""One line; between ** is strong, between ` something to type."""

Templates = Annotated[Mapping[Key, tuple[Line, ...]], Field(min_length=ENOUGH)]
LightTemplates = Annotated[Mapping[Key, tuple[Line, ...]], Field(min_length=ENOUGH_LIGHT)]


class Nudges(Entry):
    why: Line
    """Small, at the end: why it came, and how to stop it."""
    why_again: Line
    """For one that was snoozed."""
    closed_since: Words
    """What was closed since the nudge before: `{steps}`."""
    over_holidays: Words
    """The question whether to pause over the turn of the year, until `{until}`."""
    going: Templates
    """The plan is under way."""
    light: LightTemplates
    """Nothing was answered for a while: a smaller bite."""
    after_work: Templates
    """A step was ticked within a day: praise, nothing due."""
    no_plan: Templates
    finished: Templates
    ask_slower: Line
    slowed: Line
    silent: Line
    fade: Line

    @property
    def situations(self) -> tuple[Mapping[Key, tuple[Line, ...]], ...]:
        return (self.going, self.light, self.after_work, self.no_plan, self.finished)

    @model_validator(mode="after")
    def _templates_have_own_names(self) -> Self:
        names = [name for templates in self.situations for name in templates]
        if len(names) != len(set(names)):
            raise ValueError("every template needs a name of its own")
        return self

    @model_validator(mode="after")
    def _no_line_stands_twice(self) -> Self:
        seen: Counter[str] = Counter()
        for templates in self.situations:
            for lines in templates.values():
                seen.update(lines)
        line, often = seen.most_common(1)[0]
        if often > 1:
            raise ValueError(f"{line!r} stands in {often} templates")
        return self

    @model_validator(mode="after")
    def _opens_with_the_task(self) -> Self:
        # A lock screen shows the first line and nothing else.
        asked = [(name, lines[0], "{first}") for name, lines in self.going.items()]
        asked += [(name, lines[0], "{smaller}") for name, lines in self.light.items()]
        for name, opening, task in asked:
            if task not in opening:
                raise ValueError(f"the first line of {name!r} has to hold {task}")
        return self
