"""Day rates: what one comes to in a year, which salary matches it, a pay by the day."""

from functools import partial
from typing import Final

from bot.core.command_line import Line
from bot.features.figures import money
from bot.features.pay import pay_answers, pay_cases
from bot.features.pay.talk.context import SUPERS, TWO, Meant, Talk


def two_ranges(talk: Talk) -> Meant | None:
    """Two spans of contract pay: the page contradicts itself, and both stand."""
    spans = [one for one in talk.said.figures if one.upto is not None]
    is_two = len(spans) == TWO and talk.means("contract")
    return talk.fact("contract_two_ranges") if is_two else None


def rate_a_year(talk: Talk) -> Meant | None:
    """'1100 a day through my company, whats that annual': the rate over a year's paid days."""
    one = talk.named[0] if len(talk.named) == 1 else None
    if one is None or one.day_rate is None:
        return None
    is_asked = talk.means("year", "whole") or (talk.means("match") and not talk.means("salaried"))
    known = ("year", "whole", "match", "contract", "up to", "against", "offered", *SUPERS, "now")
    if not is_asked or not talk.said.only_means(*known, "day", "month"):
        return None
    return partial(pay_answers.rate_over_a_year, talk.request, one)


def matching(talk: Talk) -> Meant | None:
    """'So what perm salary would match' after a day rate."""
    if not talk.means("match") or talk.said.levels or len(talk.named) > 1:
        return None
    is_asked = talk.means("salaried") or not (talk.named or talk.means("contract"))
    if talk.one is None or not is_asked or talk.means("net", "threshold"):
        return None
    one = pay_cases.by_the_day(talk.request, talk.one)
    if one.day_rate is None:
        return None
    return partial(pay_answers.salary_that_equals, talk.request, one)


def equal_rate(talk: Talk) -> Meant | None:
    """'What day rate is the same as 150k plus super': the rate that costs as much."""
    salaried = [one for one in talk.named if one.amount is not None]
    is_asked = talk.means("match", "same") and talk.means("contract")
    if not is_asked or len(salaried) != 1 or len(talk.named) != 1:
        return None
    days = talk.said.count("day")
    return partial(pay_answers.rate_that_equals, talk.request, salaried[0], days)


WEEK_HOURS: Final = 38
WEEKS: Final = 52


def by_the_hour(talk: Talk) -> Meant | None:
    """'Per hr net' of the pay above: over its own hours, else over a full-time week."""
    if talk.has_figures or not talk.means("hour") or talk.near != "sum" or len(talk.pays) != 1:
        return None
    if not talk.said.only_means("hour", "net", "gross", "whole"):
        return None
    (one,) = talk.pays
    daily = pay_cases.by_the_day(talk.request, one)
    days = pay_cases.days_of(talk.request, daily)
    hours = (days or 0) * (daily.hours or 0) or WEEKS * WEEK_HOURS
    return partial(pay_answers.per_hour, talk.request, one, hours)


def by_the_day(talk: Talk) -> Meant | None:
    """'Per day' of the pay above: a rate is said, a salary turned into one."""
    if talk.has_figures or not talk.said.only_means("day") or not talk.means("day"):
        return None
    if talk.near != "sum" or talk.sum is None or len(talk.pays) != 1:
        return None
    daily = pay_cases.by_the_day(talk.request, talk.pays[0]).day_rate
    if daily is None:
        return Line("offer", talk.sum.words)
    line = pay_answers.line(talk.request, "pay_per_day", rate=money(daily))
    return lambda: talk.request.answer(line, personal=True, remember=False)
