"""What stands above, shown otherwise: by the fortnight, in the hand, before tax, one of two."""

from dataclasses import replace
from functools import partial
from typing import Final

from bot.core.state import LastAnswer
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.pay import money_pays, offers, pay_answers
from bot.features.pay.pay_ends import ends_of
from bot.features.pay.talk.context import SUPERS, Meant, Talk


def pointed_at(talk: Talk) -> Meant | None:
    """'How much is the second one per fortnight', 'the contract in hand'."""
    one = money_pays.pointed_at(talk.said, talk.pays)
    if talk.has_figures or one is None or talk.sum is None:
        return None
    if talk.means("pick", "more", "judged", "base", *SUPERS):
        return None
    shown, which = talk.said.period or "year", pay.written(one)
    return partial(pay_answers.each_per, talk.request, talk.sum.words, shown, which)


def shown_by(talk: Talk) -> Meant | None:
    """'Per fortnight', 'in hand', 'a year' of the sum or the band above."""
    period, is_left = talk.said.period, talk.means("net")
    if talk.has_figures or talk.said.levels or not (period or is_left):
        return None
    if not talk.said.only_means(*_SHOWN):
        return None
    if talk.near == "band" and talk.band is not None:
        return _band_shown(talk, talk.band)
    if not talk.pays or talk.sum is None:
        return None
    words = talk.sum.words
    if len(talk.pays) > 1:
        return partial(pay_answers.each_per, talk.request, words, period or "year")
    if period == "year" and not is_left:
        return partial(pay_answers.comes_to, talk.request, words)
    return talk.sum_of(talk.pays[0], period)


_SHOWN: Final = (
    "week",
    "fortnight",
    "month",
    "year",
    "net",
    "whole",
    "low",
    "high",
    "tax",
    "now",
    "other",
)


def _band_shown(talk: Talk, band: LastAnswer) -> Meant | None:
    ends = ends_of(talk.request, band.words)
    if ends is None:
        return None
    basis = pay.read(band.words).basis
    if talk.means("low", "high"):
        end = ends[0] if talk.means("low") else ends[1]
        return talk.sum_of(Pay(amount=end, basis=basis), talk.said.period)
    if talk.said.period == "year" and not talk.means("net"):
        is_contract = band.words.startswith("contract")
        return talk.fact("contract_pay_year") if is_contract else None
    if talk.means("net") or not talk.said.period:
        period = talk.said.period
        return partial(pay_answers.band_left, talk.request, ends, period, basis=basis)
    return partial(pay_answers.band_per, talk.request, ends, talk.said.period)


def an_end(talk: Talk) -> Meant | None:
    """'And top end' after the low end of a band was taxed."""
    known = ("low", "high", "first", "second", "net")
    if talk.has_figures or talk.band is None or not talk.said.only_means(*known):
        return None
    ends = ends_of(talk.request, talk.band.words)
    if ends is None or not talk.means(*known[:-1]) or len(talk.pays) > 1:
        return None
    end = ends[0] if talk.means("low", "first") else ends[1]
    is_taxed = talk.means("net") or (talk.pays and talk.pays[0].amount in ends)
    was = talk.pays[0] if talk.pays else Pay(basis=pay.read(talk.band.words).basis)
    return talk.sum_of(replace(was, amount=end)) if is_taxed else None


def untaxed(talk: Talk) -> Meant | None:
    """'Is that before tax?' of a band or a sum."""
    if talk.has_figures or talk.said.levels or not talk.means("gross", "tax"):
        return None
    if not talk.said.only_means("gross", "tax", "net", "against"):
        return None
    if talk.near == "sum" and talk.sum is not None and talk.means("gross"):
        cases = pay_answers.cases_of(talk.request, offers.sides(talk.sum.words)[0])[:1]
        return partial(pay_answers.line_for_each, talk.request, "pay_taxed", cases)
    ends = ends_of(talk.request, talk.band.words) if talk.band else None
    is_band = talk.near == "band" and ends is not None
    return partial(pay_answers.band_untaxed, talk.request, ends) if is_band and ends else None
