"""Pays beside each other: two offers, two bands, two people, and what lies between them."""

from dataclasses import replace
from functools import partial
from typing import Final

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
    if talk.means("second") and one.basis is not None:
        return True  # 'other one is 155 plus super'
    is_judged = talk.means("judged") and "or" in talk.tokens
    return (
        (talk.means("against") and not is_judged)
        or is_kind
        or (talk.means("pick") and not talk.means("ask for"))
    )


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
    """'Together?' after two people's pays; 'my wife gets 70 plus super, both together'."""
    if not talk.means("together") or len(talk.pays) != 1:
        return None
    if talk.sum is not None and len(talk.named) == 1:
        words = (talk.sum.words, pay.written(talk.named[0]))
        return partial(pay_answers.together, talk.request, words)
    if talk.has_figures:
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
    told = {one.words for one in talk.told[:1]}
    is_of_tax = bool(_RESIDENT_FACTS & told) or any(one.foreign for one in talk.pays)
    if is_of_tax and "am" in talk.tokens:
        return talk.fact("new_arrival_tax")  # 'which one am i': a resident for tax, or not
    if talk.means("more", "high", "low") and len(talk.pays) != TWO:
        return None
    if talk.sum is not None:
        many = len(talk.pays) > 1
        answer = pay_answers.not_decided if many else pay_answers.not_decided_of_one
        return partial(answer, talk.request, talk.sum.words)
    return talk.fact("bot_two_numbers") if talk.near else None


_THREE: Final = 3
"""Readings of two pays of which one has its super said."""


def beside_above(talk: Talk) -> Meant | None:
    """'If i took one at 115 plus super, how much worse off a fortnight': against the pay above."""
    if len(talk.named) != 1 or len(talk.pays) != 1 or talk.near != "sum":
        return None
    old, new = talk.pays[0], talk.named[0]
    is_asked = talk.means("more") and new.basis is not None and not talk.means("threshold", "bonus")
    if not is_asked or money_pays.is_unclear(new) or talk.means("rise", "ask for"):
        return None
    new = replace(new, help_debt=old.help_debt)
    if money_pays.are_alike(old, new):
        return partial(pay_answers.raised, talk.request, old, new, talk.said.period)
    return _apart(talk, (old, new)) or Line("offer", f"{pay.written(old)} vs {pay.written(new)}")


def _apart(talk: Talk, pays: tuple[Pay, ...]) -> Meant | None:
    """What lies between two pays whose super is settled, by the period that is asked for."""
    sides = [case for one in pays for case in pay_answers.cases_of(talk.request, pay.written(one))]
    if len(sides) != TWO:
        return None
    more, less = sorted(sides, key=lambda case: -case.package.total)
    return partial(pay_answers.apart, talk.request, more, less, period=talk.said.period)


_RESIDENT_FACTS: Final = frozenset(["foreign_resident_tax", "new_arrival_tax"])


def difference(talk: Talk) -> Meant | None:
    """'Difference a year', 'which is more' after two pays, or after one that was changed."""
    is_same = talk.means("same") and talk.said.only_means("same", "net", "year")
    if not (talk.means("more") or is_same) or talk.means("bonus") or talk.said.levels:
        return None
    if talk.has_figures or talk.sum is None:
        return None
    before = talk.beside(BEFORE) or talk.beside(OTHERS)
    if talk.means("high", "low", "place"):
        return None
    pays = (pay.read(before), *talk.pays) if before and len(talk.pays) == 1 else talk.pays
    if len(pays) != TWO:
        return None
    old, new = pays
    if old.foreign != new.foreign:
        return talk.fact("foreign_resident_tax")
    if money_pays.are_alike(old, new):
        return partial(pay_answers.raised, talk.request, old, new, talk.said.period)
    sides = [case for one in pays for case in pay_answers.cases_of(talk.request, pay.written(one))]
    if before and len(sides) == _THREE:
        return partial(pay_answers.apart_both_ways, talk.request, old, new)
    if len(sides) != TWO:
        shown = talk.said.period or "year"
        return partial(pay_answers.each_per, talk.request, talk.sum.words, shown)
    return _apart(talk, pays)
