"""The learning plan's model: units of steps with minutes, evidence and resources, and how the
self-audit picks from them.

How many calendar weeks a plan takes is arithmetic on a person's hours (bot.calculators.study_plan),
never written here.
"""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from content.entry import Address, ClaimId, Entry, Key, Words

SHORTEST_STEP = 30
LONGEST_LABEL = 24
"""What a button shows on a phone without being cut."""
LONGEST_HELP = 140


class Resource(Entry):
    """Something free to learn from.

    `seen`: the address was met while researching; `memory`: nobody opened it, and that is said.
    """

    title: Words
    publisher: Words
    address: Address
    status: Literal["seen", "memory"]


class Obstacle(Entry):
    """Something that often stops people at a step: a short label to tap,
    and one sentence that helps.
    """

    label: Words = Field(max_length=LONGEST_LABEL)
    help: Words = Field(max_length=LONGEST_HELP)


class Step(Entry):
    """One piece of work.

    Its key is what a person's progress remembers: text may change, the key may not.

    `first` is the opening bite for a busy evening, `first_minutes` long: what a nudge asks for.
    `smaller` is for somebody who is stuck: another way in, of ten minutes at most.
    """

    title: Words = Field(description="Lower case, short enough to stand inside a sentence.")
    minutes: int = Field(ge=SHORTEST_STEP, multiple_of=30)
    do: Words
    first: Words
    first_minutes: int = Field(ge=10, le=60, multiple_of=5)
    smaller: Words = Field(description="Lower case, one sentence, as `first` is.")
    resource: Key = Field(description="The one page to open for this step; no other step has it.")
    opens: Words | None = Field(
        default=None,
        description="The dialog that is this step's work: its button opens it, and finishing it closes "
        "the step.",
    )
    obstacles: tuple[Key, ...] = Field(min_length=3, max_length=4)

    @model_validator(mode="after")
    def _first_is_a_part(self) -> Self:
        if self.first_minutes > self.minutes:
            raise ValueError("the first bite is longer than the step")
        if self.smaller == self.first:
            raise ValueError("the smaller first step is the first one again")
        return self


class Unit(Entry):
    title: Words
    objective: Words
    block: Key
    hours: float
    steps: Mapping[Key, Step] = Field(min_length=2, max_length=4)
    evidence: Words = Field(description="A link or a file; having watched something is none.")
    needs: tuple[Key, ...] = ()
    resources: tuple[Key, ...] = ()
    checkpoint: Words | None = Field(
        default=None,
        description="What must be shown before going on; asked when the unit's last step is ticked.",
    )

    audit_again: bool = False
    """A good moment to repeat the self-audit, once this unit is closed."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        minutes = sum(step.minutes for step in self.steps.values())
        if minutes != self.hours * 60:
            raise ValueError(f"the steps make {minutes} minutes, the unit says {self.hours * 60:g}")
        return self


class Band(Entry):
    """Scores from `least` to `most` get the `core` units and those that a low answer adds;
    an empty core means all units.
    """

    name: Words
    least: int
    most: int
    core: tuple[Key, ...] = ()


class AuditRule(Entry):
    """`adds`: units for a question answered 0 or 1, by the question's key in the audit dialog."""

    bands: tuple[Band, ...]
    adds: Mapping[Key, tuple[Key, ...]]


class Plan(Entry):
    title: Words
    promise: Words = Field(description="What finishing it makes of a person, and what not.")
    blocks: Mapping[Key, Words]
    milestones: Mapping[Key, Words] = Field(
        description="By block: what somebody can do once it is closed, shown instead of a far end date."
    )
    units: Mapping[Key, Unit]
    resources: Mapping[Key, Resource]
    obstacles: Mapping[Key, Obstacle]
    audit: AuditRule
    known_from: Mapping[Key, tuple[Key, ...]] = Field(
        description="Units that a background marks as known; the person can take them back."
    )
    claims: tuple[ClaimId, ...] = ()
