"""`takehome`: what is left of a pay after tax, levy, offset and study loan, with the arithmetic on request.

The sums are bot.pay; here they become a table, with what they assume and where the rates come from.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.answers import pay_cases, pay_said
from bot.answers.pay_cases import Case
from bot.answers.pay_said import Pay
from bot.answers.printing import answered, money
from bot.asking import Ask
from bot.pay import BASES
from bot.reply import Block, Choices, Line, Note, Paragraph, Table, Tap, paragraph, spans
from bot.turn import Turn
from content.tax_year import Scale, TaxYear, sources_of

MONTHS, FORTNIGHTS, WEEKS = 12, 26, 52


def takehome(ask: Ask) -> Turn:
    """One pay, after tax."""
    said = pay_cases.by_the_day(ask, pay_said.read(ask.words))
    problem = pay_cases.problem(ask, said)
    if problem:
        taps = _ends(said) if said.between else _either(ask, said) if said.amount and said.day_rate else _examples(ask)
        return ask.answer(paragraph(problem), Choices(taps), personal=bool(ask.words), remember=not ask.words.strip())
    name = said.year or pay_cases.this_year(ask)
    if name not in ask.content.tax:
        years = " · ".join(ask.content.tax)
        return ask.answer(
            paragraph(ask.say("takehome_no_year", year=name, years=years)), Choices(_years(ask, said)), personal=True, remember=False
        )
    year = ask.content.tax[name]
    again = pay_said.written(said)
    said = replace(said, year=name, days=pay_cases.days_of(ask, said))
    cases = pay_cases.cases(year, said)
    blocks: list[Block] = [
        *pay_cases.taken(ask, said),
        *pay_cases.left_out(ask),
        *_not_as_said(ask, cases),
        *_takehome_headline(ask, cases),
        _lines(ask, cases),
    ]
    if len(cases) > 1:
        blocks.append(paragraph(ask.say("takehome_which")))
    if said.sums:
        blocks += [Note(ask.say(f"sums_of_{case.basis}"), tuple(_working(ask, year, case))) for case in cases]
    blocks.append(Note(ask.say("takehome_assumes"), tuple(pay_cases.assumed(ask, name, said))))
    cited = sources_of(origin for origin in year.origins if said.help_debt or origin is not year.study_loan)
    # Remembered is the pay as read, never the sentence it stood in.
    return answered(replace(ask, words=again), *blocks, cite=cited, taps=_takehome_taps(ask, said), personal=True)


def _takehome_headline(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    if len(cases) == 1:
        left = cases[0].net.take_home
        yield Paragraph(
            ask.line(
                "takehome_headline",
                year=pay_cases.dollars(left),
                month=pay_cases.dollars(left / MONTHS),
                fortnight=pay_cases.dollars(left / FORTNIGHTS),
            )
        )
        return
    plus, inside = cases
    yield Paragraph(ask.line("takehome_both", plus=pay_cases.dollars(plus.net.take_home), inside=pay_cases.dollars(inside.net.take_home)))


def _not_as_said(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    """What was said and is not in the sum is said before it, never only among the assumptions."""
    said = cases[0].said
    if said.foreign:
        yield Paragraph(ask.line("takehome_foreign"))
    if said.no_levy:
        levies = ask.say("takehome_or").join(pay_cases.dollars(case.net.medicare_levy) for case in cases)
        yield Paragraph(ask.line("takehome_no_levy", levy=levies))


def _ends(said: Pay) -> tuple[Tap, ...]:
    """Both ends of a span, to tap."""
    wanted = ((money(end), replace(said, amount=end, between=None)) for end in said.between or ())
    return pay_cases.buttons((label, f"takehome {pay_said.written(one)}") for label, one in wanted)


def _either(ask: Ask, said: Pay) -> tuple[Tap, ...]:
    """Two pays where one was wanted: either, or both side by side."""
    yearly, daily = replace(said, day_rate=None), replace(said, amount=None)
    both = f"offer {pay_said.written(yearly)} vs {pay_said.written(daily)}"
    wanted = [
        (pay_cases.money_said(ask, one), f"takehome {pay_said.written(one)}")
        for one in (yearly, replace(daily, days=pay_cases.days_of(ask, daily)))
    ]
    return pay_cases.buttons([*wanted, (ask.say("tap_offer"), both)])


def _lines(ask: Ask, cases: tuple[Case, ...]) -> Table:
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
    header = (ask.say("sum_line"), *(ask.say(f"basis_{case.basis}") for case in cases))
    cells = tuple((ask.say(key), *(pay_cases.dollars(value) for value in values)) for key, values in rows)
    return Table(ask.say("takehome_caption", year=cases[0].said.year), header, cells)


def _working(ask: Ask, year: TaxYear, case: Case) -> Iterator[Line]:
    """The arithmetic, to the cent."""
    base, rules = case.package.base, year.super_guarantee
    rate = pay_cases.percent(rules.rate)
    if case.basis == "including_super":
        yield spans(
            ask.say(
                "working_inside",
                package=pay_cases.to_cents(case.package.total),
                rate=rate,
                base=pay_cases.to_cents(base),
                extra=pay_cases.to_cents(case.package.super_guarantee),
            )
        )
    else:
        yield spans(
            ask.say(
                "working_plus",
                base=pay_cases.to_cents(min(base, rules.most_pay)),
                rate=rate,
                extra=pay_cases.to_cents(case.package.super_guarantee),
            )
        )
    yield spans(ask.say("working_tax", sum=_on_scale(ask, year.resident_tax, base), result=pay_cases.to_cents(case.net.income_tax)))
    if case.net.low_income_offset:
        yield spans(
            ask.say(
                "working_offset",
                most=pay_cases.to_cents(year.low_income_offset.most),
                result=pay_cases.to_cents(case.net.low_income_offset),
            )
        )
    levy = year.medicare_levy
    if levy.shade * (base - levy.threshold) < levy.rate * base:
        yield spans(
            ask.say(
                "working_levy_shade",
                rate=pay_cases.percent(levy.shade),
                threshold=pay_cases.dollars(levy.threshold),
                result=pay_cases.to_cents(case.net.medicare_levy),
            )
        )
    else:
        yield spans(
            ask.say(
                "working_levy",
                rate=pay_cases.percent(levy.rate),
                base=pay_cases.to_cents(base),
                result=pay_cases.to_cents(case.net.medicare_levy),
            )
        )
    if case.said.help_debt:
        loan = year.study_loan
        whole = (
            ask.say("working_of_all", rate=pay_cases.percent(loan.all_rate), base=pay_cases.to_cents(base))
            if base > loan.all_above
            else _on_scale(ask, loan, base)
        )
        yield spans(ask.say("working_loan", sum=whole, result=pay_cases.to_cents(case.net.help_repayment)))
    yield spans(ask.say("working_left", result=pay_cases.to_cents(case.net.take_home)))


def _on_scale(ask: Ask, scale: Scale, income: Decimal) -> str:
    step = next((step for step in reversed(scale.steps) if income > step.above), None)
    if step is None:
        return ask.say("working_nothing", above=pay_cases.dollars(scale.steps[0].above))
    key = "working_step" if step.base else "working_first_step"
    return ask.say(
        key,
        base=pay_cases.dollars(step.base),
        rate=pay_cases.percent(step.rate),
        income=pay_cases.to_cents(income),
        above=pay_cases.dollars(step.above),
    )


def _takehome_taps(ask: Ask, said: Pay) -> tuple[Tap, ...]:
    plain = replace(said, sums=False)

    def tap(key: str, changed: Pay) -> tuple[str, str]:
        return ask.say(key, year=changed.year), f"takehome {pay_said.written(changed)}{' sums' if changed.sums else ''}"

    wanted = [tap(f"tap_{basis}", replace(plain, basis=basis)) for basis in BASES if basis != said.basis]
    wanted += [] if said.sums else [tap("tap_sums", replace(said, sums=True))]
    wanted += [tap("tap_other_year", replace(plain, year=name)) for name in ask.content.tax if name != said.year][-1:]
    wanted += [] if said.help_debt else [tap("tap_help_debt", replace(plain, help_debt=True))]
    if said.amount is not None:
        wanted.append((ask.say("tap_day_rate"), f"offer {pay_said.written(replace(plain, year='', help_debt=False))}"))
    return pay_cases.buttons(wanted)


def _years(ask: Ask, said: Pay) -> tuple[Tap, ...]:
    return pay_cases.buttons((name, f"takehome {pay_said.written(replace(said, year=name))}") for name in ask.content.tax)


def _examples(ask: Ask) -> tuple[Tap, ...]:
    return tuple(Tap(ask.say("tap_example_pay", amount=money(amount)), f"takehome {amount}") for amount in (120_000, 165_000, 210_000))
