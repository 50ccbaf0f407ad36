"""What a nudge may say: why it came, and templates for each situation, taken in turn.

No template counts missed weeks or days in a row, and none reproaches; a test reads them all for that.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from content.entry import Entry, Key, Words

BLANKS = frozenset(
    {"pace", "slot", "number", "step", "closed", "total", "unit", "minutes", "first"}
)
"""What a template may ask for: the pace ('weekly'), the slot ('Tuesdays 7:30 am'), the step's number and title, steps closed of the unit's total, the
unit's title, the minutes and words of the first bite.
"""


def _known_blanks(text: str) -> str:
    if unknown := set(re.findall(r"\{(\w*)[^}]*\}", text)) - BLANKS:
        raise ValueError(f"unknown blank {{{unknown.pop()}}}; known: {', '.join(sorted(BLANKS))}")
    return text


Line = Annotated[Words, AfterValidator(_known_blanks)]
"""One line; between ** is strong, between ` something to type."""

Templates = Annotated[Mapping[Key, tuple[Line, ...]], Field(min_length=2)]
"""Two at least, so that none comes twice running."""


class Nudges(Entry):
    why: Line
    why_again: Line
    """For one that was snoozed."""
    going: Templates
    """The plan is under way."""
    light: Templates
    """Nothing was answered for a while: a smaller bite."""
    after_work: Templates
    """A step was ticked within a day: praise, nothing due."""
    no_plan: Templates
    finished: Templates
    ask_slower: Line
    slowed: Line
    silent: Line
    fade: Line

    @model_validator(mode="after")
    def _templates_have_own_names(self) -> Self:
        groups = (self.going, self.light, self.after_work, self.no_plan, self.finished)
        names = [name for group in groups for name in group]
        if len(names) != len(set(names)):
            raise ValueError("every template needs a name of its own")
        return self
