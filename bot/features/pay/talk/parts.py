"""One pay taken apart: its base, its super, its tax, a share of it, the pay behind what is left."""

from dataclasses import replace
from functools import partial

from bot.extraction import pay
from bot.features.figures import money
from bot.features.pay import money_pays, pay_answers
from bot.features.pay.talk.context import SUPERS, Meant, Talk


def base(talk: Talk) -> Meant | None:
    """'150k incl super, whats my base', 'so base is' after a package."""
    one = talk.one
    if one is None or not talk.means("base") or talk.means("threshold", "net"):
        return None
    if one.basis == "plus_super" or (talk.near not in ("sum", "threshold") and not talk.named):
        return None
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
