"""Turns about a pay that stands in the chat: what goes into super, what lies between two pays, a
raise, a base, the ends of a band.

Arithmetic with the words of content/phrases/sums.yaml. Nothing is called enough, good or better.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.calculators import take_home
from bot.calculators.take_home import Basis
from bot.core.reply import Block, Choices, Paragraph, Sources, Tap, buttons
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.figures import Cited, answered, money, number
from bot.features.pay import offers, pay_cases, salary
from bot.features.pay.pay_cases import Case
from content.tax_year import sources_of

OF_RATE: Final = "of_rate"
"""Beside a salary: the day rate that it matches."""
PARTS: Final = {"year": 1, "month": 12, "fortnight": 26, "week": 52}
"""How many of each a year has."""


def rate_that_equals(request: Request, one: Pay, days: float | None) -> Turn:
    over = days or pay_cases.planned(request)
    lines = [
        Paragraph(
            request.spans(
                "pay_break_even",
                name=pay_cases.named(request, case),
                days=number(over),
                rate=pay_cases.dollars(
                    take_home.break_even_day_rate(case.package, Decimal(str(over)))
                ),
                package=pay_cases.dollars(case.package.total),
            )
        )
        for case in cases_of(request, pay.written(one))
    ]
    side_by_side = f"offer {pay.written(one)} vs 1000/day {number(over)} days"
    taps = buttons([(request.text("tap_against_contract"), side_by_side)])
    return request.answer(*lines, Choices(taps), personal=True, remember=False)


def apart(request: Request, more: Case, less: Case, *, period: str = "") -> Turn:
    return request.answer(
        _apart_line(request, more, less, period=period), personal=True, remember=False
    )


def _apart_line(request: Request, more: Case, less: Case, *, period: str = "") -> Paragraph:
    left = more.net.take_home - less.net.take_home
    phrase = "pay_difference" if left >= 0 else "pay_difference_split"
    if period not in ("", "year"):
        phrase = f"{phrase}_per"
    return line(
        request,
        phrase,
        more=pay_cases.named(request, more),
        less=pay_cases.named(request, less),
        package=pay_cases.dollars(abs(more.package.total - less.package.total)),
        left=pay_cases.dollars(abs(left)),
        part=pay_cases.dollars(abs(left) / PARTS[period or "year"]),
        period=period,
        year=more.said.year,
    )


def apart_both_ways(request: Request, old: Pay, new: Pay) -> Turn:
    """Two pays of which one has no word on super: what lies between them, read either way."""
    lines = [
        _apart_line(request, *sorted((one, two), key=lambda case: -case.package.total))
        for one in cases_of(request, pay.written(old))
        for two in cases_of(request, pay.written(new))
    ]
    return request.answer(*lines, personal=True, remember=False)


def placed_ad(request: Request, amount: float) -> Turn:
    """The figure of an advertisement among the bands."""
    turn = salary.salary(replace(request, command="salary", words=f"{amount:.0f}"))
    named = pay_cases.dollars(Decimal(amount))
    return led(turn, Paragraph(request.spans("pay_advertised", amount=named)))


def not_decided(request: Request, words: str) -> Turn:
    """'Would you take it?': not decided here; what the sums say, and what they leave out."""
    has_rate = any(pay.read(side).day_rate is not None for side in offers.sides(words))
    named = ("pay_leaves_out_contract", "offer_not_counted_contract") if has_rate else ()
    lines = (*named, "offer_not_counted")
    cases = [case for side in offers.sides(words) for case in cases_of(request, side)]
    sums = _each_comes_to(request, cases)
    return request.answer(
        Paragraph(request.spans("pay_no_pick")),
        *sums,
        *(Paragraph(request.spans(one)) for one in lines),
        personal=True,
        remember=False,
    )


def cases_of(request: Request, words: str) -> tuple[Case, ...]:
    """The readings of one pay, for its own year or this one."""
    said = pay_cases.dated(request, pay.read(words))
    said = pay_cases.by_the_day(request, said)
    name = said.year if said.year in request.content.tax else pay_cases.this_year(request)
    whole = replace(said, year=name, days=pay_cases.days_of(request, said))
    return pay_cases.cases(request.content.tax[name], whole)


def line_for_each(
    request: Request, phrase: str, cases: tuple[Case, ...], *, remember: bool = False
) -> Turn:
    """A line for each reading. The sum stays what was talked about, unless this is to be."""
    lines = [
        Paragraph(
            request.spans(
                phrase,
                name=pay_cases.named(request, case),
                super=pay_cases.dollars(case.package.super_guarantee),
                base=pay_cases.dollars(case.package.base),
                left=pay_cases.dollars(case.net.take_home),
                package=pay_cases.dollars(case.package.total),
            )
        )
        for case in cases
    ]
    return request.answer(*lines, personal=True, remember=remember)


def led(turn: Turn, *lead: Block) -> Turn:
    """The turn with something said before its answer."""
    first, *others = turn.replies
    return replace(turn, replies=(replace(first, blocks=(*lead, *first.blocks)), *others))


def instead(turn: Turn, *blocks: Block) -> Turn:
    """The turn with these lines in place of its own; what it rests on and its taps stay."""
    first, *others = turn.replies
    ending = [block for block in first.blocks if isinstance(block, Sources | Choices)]
    return replace(turn, replies=(replace(first, blocks=(*blocks, *ending)), *others))


def line(request: Request, phrase: str, /, **values: object) -> Paragraph:
    return Paragraph(request.spans(phrase, **values))


def _rates(request: Request, cases: Iterable[Case]) -> tuple[Cited, ...]:
    """The tax scale of the year that these were worked out for."""
    year = request.content.tax[next(iter(cases)).said.year]
    return sources_of(origin for origin in year.origins if origin is not year.study_loan)[:1]


def base_of(request: Request, words: str) -> Turn:
    """A package as its base and its super: what people are asked for by visas,
    banks and the next employer.
    """
    (case,) = cases_of(request, words)
    return answered(
        replace(request, command="takehome", words=words),
        line(
            request,
            "pay_base",
            base=pay_cases.to_cents(case.package.base),
            super=pay_cases.to_cents(case.package.super_guarantee),
            package=pay_cases.dollars(case.package.total),
        ),
        cite=_rates(request, (case,)),
        taps=buttons([(request.text("tap_takehome"), f"takehome {words}")]),
        personal=True,
    )


def base_if(request: Request, words: str) -> Turn:
    """A pay of which nobody said whether super is inside, as its base either way."""
    outside, inside = cases_of(request, words)
    said = line(
        request,
        "pay_base_if",
        outside=pay_cases.dollars(outside.package.base),
        inside=pay_cases.to_cents(inside.package.base),
    )
    return request.answer(said, personal=True, remember=False)


def taxed(request: Request, words: str) -> Turn:
    """What goes to the tax office, before what is left."""
    cases = cases_of(request, words)
    blocks = [
        line(
            request,
            "pay_tax",
            tax=pay_cases.dollars(case.net.income_tax - case.net.low_income_offset),
            levy=pay_cases.dollars(case.net.medicare_levy),
            left=pay_cases.dollars(case.net.take_home),
            name=pay_cases.named(request, case),
        )
        for case in cases
    ]
    return answered(
        replace(request, command="takehome", words=words),
        *blocks,
        cite=_rates(request, cases),
        taps=buttons([(request.text("tap_whole_sum"), f"takehome {words}")]),
        personal=True,
    )


def per_hour(request: Request, one: Pay, hours: float) -> Turn:
    """What is left of a pay for an hour, over the hours that it is worked."""
    blocks = [
        line(
            request,
            "pay_per_hour",
            left=pay_cases.to_cents(case.net.take_home / Decimal(str(hours))),
            gross=pay_cases.to_cents(case.package.base / Decimal(str(hours))),
            hours=number(hours),
            name=pay_cases.named(request, case),
        )
        for case in cases_of(request, pay.written(one))
    ]
    return request.answer(*blocks, personal=True, remember=False)


def with_and_without_loan(request: Request, one: Pay) -> Turn:
    """A pay with a study loan counted and without, and what the loan takes."""
    without = cases_of(request, pay.written(replace(one, help_debt=False)))
    counted = cases_of(request, pay.written(replace(one, help_debt=True)))
    stated = "pay_loan_with" if one.help_debt else "pay_loan_without"
    blocks = [
        line(
            request,
            stated,
            counted=pay_cases.dollars(more.net.take_home),
            without=pay_cases.dollars(less.net.take_home),
            loan=pay_cases.dollars(more.net.help_repayment),
            name=pay_cases.named(request, less),
        )
        for less, more in zip(without, counted, strict=True)
    ]
    return request.answer(*blocks, personal=True, remember=False)


def loan_repaid(request: Request, one: Pay) -> Turn:
    """What of a pay goes to a study loan in a year."""
    words = pay.written(replace(one, help_debt=True))
    cases = cases_of(request, words)
    blocks = [
        line(
            request,
            "pay_loan_repaid",
            loan=pay_cases.dollars(case.net.help_repayment),
            base=pay_cases.dollars(case.package.base),
            name=pay_cases.named(request, case),
            year=case.said.year,
        )
        for case in cases
    ]
    year = request.content.tax[cases[0].said.year]
    return answered(
        replace(request, command="takehome", words=words),
        *blocks,
        cite=sources_of([year.study_loan]),
        taps=buttons([(request.text("tap_whole_sum"), f"takehome {words}")]),
        personal=True,
    )


def raised(request: Request, old: Pay, new: Pay, period: str = "") -> Turn:
    """What a raise leaves in the hand; remembered as the two pays beside each other."""
    blocks = [
        _raise_line(request, before, after, period)
        for before, after in zip(_sums(request, old), _sums(request, new), strict=True)
    ]
    both = f"{pay.written(old)} vs {pay.written(new)}"
    turn = answered(
        replace(request, command="offer", words=both),
        *blocks,
        line(request, "pay_raise_counted", loan=_loan_counted(request, old, new)),
        cite=_rates(request, _sums(request, new)),
        taps=buttons([(request.text("tap_offer"), f"offer {both}")]),
        personal=True,
    )
    # The same pay in two years is no pair of offers: the pay stays what is talked about.
    is_one = replace(old, year="") == replace(new, year="")
    return _as_before(request, turn) if is_one else turn


def _loan_counted(request: Request, *pays: Pay) -> str:
    with_loan = any(one.help_debt for one in pays)
    return request.text("takehome_with_loan" if with_loan else "takehome_without_loan")


def _sums(request: Request, one: Pay) -> tuple[Case, ...]:
    return cases_of(request, pay.written(one))


def _raise_line(request: Request, before: Case, after: Case, period: str) -> Paragraph:
    gained = after.net.take_home - before.net.take_home
    shown = period or "fortnight"
    of_years = "_of_years" if after.package == before.package else ""
    return line(
        request,
        f"{'pay_raise' if gained >= 0 else 'pay_cut'}{of_years}",
        old=before.said.year,
        new=after.said.year,
        year=pay_cases.dollars(abs(gained)),
        part=pay_cases.dollars(abs(gained) / PARTS[shown]),
        period=shown,
        before=pay_cases.named(request, before),
        after=pay_cases.named(request, after),
        gross=pay_cases.dollars(abs(after.package.base - before.package.base)),
    )


def each_per(request: Request, words: str, period: str, which: str = "") -> Turn:
    """What each of the offers leaves in a week, a fortnight, a month; `which`:
    only this one of them.
    """
    cases = [case for side in offers.sides(which or words) for case in cases_of(request, side)]
    blocks = [
        line(
            request,
            "pay_each_per",
            name=pay_cases.named(request, case),
            amount=pay_cases.dollars(case.net.take_home / PARTS[period]),
            period=period,
        )
        for case in cases
    ]
    return answered(
        replace(request, command="offer", words=words),
        *blocks,
        cite=_rates(request, cases),
        personal=True,
    )


def together(request: Request, words: Iterable[str]) -> Turn:
    """Two people's pays: each is taxed alone, and what is left is added up."""
    cases = [cases_of(request, one)[0] for one in words]
    left = sum((case.net.take_home for case in cases), Decimal(0))
    names = request.text("list_join").join(pay_cases.named(request, case) for case in cases)
    return request.answer(
        line(
            request,
            "pay_together",
            year=pay_cases.dollars(left),
            month=pay_cases.dollars(left / PARTS["month"]),
            names=names,
        ),
        personal=True,
        remember=False,
    )


def gross_for(request: Request, wanted: float) -> Turn:
    """The base whose take-home is the one wanted, found by halving."""
    low, high = wanted, wanted * 3
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        (case,) = cases_of(request, f"{middle:.2f} plus super")
        low, high = (middle, high) if case.net.take_home < Decimal(wanted) else (low, middle)
    base = f"{round(high)} plus super"
    (case,) = cases_of(request, base)
    return answered(
        replace(request, command="takehome", words=base),
        line(
            request,
            "pay_gross_for",
            wanted=pay_cases.dollars(Decimal(wanted)),
            base=pay_cases.dollars(case.package.base),
            package=pay_cases.dollars(case.package.total),
        ),
        cite=_rates(request, (case,)),
        taps=buttons([(request.text("tap_takehome"), f"takehome {base}")]),
        personal=True,
    )


_HALVINGS: Final = 30


def band_left(
    request: Request, ends: tuple[float, float], period: str, *, basis: Basis | None = None
) -> Turn:
    """What both ends of a band leave in the hand: both readings, where super is not stated."""
    shown = period or "year"
    readings = (basis,) if basis else take_home.BASES
    blocks = [_band_line(request, ends, one, shown, is_one=bool(basis)) for one in readings]
    cases = cases_of(request, f"{ends[0]:.0f} plus super")
    taps = buttons(
        (
            request.text("tap_takehome_of", name=pay_cases.dollars(Decimal(end))),
            f"takehome {end:.0f} {_BASES[basis] if basis else ''}".strip(),
        )
        for end in ends
    )
    turn = answered(request, *blocks, cite=_rates(request, cases), taps=taps)
    return _as_before(request, turn)


_BASES: Final[dict[Basis, str]] = {
    "plus_super": "plus super",
    "including_super": "including super",
}


def _band_line(
    request: Request, ends: tuple[float, float], basis: Basis, period: str, *, is_one: bool
) -> Paragraph:
    phrase = "pay_span_left" if is_one else f"pay_band_{basis}"
    return line(
        request,
        phrase,
        low=_left(request, ends[0], _BASES[basis], period),
        high=_left(request, ends[1], _BASES[basis], period),
        period=period,
        ends=" – ".join(pay_cases.dollars(Decimal(end)) for end in ends),
        basis=_BASES[basis],
    )


def _left(request: Request, amount: float, basis: str, period: str) -> str:
    (case,) = cases_of(request, f"{amount:.0f} {basis}")
    return pay_cases.dollars(case.net.take_home / PARTS[period])


def _as_before(request: Request, turn: Turn) -> Turn:
    """The turn, with what was talked about before it still the last answer."""
    conversation = replace(turn.state.conversation, last=request.state.conversation.last)
    return replace(turn, state=replace(turn.state, conversation=conversation))


def band_per(request: Request, ends: tuple[float, float], period: str) -> Turn:
    """A band by the month, fortnight or week, before tax."""
    low, high = (pay_cases.dollars(Decimal(end) / PARTS[period]) for end in ends)
    said = line(request, "pay_band_per", low=low, high=high, period=period)
    tap = Tap(request.text("tap_takehome"), f"takehome {ends[0]:.0f}")
    return request.answer(said, Choices((tap,)), remember=False)


def band_untaxed(request: Request, ends: tuple[float, float]) -> Turn:
    """'Is that before tax?' of a band: how pay is quoted, and what it leaves."""
    turn = band_left(request, ends, "")
    return led(turn, line(request, "pay_band_untaxed"))


def bands_apart(
    request: Request, lower: tuple[str, tuple[float, float]], upper: tuple[str, tuple[float, float]]
) -> Turn:
    """How far one level's band lies above another's, end by end."""
    (one, (low, high)), (two, (least, most)) = lower, upper
    said = line(
        request,
        "pay_bands_apart",
        low=pay_cases.dollars(Decimal(least - low)),
        high=pay_cases.dollars(Decimal(most - high)),
        upper=f"{pay_cases.dollars(Decimal(least))} – {pay_cases.dollars(Decimal(most))}",
        lower=f"{pay_cases.dollars(Decimal(low))} – {pay_cases.dollars(Decimal(high))}",
        one=one,
        two=two,
    )
    upper_one = replace(request, command="salary", words=two)
    return answered(upper_one, said, line(request, "pay_bands_basis"))


def _each_comes_to(request: Request, cases: Iterable[Case]) -> list[Paragraph]:
    return [
        line(
            request,
            "pay_comes_to",
            name=pay_cases.named(request, case),
            base=pay_cases.dollars(case.package.base),
            left=pay_cases.dollars(case.net.take_home),
        )
        for case in cases
    ]


def comes_to(request: Request, words: str) -> Turn:
    """A pay as a year's, before tax and after."""
    cases = cases_of(request, words)
    blocks = _each_comes_to(request, cases)
    return answered(
        replace(request, command="takehome", words=words),
        *blocks,
        cite=_rates(request, cases),
        taps=buttons([(request.text("tap_whole_sum"), f"takehome {words}")]),
        personal=True,
    )


def rate_over_a_year(request: Request, one: Pay) -> Turn:
    """'950 a day, what is that annually': the rate over the days that were said, or over those
    that are commonly planned.
    """
    contract = pay_cases.planning(request)
    days = pay_cases.or_planned(request, one)
    blocks = [_rate_line(request, "pay_rate_year", one, days)]
    is_planned = days == pay_cases.planned(request)
    if is_planned:
        other = pay_cases.amount_of(pay_cases.source_days(request))
        blocks.append(_rate_line(request, "pay_rate_other_days", one, other))
    blocks.append(line(request, "pay_rate_carries"))
    words = pay.written(one)
    return answered(
        replace(request, command="takehome", words=words),
        *blocks,
        cite=(contract,) if is_planned else (),
        taps=buttons([(request.text("tap_whole_sum"), f"takehome {words}")]),
        personal=True,
    )


def _rate_line(request: Request, phrase: str, one: Pay, days: float) -> Paragraph:
    rate = one.day_rate or 0
    total = money(rate * days)
    return line(request, phrase, rate=money(rate), days=number(days), total=total)


def salary_that_equals(request: Request, one: Pay) -> Turn:
    """'What perm salary would match' a day rate: the salary whose package costs as much."""
    days, rate = pay_cases.or_planned(request, one), one.day_rate or 0
    whole = Pay(amount=rate * days, basis=one.basis or "including_super")
    words = pay.written(whole)
    cases = cases_of(request, words)
    is_on_top = one.basis == "plus_super"
    phrase = "pay_salary_matches_super" if is_on_top else "pay_salary_matches"
    told = line(
        request,
        phrase,
        base=pay_cases.dollars(cases[0].package.base),
        rate=money(rate),
        days=number(days),
        total=money(rate * days),
    )
    matched = {OF_RATE: pay.written(one)}
    return answered(
        replace(request, command="takehome", words=words, entities=matched),
        told,
        line(request, "pay_salary_unmatched"),
        cite=(pay_cases.planning(request),) if one.days is None else (),
        taps=buttons([(request.text("tap_whole_sum"), f"takehome {words}")]),
        personal=True,
    )


def not_decided_of_one(request: Request, words: str) -> Turn:
    """'So should I take it' after one pay: not decided here; what it comes to,
    and what that leaves out.
    """
    blocks = _each_comes_to(request, cases_of(request, words))
    taps = buttons(
        [
            (request.text("tap_stand_pay"), f"salary {words}"),
            (request.text("tap_offer"), f"offer {words}"),
        ]
    )
    return request.answer(
        line(request, "pay_no_verdict"),
        *blocks,
        line(request, "offer_not_counted"),
        Choices(taps),
        personal=True,
        remember=False,
    )
