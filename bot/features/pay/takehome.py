"""`takehome`: what is left of a pay after tax, levy, offset and study loan, with the arithmetic on request.

The sums are bot.calculators.take_home; here they become a table, with what they assume and where the rates come from.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.calculators.take_home import BASES
from bot.core.reply import Block, Choices, Line, Note, Paragraph, Table, Tap, paragraph, spans
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.figures import answered, money
from bot.features.pay import pay_cases
from bot.features.pay.pay_cases import Case
from content.tax_year import Scale, TaxYear, sources_of

MONTHS, FORTNIGHTS, WEEKS = 12, 26, 52


def takehome(request: Request) -> Turn:
    """One pay, after tax."""
    said = pay_cases.dated(request, pay.read(request.words))
    said = pay_cases.by_the_day(request, said)
    problem = pay_cases.problem(request, said)
    if problem:
        taps = (
            _ends(said)
            if said.between
            else _either(request, said)
            if said.amount and said.day_rate
            else _examples(request)
        )
        return request.answer(
            paragraph(problem),
            Choices(taps),
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
    again = pay.written(said)
    said = replace(said, year=name, days=pay_cases.days_of(request, said))
    cases = pay_cases.cases(year, said)
    blocks: list[Block] = [
        *pay_cases.taken(request, said),
        *pay_cases.left_out(request, year),
        *_not_as_said(request, cases),
        *_takehome_headline(request, cases),
        _lines(request, cases),
    ]
    if len(cases) > 1:
        blocks.append(paragraph(request.text("takehome_which")))
    if said.sums:
        blocks += [
            Note(request.text(f"sums_of_{case.basis}"), tuple(_working(request, year, case)))
            for case in cases
        ]
    blocks.append(
        Note(request.text("takehome_assumes"), tuple(pay_cases.assumed(request, name, said)))
    )
    cited = sources_of(
        origin for origin in year.origins if said.help_debt or origin is not year.study_loan
    )
    # Remembered is the pay as read, never the sentence it stood in.
    return answered(
        replace(request, words=again),
        *blocks,
        cite=cited,
        taps=_takehome_taps(request, said),
        personal=True,
    )


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


def _ends(said: Pay) -> tuple[Tap, ...]:
    """Both ends of a span, to tap."""
    wanted = ((money(end), replace(said, amount=end, between=None)) for end in said.between or ())
    return pay_cases.buttons((label, f"takehome {pay.written(one)}") for label, one in wanted)


def _either(request: Request, said: Pay) -> tuple[Tap, ...]:
    """Two pays where one was wanted: either, or both side by side."""
    yearly, daily = replace(said, day_rate=None), replace(said, amount=None)
    both = f"offer {pay.written(yearly)} vs {pay.written(daily)}"
    wanted = [
        (pay_cases.money_said(request, one), f"takehome {pay.written(one)}")
        for one in (yearly, replace(daily, days=pay_cases.days_of(request, daily)))
    ]
    return pay_cases.buttons([*wanted, (request.text("tap_offer"), both)])


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
        whole = (
            request.text(
                "working_of_all",
                rate=pay_cases.percent(loan.all_rate),
                base=pay_cases.to_cents(base),
            )
            if base > loan.all_above
            else _on_scale(request, loan, base)
        )
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
    key = "working_step" if step.base else "working_first_step"
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

    wanted = [
        tap(f"tap_{basis}", replace(plain, basis=basis)) for basis in BASES if basis != said.basis
    ]
    wanted += [] if said.sums else [tap("tap_sums", replace(said, sums=True))]
    wanted += [
        tap("tap_other_year", replace(plain, year=name))
        for name in request.content.tax
        if name != said.year
    ][-1:]
    wanted += [] if said.help_debt else [tap("tap_help_debt", replace(plain, help_debt=True))]
    if said.amount is not None:
        wanted.append(
            (
                request.text("tap_day_rate"),
                f"offer {pay.written(replace(plain, year='', help_debt=False))}",
            )
        )
    return pay_cases.buttons(wanted)


def _years(request: Request, said: Pay) -> tuple[Tap, ...]:
    return pay_cases.buttons(
        (name, f"takehome {pay.written(replace(said, year=name))}") for name in request.content.tax
    )


def _examples(request: Request) -> tuple[Tap, ...]:
    return tuple(
        Tap(request.text("tap_example_pay", amount=money(amount)), f"takehome {amount}")
        for amount in (120_000, 165_000, 210_000)
    )
