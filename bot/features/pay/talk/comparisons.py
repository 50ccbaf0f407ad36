"""Pays beside each other: two offers, two bands, two people, and what lies between them."""

from functools import partial

from bot.core.command_line import Line
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.pay import money_pays, pay_answers
from bot.features.pay.pay_ends import ends_of
from bot.features.pay.talk.context import BEFORE, OTHERS, TWO, Meant, Talk


def two_pays(talk: Talk) -> Meant | None:
    """Two pays in one message, or one against the one above."""
    pays = talk.named
    if len(pays) == 1 and len(talk.pays) == 1 and _is_beside(talk, pays[0]):
        pays = (*talk.pays, *pays)
    if len(pays) != TWO or any(money_pays.is_unclear(one) for one in pays):
        return None
    is_told = talk.means(
        "against", "offered", "pick", "more", "salaried", "contract", "net", "first"
    )
    is_told = is_told or any(one.basis or one.day_rate is not None for one in pays)
    return Line("offer", " vs ".join(map(pay.written, pays))) if is_told else None


def _is_beside(talk: Talk, one: Pay) -> bool:
    """'Vs 140 plus super', 'perm is 122 + super', 'my mate says 150 all in is better': beside the pay above."""
    above = talk.pays[0]
    is_other_kind = (above.amount is None) != (one.amount is None)
    is_kind = talk.means("salaried" if one.amount is not None else "contract") and is_other_kind
    return talk.means("against") or is_kind or (talk.means("pick") and not talk.means("ask for"))


def bands(talk: Talk) -> Meant | None:
    """'How much more do seniors get than mid': two bands beside each other."""
    named = tuple(dict.fromkeys(talk.said.levels))
    if len(named) != TWO or talk.has_figures or not talk.means("more", "against"):
        return None
    found = [(name, ends_of(talk.request, name)) for name in named]
    known = sorted(((name, ends) for name, ends in found if ends), key=lambda one: one[1])
    if len(known) != TWO or known[0][1] == known[1][1]:
        return None
    return partial(pay_answers.bands_apart, talk.request, known[0], known[1])


def household(talk: Talk) -> Meant | None:
    """'Together?' after two people's pays."""
    if not talk.means("together") or talk.has_figures or len(talk.pays) != 1:
        return None
    others = talk.beside(OTHERS)
    if not others or talk.sum is None:
        return None
    return partial(pay_answers.together, talk.request, (others, talk.sum.words))


def choice(talk: Talk) -> Meant | None:
    """'So should i take it', 'contract wins then': not decided here; what the sums say and leave out."""
    is_judged = talk.means("judged") and len(talk.pays) == TWO and talk.one is None
    if not (talk.means("pick") or is_judged) or talk.has_figures or talk.said.levels:
        return None
    if talk.means("more", "high", "low") and len(talk.pays) != TWO:
        return None
    if talk.sum is not None:
        many = len(talk.pays) > 1
        answer = pay_answers.not_decided if many else pay_answers.not_decided_of_one
        return partial(answer, talk.request, talk.sum.words)
    return talk.fact("bot_two_numbers") if talk.near else None


def difference(talk: Talk) -> Meant | None:
    """'Difference a year', 'which is more' after two pays, or after one that was changed."""
    is_same = talk.means("same") and talk.said.only_means("same", "net", "year")
    if not (talk.means("more") or is_same) or talk.means("bonus") or talk.said.levels:
        return None
    if talk.has_figures or talk.sum is None:
        return None
    before = talk.beside(BEFORE)
    pays = (pay.read(before), *talk.pays) if before and len(talk.pays) == 1 else talk.pays
    if len(pays) != TWO:
        return None
    old, new = pays
    if old.foreign != new.foreign:
        return talk.fact("foreign_resident_tax")
    if money_pays.are_alike(old, new):
        return partial(pay_answers.raised, talk.request, old, new, talk.said.period)
    sides = [case for one in pays for case in pay_answers.cases_of(talk.request, pay.written(one))]
    if len(sides) != TWO:
        shown = talk.said.period or "year"
        return partial(pay_answers.each_per, talk.request, talk.sum.words, shown)
    more, less = sorted(sides, key=lambda case: -case.package.total)
    return partial(pay_answers.apart, talk.request, more, less)
