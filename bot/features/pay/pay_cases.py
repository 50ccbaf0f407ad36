"""What `takehome` and `offer` share: the readings of a pay, what cannot be summed up, what a sum
assumes, how figures look.

Super in or out decides a tenth of a pay, so a pay of which nobody said it has two readings, and
both are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.calculators import take_home
from bot.calculators.take_home import BASES, MOST_AMOUNT, MOST_DAYS, Basis, Net, Package, cents
from bot.core.reply import Block, Line, paragraph, spans
from bot.core.request import Request
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.figures import money, number
from content.entry import Fact
from content.tax_year import TaxYear

BONUS = "bonus"
"""Among a request's entities: a bonus that is counted in the pay."""
MOST_HOURS = 24
LEAST = 1000
"""A yearly pay below this is more likely thousands: 165 for 165,000."""


@dataclass(frozen=True, slots=True)
class Case:
    """One reading of a pay: super in or out, and what it comes to."""

    said: Pay
    basis: Basis
    package: Package
    net: Net


def problem(request: Request, said: Pay) -> str:
    """Why this cannot be summed up, or nothing."""
    if said.currency:
        return request.text("takehome_currency", currency=said.currency)
    if said.hour_rate is not None and said.day_rate is None:
        return request.text("takehome_hourly")
    if said.between:
        return request.text(
            "takehome_between", low=money(said.between[0]), high=money(said.between[1])
        )
    if said.said_nothing:
        return request.text("takehome_of_what")
    if said.bare is not None or (said.amount is not None and 0 <= said.amount < LEAST):
        amount = said.bare if said.bare is not None else said.amount or 0
        return request.text(
            "takehome_bare",
            number=number(amount),
            thousands=money(amount * 1000),
            rate=money(amount),
        )
    if said.amount is not None and said.day_rate is not None:
        return request.text("takehome_two", amount=money(said.amount), rate=money(said.day_rate))
    yearly = (
        said.amount if said.amount is not None else (said.day_rate or 0) * or_planned(request, said)
    )
    if not 0 <= yearly <= MOST_AMOUNT or (said.day_rate or 0) < 0:
        return request.text("takehome_odd", amount=money(yearly), most=money(MOST_AMOUNT))
    if said.days is not None and not 0 < said.days <= MOST_DAYS:
        return request.text("takehome_days_odd", days=number(said.days), most=MOST_DAYS)
    return ""


def by_the_day(request: Request, said: Pay) -> Pay:
    """A rate by the hour as one by the day: the hours said, else a planning figure.

    As it was, where there is neither.
    """
    if said.hour_rate is None:
        return said
    hours = said.hours if said.hours is not None else planned_hours(request)
    if hours is None or not 0 < hours <= MOST_HOURS:
        return said
    return replace(
        said,
        day_rate=round(said.hour_rate * hours, 2),
        hours=hours,
        hours_planned=said.hours is None,
    )


def by_the_hour(request: Request, rate: float, hours: float, daily: float, *, planned: bool) -> str:
    """'Taking $80 an hour, 8 hours a paid day: $640 a day', and whose eight hours those are."""
    words = request.text(
        "takehome_as_hour_rate", rate=money(rate), hours=number(hours), daily=money(daily)
    )
    return f"{words} {request.text('takehome_hours_planned')}" if planned else words


def planned_hours(request: Request) -> float | None:
    contracts = (occupation.contract for occupation in request.content.occupations.values())
    return next(
        (
            amount_of(contract.planning_hours)
            for contract in contracts
            if contract and contract.planning_hours
        ),
        None,
    )


def cases(year: TaxYear, said: Pay) -> tuple[Case, ...]:
    """One case where super is settled, both otherwise."""
    amount = (
        Decimal(str(said.amount))
        if said.amount is not None
        else Decimal(str(said.day_rate)) * Decimal(str(said.days))
    )
    amount *= Decimal(str(said.share if said.share is not None else 1))
    cases = []
    for basis in (said.basis,) if said.basis else BASES:
        package = take_home.package(year.super_guarantee, amount, basis)
        cases.append(
            Case(said, basis, package, take_home.net(year, package.base, help_debt=said.help_debt))
        )
    return tuple(cases)


def taken(request: Request, said: Pay) -> Iterator[Block]:
    """What was made of the words, where it was more than reading a number."""
    if said.hour_rate is not None and said.hours is not None:
        yield paragraph(
            by_the_hour(
                request, said.hour_rate, said.hours, said.day_rate or 0, planned=said.hours_planned
            )
        )
    if said.day_rate is not None and said.days is not None:
        yearly = money(float(said.day_rate * said.days))
        yield paragraph(
            request.text(
                "takehome_as_day_rate",
                rate=money(said.day_rate),
                days=number(said.days),
                yearly=yearly,
            )
        )
    if said.said_as:
        amount, unit = said.said_as
        yield paragraph(
            request.text(
                f"takehome_as_{unit[0]}", amount=money(amount), yearly=money(said.amount or 0)
            )
        )

    if said.share is not None:
        whole = said.amount or (said.day_rate or 0) * (said.days or 0)
        part, yearly = number(said.share), money(whole * said.share)
        yield paragraph(
            request.text("takehome_as_share", share=part, whole=money(whole), yearly=yearly)
        )


def left_out(request: Request, year: TaxYear) -> Iterator[Block]:
    """What was named beside the pay, a bonus say, is named as not counted;
    so is a rate of super that is not the law's.
    """
    named_beside = pay.extras(request.words) or pay.extras(request.sentence())
    is_share = pay.read(request.words).share is not None
    counted = ("bonus", BONUS in request.entities), ("part", is_share), ("week", is_share)
    words = tuple(word for word, is_counted in counted if is_counted)
    extras = [one for one in named_beside if not any(word in one.lower() for word in words)]
    lawful = year.super_guarantee.rate * 100
    rates = [rate for rate in pay.super_rates(request.words) if Decimal(str(rate)) != lawful]
    others = [
        request.text("takehome_other_super", rate=number(rate), lawful=f"{lawful.normalize():f}")
        for rate in rates
    ]
    if named := [*extras, *others]:
        yield paragraph(request.text("takehome_left_over", rest=", ".join(named)))


def assumed(request: Request, name: str, said: Pay) -> Iterator[Line]:
    for sentence in take_home.assumptions(
        request.content,
        name,
        help_debt=said.help_debt,
        days=said.days if said.day_rate is not None else None,
    ):
        yield spans(sentence)
    yield spans(request.text("assumes_cents"))


def named(request: Request, case: Case) -> str:
    return request.text(
        "offer_name", pay=money_said(request, case.said), basis=request.text(f"short_{case.basis}")
    )


def money_said(request: Request, said: Pay) -> str:
    if said.day_rate is not None:
        return request.text(
            "offer_day_rate", rate=money(said.day_rate), days=number(said.days or 0)
        )
    return money((said.amount or 0) * (said.share if said.share is not None else 1))


def dollars(amount: Decimal) -> str:
    return money(float(cents(amount)))


def to_cents(amount: Decimal) -> str:
    return money(float(amount), cents=True)


def percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def dated(request: Request, said: Pay) -> Pay:
    """The pay with 'last financial year' as the year that it means today."""
    if said.year not in _YEARS_AWAY:
        return said
    today = request.today
    begun = today.year - (today.month < FIRST_MONTH) + _YEARS_AWAY[said.year]
    return replace(said, year=f"{begun}-{(begun + 1) % 100:02d}")


_YEARS_AWAY = {"last": -1, "this": 0, "next": 1}
FIRST_MONTH = 7
"""Income years begin on 1 July."""


def no_year(request: Request, said: Sequence[Pay]) -> str:
    """Why a year that was named has no sum, or nothing."""
    unknown = next(
        (one.year for one in said if one.year and one.year not in request.content.tax), ""
    )
    if not unknown:
        return ""
    years = " · ".join(request.content.tax)
    return request.text("takehome_no_year", year=unknown, years=years)


def this_year(request: Request) -> str:
    """The income year of today; the newest we have, once ours have run out."""
    return next(
        (
            name
            for name, year in request.content.tax.items()
            if year.starts <= request.today <= year.ends
        ),
        max(request.content.tax),
    )


def planning(request: Request) -> Fact:
    contracts = (occupation.contract for occupation in request.content.occupations.values())
    return next(contract.planning_days for contract in contracts if contract is not None)


def source_days(request: Request) -> Fact:
    """The paid days that the careers page's note takes."""
    contracts = (occupation.contract for occupation in request.content.occupations.values())
    return next(contract.source_days for contract in contracts if contract is not None)


def planned(request: Request) -> float:
    return amount_of(planning(request))


def or_planned(request: Request, said: Pay) -> float:
    return said.days if said.days is not None else planned(request)


def days_of(request: Request, said: Pay) -> float | None:
    return or_planned(request, said) if said.day_rate is not None else said.days


def yearly(request: Request, one: Pay) -> float:
    """A pay as a year's, whatever it was named by."""
    said = by_the_day(request, one)
    if said.amount is not None:
        return said.amount * (said.share if said.share is not None else 1)
    return (said.day_rate or 0) * or_planned(request, said)


def amount_of(fact: Fact) -> float:
    return fact.value if isinstance(fact.value, float) else 0.0
