"""One thing of the pay above changed, or a pay stated."""

from dataclasses import replace
from functools import partial
from typing import Final

from bot.core.command_line import Line
from bot.extraction import pay
from bot.extraction.money import tokens
from bot.extraction.pay import Pay
from bot.features.pay import money_pays, pay_answers, pay_spans
from bot.features.pay.talk.context import BEFORE, OTHERS, SUPERS, Meant, Talk


def changed_pay(talk: Talk) -> Meant | None:
    """'And at 190 days', 'with super inside', 'non res', 'what about 135' after a sum."""
    if talk.near == "" or not talk.pays or talk.said.levels or talk.means(*_NO_CHANGE):
        return None
    is_of_band = talk.near == "band" and talk.has_figures
    is_apart = talk.means("more") and not talk.means("off", "roughly")
    is_denied = talk.means("not") and not talk.has_figures
    if is_of_band or is_apart or is_denied:
        return None
    pays = money_pays.changed(talk.request, talk.said, talk.pays)
    is_restated = pays == talk.pays and not talk.has_figures
    if pays is None or is_restated or talk.sum is None:
        return None
    if talk.sum.command == "salary" and talk.near != "threshold":
        return _placed_again(talk, pays[0])
    if len(pays) > 1:
        return Line("offer", " vs ".join(map(pay.written, pays)))
    return talk.sum_of(pays[0], talk.said.period, **{BEFORE: _before(talk, pays[0])})


def _before(talk: Talk, new: Pay) -> str:
    """The pay before the change; where only its super was settled, the one before that."""
    (old,) = talk.pays
    is_settled = replace(old, basis=new.basis) == new and old.basis is None
    if is_settled:
        return talk.beside(BEFORE) or talk.beside(OTHERS) or pay.written(old)
    return pay.written(old)


def days_of_matched(talk: Talk) -> Meant | None:
    """'Nah make it 220' after the salary that matches a rate: the rate's days."""
    matched = talk.beside(pay_answers.OF_RATE)
    figures = talk.said.figures
    if not matched or len(figures) != 1 or talk.said.meanings:
        return None
    is_days = figures[0].value in _YEARS_DAYS and figures[0].unit in ("", "day")
    rate = replace(pay.read(matched), days=figures[0].value)
    return partial(pay_answers.salary_that_equals, talk.request, rate) if is_days else None


def part_of_week(talk: Talk) -> Meant | None:
    """'And if i did 4', '3 days pls fortnightly' of a part of full-time pay."""
    if talk.near != "sum" or len(talk.pays) != 1 or talk.pays[0].share is None:
        return None
    figures = talk.said.figures
    if len(figures) != 1 or figures[0].unit not in ("", "day") or figures[0].is_rate:
        return None
    if not 0 < figures[0].value <= WORKDAYS or not talk.said.only_means(*_SHOWN):
        return None
    one = replace(talk.pays[0], share=round(figures[0].value / WORKDAYS, 4))
    return talk.sum_of(one, talk.said.period, **{BEFORE: pay.written(talk.pays[0])})


WORKDAYS: Final = money_pays.WORKDAYS
_SHOWN: Final = ("net", "week", "fortnight", "month", "year", "part time")
_YEARS_DAYS: Final = range(100, 261)


def _placed_again(talk: Talk, one: Pay) -> Meant | None:
    """'And 110?' after a pay was set among the bands: that one among them; taxed, where its super or tax is spoken of."""
    if not talk.said.meanings and talk.has_figures:
        return Line("salary", pay.written(one))
    is_question = tokens(talk.request.words)[:1] in _QUESTIONS
    if talk.means("super", "with super") or (talk.means(*SUPERS) and is_question):
        return None
    return talk.sum_of(one, talk.said.period)


_QUESTIONS: Final = (("does",), ("do",), ("is",), ("are",), ("was",))


_NO_CHANGE: Final = ("rise", "pick", "threshold", "judged", "experience", "who", "bonus", "taken")


def stated_pay(talk: Talk) -> Meant | None:
    """'i make 8k a month', '60 dollars an hour 38 hours 48 weeks', '900 a day but only six months': the sum."""
    if len(talk.named) != 1 or talk.said.levels or talk.means(*_NO_STATEMENT):
        return None
    (one,) = talk.named
    if money_pays.is_unclear(one):
        return None
    is_pay = one.basis or one.said_as or one.day_rate is not None or one.hour_rate is not None
    is_asked = talk.means(
        "net", "other", "loan", "balance", "foreign", "part time", "bonus", "year"
    )
    is_said = any(figure.is_thousands for figure in talk.said.figures)
    if not (is_pay or is_asked or is_said):
        return None
    if talk.means("other") and not _EARNS & talk.tokens:
        return None
    if talk.near == "band" and not talk.said.meanings and one.hour_rate is None:
        return Line("salary", pay.written(one))
    others = talk.sum.words if talk.means("other") and talk.sum and len(talk.pays) == 1 else ""
    one = _as_in_span(talk, one)
    before = pay.written(talk.pays[0]) if talk.near == "sum" and len(talk.pays) == 1 else ""
    beside = {OTHERS: others, BEFORE: "" if others else before}
    return talk.sum_of(one, talk.said.period, **beside)


def _as_in_span(talk: Talk, one: Pay) -> Pay:
    """'Take home on 140 then' after a span with super inside: inside it too."""
    span = pay_spans.read(talk.band.words) if talk.band and talk.near == "band" else None
    if span is None or one.basis or not span.low <= (one.amount or 0) <= span.high:
        return one
    return replace(one, basis=span.basis)


_NO_STATEMENT: Final = (
    "threshold",
    "judged",
    "experience",
    "who",
    "not",
    "rise",
    "super",
    "pick",
    "more",
    "bonus",
)


_EARNS: Final = frozenset(
    "gets get earns earn makes make on paid pays gettin earning making".split()
)
