"""One income year's rates: resident tax, low income offset, Medicare levy, super guarantee, study
loan repayments.

One file a year under `content/tax/`, named like the year. Amounts are AUD, rates are fractions
(0.15). Only what the law and the tax office publish; the sums made of it are the core's.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from content.entry import AsOf, Confidence, Entry, Key, Words

Amount = Annotated[Decimal, Field(ge=0)]
Rate = Annotated[Decimal, Field(ge=0, lt=1)]


class Step(Entry):
    """`base` plus `rate` for each dollar over `above`, as the tax office prints it."""

    above: Amount
    base: Amount = Decimal(0)
    rate: Rate


class Origin(Entry):
    """Where a group of figures was read. What holds for a fact holds for the group."""

    source: Key
    as_of: AsOf
    confidence: Confidence
    note: Words | None = None


class Scale(Origin):
    """Steps in rising order. Nothing is due up to the first step."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _steps_follow_from_each_other(self) -> Self:
        for lower, upper in pairwise(self.steps):
            if upper.above <= lower.above:
                raise ValueError(
                    f"the step above {upper.above} must come before the one above {lower.above}"
                )
            due = lower.base + lower.rate * (upper.above - lower.above)
            if abs(due - upper.base) >= 1:
                raise ValueError(
                    f"the step above {upper.above} starts at {upper.base}, but the step "
                    f"before it ends at {due}"
                )
        return self


class StudyLoan(Scale):
    """Marginal steps up to `all_above`; over it, `all_rate` of the whole income."""

    all_above: Amount
    all_rate: Rate


class LowIncomeOffset(Scale):
    """`most`, less what the steps take away.

    Never below nothing, and never more than the tax it reduces.
    """

    most: Amount


class MedicareLevy(Origin):
    """Nothing up to `threshold`; then `shade` of what is over it,
    until `rate` of the whole income is less.
    """

    rate: Rate
    threshold: Amount
    shade: Rate
    thresholds_of: Words | None = None
    """The year the threshold was published for, if this year's own is not out yet."""


class SuperGuarantee(Origin):
    """`rate` of pay up to `most_pay` a year. `most_pay_words` says how the law words that limit."""

    rate: Rate
    most_pay: Amount
    most_pay_words: Words


class TaxYear(Entry):
    """The income year from `starts` to `ends`, both included.

    `extra` are remarks that belong under every sum of the year.
    """

    starts: date
    ends: date
    resident_tax: Scale
    low_income_offset: LowIncomeOffset
    medicare_levy: MedicareLevy
    super_guarantee: SuperGuarantee
    study_loan: StudyLoan
    extra: tuple[Words, ...] = ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        return (
            self.resident_tax,
            self.low_income_offset,
            self.medicare_levy,
            self.super_guarantee,
            self.study_loan,
        )


def sources_of(origins: Iterable[Origin]) -> tuple[Key, ...]:
    """The sources behind these figures, each once, in order."""
    return tuple(dict.fromkeys(origin.source for origin in origins))
