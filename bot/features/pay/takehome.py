"""`takehome`: what is left of a pay after tax, levy, offset and study loan, with the arithmetic on
request.

The sums are bot.calculators.take_home; here they become a table, with what they assume and where
the rates come from.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.calculators.take_home import BASES
from bot.core.reply import (
    Block,
    Choices,
    Line,
    Note,
    Paragraph,
    Strong,
    Table,
    Tap,
    buttons,
    paragraph,
    spans,
)
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features import right_to_work
from bot.features.figures import answered, money
from bot.features.page import opened, page
from bot.features.pay import pay_cases, pay_talk, thresholds
from bot.features.pay.pay_cases import Case
from content.tax_year import Scale, TaxYear, sources_of

MONTHS, FORTNIGHTS, WEEKS = 12, 26, 52


def takehome(request: Request) -> Turn:
    """One pay, after tax. *More* is the arithmetic."""
    request, more = opened(request)
    said = pay_cases.dated(request, _read(request.words))
    said = pay_cases.by_the_day(request, said)
    if thresholds.asks_for(request.words) and (turn := _beside_thresholds(request, said)):
        return turn
    problem = pay_cases.problem(request, said)
    if problem:
        return request.answer(
            paragraph(problem),
            Choices(_ways_out(request, said)),
            personal=bool(request.words),
            remember=not request.words.strip(),
        )
    name = said.year or pay_cases.this_year(request)
    if unknown := pay_cases.no_year(request, (said,)):
        return request.answer(
            paragraph(unknown),
            Choices(_years(request, said)),
            personal=True,
            remember=False,
        )
    year = request.content.tax[name]
    said = replace(said, sums=said.sums or more)
    again = pay.written(said)
    said = replace(said, year=name, days=pay_cases.days_of(request, said))
    cases = pay_cases.cases(year, said)
    if period := _period(said):
        return _per(request, year, cases, again, period)
    head = (
        *pay_cases.taken(request, said),
        *pay_cases.left_out(request, year),
        *_not_as_said(request, cases),
        *_takehome_headline(request, cases),
    )
    blocks = (*head, *_in_short(request, cases), paragraph(_assumptions(request, cases[0])))
    cited = sources_of(
        origin for origin in year.origins if said.help_debt or origin is not year.study_loan
    )
    # Remembered is the pay as read, never the sentence it stood in.
    return page(
        replace(request, words=again),
        *blocks,
        rest=(*head, *_arithmetic(request, year, cases)) if said.sums else (),
        cite=cited,
        taps=_takehome_taps(request, said),
        more=said.sums,
        personal=True,
    )


def _beside_thresholds(request: Request, said: Pay) -> Turn | None:
    """Each end of a span, or the one pay, beside the visa income thresholds;
    None for what is no pay yet.
    """
    ends = said.between or (said.amount,)
    pays = [replace(said, amount=end, between=None) for end in ends]
    if any(pay_cases.problem(request, one) for one in pays) or pay_cases.no_year(request, pays):
        return None
    year = request.content.tax[said.year or pay_cases.this_year(request)]
    cases = tuple(case for one in pays for case in pay_cases.cases(year, one))
    return thresholds.beside_thresholds(request, cases, pay.written(pays[0]))


_IN_A_SENTENCE = re.compile(r"\s{0,3}(?:on|for|from|of|if|at|when|with) ", re.IGNORECASE)
"""'Take home on 128' speaks of 128,000; a bare number after the command is asked about."""


def _read(words: str) -> Pay:
    """The pay.

    A period at the end is how to show the sum, where it is no part of the pay: '110000 plus super
    month'.
    """
    said = pay.read(words)
    if said.bare in pay_talk.SPOKEN_THOUSANDS and _IN_A_SENTENCE.match(words):
        said = replace(said, bare=None, amount=(said.bare or 0) * 1000)
    hit = _PERIOD.search(words)
    if hit is None or not said.said_nothing:
        return said
    return replace(pay.read(words[: hit.start()]), rest=hit[0])


def _in_short(request: Request, cases: tuple[Case, ...]) -> Iterator[Block]:
    """Where the rest of the package goes, in a line; for two readings,
    which of them to ask about.
    """
    if len(cases) > 1:
        yield paragraph(request.text("takehome_which"))
        return
    net, package = cases[0].net, cases[0].package
    gone = {
        "tax": net.income_tax - net.low_income_offset,
        "levy": net.medicare_levy,
        "loan": net.help_repayment,
    }
    parts = (
        request.text(f"takehome_gone_{key}", amount=pay_cases.dollars(amount))
        for key, amount in gone.items()
        if amount
    )
    yield paragraph(
        request.text(
            "takehome_from",
            package=pay_cases.dollars(package.total),
            super=pay_cases.dollars(package.super_guarantee),
            gone="".join(parts),
        )
    )


def _assumptions(request: Request, case: Case) -> str:
    """What the sum stands on that a reader may have to change."""
    if right_to_work.is_migrant(request) and not case.said.help_debt:
        return request.text("takehome_counted_visa", year=case.said.year)
    if case.said.help_debt:
        loan = "takehome_with_loan"
    else:
        loan = "takehome_without_loan"
    return request.text("takehome_counted", year=case.said.year, loan=request.text(loan))


def _arithmetic(request: Request, year: TaxYear, cases: tuple[Case, ...]) -> Iterator[Block]:
    """The whole sum, how each line came about, and what it takes for granted."""
    yield _lines(request, cases)
    for case in cases:
        yield Note(request.text(f"sums_of_{case.basis}"), tuple(_working(request, year, case)))
    said = cases[0].said
    yield Note(request.text("takehome_assumes"), tuple(pay_cases.assumed(request, said.year, said)))


def _per(request: Request, year: TaxYear, cases: tuple[Case, ...], again: str, period: str) -> Turn:
    """Only what is left in a week, a fortnight, a month or a year: the rest was shown before."""
    figures = " · ".join(
        request.text(
            "takehome_per",
            amount=pay_cases.dollars(case.net.take_home / _PARTS[period]),
            period=period,
            basis=request.text(f"basis_{case.basis}"),
            base=pay_cases.dollars(case.package.base),
        )
        for case in cases
    )
    said = paragraph(Strong(figures))
    cited = sources_of(origin for origin in year.origins if origin is not year.study_loan)
    whole = buttons([(request.text("tap_whole_sum"), f"takehome {again}")])
    beside = replace(request, words=again)
    return answered(
        beside,
        said,
        paragraph(request.text("takehome_per_year", year=cases[0].said.year)),
        cite=cited[:1],
        taps=whole,
        personal=True,
    )


_PARTS = {"year": 1, "month": MONTHS, "fortnight": FORTNIGHTS, "week": WEEKS}
_PERIOD = re.compile(r" (?P<period>week|fortnight|month|year)(?: in the hand)?\W*$", re.IGNORECASE)


def _period(said: Pay) -> str:
    """The span to show: the last word of '110k plus super per week', beside what says the pay;
    '' for none.
    """
    hit = _PERIOD.search(said.rest)
    if hit and said.said_as is None:
        return hit["period"].lower()
    return ""


def _takehome_headline(request: Request, cases: tuple[Case, ...]) -> Iterator[Block]:
    if len(cases) == 1:
        left = cases[0].net.take_home
        yield Paragraph(
            request.spans(
                "takehome_headline",
                year=pay_cases.dollars(left),
                month=pay_cases.dollars(left / MONTHS),
                fortnight=pay_cases.dollars(left / FORTNIGHTS),
            )
        )
        return
    plus, inside = cases
    yield Paragraph(
        request.spans(
            "takehome_both",
            plus=pay_cases.dollars(plus.net.take_home),
            inside=pay_cases.dollars(inside.net.take_home),
            plus_month=pay_cases.dollars(plus.net.take_home / MONTHS),
            inside_month=pay_cases.dollars(inside.net.take_home / MONTHS),
        )
    )


def _not_as_said(request: Request, cases: tuple[Case, ...]) -> Iterator[Block]:
    """What was said and is not in the sum is said before it, never only among the assumptions."""
    said = cases[0].said
    if said.foreign:
        yield Paragraph(request.spans("takehome_foreign"))
    if said.no_levy:
        levies = request.text("takehome_or").join(
            pay_cases.dollars(case.net.medicare_levy) for case in cases
        )
        yield Paragraph(request.spans("takehome_no_levy", levy=levies))


def _ways_out(request: Request, said: pay.Pay) -> tuple[Tap, ...]:
    """Lines to tap where the pay could not be read as one."""
    if said.between:
        return _ends(said)
    if said.amount and said.day_rate:
        return _either(request, said)
    return _examples(request)


def _ends(said: Pay) -> tuple[Tap, ...]:
    """Both ends of a span, to tap."""
    wanted = ((money(end), replace(said, amount=end, between=None)) for end in said.between or ())
    return buttons((label, f"takehome {pay.written(one)}") for label, one in wanted)


def _either(request: Request, said: Pay) -> tuple[Tap, ...]:
    """Two pays where one was wanted: either, or both side by side."""
    yearly, daily = replace(said, day_rate=None), replace(said, amount=None)
    both = f"offer {pay.written(yearly)} vs {pay.written(daily)}"
    wanted = [
        (pay_cases.money_said(request, one), f"takehome {pay.written(one)}")
        for one in (yearly, replace(daily, days=pay_cases.days_of(request, daily)))
    ]
    return buttons([*wanted, (request.text("tap_offer"), both)])


def _lines(request: Request, cases: tuple[Case, ...]) -> Table:
    """The whole sum, a column for each case."""
    rows: list[tuple[str, tuple[Decimal, ...]]] = [
        ("sum_base", tuple(case.package.base for case in cases)),
        ("sum_super", tuple(case.package.super_guarantee for case in cases)),
        ("sum_package", tuple(case.package.total for case in cases)),
        ("sum_tax", tuple(-case.net.income_tax for case in cases)),
    ]
    if any(case.net.low_income_offset for case in cases):
        rows.append(("sum_offset", tuple(case.net.low_income_offset for case in cases)))
    rows.append(("sum_levy", tuple(-case.net.medicare_levy for case in cases)))
    if cases[0].said.help_debt:
        rows.append(("sum_loan", tuple(-case.net.help_repayment for case in cases)))
    left = tuple(case.net.take_home for case in cases)
    rows += [
        ("sum_left", left),
        ("sum_month", tuple(one / MONTHS for one in left)),
        ("sum_fortnight", tuple(one / FORTNIGHTS for one in left)),
        ("sum_week", tuple(one / WEEKS for one in left)),
    ]
    header = (request.text("sum_line"), *(request.text(f"basis_{case.basis}") for case in cases))
    cells = tuple(
        (request.text(key), *(pay_cases.dollars(value) for value in values)) for key, values in rows
    )
    return Table(request.text("takehome_caption", year=cases[0].said.year), header, cells)


def _working(request: Request, year: TaxYear, case: Case) -> Iterator[Line]:
    """The arithmetic, to the cent."""
    base, rules = case.package.base, year.super_guarantee
    rate = pay_cases.percent(rules.rate)
    if case.basis == "including_super":
        yield spans(
            request.text(
                "working_inside",
                package=pay_cases.to_cents(case.package.total),
                rate=rate,
                base=pay_cases.to_cents(base),
                extra=pay_cases.to_cents(case.package.super_guarantee),
            )
        )
    else:
        yield spans(
            request.text(
                "working_plus",
                base=pay_cases.to_cents(min(base, rules.most_pay)),
                rate=rate,
                extra=pay_cases.to_cents(case.package.super_guarantee),
            )
        )
    yield spans(
        request.text(
            "working_tax",
            sum=_on_scale(request, year.resident_tax, base),
            result=pay_cases.to_cents(case.net.income_tax),
        )
    )
    if case.net.low_income_offset:
        yield spans(
            request.text(
                "working_offset",
                most=pay_cases.to_cents(year.low_income_offset.most),
                result=pay_cases.to_cents(case.net.low_income_offset),
            )
        )
    levy = year.medicare_levy
    if levy.shade * (base - levy.threshold) < levy.rate * base:
        yield spans(
            request.text(
                "working_levy_shade",
                rate=pay_cases.percent(levy.shade),
                threshold=pay_cases.dollars(levy.threshold),
                result=pay_cases.to_cents(case.net.medicare_levy),
            )
        )
    else:
        yield spans(
            request.text(
                "working_levy",
                rate=pay_cases.percent(levy.rate),
                base=pay_cases.to_cents(base),
                result=pay_cases.to_cents(case.net.medicare_levy),
            )
        )
    if case.said.help_debt:
        loan = year.study_loan
        if base > loan.all_above:
            whole = request.text(
                "working_of_all",
                rate=pay_cases.percent(loan.all_rate),
                base=pay_cases.to_cents(base),
            )
        else:
            whole = _on_scale(request, loan, base)
        yield spans(
            request.text(
                "working_loan", sum=whole, result=pay_cases.to_cents(case.net.help_repayment)
            )
        )
    yield spans(request.text("working_left", result=pay_cases.to_cents(case.net.take_home)))


def _on_scale(request: Request, scale: Scale, income: Decimal) -> str:
    step = next((step for step in reversed(scale.steps) if income > step.above), None)
    if step is None:
        return request.text("working_nothing", above=pay_cases.dollars(scale.steps[0].above))
    if step.base:
        key = "working_step"
    else:
        key = "working_first_step"
    return request.text(
        key,
        base=pay_cases.dollars(step.base),
        rate=pay_cases.percent(step.rate),
        income=pay_cases.to_cents(income),
        above=pay_cases.dollars(step.above),
    )


def _takehome_taps(request: Request, said: Pay) -> tuple[Tap, ...]:
    plain = replace(said, sums=False)

    def tap(key: str, changed: Pay) -> tuple[str, str]:
        return request.text(
            key, year=changed.year
        ), f"takehome {pay.written(changed)}{' sums' if changed.sums else ''}"

    bases = BASES if said.basis is None else ()
    wanted = [tap(f"tap_{basis}", replace(plain, basis=basis)) for basis in bases]
    if said.sums:
        return buttons((*wanted, *_variants(request, plain)))
    has_no_loan = said.help_debt or bases or right_to_work.is_migrant(request)
    loan: tuple[Pay, ...] = ()
    if not has_no_loan:
        loan = (replace(plain, help_debt=True),)
    wanted += [tap("tap_help_debt", one) for one in loan]
    if said.amount is not None and not bases:
        wanted.append(_as_day_rate(request, plain))
    return buttons((*wanted, tap("tap_sums", replace(said, sums=True))))


def _variants(request: Request, said: Pay) -> Iterator[tuple[str, str]]:
    """The same pay read or taxed otherwise."""
    for basis in BASES:
        if said.basis not in (None, basis):
            yield request.text(f"tap_{basis}"), _line(replace(said, basis=basis))
    if not said.help_debt and not right_to_work.is_migrant(request):
        yield request.text("tap_help_debt"), _line(replace(said, help_debt=True))
    others = [name for name in request.content.tax if name != said.year]
    for name in others[-1:]:
        yield request.text("tap_other_year", year=name), _line(replace(said, year=name))


def _as_day_rate(request: Request, said: Pay) -> tuple[str, str]:
    return (
        request.text("tap_day_rate"),
        f"offer {pay.written(replace(said, year='', help_debt=False))}",
    )


def _line(said: Pay) -> str:
    return f"takehome {pay.written(said)}"


def _years(request: Request, said: Pay) -> tuple[Tap, ...]:
    return buttons(
        (name, f"takehome {pay.written(replace(said, year=name))}") for name in request.content.tax
    )


def _examples(request: Request) -> tuple[Tap, ...]:
    return tuple(
        Tap(request.text("tap_example_pay", amount=money(amount)), f"takehome {amount}")
        for amount in (120_000, 165_000, 210_000)
    )
