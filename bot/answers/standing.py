"""Where a person's own figure stands: an amount among the bands, a day rate as a year's pay.

These answers are personal, because they are computed from what somebody said. The sums are arithmetic on figures of the
content; tax and super are other commands' business.
"""

from bot.answers import pay_cases
from bot.answers.pay_parts import all_levels_tap, ask_back, experience, level_tap, reached, taken
from bot.answers.pay_words import CONTRACT, Wanted
from bot.answers.printing import amount, answered, figure, filled, money, named, number
from bot.asking import Ask
from bot.reply import Block, Paragraph, Strong, Tap, paragraph
from bot.turn import Turn
from content.entry import Fact, Range
from content.occupation import Band, Contract, Occupation

MOST_PAID_DAYS = 365
MOST_DAY_HOURS = 24
YEARLY = Range(low=10_000, high=5_000_000)
DAILY = Range(low=50, high=20_000)
"""Figures outside are more likely a slip than a wage: they are asked about, never corrected."""


def of_amount(ask: Ask, wanted: Wanted, pay: float) -> Turn:
    """A year's pay: the bands that hold it, the level it was named with, and independent medians."""
    occupation = wanted.occupation
    if YEARLY.side(pay) != "inside":
        return odd_amount(ask, occupation, pay)
    holding = tuple(band for band in occupation.bands.values() if band.pay.range.side(pay) == "inside")
    level = _level(wanted)
    medians = tuple(occupation.figures[key] for key in occupation.scale[:2])
    blocks = (
        *taken(ask, wanted),
        Paragraph((Strong(_place(ask, occupation, pay, holding)),)),
        *((paragraph(_against(ask, level.short, level.pay, pay)),) if level else ()),
        paragraph(occupation.basis, " ", ask.say("salary_bands_touch")),
        *(paragraph(_beside(ask, pay, median)) for median in medians),
        paragraph(ask.say("salary_same_basis")),
    )
    cite = (*(band.pay for band in holding or _ends(occupation)), *((level.pay,) if level else ()), *medians)
    taps = (Tap(ask.say("tap_takehome"), f"takehome {pay:.0f}"), all_levels_tap(ask, occupation), Tap(ask.say("tap_offer"), "offer"))
    return answered(ask, *blocks, cite=cite, taps=taps, personal=True)


def odd_amount(ask: Ask, occupation: Occupation, pay: float) -> Turn:
    """A year's pay that nobody is likely to mean."""
    return ask_back(ask, occupation, ask.say("salary_amount_odd", amount=money(pay), **_limits(YEARLY)))


def of_hour_rate(ask: Ask, wanted: Wanted, rate: float) -> Turn:
    """An hourly rate as a day rate, with the hours stated, and from there as a year's pay."""
    occupation, hours = wanted.occupation, wanted.numbers.day_hours
    contract = occupation.contract
    planned = contract.planning_hours if contract else None
    if hours is None and planned is None:
        return ask_back(ask, occupation, ask.say("takehome_hourly"))
    counted = planned.number if hours is None and planned is not None else hours or 0
    if not 0 < counted <= MOST_DAY_HOURS:
        return ask_back(ask, occupation, ask.say("salary_hours_odd", hours=number(counted), most=MOST_DAY_HOURS))
    daily = round(rate * counted, 2)
    lead = paragraph(pay_cases.by_the_hour(ask, rate, counted, daily, planned=hours is None))
    return of_day_rate(ask, wanted, daily, lead=(lead,))


def of_day_rate(ask: Ask, wanted: Wanted, rate: float, lead: tuple[Block, ...] = ()) -> Turn:
    """A day rate as a year's pay, with the paid days stated: the person's, the source's own, and a planning figure."""
    occupation, days = wanted.occupation, wanted.numbers.paid_days
    if DAILY.side(rate) != "inside":
        return ask_back(ask, occupation, ask.say("salary_day_rate_odd", rate=money(rate), **_limits(DAILY)))
    if occupation.contract is None:
        return ask_back(ask, occupation, ask.say("salary_no_contract", occupations=occupation.plural))
    if days is not None and not 1 <= days <= MOST_PAID_DAYS:
        return ask_back(ask, occupation, ask.say("salary_days_odd", days=number(days), most=MOST_PAID_DAYS))
    contract = occupation.contract
    counted = contract.source_days.number if days is None else days
    remarks = tuple(point.say for point in contract.remarks)
    blocks = (
        *taken(ask, wanted),
        *lead,
        Paragraph((Strong(ask.say("salary_annualised", rate=money(rate), yearly=money(rate * counted), days=number(counted))),)),
        paragraph(_other_days(ask, contract, rate, counted)),
        paragraph(_against(ask, contract.short, contract.day_rate, rate)),
        *(paragraph(filled(ask, occupation, text)) for text in remarks),
    )
    cite = (contract.day_rate, contract.source_days, contract.planning_days, *named(occupation, *remarks))
    taps = (
        Tap(ask.say("tap_takehome"), f"takehome {rate:g}/day {counted:g} days"),
        Tap(ask.say("tap_offer"), "offer"),
        level_tap(occupation, CONTRACT, contract.short),
    )
    return answered(ask, *blocks, cite=cite, taps=taps, personal=True)


def _level(wanted: Wanted) -> Band | None:
    """The level named beside the amount, or the one that the years named beside it are in."""
    occupation, years = wanted.occupation, wanted.numbers.years
    if wanted.level in occupation.bands:
        return occupation.bands[wanted.level]
    by_years = tuple(reached(occupation, *years).values()) if years else ()
    return by_years[0] if len(by_years) == 1 else None


def _place(ask: Ask, occupation: Occupation, pay: float, holding: tuple[Band, ...]) -> str:
    if holding:
        names = ask.say("list_join").join(
            ask.say("salary_band_named", level=band.short.lower(), band=amount(band.pay), years=experience(ask, band.years))
            for band in holding
        )
        return ask.say("salary_in_one" if len(holding) == 1 else "salary_in_several", amount=money(pay), bands=names)
    lowest, highest = _ends(occupation)
    if lowest.pay.range.side(pay) == "below":
        return ask.say("salary_below_all", amount=money(pay), level=lowest.short.lower(), band=amount(lowest.pay))
    if highest.pay.range.side(pay) == "above":
        return ask.say("salary_above_all", amount=money(pay), level=highest.short.lower(), band=amount(highest.pay))
    return ask.say("salary_between", amount=money(pay))


def _ends(occupation: Occupation) -> tuple[Band, Band]:
    bands = tuple(occupation.bands.values())
    return bands[0], bands[-1]


def _against(ask: Ask, level: str, fact: Fact, value: float) -> str:
    """'For senior the estimate is …: yours is inside it.'"""
    return ask.say(f"salary_{fact.range.side(value)}", level=level.lower(), band=figure(fact))


def _beside(ask: Ask, pay: float, median: Fact) -> str:
    side = median.range.side(pay)
    measures = median.measures[0].lower() + median.measures[1:]
    return ask.say(f"salary_beside_{side}", difference=money(abs(pay - median.number)), figure=amount(median), measures=measures)


def _other_days(ask: Ask, contract: Contract, rate: float, counted: float) -> str:
    """The same rate at the other usual counts of paid days, and whose count each is."""
    others = [
        ask.say(phrase, yearly=money(rate * fact.number), days=number(fact.number))
        for phrase, fact in (("salary_at_source_days", contract.source_days), ("salary_at_planning_days", contract.planning_days))
        if fact.number != counted
    ]
    own = [ask.say("salary_by_source_days", days=number(counted))] if counted == contract.source_days.number else []
    return " ".join((*own, *others))


def _limits(limits: Range) -> dict[str, str]:
    return {"low": money(limits.low or 0), "high": money(limits.high or 0)}
