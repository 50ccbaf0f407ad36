"""The pays of a message of money talk: figures with their units become yearly pays and day rates, and change those that stand above.

A number is never guessed between two things: what could be a pay or a rate stays `bare`, and whoever reads it asks.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.calculators.take_home import Basis
from bot.core.reply import Paragraph
from bot.core.request import Request
from bot.extraction.money import LEAST_YEARLY, Figure, Money, tokens
from bot.extraction.pay import Pay
from bot.features.figures import number
from bot.features.pay import pay_answers, pay_cases

SPOKEN_THOUSANDS: Final = range(40, 500)
"""Numbers that in talk of a year's pay are thousands."""
WORKDAYS: Final = 5
MOST_DAY_HOURS: Final = 14
"""More hours than this are those of a week."""
_SURELY_YEARLY: Final = 10_000
_MOST_RATE: Final = 3_000
_SMALL: Final = 15
_NEAR_WORDS: Final = 4
_TIMES: Final = {"week": 52, "fortnight": 26, "month": 12, "year": 1}
_BASES: Final[dict[str, Basis]] = {
    "super inside": "including_super",
    "super on top": "plus_super",
}


def named(request: Request, said: Money) -> tuple[Pay, ...]:
    """The pays that the message names, in order, each with what is said of it."""
    figures = _of_money(said)
    pays = [_pay(one, said) for one in figures]
    places = [one.place for one in figures]
    for meaning, at in said.meanings:
        if meaning in _BASES and pays:
            which = _owner(places, at)
            pays[which] = replace(pays[which], basis=_BASES[meaning])
        if meaning == "base" and pays and _is_base_figure(places, at):
            which = _owner(places, at)
            pays[which] = replace(pays[which], basis=pays[which].basis or "plus_super")
    if said.means("both") and pays:
        pays = [replace(one, basis=one.basis or pays[-1].basis) for one in pays]
    spoken = replace(said, figures=tuple(one for one in said.figures if not one.counts("month")))
    counted_by = (
        said if len(pays) == 1 else spoken
    )  # beside a salary, a contract of months is told as a year
    return tuple(_with_marks(request, _with_counts(request, one, counted_by), said) for one in pays)


def _of_money(said: Money) -> list[Figure]:
    """The figures that are a pay: no counts, shares, small numbers, and no debt where a debt is named."""
    found = [
        one
        for one in said.figures
        if one.is_rate or (not one.unit and (one.value >= _SMALL or one.is_thousands))
    ]
    found = [one for one in found if one.upto is None and not _is_taken_back(one, said)]
    debts = _debts(said)
    if debts and len(found) > 1:
        owed = min(found, key=lambda one: abs(one.place - debts[0]))
        found.remove(owed)
    elif debts and found and _is_owed(found[0], debts[0], said):
        found = []
    return found


def _is_taken_back(one: Figure, said: Money) -> bool:
    """'135 they said, not 130': the figure behind the 'not'."""
    behind = [place for meaning, place in said.meanings if meaning == "not"]
    return len(said.figures) > 1 and any(one.place - place == 1 for place in behind)


def owed(said: Money) -> float:
    """What is left of a study loan, where a figure beside one names it; else 0."""
    pays = {one.place for one in _of_money(said)}
    debts = _debts(said)
    if not debts:
        return 0.0
    others = [one for one in said.figures if not one.unit and one.place not in pays]
    big = [one for one in others if one.is_thousands or one.value >= _SMALL]
    if not big:
        return 0.0
    value = min(big, key=lambda one: abs(one.place - debts[0])).value
    return value if value >= _SURELY_PART else value * 1000


def _debts(said: Money) -> list[int]:
    """Where a debt is named; one whose balance is named stands first."""
    surest = sorted(said.meanings, key=lambda one: one[0] != "balance")
    return [place for meaning, place in surest if meaning in ("loan", "balance")]


def _is_owed(one: Figure, place: int, said: Money) -> bool:
    if said.means("balance"):
        return not one.is_rate
    return 0 <= one.place - place <= _NEAR_WORDS - 1 and not said.means("net") and not one.is_rate


def _owner(places: Sequence[int], at: int) -> int:
    """The pay that a word belongs to: the last one named before it, else the first."""
    before = [which for which, place in enumerate(places) if place < at]
    return before[-1] if before else 0


def _is_base_figure(places: Sequence[int], at: int) -> bool:
    """'110k base', 'base of 110': the word stands beside a figure."""
    return any(-_NEAR_WORDS < place - at < _NEAR_WORDS for place in places)


def _pay(one: Figure, said: Money) -> Pay:
    if one.is_rate and one.unit == "day":
        return Pay(day_rate=one.value)
    if one.is_rate and one.unit == "hour":
        return Pay(hour_rate=one.value)
    if one.is_rate and one.unit != "year":
        return Pay(amount=one.value * _TIMES[one.unit], said_as=(one.value, one.unit))
    if one.is_thousands or one.value >= _SURELY_YEARLY:
        return Pay(amount=one.value)
    if one.value in SPOKEN_THOUSANDS:
        return Pay(amount=one.value * 1000)
    has_days = any(said.count(unit) for unit in ("day", "week"))
    is_rate = (said.means("contract") or has_days) and one.value <= _MOST_RATE
    return Pay(day_rate=one.value) if is_rate else Pay(bare=one.value)


def is_unclear(one: Pay) -> bool:
    return one.bare is not None or one.said_nothing


def _with_marks(request: Request, one: Pay, said: Money) -> Pay:
    one = replace(
        one,
        help_debt=(one.help_debt or said.means("loan", "balance")) and not said.means("no loan"),
        foreign=(one.foreign or said.means("foreign")) and not _is_resident(said),
        year=next(
            (meaning.split()[0] for meaning, _ in said.meanings if meaning in _YEARS), one.year
        ),
    )
    return pay_cases.dated(request, one)


_YEARS: Final = ("last year", "this year", "next year")


def _is_resident(said: Money) -> bool:
    return said.means("resident") and not said.means("foreign")


_MOST_DAYS_OFF: Final = 60
"""More days than these are worked, whatever else is said of gaps."""


def _with_counts(request: Request, one: Pay, said: Money) -> Pay:
    """Hours of a week, weeks and months of a year, days of a year, days of a week."""
    hours = said.count("hour")
    if one.hour_rate is not None and hours:
        one = replace(one, hours=round(hours / WORKDAYS, 2) if hours > MOST_DAY_HOURS else hours)
    if one.day_rate is not None or one.hour_rate is not None:
        days = _days(request, one, said)
        return replace(one, days=days) if days else one
    share = _share(said) if len(_of_money(said)) < 2 else None
    return replace(one, share=share) if share is not None and one.amount is not None else one


def _days(request: Request, one: Pay, said: Money) -> float | None:
    planned = one.days or pay_cases.planned(request)
    weeks, months, days = (said.count(unit) for unit in ("week", "month", "day"))
    if days and days > _MOST_DAYS_OFF:
        return days  # 'only 150 days if there are gaps'
    if said.means("off"):
        less = (weeks or 0) * WORKDAYS + (days or 0) + (months or 0) * planned / _TIMES["month"]
        return max(1, round(planned - less)) if less else None
    if weeks:
        return weeks * WORKDAYS
    if months:
        return round(pay_cases.planned(request) * months / _TIMES["month"])
    if days and days <= WORKDAYS:
        return round(planned * days / WORKDAYS)  # 'only three days a week'
    return days


def _share(said: Money) -> float | None:
    """The part of a full year's pay: three days of five, nine months of twelve."""
    weeks, months, days = (said.count(unit) for unit in ("week", "month", "day"))
    if days and days <= WORKDAYS:
        return round(days / WORKDAYS, 4)
    part = (months or 0) / _TIMES["month"] + (weeks or 0) / _TIMES["week"]
    if not 0 < part < 1:
        return None
    return round(1 - part if said.means("off") else part, 4)


def counted(request: Request, said: Money, one: Pay) -> tuple[Paragraph, ...]:
    """How months or weeks off became paid days, where they did."""
    if one.days is None:
        return ()
    months, weeks = said.count("month"), said.count("week")
    shown = {
        "months": number(months or 0),
        "weeks": number(weeks or 0),
        "days": number(one.days),
        "planned": number(pay_cases.planned(request)),
    }
    if said.means("off") and weeks:
        return (pay_answers.line(request, "pay_weeks_off", **shown),)
    return (pay_answers.line(request, "pay_months", **shown),) if months else ()


# ---- of two pays


def pointed_at(said: Money, pays: tuple[Pay, ...]) -> Pay | None:
    """The one of several pays that the message points at: the second, the contract, the permanent one."""
    if len(pays) < 2:
        return None
    if said.means("first") != said.means("second"):
        return pays[0] if said.means("first") else pays[1]
    if said.means("contract") == said.means("salaried"):
        return None
    by_rate = [one for one in pays if (one.amount is None) == said.means("contract")]
    return by_rate[0] if len(by_rate) == 1 else None


def are_alike(old: Pay, new: Pay) -> bool:
    """Two yearly pays with super said alike: one is the other, raised."""
    is_yearly = old.amount is not None and new.amount is not None
    return is_yearly and old.basis == new.basis


def raised(said: Money, mine: tuple[Pay, ...], above: tuple[Pay, ...]) -> tuple[Pay, Pay] | None:
    """The pay before and after a raise."""
    share = next((one for one in said.figures if one.unit == "percent"), None)
    before = mine[0] if mine else above[0] if above else None
    if before is None or before.amount is None or said.means("super", "bonus", "loan", "threshold"):
        return None
    few = [one for one in said.figures if not one.unit and one.value <= _MOST_PERCENT]
    if not mine and len(few) == len(said.figures) == 1 and len(above) == 2:
        is_raise = are_alike(*above) and not said.means("against", "experience")
        return (before, _up(before, 1 + few[0].value / 100)) if is_raise else None
    if share is not None:
        up = said.means("rise", "more", "now", "offered") or not mine
        return (before, _up(before, 1 + share.value / 100)) if up else None
    if len(mine) == 2:
        return _from_to(said, mine) or _apart(said, mine)
    if not mine or not above or mine[0].amount is None or above[0].amount is None:
        return None
    if said.means("more", "rise") and mine[0].amount < above[0].amount:
        return above[0], replace(above[0], amount=above[0].amount + mine[0].amount)
    goes_on = (len(above) == 2 and are_alike(*above)) or said.means("up to", "offered")
    if goes_on and mine[0].basis not in (None, above[0].basis):
        return above[0], mine[0]
    if goes_on and not said.means("against"):
        return above[0], replace(above[0], amount=mine[0].amount)
    return None


def with_bonus(said: Money, one: Pay) -> tuple[Pay, float] | None:
    """The pay with a bonus that the message names as a share or a sum, and what that comes to."""
    if not said.means("bonus") or one.amount is None:
        return None
    share = next((each for each in said.figures if each.unit == "percent"), None)
    extra = one.amount * share.value / 100 if share else _sum_beside(said, one.amount)
    return (replace(one, amount=one.amount + extra), extra) if extra else None


def _sum_beside(said: Money, whole: float) -> float:
    """The sum of the message that is a part of the pay: '15k' beside 140k, '8k' after it."""
    sums = [one.value for one in said.figures if not one.unit and not one.is_rate]
    part = min(sums, default=0.0)
    return part if _SURELY_PART <= part < whole / 2 else 0.0


_SURELY_PART: Final = 1_000


_MOST_PERCENT: Final = 30
"""'And 5?' after a raise is its share."""


def _up(one: Pay, by: float) -> Pay:
    return replace(one, amount=round((one.amount or 0) * by, 2), said_as=None)


def _from_to(said: Money, mine: tuple[Pay, ...]) -> tuple[Pay, Pay] | None:
    """'Offered 115, now on 108', 'from 108 to 115': the older one first."""
    is_raise = said.means("now", "rise", "up to")
    old, new = mine
    if not is_raise or old.amount is None or new.amount is None:
        return None
    now = said.after("now")
    if now is not None and now == _of_money(said)[1]:
        old, new = new, old
    basis = old.basis or new.basis
    return replace(old, basis=basis), replace(new, basis=basis)


def _apart(said: Money, mine: tuple[Pay, ...]) -> tuple[Pay, Pay] | None:
    """'How much more in the hand is 130 than 105', '95 vs 130 after tax': the lower one first."""
    old, new = sorted(mine, key=lambda one: one.amount or 0)
    if not said.means("net") or old.amount is None or not are_alike(old, new):
        return None
    is_asked = said.means("more", "against") and not said.means("offered")
    return (old, new) if is_asked else None


# ---- what stands above, changed


def changed(request: Request, said: Money, pays: tuple[Pay, ...]) -> tuple[Pay, ...] | None:
    """Every pay above with what the message says of it; None where it says nothing of them."""
    which = pointed_at(said, pays)
    places = [at for at, one in enumerate(pays) if which is None or one == which]
    figures = _of_money(said)
    if len(figures) > 1 or (said.means("other") and not said.means("no loan")):
        return None
    rates = [at for at in places if pays[at].amount is None]
    if rates and not figures and said.figures:
        places = rates  # days, weeks and hours are a rate's
    unsaid = [at for at in places if pays[at].basis is None]
    if unsaid and not said.figures and said.means(*_BASES):
        places = unsaid
    new = list(pays)
    if figures:
        at = _nearest(figures[0], pays, places)
        places = _of_one_amount(pays) or [at]
        for at in places:
            new[at] = _with_figure(figures[0], said, pays[at])
    for at in places:
        new[at] = _with_basis(
            said, _with_marks(request, _with_counts(request, new[at], said), said)
        )
    return tuple(new)


def _of_one_amount(pays: tuple[Pay, ...]) -> list[int]:
    """Every place, where the pays are parts of one amount: three days a week and four."""
    amounts = {one.amount for one in pays}
    is_one = len(pays) > 1 and len(amounts) == 1 and None not in amounts
    return list(range(len(pays))) if is_one else []


def _with_basis(said: Money, one: Pay) -> Pay:
    found = [_BASES[meaning] for meaning, _ in said.meanings if meaning in _BASES]
    if found:
        return replace(one, basis=found[-1])
    return replace(one, basis="including_super") if said.means("with super") else one


def _nearest(figure: Figure, pays: tuple[Pay, ...], places: list[int]) -> int:
    """The pay that a new figure replaces: of its own kind, else the one whose figures are nearest."""

    def away(at: int) -> float:
        return min(_away(figure.value, known) for known in _figures(pays[at]))

    rates = [at for at in places if pays[at].amount is None]
    if figure.is_rate and figure.unit in ("day", "hour") and rates:
        return rates[0]
    return min(places, key=away)


def _away(value: float, known: float) -> float:
    return abs(math.log(value / known)) if value and known else math.inf


def _figures(one: Pay) -> tuple[float, ...]:
    if one.amount is not None:
        return (one.amount, one.amount / 1000)
    rate = one.day_rate or one.hour_rate or 0
    return (rate, one.days or _USUAL_DAYS)


_USUAL_DAYS: Final = 220


def _with_figure(figure: Figure, said: Money, one: Pay) -> Pay:
    """The pay with the figure in its place: a bare one after a day rate may be its days."""
    if figure.is_rate or figure.is_thousands or figure.value >= _SURELY_YEARLY:
        new = _pay(figure, said)
        return replace(
            new, basis=one.basis, help_debt=one.help_debt, foreign=one.foreign, year=one.year
        )
    if one.amount is not None:
        short = figure.value < LEAST_YEARLY / 60
        amount = figure.value * 1000 if short else figure.value
        return replace(one, amount=amount, said_as=None)
    rate = one.day_rate or one.hour_rate or 0
    days = one.days or _USUAL_DAYS
    is_days = one.hour_rate is None and _away(figure.value, days) < _away(figure.value, rate)
    if is_days:
        return replace(one, days=figure.value)
    by_hour = one.hour_rate is not None
    return replace(one, hour_rate=figure.value) if by_hour else replace(one, day_rate=figure.value)


def place(said: Money, text: str) -> str:
    """The place named beside the pay, as written."""
    at = next((at for meaning, at in said.meanings if meaning == "place"), None)
    return tokens(text)[at] if at is not None else ""
