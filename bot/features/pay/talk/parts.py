"""One pay taken apart: its base, its super, its tax, a share of it, the pay behind what is left."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from bot.extraction import pay
from bot.features.figures import money
from bot.features.pay import money_pays, pay_answers
from bot.features.pay.talk.context import BEFORE, SUPERS, Meant, Talk


def base(talk: Talk) -> Meant | None:
    """'150k incl super, whats my base', 'so base is' after a package."""
    one = talk.one
    if one is None or not talk.means("base") or talk.means("threshold", "net"):
        return None
    if one.basis == "plus_super" or (talk.near not in ("sum", "threshold") and not talk.named):
        return None
    if one.basis is None and talk.means("super inside"):
        one = replace(one, basis="including_super")
    answer = pay_answers.base_of if one.basis else pay_answers.base_if
    return partial(answer, talk.request, pay.written(replace(one, help_debt=False, year="")))


def gross(talk: Talk) -> Meant | None:
    """'110k in hand is what gross': the way back from what is left."""
    is_asked = talk.means("net") and talk.means("gross")
    if not is_asked or len(talk.named) != 1 or talk.named[0].amount is None:
        return None
    return partial(pay_answers.gross_for, talk.request, talk.named[0].amount)


def percent(talk: Talk) -> Meant | None:
    """'Whats 20% of 145k': that."""
    shares = [one for one in talk.said.figures if one.unit == "percent"]
    is_plain = len(shares) == 1 and len(talk.named) == 1 and not talk.said.meanings
    amount = talk.named[0].amount if is_plain else None
    if amount is None:
        return None
    line = pay_answers.line(
        talk.request,
        "pay_percent",
        share=f"{shares[0].value:g}",
        amount=money(amount),
        part=money(amount * shares[0].value / 100),
    )
    return lambda: talk.request.answer(line, personal=True, remember=False)


def tax(talk: Talk) -> Meant | None:
    """'How much tax on 142k', 'and the tax?': what the tax office takes of it, first."""
    is_asked = talk.means("tax") and talk.said.only_means(
        "tax", "taken", "foreign", "year", *SUPERS
    )
    if not is_asked or talk.one is None or money_pays.is_unclear(talk.one):
        return None
    if talk.one.foreign or (talk.said.asks and not talk.has_figures and talk.near != "sum"):
        return None
    return partial(pay_answers.taxed, talk.request, pay.written(talk.one))


def super_part(talk: Talk) -> Meant | None:
    """'How much super on 160k', 'on 150k how much' after the rate of super: that part alone."""
    told = talk.unit(talk.told[0]) if talk.told else None
    is_near = told is not None and "super" in told.answer.subject
    is_asked = talk.said.only_means("super") and talk.means("super")
    if {"means", "meaning", "like"} & talk.tokens:
        return None  # 'super means what, is it like PF' asks for the word
    if is_asked and not talk.has_figures and talk.near == "sum" and len(talk.pays) == 1:
        cases = pay_answers.cases_of(talk.request, pay.written(talk.pays[0]))
        return partial(pay_answers.line_for_each, talk.request, "pay_super", cases)
    if len(talk.named) != 1 or not (is_asked or (is_near and not talk.said.meanings)):
        return None
    (one,) = talk.named
    if money_pays.is_unclear(one):
        return None
    words = pay.written(replace(one, basis="plus_super"))
    cases = pay_answers.cases_of(talk.request, words)
    request = replace(talk.request, words=pay.written(one))
    return partial(pay_answers.line_for_each, request, "pay_super", cases, remember=True)


def taken_off(talk: Talk) -> Meant | None:
    """'How much comes off' after a sum: where the pay goes."""
    is_asked = talk.means("taken") and not talk.has_figures and talk.near == "sum"
    return talk.sum_of(talk.pays[0]) if is_asked and len(talk.pays) == 1 else None


def super_confirmed(talk: Talk) -> Meant | None:
    """'The super is on top of that right' of a pay whose super was said: that part of it."""
    is_asked = talk.means("judged") or talk.said.asks
    if talk.has_figures or talk.near != "sum" or len(talk.pays) != 1 or not is_asked:
        return None
    said = {"super on top": "plus_super", "super inside": "including_super"}
    named = {said[meaning] for meaning, _ in talk.said.meanings if meaning in said}
    if named != {talk.pays[0].basis}:
        return None
    cases = pay_answers.cases_of(talk.request, pay.written(talk.pays[0]))
    phrase = f"pay_super_yes_{talk.pays[0].basis}"
    return partial(pay_answers.line_for_each, talk.request, phrase, cases)


def super_capped(talk: Talk) -> Meant | None:
    """'Why isnt super 38,400' of a pay above the most that super is owed on: that limit."""
    if not talk.means("who") or not talk.means("super") or talk.near != "sum":
        return None
    (case, *_) = pay_answers.cases_of(talk.request, pay.written(talk.pays[0]))
    is_capped = case.package.super_guarantee < case.package.base * _ABOUT_THE_RATE
    return talk.fact("super_ceiling") if is_capped else None


_ABOUT_THE_RATE: Final = Decimal("0.119")


def base_confirmed(talk: Talk) -> Meant | None:
    """'So about 123 base then?' of a package above: that base, to the cent."""
    if len(talk.named) != 1 or not talk.means("base") or len(talk.pays) != 1:
        return None
    above, claimed = talk.pays[0], talk.named[0].amount
    if above.basis != "including_super" or claimed is None:
        return None
    (case,) = pay_answers.cases_of(talk.request, pay.written(above))
    if abs(float(case.package.base) - claimed) > claimed * _NEAR:
        return None
    return partial(pay_answers.base_of, talk.request, pay.written(above))


_NEAR: Final = 0.01


def loan_counted(talk: Talk) -> Meant | None:
    """'Is that with or without the help bit': the sum both ways."""
    is_both = talk.means("against") and talk.means("loan", "no loan")
    if talk.has_figures or talk.near != "sum" or len(talk.pays) != 1 or not is_both:
        return None
    return partial(pay_answers.with_and_without_loan, talk.request, talk.pays[0])


def equal_package(talk: Talk) -> Meant | None:
    """'What package is the same as i have now': the pay above with its super inside."""
    if talk.has_figures or not talk.means("super inside"):
        return None
    if not talk.means("match", "same", "now") or talk.means("net", "pick", "more"):
        return None
    before = [pay.read(talk.beside(BEFORE))] if talk.beside(BEFORE) else []
    known = (*talk.pays, *before)
    on_top = [one for one in known if one.basis == "plus_super" and one.amount is not None]
    if not on_top:
        return None
    one = on_top[0] if talk.means("now") else on_top[-1]
    cases = pay_answers.cases_of(talk.request, pay.written(one))
    return partial(pay_answers.line_for_each, talk.request, "pay_equal_package", cases)
