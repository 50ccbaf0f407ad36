"""The readers of money talk in their order, each with the meanings that it answers to.

A word whose meaning a reader does not answer to counts against it: 'who pays the super on that' is
no sum again, so that a fact about who pays goes before it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.features.pay.talk import (
    changes,
    comparisons,
    income_thresholds,
    parts,
    periods,
    raises,
    rates,
    spans,
    standings,
)
from bot.features.pay.talk.context import Meant, Talk

_MARKS: Final = (
    *("super inside", "super on top", "with super", "super", "base", "loan", "no loan"),
    *("balance", "foreign", "resident", "last year", "this year", "next year", "part time", "off"),
    *("contract", "salaried", "now", "place", "both", "first", "second", "other", "day"),
    *("week", "fortnight", "month", "year", "whole", "net", "gross", "against", "up to"),
    *("offered", "experience", "same", "low", "high", "roughly", "hour"),
)
"""What stands around a pay or points at one, whichever reader takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`read` finds what the message means; `answers_to`: the meanings that are its own."""

    read: Callable[[Talk], Meant | None]
    answers_to: tuple[str, ...] = ()

    def covers(self, talk: Talk) -> float:
        """How much of the message it explains, from 0 to 1."""
        known = {*_MARKS, *self.answers_to}
        strange = [meaning for meaning, _ in talk.said.meanings if meaning not in known]
        return max(0.0, 1 - len(strange) / talk.said.size) if talk.said.size else 0.0


def meant(talk: Talk) -> Iterator[tuple[Meant, float]]:
    """What the message asks of the talk, the surest first, and how much of it that explains."""
    for reader in READERS:
        found = reader.read(talk)
        if found is not None:
            yield found, reader.covers(talk)


def _row(read: Callable[[Talk], Meant | None], *answers_to: str) -> Reader:
    return Reader(read=read, answers_to=answers_to)


READERS: Final[tuple[Reader, ...]] = (
    _row(rates.two_ranges),
    _row(comparisons.household, "together", "other"),
    _row(parts.gross),
    _row(spans.span_stated, "judged", "pick", "more"),
    _row(spans.span_base),
    _row(spans.span_beside_mine, "more", "judged", "pick", "beside"),
    _row(spans.span_changed),
    _row(parts.base_confirmed, "judged"),
    _row(parts.base),
    _row(parts.super_confirmed, "judged"),
    _row(parts.super_capped, "who", "not"),
    _row(parts.loan_counted),
    _row(parts.equal_package, "match", "threshold"),
    _row(rates.by_the_hour),
    _row(income_thresholds.needed, "threshold"),
    _row(parts.percent),
    _row(raises.bonus, "bonus", "no bonus", "more"),
    _row(raises.asking_for, "ask for", "pick"),
    _row(parts.tax, "tax", "taken"),
    _row(parts.super_part),
    _row(income_thresholds.beside_thresholds, "threshold", "judged", "beside", "pick", "not"),
    _row(comparisons.beside_above, "more", "pick"),
    _row(raises.pay_rise, "rise", "more", "pick"),
    _row(income_thresholds.of_thresholds, "threshold", "before july"),
    _row(rates.equal_rate, "match", "same", "pick"),
    _row(rates.rate_a_year, "match", "pick"),
    _row(rates.matching, "match", "pick"),
    _row(comparisons.two_pays, "pick", "more", "judged"),
    _row(comparisons.bands, "more", "judged"),
    _row(standings.by_city, "more"),
    _row(comparisons.difference, "more", "pick", "judged", "low", "high"),
    _row(comparisons.choice, "pick", "judged", "more"),
    _row(periods.pointed_at),
    _row(standings.median_left),
    _row(standings.at_an_end, "judged"),
    _row(standings.figure_told),
    _row(parts.taken_off, "taken", "tax"),
    _row(rates.by_the_day),
    _row(periods.an_end),
    _row(periods.shown_by, "tax"),
    _row(periods.untaxed, "tax"),
    _row(standings.standing, "judged", "pick", "ask for"),
    _row(standings.with_its_years),
    _row(standings.level_band),
    _row(standings.years_band),
    _row(standings.super_of_band, "not"),
    _row(changes.days_of_matched),
    _row(changes.part_of_week),
    _row(changes.changed_pay, "more", "not"),
    _row(raises.more_on_what, "more", "rise"),
    _row(changes.stated_pay),
)
"""In this order: what names its own kind of question first, a change of what stands after it, a
bare statement last.
"""
