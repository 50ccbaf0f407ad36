"""A pay beside the visa income thresholds: what of it counts, and how far above or below each
figure that is.

Arithmetic on figures of the content. Whether a job qualifies is Home Affairs' to say, and is not
said here.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bot.calculators import take_home
from bot.core.reply import Block, Paragraph, buttons, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import answered, sources_block
from bot.features.pay import pay_cases
from bot.features.pay.pay_cases import Case
from content.entry import Fact
from content.migration import Threshold

ASKED: Final = "by the thresholds"
"""Behind a pay: what it is to be set beside."""
_ASKED_LAST: Final = re.compile(rf"\b{ASKED}\W*$", re.IGNORECASE)


def asks_for(words: str) -> bool:
    return bool(_ASKED_LAST.search(words))


def beside_thresholds(request: Request, cases: tuple[Case, ...], again: str) -> Turn:
    """The pay without super beside each threshold of the day.

    `again`: the pay as words that can be read again.
    """
    known = request.content.migration.thresholds.values()
    facts = [fact for one in known for fact in _facts(request, one)]
    counts = request.content.pay["thresholds_before_super"]
    blocks = [block for case in cases for block in _of(request, case)]
    return answered(
        request,
        *blocks,
        paragraph(str(counts.value)),
        paragraph(request.text("thresholds_decide")),
        cite=(*facts, counts),
        taps=buttons([(request.text("tap_takehome"), f"takehome {again}")]),
        personal=True,
    )


def _of(request: Request, case: Case) -> Iterator[Block]:
    base = case.package.base
    yield Paragraph(
        request.spans(
            "thresholds_headline",
            pay=pay_cases.named(request, case),
            base=pay_cases.dollars(base),
        )
    )
    first, *others = request.content.migration.thresholds.values()
    near = [one for one in others if _is_near(request, one, base)]
    for one in (first, *near):
        if said := "; ".join(_lines(request, one, base)):
            yield paragraph(f"{said}.")


_NEAR: Final = Decimal("0.8")
"""A pay that falls further short of a threshold is not set beside it."""


def _is_near(request: Request, threshold: Threshold, base: Decimal) -> bool:
    facts = _facts(request, threshold)
    return bool(facts) and base >= Decimal(str(pay_cases.amount_of(facts[0]))) * _NEAR


def least(request: Request) -> Turn:
    """The lowest threshold of the day, before super and with super inside."""
    first = next(iter(request.content.migration.thresholds.values()))
    facts = _facts(request, first)
    year = request.content.tax[pay_cases.this_year(request)]
    amount = Decimal(str(pay_cases.amount_of(facts[0])))
    package = take_home.package(year.super_guarantee, amount, "plus_super")
    line = request.spans(
        "threshold_needed",
        amount=pay_cases.dollars(amount),
        name=first.label,
        package=pay_cases.dollars(package.total),
    )
    return request.answer(Paragraph(line), sources_block(request, *facts), remember=False)


def _lines(request: Request, threshold: Threshold, base: Decimal) -> Iterator[str]:
    for place, fact in enumerate(_facts(request, threshold)):
        least = Decimal(str(pay_cases.amount_of(fact)))
        side = "above" if base > least else "below"
        if base != least:
            key = f"thresholds_{side}"
        else:
            key = "thresholds_equal"
        yield request.text(
            key if place == 0 else f"{key}_other",
            name=threshold.label,
            amount=pay_cases.dollars(least),
            away=pay_cases.dollars(abs(base - least)),
        )


def _facts(request: Request, threshold: Threshold) -> tuple[Fact, ...]:
    year = threshold.on(request.today)
    return year.facts if year else ()
