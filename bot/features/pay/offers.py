"""`offer`: several pays on an equal footing, and beside the visa income thresholds.

What is larger is not said to be better.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.calculators import take_home
from bot.calculators.take_home import cents
from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Line,
    Note,
    Paragraph,
    Table,
    Tap,
    buttons,
    paragraph,
    spans,
)
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.amounts import apart, spoken
from bot.extraction.pay import Pay
from bot.features import right_to_work
from bot.features.figures import Cited, day, money, number
from bot.features.page import opened, page
from bot.features.pay import pay_cases
from bot.features.pay.pay_cases import Case
from content.entry import Fact
from content.tax_year import TaxYear, sources_of

MOST_OFFERS = 4
MOST_TAPS = 3
_AGAINST = re.compile(
    r"\s{1,3}(?:vs?\.?|versus|or|against|compared (?:to|with)|(?:better|worse|more|less"
    r"|higher|lower) than|rather than|instead of|and(?=\s{1,3}\$?\d))\s{1,3}",
    re.IGNORECASE,
)


def sides(words: str) -> list[str]:
    """'165k vs 1000/day' → both, as said; so too '165k 1000/day',
    where nothing stands between them.
    """
    return [side for part in _AGAINST.split(words) if part.strip() for side in _apart(part)]


def _apart(part: str) -> tuple[str, ...]:
    """A span ('150-160k') and a bonus beside a pay are no second offer."""
    alone = pay.without_extras(part)
    if spoken(alone).between:
        return (part,)
    return apart(alone)


def offer(request: Request) -> Turn:
    """Several pays side by side; one alone is turned into the day rate that equals it."""
    request, more = opened(request)
    parts = sides(request.words)
    read = [pay_cases.dated(request, pay.read(part)) for part in parts[:MOST_OFFERS]]
    said = [pay_cases.by_the_day(request, one) for one in read]
    problem = next(
        (words for one in said if (words := pay_cases.problem(request, one))),
        pay_cases.no_year(request, said) if said else request.text("offer_of_what"),
    )
    if problem:
        return request.answer(
            paragraph(problem),
            Choices(_offer_examples(request)),
            personal=bool(request.words),
            remember=not request.words.strip(),
        )
    again = " vs ".join(pay.written(one) for one in said)
    name = next(
        (one.year for one in said if one.year in request.content.tax), pay_cases.this_year(request)
    )
    year = request.content.tax[name]
    loan = any(one.help_debt for one in said)
    said = [
        replace(one, year=name, days=pay_cases.days_of(request, one), help_debt=loan)
        for one in said
    ]
    cases = tuple(case for one in said for case in pay_cases.cases(year, one))
    days = next(
        (one.days for one in said if one.day_rate is not None and one.days), None
    ) or pay_cases.planned(request)
    head = (
        *(
            [paragraph(request.text("offer_too_many", most=MOST_OFFERS))]
            if len(parts) > MOST_OFFERS
            else []
        ),
        *(block for one in said for block in pay_cases.taken(request, one)),
        *pay_cases.left_out(request, year),
    )
    blocks = (
        *head,
        *_offer_headline(request, cases),
        Bullets(tuple(_in_short(request, case, days) for case in cases)),
        *(list(_break_even(request, cases, days))[:1]),
        *_visa_part(request),
    )
    rest = (
        *_footing(request, cases, days),
        *_break_even(request, cases, days),
        *_thresholds(request),
        Note(request.text("offer_not_counted_title"), tuple(_not_counted(request, cases))),
        Note(
            request.text("takehome_assumes"),
            tuple(pay_cases.assumed(request, name, replace(said[0], day_rate=None))),
        ),
    )
    # Remembered are the pays as read, never the sentence they stood in.
    turn = page(
        replace(request, words=again),
        *blocks,
        rest=rest,
        cite=tuple(_offer_cited(request, year, cases, help_debt=loan)),
        taps=_offer_taps(request, said),
        more=more,
        personal=True,
    )
    if more:
        return turn
    return right_to_work.asked(turn)


def _in_short(request: Request, case: Case, days: float) -> Line:
    worked = case.package.total / Decimal(str(case.said.days or days))
    return request.spans(
        "offer_line",
        name=pay_cases.named(request, case),
        base=pay_cases.dollars(case.package.base),
        day=pay_cases.dollars(worked),
        left=pay_cases.dollars(case.net.take_home),
    )


def _visa_part(request: Request) -> Iterator[Block]:
    """The thresholds for whoever needs a visa, nothing about them for others; asked once."""
    if right_to_work.is_migrant(request):
        yield from _thresholds(request)
    elif right_to_work.is_to_ask(request):
        yield paragraph(request.text("offer_asks_visa"))


def _offer_headline(request: Request, cases: tuple[Case, ...]) -> Iterator[Block]:
    """The packages, largest first. What is larger is not said to be better."""
    ordered = sorted(cases, key=lambda case: -case.package.total)
    parts = "; ".join(
        request.text(
            "offer_package",
            name=pay_cases.named(request, case),
            package=pay_cases.dollars(case.package.total),
        )
        for case in ordered
    )
    yield Paragraph(request.spans("offer_headline", packages=parts))
    if any(case.said.basis is None for case in cases):
        yield paragraph(request.text("offer_which_basis"))


def _footing(request: Request, cases: tuple[Case, ...], days: float) -> Iterator[Block]:
    """A row for each offer, and how days and leave were made equal."""
    header = tuple(
        request.text(key)
        for key in (
            "offer_offer",
            "sum_package",
            "offer_base",
            "sum_super",
            "offer_per_day",
            "offer_take_home",
        )
    )
    rows = tuple(
        (
            pay_cases.named(request, case),
            pay_cases.dollars(case.package.total),
            pay_cases.dollars(case.package.base),
            pay_cases.dollars(case.package.super_guarantee),
            pay_cases.dollars(case.package.total / Decimal(str(case.said.days or days))),
            pay_cases.dollars(case.net.take_home),
        )
        for case in cases
    )
    yield Table(request.text("offer_caption", year=cases[0].said.year), header, rows)
    yield paragraph(request.text("offer_leave", days=number(days)))


def _break_even(request: Request, cases: tuple[Case, ...], days: float) -> Iterator[Block]:
    """The day rate that equals each salary, and the smaller one that it
    seems to be when super is forgotten.
    """
    for case in cases:
        if case.said.day_rate is None:
            rate = take_home.break_even_day_rate(case.package, Decimal(str(days)))
            forgotten = cents(case.package.base / Decimal(str(days)))
            yield Paragraph(
                request.spans(
                    "offer_break_even",
                    name=pay_cases.named(request, case),
                    days=number(days),
                    rate=pay_cases.dollars(rate),
                    forgotten=pay_cases.dollars(forgotten),
                )
            )


def _thresholds(request: Request) -> Iterator[Block]:
    """Every figure our sources give for the visa income thresholds, with who gives it.

    No verdict.
    """
    known = [
        (threshold, year)
        for threshold in request.content.migration.thresholds.values()
        if (year := threshold.on(request.today))
    ]
    if not known or right_to_work.is_local(request):
        return
    each = (
        request.text(
            "offer_threshold",
            name=threshold.label,
            amounts=request.text("offer_or").join(_amount(request, fact) for fact in year.facts),
        )
        for threshold, year in known
    )
    since = day(known[0][1].since)
    yield paragraph(request.text("offer_thresholds", day=since, thresholds="; ".join(each)))
    yield paragraph(str(request.content.pay["thresholds_before_super"].value))


def _amount(request: Request, fact: Fact) -> str:
    return request.text(
        "offer_threshold_amount",
        amount=money(pay_cases.amount_of(fact)),
        origin=_origin(request, fact),
    )


def _origin(request: Request, fact: Fact) -> str:
    source = request.content.sources[fact.source]
    return source.short or source.publisher


def _not_counted(request: Request, cases: tuple[Case, ...]) -> Iterator[Line]:
    if any(case.said.day_rate is not None for case in cases):
        yield spans(request.text("offer_not_counted_contract"))
        yield spans(str(request.content.pay["contractor_super"].value))
    yield spans(request.text("offer_not_counted"))
    yield spans(
        request.text(
            "offer_days_are",
            days=number(pay_cases.planned(request)),
            measures=pay_cases.planning(request).measures,
        )
    )


def _offer_cited(
    request: Request, year: TaxYear, cases: tuple[Case, ...], *, help_debt: bool
) -> Iterator[Cited]:
    yield from sources_of(
        origin for origin in year.origins if help_debt or origin is not year.study_loan
    )
    yield pay_cases.planning(request)
    if not right_to_work.is_local(request):
        for threshold in request.content.migration.thresholds.values():
            if known := threshold.on(request.today):
                yield from known.facts
        yield request.content.pay["thresholds_before_super"]
    if any(case.said.day_rate is not None for case in cases):
        yield request.content.pay["contractor_super"]


def _offer_taps(request: Request, said: list[Pay]) -> tuple[Tap, ...]:
    ask: tuple[tuple[str, str], ...] = ()
    if right_to_work.is_to_ask(request):
        ask = right_to_work.TAPS
    wanted = [(request.text(label), action) for label, action in ask]
    if len(said) == 1 and said[0].amount is not None:
        against = (
            f"offer {pay.written(replace(said[0], year=''))} vs 1000/day "
            f"{number(pay_cases.planned(request))} days"
        )
        wanted.append((request.text("tap_against_contract"), against))
    shown = said[: MOST_TAPS - len(wanted)]
    wanted += [
        (
            request.text("tap_takehome_of", name=pay_cases.money_said(request, one)),
            f"takehome {pay.written(replace(one, year=''))}",
        )
        for one in shown
    ]
    return buttons(wanted)


def _offer_examples(request: Request) -> tuple[Tap, ...]:
    return (Tap(request.text("tap_example_offer"), "offer 165k + super vs 1000/day 220 days"),)
