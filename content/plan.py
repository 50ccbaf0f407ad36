"""The learning plan's model: units of steps with minutes, evidence and resources, and how the self-audit picks from them.

How many calendar weeks a plan takes is arithmetic on a person's hours (bot.plan), never written here.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from content.entry import Address, ClaimId, Entry, Key, Words
from content.reading import Document, Problem

if TYPE_CHECKING:
    from content.library import Content

SHORTEST_STEP = 30


class Resource(Entry):
    """Something free to learn from. `seen`: the address was met while researching; `memory`: nobody opened it, and that is said."""

    title: Words
    publisher: Words
    address: Address
    status: Literal["seen", "memory"]


class Step(Entry):
    """One piece of work. Its key is what a person's progress remembers: text may change, the key may not.

    `first` is the opening bite for a busy evening, `first_minutes` long: what a nudge asks for.
    """

    title: Words = Field(description="Lower case, short enough to stand inside a sentence.")
    minutes: int = Field(ge=SHORTEST_STEP, multiple_of=30)
    do: Words
    first: Words
    first_minutes: int = Field(ge=10, le=60, multiple_of=5)

    @model_validator(mode="after")
    def _first_is_a_part(self) -> Self:
        if self.first_minutes > self.minutes:
            raise ValueError("the first bite is longer than the step")
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
        default=None, description="What must be shown before going on; asked when the unit's last step is ticked."
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
    """Scores from `least` to `most` get the `core` units and those that a low answer adds; an empty core means all units."""

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
    units: Mapping[Key, Unit]
    resources: Mapping[Key, Resource]
    audit: AuditRule
    known_from: Mapping[Key, tuple[Key, ...]] = Field(description="Units that a background marks as known; the person can take them back.")
    claims: tuple[ClaimId, ...] = ()


def check_plans(content: "Content", documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every unit, block and resource that a plan names exists; what a unit needs comes before it."""
    for key, plan in content.plans.items():
        document = documents[f"plans/{key}.yaml"]
        before: set[str] = set()
        for name, unit in plan.units.items():
            place = ("units", name)
            if unit.block not in plan.blocks:
                yield document.problem((*place, "block"), f"no block {unit.block!r}", f"one of {', '.join(plan.blocks)}")
            for needed in unit.needs:
                if needed not in before:
                    yield document.problem((*place, "needs"), f"{needed!r} is no earlier unit", "a unit that stands above this one")
            for resource in unit.resources:
                if resource not in plan.resources:
                    yield document.problem((*place, "resources"), f"no resource {resource!r}", "a key of 'resources' below")
            before.add(name)
        lists = [("known_from", name, units) for name, units in plan.known_from.items()]
        lists += [("audit", name, units) for name, units in plan.audit.adds.items()]
        lists += [("audit", band.name, band.core) for band in plan.audit.bands]
        for part, name, units in lists:
            for unit_key in units:
                if unit_key not in plan.units:
                    yield document.problem((part,), f"{name}: no unit {unit_key!r}", "a key of 'units'")
