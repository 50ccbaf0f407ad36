"""A message of money talk beside what was talked about before it: the nearest sum, the nearest band,
the pay that it speaks of.

Nothing is answered here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from bot.core.command_line import Line, parse
from bot.core.reply import Block
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.money import Money, tokens
from bot.extraction.pay import Pay
from bot.features.pay import money_pays, offers, pay_answers, pay_cases, takehome, thresholds
from bot.features.pay.pay_ends import ends_of
from bot.features.pay.pay_words import levels
from content.attribute import AnswerUnit

Meant = Line | Callable[[], Turn]


FACT: Final = "fact"


OTHERS: Final = "others"


BEFORE: Final = "before"


BONUS: Final = pay_cases.BONUS
"""Beside a sum: the pay of the other of two people, and the pay before one thing of it was changed."""


OWED: Final = "owed"
"""Beside a sum: how much of a study loan is left, where that was named with it."""
SUMS: Final = ("takehome", "offer")


TWO: Final = 2


SUPERS: Final = ("super", "with super", "super inside", "super on top")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A message of money talk, and what was talked about before it, nearest first."""

    request: Request
    said: Money
    told: tuple[LastAnswer, ...]

    @cached_property
    def topics(self) -> tuple[LastAnswer, ...]:
        """What was told, a fact about pay as the page that it belongs to."""
        return tuple(self._as_page(one) for one in self.told)

    def _as_page(self, one: LastAnswer) -> LastAnswer:
        unit = self.unit(one)
        page = parse(self.request.content, unit.answer.more) if unit and unit.answer.more else None
        is_band = page is not None and page.command == "salary"
        return replace(one, command="salary", words=page.words) if page and is_band else one

    def unit(self, one: LastAnswer) -> AnswerUnit | None:
        is_fact = one.command == FACT
        return self.request.content.answer_units.get(one.words) if is_fact else None

    @cached_property
    def sum(self) -> LastAnswer | None:
        """The nearest sum, or the nearest pay that was set among the bands."""
        return next((one for one in self.topics if _is_sum(one)), None)

    @cached_property
    def pays(self) -> tuple[Pay, ...]:
        """The pays of that sum."""
        if self.sum is None:
            return ()
        is_placed = self.sum.command == "salary"
        sides = [self.sum.words] if is_placed else offers.sides(self.sum.words)
        return tuple(pay.read(side) for side in sides)

    @cached_property
    def band(self) -> LastAnswer | None:
        """The nearest band of pay."""
        found = (one for one in self.topics if one.command == "salary" and not _is_sum(one))
        return next((one for one in found if ends_of(self.request, one.words)), None)

    @cached_property
    def near(self) -> str:
        """What was talked about last: thresholds, a sum, a band, or nothing of money."""
        for one in self.told[:TWO]:
            if kind := self._kind(one):
                return kind
            if not self._is_beside_pay(one):
                return ""
        return ""

    def _is_beside_pay(self, one: LastAnswer) -> bool:
        """Whether a fact belongs to talk of pay, as one about super or tax does."""
        unit = self.unit(one)
        page = parse(self.request.content, unit.answer.more or "") if unit else None
        return page is not None and page.command in (*SUMS, "salary")

    def _kind(self, one: LastAnswer) -> str:
        unit, page = self.unit(one), self._as_page(one)
        is_threshold = unit is not None and _is_of_thresholds(unit)
        if is_threshold or thresholds.asks_for(one.words):
            return "threshold"
        if _is_sum(page):
            return "sum"
        return "band" if page.command == "salary" else ""

    @cached_property
    def named(self) -> tuple[Pay, ...]:
        """The pays that the message itself names."""
        pays = money_pays.named(self.request, self.said)
        return tuple(_as_rate(one) for one in pays) if self._is_on_contract else pays

    @cached_property
    def _is_on_contract(self) -> bool:
        """Whether contract work was talked of last: a bare figure is a rate there."""
        last = next(iter(self.topics), None)
        return last is not None and last.command == "salary" and "contract" in last.words

    @cached_property
    def one(self) -> Pay | None:
        """The pay that is talked of: the message's own, else the one that stands above, else the one of two that is pointed at."""
        pays = self.named or self.pays
        if len(pays) == 1:
            return pays[0]
        if len(pays) == TWO and not self.named and money_pays.are_alike(*pays):
            return pays[-1]
        return None if self.named else money_pays.pointed_at(self.said, self.pays)

    @cached_property
    def is_after_sponsored(self) -> bool:
        """Whether a visa with an income threshold was told of last."""
        unit = self.unit(self.told[0]) if self.told else None
        page = (unit.answer.more or "") if unit else ""
        visas = self.request.content.visas.items()
        return page in {f"visa {number}" for number, one in visas if one.thresholds}

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(tokens(self.request.words))

    def means(self, *meanings: str) -> bool:
        return self.said.means(*meanings)

    @property
    def has_figures(self) -> bool:
        return bool(self.said.figures)

    def fact(self, key: str) -> Line | None:
        return Line(FACT, key) if key in self.request.content.answer_units else None

    def beside(self, name: str) -> str:
        """What the sum above was worked out beside: the pay before it was changed, or the other person's."""
        return str(self.sum.entities.get(name, "")) if self.sum else ""

    def sum_of(self, one: Pay, period: str = "", *lead: Block, **beside: str) -> Meant:
        """The take-home of this pay, with what its months or weeks off made of it."""
        words = f"{pay.written(one)} {period}".strip()
        is_same = self.sum is not None and self.sum.words.startswith(pay.written(one))
        stays = (OTHERS, BEFORE, OWED) if is_same else (OTHERS, OWED)
        kept = {name: self.beside(name) for name in stays if self.beside(name)}
        if owed := money_pays.owed(self.said):
            kept[OWED] = f"{owed:.0f}"
        known = {**kept, **{name: value for name, value in beside.items() if value}}
        lead = (*lead, *money_pays.counted(self.request, self.said, one))
        if not lead and not known:
            return Line("takehome", words)
        request = replace(self.request, command="takehome", words=words, entities=known)
        return lambda: pay_answers.led(takehome.takehome(request), *lead)


def _as_rate(one: Pay) -> Pay:
    if one.bare is None or one.bare not in _DAY_RATES:
        return one
    return replace(one, bare=None, day_rate=one.bare)


_DAY_RATES: Final = range(200, 3_001)


def _is_of_thresholds(unit: AnswerUnit) -> bool:
    is_of_visa = (unit.answer.more or "").startswith("visa")
    is_named = "threshold" in unit.answer.say.lower() and is_of_visa
    return "migration.thresholds" in unit.answer.say or is_named


def _is_sum(one: LastAnswer) -> bool:
    said = pay.read(one.words)
    is_one = one.command in (*SUMS, "salary")
    return is_one and not said.said_nothing and not said.between and said.bare is None


def vocabulary(request: Request) -> dict[str, str]:
    """The words for levels of a job, in one and in many."""
    known: dict[str, str] = {}
    for occupation in request.content.occupations.values():
        bands = {word: key for word, key in levels(occupation).items() if key in occupation.bands}
        known |= bands | {f"{word}s": key for word, key in bands.items()}
    return known
