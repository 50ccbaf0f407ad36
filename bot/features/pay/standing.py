"""Where a person's own figure stands: an amount among the bands, a day rate as a year's pay.

These answers are personal, because they are computed from what somebody said. The sums are
arithmetic on figures of the content; tax and super are other commands' business.
"""

from bot.core.reply import Block, Paragraph, Strong, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import amount, figure, filled, money, named, number
from bot.features.page import page
from bot.features.pay import pay_cases
from bot.features.pay.pay_parts import (
    all_levels_tap,
    ask_back,
    experience,
    level_tap,
    reached,
    taken,
)
from bot.features.pay.pay_words import CONTRACT, Wanted
from content.entry import Fact, Range
from content.occupation import Band, Contract, Occupation

MOST_PAID_DAYS = 365
MOST_DAY_HOURS = 24
YEARLY = Range(low=10_000, high=5_000_000)
DAILY = Range(low=50, high=20_000)
"""Figures outside are more likely a slip than a wage: they are asked about, never corrected."""


def of_amount(request: Request, wanted: Wanted, pay: float, *, more: bool = False) -> Turn:
    """A year's pay: the bands that hold it, the level it was named with,
    and independent medians.
    """
    occupation = wanted.occupation
    if YEARLY.side(pay) != "inside":
        return odd_amount(request, occupation, pay)
    holding = tuple(
        band for band in occupation.bands.values() if band.pay.range.side(pay) == "inside"
    )
    level = _level(wanted)
    medians = tuple(occupation.figures[key] for key in occupation.scale[:2])
    blocks = (
        *taken(request, wanted),
        Paragraph((Strong(_place(request, occupation, pay, holding)),)),
        *((paragraph(_against(request, level.short, level.pay, pay)),) if level else ()),
        *(paragraph(_beside(request, pay, median)) for median in medians[:1]),
        paragraph(occupation.basis),
    )
    rest = (
        *(paragraph(_beside(request, pay, median)) for median in medians[1:]),
        paragraph(request.text("salary_bands_touch")),
        paragraph(request.text("salary_same_basis")),
    )
    cite = (
        *(band.pay for band in holding or _ends(occupation)),
        *((level.pay,) if level else ()),
        *medians,
    )
    taps = (
        Tap(request.text("tap_takehome"), f"takehome {pay:.0f}"),
        all_levels_tap(request, occupation),
        Tap(request.text("tap_offer"), "offer"),
    )
    return page(request, *blocks, rest=rest, cite=cite, taps=taps, more=more, personal=True)


def odd_amount(request: Request, occupation: Occupation, pay: float) -> Turn:
    """A year's pay that nobody is likely to mean."""
    return ask_back(
        request, occupation, request.text("salary_amount_odd", amount=money(pay), **_limits(YEARLY))
    )


def of_hour_rate(request: Request, wanted: Wanted, rate: float, *, more: bool = False) -> Turn:
    """An hourly rate as a day rate, with the hours stated, and from there as a year's pay."""
    occupation, hours = wanted.occupation, wanted.numbers.day_hours
    contract = occupation.contract
    planned = None
    if contract:
        planned = contract.planning_hours
    if hours is None and planned is None:
        return ask_back(request, occupation, request.text("takehome_hourly"))
    if hours is None and planned is not None:
        counted = planned.number
    else:
        counted = hours or 0
    if not 0 < counted <= MOST_DAY_HOURS:
        return ask_back(
            request,
            occupation,
            request.text("salary_hours_odd", hours=number(counted), most=MOST_DAY_HOURS),
        )
    daily = round(rate * counted, 2)
    lead = paragraph(pay_cases.by_the_hour(request, rate, counted, daily, planned=hours is None))
    return of_day_rate(request, wanted, daily, lead=(lead,), more=more)


def of_day_rate(
    request: Request,
    wanted: Wanted,
    rate: float,
    lead: tuple[Block, ...] = (),
    *,
    more: bool = False,
) -> Turn:
    """A day rate as a year's pay, with the paid days stated: the person's, the source's own,
    and a planning figure.
    """
    occupation, days = wanted.occupation, wanted.numbers.paid_days
    if DAILY.side(rate) != "inside":
        return ask_back(
            request,
            occupation,
            request.text("salary_day_rate_odd", rate=money(rate), **_limits(DAILY)),
        )
    if occupation.contract is None:
        return ask_back(
            request, occupation, request.text("salary_no_contract", occupations=occupation.plural)
        )
    if days is not None and not 1 <= days <= MOST_PAID_DAYS:
        return ask_back(
            request,
            occupation,
            request.text("salary_days_odd", days=number(days), most=MOST_PAID_DAYS),
        )
    contract = occupation.contract
    if days is None:
        counted = contract.source_days.number
    else:
        counted = days
    remarks = tuple(point.say for point in contract.remarks)
    blocks = (
        *taken(request, wanted),
        *lead,
        Paragraph(
            (
                Strong(
                    request.text(
                        "salary_annualised",
                        rate=money(rate),
                        yearly=money(rate * counted),
                        days=number(counted),
                    )
                ),
            )
        ),
        paragraph(_other_days(request, contract, rate, counted)),
        paragraph(_against(request, contract.short, contract.day_rate, rate)),
    )
    rest = tuple(paragraph(filled(request, occupation, text)) for text in remarks)
    cite = (
        contract.day_rate,
        contract.source_days,
        contract.planning_days,
        *named(occupation, *remarks),
    )
    taps = (
        Tap(request.text("tap_takehome"), f"takehome {rate:g}/day {counted:g} days"),
        Tap(request.text("tap_offer"), "offer"),
        level_tap(occupation, CONTRACT, contract.short),
    )
    return page(request, *blocks, rest=rest, cite=cite, taps=taps, more=more, personal=True)


def _level(wanted: Wanted) -> Band | None:
    """The level named beside the amount, or the one that the years named beside it are in."""
    occupation, years = wanted.occupation, wanted.numbers.years
    if wanted.level in occupation.bands:
        return occupation.bands[wanted.level]
    if years:
        by_years = tuple(reached(occupation, *years).values())
    else:
        by_years = ()
    if len(by_years) != 1:
        return None
    return by_years[0]


def _place(request: Request, occupation: Occupation, pay: float, holding: tuple[Band, ...]) -> str:
    if holding:
        names = request.text("list_join").join(
            request.text(
                "salary_band_named",
                level=band.short.lower(),
                band=amount(band.pay),
                years=experience(request, band.years),
            )
            for band in holding
        )
        return request.text(
            "salary_in_one" if len(holding) == 1 else "salary_in_several",
            amount=money(pay),
            bands=names,
        )
    lowest, highest = _ends(occupation)
    if lowest.pay.range.side(pay) == "below":
        return request.text(
            "salary_below_all",
            amount=money(pay),
            level=lowest.short.lower(),
            band=amount(lowest.pay),
        )
    if highest.pay.range.side(pay) == "above":
        return request.text(
            "salary_above_all",
            amount=money(pay),
            level=highest.short.lower(),
            band=amount(highest.pay),
        )
    return request.text("salary_between", amount=money(pay))


def _ends(occupation: Occupation) -> tuple[Band, Band]:
    bands = tuple(occupation.bands.values())
    return bands[0], bands[-1]


def _against(request: Request, level: str, fact: Fact, value: float) -> str:
    """'For senior the estimate is …: yours is inside it.'"""
    return request.text(f"salary_{fact.range.side(value)}", level=level.lower(), band=figure(fact))


def _beside(request: Request, pay: float, median: Fact) -> str:
    side = median.range.side(pay)
    measures = median.measures[0].lower() + median.measures[1:]
    return request.text(
        f"salary_beside_{side}",
        difference=money(abs(pay - median.number)),
        figure=amount(median),
        measures=measures,
    )


def _other_days(request: Request, contract: Contract, rate: float, counted: float) -> str:
    """The same rate at the other usual counts of paid days, and whose count each is."""
    others = [
        request.text(phrase, yearly=money(rate * fact.number), days=number(fact.number))
        for phrase, fact in (
            ("salary_at_source_days", contract.source_days),
            ("salary_at_planning_days", contract.planning_days),
        )
        if fact.number != counted
    ]
    if counted == contract.source_days.number:
        own = [request.text("salary_by_source_days", days=number(counted))]
    else:
        own = []
    return " ".join((*own, *others))


def _limits(limits: Range) -> dict[str, str]:
    return {"low": money(limits.low or 0), "high": money(limits.high or 0)}
