"""Whether a message speaks of pay at all: a number alone may be a visa, an age, points, a debt."""

from typing import Final

from bot.extraction.money import Figure
from bot.features.pay.talk.context import SUPERS, TWO, Talk

_OF_MONEY: Final = (
    *(
        "super inside",
        "super on top",
        "net",
        "loan",
        "balance",
        "offered",
        "now",
        "rise",
        "bonus",
        "part time",
    ),
    *("base", "foreign", "contract", "week", "fortnight", "month"),
)


def is_of_money(talk: Talk, *, is_asked_elsewhere: bool) -> bool:
    """Whether the message speaks of pay: by what was talked about, or by itself.

    A number alone may be a visa, an age or points; `is_asked_elsewhere`: a question about such things is open.
    """
    said, visas = talk.said, talk.request.content.visas
    plain = [one for one in said.figures if not one.unit and not one.is_thousands]
    is_visa = any(f"{one.value:g}" in visas for one in plain)
    is_plainly = said.means(*_OF_MONEY) or any(_is_surely_pay(one) for one in said.figures)
    is_plainly = is_plainly or any(one.day_rate is not None for one in talk.named)
    is_date = any(one.value in _CALENDAR_YEARS for one in plain)
    if said.means("tax rate") or is_date or (is_visa and not is_plainly):
        return False
    if _is_of_something_else(talk, plain):
        return False
    if is_plainly:
        return bool(said.figures or talk.near)
    if talk.near and not is_asked_elsewhere:
        return True
    is_placed = said.means("judged") and (said.count("year") or said.levels) and plain
    return bool(is_placed or len(said.levels) == TWO) and not is_asked_elsewhere


def _is_of_something_else(talk: Talk, plain: list[Figure]) -> bool:
    """An occupation's code, a debt, a rate of super, a sum that has a reader of its own: '224999 can go 189 or not', '20 grand of hecs',
    'isnt super 11.5', 'the break-even day rate', 'forget contracting', '140 and 160, both plus super'.
    """
    is_code = any(one.value in _CODES and one.value % _ROUND for one in plain)
    is_debt = talk.means("loan", "balance") and talk.has_figures and bool(_OWED & talk.tokens)
    is_debt = is_debt and not talk.named
    is_debt = is_debt or (talk.means(*SUPERS) and bool(_OWES & talk.tokens) and not talk.named)
    small = [one.value < _HIGHEST_RATE for one in plain]
    is_rate = talk.means(*SUPERS) and any(small) and all(small)
    is_two = "both" in talk.tokens and len(talk.said.figures) == TWO
    is_two = is_two and not talk.means("offered", "now", "rise")
    return is_code or is_debt or is_rate or is_two or bool(_READ_ELSEWHERE & talk.tokens)


_CODES: Final = range(200_000, 300_000)


_ROUND: Final = 500


_HIGHEST_RATE: Final = 20


_OWED: Final = frozenset("of owe owing debt left had have".split())


_OWES: Final = frozenset(["owe", "owes"])
"""Of super: the employer's duty, and no study loan."""


_READ_ELSEWHERE: Final = frozenset("even breakeven forget matter matters".split())


def _is_surely_pay(one: Figure) -> bool:
    return one.is_thousands or one.is_rate or one.value >= _SURELY_PAY


_SURELY_PAY: Final = 10_000


_CALENDAR_YEARS: Final = range(2015, 2040)
