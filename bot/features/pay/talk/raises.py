"""A pay that grows: a raise, a bonus, more that is asked for."""

from dataclasses import replace
from functools import partial
from typing import Final

from bot.core.command_line import Line
from bot.core.reply import Paragraph
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.figures import money
from bot.features.pay import money_pays, offers, pay_answers
from bot.features.pay.talk.context import BEFORE, BONUS, Meant, Talk


def pay_rise(talk: Talk) -> Meant | None:
    """'5% rise on 122k', 'offered 115 now im on 108', 'what would 20k more leave', 'and 3%'."""
    pair = money_pays.raised(talk.said, talk.named, talk.pays)
    if pair is None:
        return None
    return partial(pay_answers.raised, talk.request, *pair, talk.said.period)


def bonus(talk: Talk) -> Meant | None:
    """'130 + super, bonus 10%', 'with a 15k bonus', 'without the bonus'."""
    if talk.means("no bonus") and talk.beside(BEFORE):
        both = " vs " in talk.beside(BEFORE)
        return Line("offer" if both else "takehome", talk.beside(BEFORE))
    before = talk.beside(BEFORE)
    if talk.means("bonus") and before and not talk.has_figures and talk.pays:
        return partial(pay_answers.raised, talk.request, pay.read(before), talk.pays[0])
    whole = [one for one in talk.named if (one.amount or 0) >= _LEAST_WHOLE]
    pointed = money_pays.pointed_at(talk.said, talk.pays)
    one = pointed if pointed and not whole else next(iter(whole or talk.pays), None)
    found = money_pays.with_bonus(talk.said, one) if one is not None else None
    if one is None or found is None:
        return None
    paid, extra = found
    lead = pay_answers.line(talk.request, "pay_bonus", bonus=money(extra))
    if one is pointed and talk.sum is not None:
        return partial(_beside_the_other, talk, one, paid, lead)
    return talk.sum_of(
        paid, talk.said.period, lead, **{BEFORE: pay.written(one), BONUS: f"{extra:g}"}
    )


def _beside_the_other(talk: Talk, one: Pay, paid: Pay, lead: Paragraph) -> Turn:
    """Two offers again, one of them with its bonus."""
    pays = [paid if each == one else each for each in talk.pays]
    words = " vs ".join(map(pay.written, pays))
    before = talk.sum.words if talk.sum else ""
    request = replace(talk.request, command="offer", words=words, entities={BEFORE: before})
    return pay_answers.led(offers.offer(request), lead)


_LEAST_WHOLE: Final = 40_000


def asking_for(talk: Talk) -> Meant | None:
    """'Should i push for 140': not decided here; what it would leave."""
    above = talk.pays[0] if len(talk.pays) == 1 else None
    if not talk.means("ask for") or len(talk.named) != 1 or above is None:
        return None
    wanted = talk.named[0].amount
    if wanted is None or above.amount is None or wanted == above.amount:
        return None
    lead = pay_answers.line(talk.request, "pay_no_asking")
    make = partial(pay_answers.raised, talk.request, above, replace(above, amount=wanted))
    return lambda: pay_answers.led(make(), lead)


def more_on_what(talk: Talk) -> Meant | None:
    """'What would 20k more leave' where no pay was named yet."""
    if talk.pays or len(talk.named) != 1 or not talk.means("more", "rise"):
        return None
    more = talk.named[0].amount
    if more is None or more > _MOST_MORE or talk.said.levels:
        return None
    line = pay_answers.line(talk.request, "pay_more_on_what", amount=money(more))
    return lambda: talk.request.answer(line, personal=True, remember=False)


_MOST_MORE: Final = 40_000
