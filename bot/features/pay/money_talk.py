"""Talk about money as it goes on: each short message is read whole, and changes, asks about or compares what stands in the chat.

'second one per fortnight', 'and at 190 days', 'whats my base', 'so should i take it', 'leads?': the meanings of the message and what was
talked about before decide, never its sentence. A message with words that money does not explain is left to other readers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from bot.core.command_line import Line, parse
from bot.core.reply import Block
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.money import Figure, Money, tokens
from bot.extraction.pay import Pay
from bot.features.figures import money
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
SUMS: Final = ("takehome", "offer")
TWO: Final = 2
_SUPERS: Final = ("super", "with super", "super inside", "super on top")


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
        return money_pays.named(self.request, self.said)

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
        stays = (OTHERS, BEFORE) if is_same else (OTHERS,)
        kept = {name: self.beside(name) for name in stays if self.beside(name)}
        known = {**kept, **{name: value for name, value in beside.items() if value}}
        lead = (*lead, *money_pays.counted(self.request, self.said, one))
        if not lead and not known:
            return Line("takehome", words)
        request = replace(self.request, command="takehome", words=words, entities=known)
        return lambda: pay_answers.led(takehome.takehome(request), *lead)


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


_OF_MONEY: Final = (
    *(
        "super inside",
        "super on top",
        "net",
        "loan",
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
    is_debt = talk.means("loan") and talk.has_figures and bool(_OWED & talk.tokens)
    is_debt = is_debt or (talk.means(*_SUPERS) and bool(_OWES & talk.tokens))
    is_rate = talk.means(*_SUPERS) and any(one.value < _HIGHEST_RATE for one in plain)
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


def meant(talk: Talk) -> Iterator[Meant]:
    """What the message asks of the talk, the surest first."""
    for read in READERS:
        found = read(talk)
        if found is not None:
            yield found


# ---- a pay taken apart, turned round, raised


def _two_ranges(talk: Talk) -> Meant | None:
    """Two spans of contract pay: the page contradicts itself, and both stand."""
    spans = [one for one in talk.said.figures if one.upto is not None]
    is_two = len(spans) == TWO and talk.means("contract")
    return talk.fact("contract_two_ranges") if is_two else None


def _base(talk: Talk) -> Meant | None:
    """'150k incl super, whats my base', 'so base is' after a package."""
    one = talk.one
    if one is None or not talk.means("base") or talk.means("threshold", "net"):
        return None
    if one.basis == "plus_super" or (talk.near not in ("sum", "threshold") and not talk.named):
        return None
    answer = pay_answers.base_of if one.basis else pay_answers.base_if
    return partial(answer, talk.request, pay.written(replace(one, help_debt=False, year="")))


def _gross(talk: Talk) -> Meant | None:
    """'110k in hand is what gross': the way back from what is left."""
    is_asked = talk.means("net") and talk.means("gross")
    if not is_asked or len(talk.named) != 1 or talk.named[0].amount is None:
        return None
    return partial(pay_answers.gross_for, talk.request, talk.named[0].amount)


def _raise(talk: Talk) -> Meant | None:
    """'5% rise on 122k', 'offered 115 now im on 108', 'what would 20k more leave', 'and 3%'."""
    pair = money_pays.raised(talk.said, talk.named, talk.pays)
    if pair is None:
        return None
    return partial(pay_answers.raised, talk.request, *pair, talk.said.period)


# ---- beside the thresholds


def _thresholds(talk: Talk) -> Meant | None:
    """'Is 86k with super inside ok for the 482', 'if he makes it 90 plus super', 'what about 95'."""
    is_near = talk.near == "threshold" or (talk.is_after_sponsored and talk.means("judged"))
    is_asked = talk.means("judged", "beside", "pick") or talk.said.asks
    is_stated = len(talk.named) == 1
    is_asked = is_asked or bool(_POINTS & talk.tokens)
    is_about = is_near or (talk.means("threshold") and (is_asked or is_stated))
    if not is_about or talk.means(*_NOT_OF_THRESHOLDS):
        return None
    is_of_that = talk.means("threshold") and talk.near == "sum" and _POINTS & talk.tokens
    is_put = bool(talk.named or talk.means("judged", "beside") or is_of_that)
    one = talk.one if is_put else None
    if one is None or not one.amount:
        return None
    kept = one if talk.named or is_near else replace(one, help_debt=False)
    return Line("takehome", f"{pay.written(kept)} {thresholds.ASKED}")


_POINTS: Final = frozenset(["that", "it", "this"])
_NOT_OF_THRESHOLDS: Final = ("net", "loan", "rise", "bonus", "contract", "foreign", "month", "week")


def _of_thresholds(talk: Talk) -> Meant | None:
    """'And for the 186?', 'and core', 'next july' after a threshold: that one's fact."""
    if talk.near != "threshold" or talk.has_figures or talk.said.levels:
        return None
    if talk.means("next year"):
        return talk.fact("threshold_indexed")
    if talk.means("before july", "last year"):
        return talk.fact("threshold_csit_2025_26")
    if talk.means(*_SUPERS, "base", "gross"):
        return _basis_beside(talk) or talk.fact("threshold_super")
    words = talk.request.words.lower()
    named = next((key for word, key in _THRESHOLDS.items() if word in words), "")
    return talk.fact(named) if named and talk.said.only_means("threshold") else None


def _basis_beside(talk: Talk) -> Meant | None:
    """'And if super is on top?' of a pay that was set beside the thresholds."""
    is_of_pay = thresholds.asks_for(talk.told[0].words) and talk.means(
        "super inside", "super on top"
    )
    pays = money_pays.changed(talk.request, talk.said, talk.pays[:1]) if is_of_pay else None
    return Line("takehome", f"{pay.written(pays[0])} {thresholds.ASKED}") if pays else None


_THRESHOLDS: Final = {
    "186": "threshold_186",
    "specialist": "visa_482_specialist",
    "ssit": "visa_482_specialist",
    "core": "visa_482_core_income",
    "csit": "visa_482_core_income",
    "482": "visa_482_income",
}


# ---- pays beside each other


def _offers(talk: Talk) -> Meant | None:
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


def _bands(talk: Talk) -> Meant | None:
    """'How much more do seniors get than mid': two bands beside each other."""
    named = tuple(dict.fromkeys(talk.said.levels))
    if len(named) != TWO or talk.has_figures or not talk.means("more", "against"):
        return None
    found = [(name, ends_of(talk.request, name)) for name in named]
    known = sorted(((name, ends) for name, ends in found if ends), key=lambda one: one[1])
    if len(known) != TWO or known[0][1] == known[1][1]:
        return None
    return partial(pay_answers.bands_apart, talk.request, known[0], known[1])


def _rate_a_year(talk: Talk) -> Meant | None:
    """'1100 a day through my company, whats that annual': the rate over a year's paid days."""
    one = talk.named[0] if len(talk.named) == 1 else None
    if one is None or one.day_rate is None:
        return None
    is_asked = talk.means("year", "whole") or (talk.means("match") and not talk.means("salaried"))
    known = ("year", "whole", "match", "contract", "up to", "against", "offered", *_SUPERS, "now")
    if not is_asked or not talk.said.only_means(*known, "day", "month"):
        return None
    return partial(pay_answers.rate_over_a_year, talk.request, one)


def _matching(talk: Talk) -> Meant | None:
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


def _together(talk: Talk) -> Meant | None:
    """'Together?' after two people's pays."""
    if not talk.means("together") or talk.has_figures or len(talk.pays) != 1:
        return None
    others = talk.beside(OTHERS)
    if not others or talk.sum is None:
        return None
    return partial(pay_answers.together, talk.request, (others, talk.sum.words))


def _pick(talk: Talk) -> Meant | None:
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


def _difference(talk: Talk) -> Meant | None:
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


# ---- the same, shown otherwise


def _pointed_at(talk: Talk) -> Meant | None:
    """'How much is the second one per fortnight', 'the contract in hand'."""
    one = money_pays.pointed_at(talk.said, talk.pays)
    if talk.has_figures or one is None or talk.sum is None:
        return None
    if talk.means("pick", "more", "judged", "base", *_SUPERS):
        return None
    shown, which = talk.said.period or "year", pay.written(one)
    return partial(pay_answers.each_per, talk.request, talk.sum.words, shown, which)


def _shown_by(talk: Talk) -> Meant | None:
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
    if talk.means("low", "high"):
        end = ends[0] if talk.means("low") else ends[1]
        return talk.sum_of(Pay(amount=end), talk.said.period)
    if talk.said.period == "year" and not talk.means("net"):
        is_contract = band.words.startswith("contract")
        return talk.fact("contract_pay_year") if is_contract else None
    if talk.means("net") or not talk.said.period:
        return partial(pay_answers.band_left, talk.request, ends, talk.said.period)
    return partial(pay_answers.band_per, talk.request, ends, talk.said.period)


def _an_end(talk: Talk) -> Meant | None:
    """'And top end' after the low end of a band was taxed."""
    if talk.has_figures or talk.band is None or not talk.said.only_means("low", "high", "net"):
        return None
    ends = ends_of(talk.request, talk.band.words)
    if ends is None or not talk.means("low", "high"):
        return None
    end = ends[0] if talk.means("low") else ends[1]
    is_taxed = talk.means("net") or (talk.pays and talk.pays[0].amount in ends)
    return (
        talk.sum_of(replace(talk.pays[0] if talk.pays else Pay(), amount=end)) if is_taxed else None
    )


def _untaxed(talk: Talk) -> Meant | None:
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


# ---- levels, years, where a pay stands


def _judged(talk: Talk) -> Meant | None:
    """'Is that good for 7 years', 'is 155 ok for a senior in Perth': where it stands among the bands."""
    years, level = talk.said.count("year"), next(iter(talk.said.levels), "")
    is_asked = talk.means("judged") or (talk.means("place") and talk.near == "sum")
    one = talk.one
    if not is_asked or one is None or money_pays.is_unclear(one) or talk.means("threshold"):
        return None
    if talk.means("net", "super", "more", "loan", "not"):
        return None
    beside = f"{years:g} years" if years else level
    figure = pay.written(replace(one, year="", help_debt=False, foreign=False, share=None))
    place = money_pays.place(talk.said, talk.request.words)
    return Line("salary", " ".join(f"{figure} {beside} {place}".split()))


def _level(talk: Talk) -> Meant | None:
    """'Leads?', 'and mid' where pay is what was talked about."""
    named = tuple(dict.fromkeys(talk.said.levels))
    if talk.has_figures or len(named) != 1 or not talk.near:
        return None
    if not talk.said.only_means("place", "year", "against", "experience", "salaried"):
        return None
    if talk.means("against") and len(talk.pays) == 1 and talk.near == "sum":
        amount = pay_cases.yearly(talk.request, talk.pays[0])
        return Line("salary", f"{amount:.0f} {named[0]}")
    return Line("salary", named[0])


def _years(talk: Talk) -> Meant | None:
    """'And 11 years', 'no 7', 'someone with 4 yrs' where pay is what was talked about."""
    figures = talk.said.figures
    if len(figures) != 1 or talk.said.levels or not talk.said.only_means("experience", "place"):
        return None
    (figure,) = figures
    is_years = figure.counts("year")
    was_years = talk.band is not None and "year" in talk.band.words
    is_bare = not figure.unit and figure.value <= _MOST_YEARS and was_years
    if not (is_years or is_bare) or talk.near not in ("band", "sum"):
        return None
    place = money_pays.place(talk.said, talk.request.words)
    return Line("salary", f"{figure.value:g} years {place}".strip())


_MOST_YEARS: Final = 39


def _super_of_band(talk: Talk) -> Meant | None:
    """'Is that with super or not' of a band: not stated."""
    if talk.near != "band" or talk.has_figures or not talk.means("base", *_SUPERS):
        return None
    is_that = talk.said.only_means("base", *_SUPERS, "against", "not", "gross", "whole")
    return talk.fact("pay_super_unstated") if is_that else None


def _figure_told(talk: Talk) -> Meant | None:
    """'So how much is that in hand' after a fact with one yearly figure."""
    unit = talk.unit(talk.told[0]) if talk.told else None
    if unit is None or talk.has_figures or not talk.means("net"):
        return None
    if ends_of(talk.request, talk.topics[0].words):
        return None
    facts = (talk.request.content.facts.get(key) for key in talk.told[0].sources)
    paid = next((one for one in facts if one and one.unit == "AUD a year"), None)
    is_one = paid is not None and isinstance(paid.value, float | int)
    return Line("takehome", f"{paid.number:.0f}") if paid and is_one else None


def _super_part(talk: Talk) -> Meant | None:
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


def _bonus(talk: Talk) -> Meant | None:
    """'130 + super, bonus 10%', 'with a 15k bonus', 'without the bonus'."""
    if talk.means("no bonus") and talk.beside(BEFORE):
        return Line("takehome", talk.beside(BEFORE))
    before = talk.beside(BEFORE)
    if talk.means("bonus") and before and not talk.has_figures and talk.pays:
        return partial(pay_answers.raised, talk.request, pay.read(before), talk.pays[0])
    whole = [one for one in talk.named if (one.amount or 0) >= _LEAST_WHOLE]
    one = next(iter(whole or talk.pays), None)
    found = money_pays.with_bonus(talk.said, one) if one is not None else None
    if one is None or found is None:
        return None
    paid, extra = found
    lead = pay_answers.line(talk.request, "pay_bonus", bonus=money(extra))
    return talk.sum_of(
        paid, talk.said.period, lead, **{BEFORE: pay.written(one), BONUS: f"{extra:g}"}
    )


_LEAST_WHOLE: Final = 40_000


def _tax(talk: Talk) -> Meant | None:
    """'How much tax on 142k', 'and the tax?': what the tax office takes of it, first."""
    is_asked = talk.means("tax") and talk.said.only_means(
        "tax", "taken", "foreign", "year", *_SUPERS
    )
    if not is_asked or talk.one is None or money_pays.is_unclear(talk.one):
        return None
    if talk.one.foreign or (talk.said.asks and not talk.has_figures and talk.near != "sum"):
        return None
    return partial(pay_answers.taxed, talk.request, pay.written(talk.one))


def _percent(talk: Talk) -> Meant | None:
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


def _asking_for(talk: Talk) -> Meant | None:
    """'Should i push for 140': not decided here; what it would leave."""
    above = talk.pays[0] if len(talk.pays) == 1 else None
    if not talk.means("ask for") or len(talk.named) != 1 or above is None:
        return None
    wanted = talk.named[0].amount
    if wanted is None or above.amount is None:
        return None
    lead = pay_answers.line(talk.request, "pay_no_asking")
    make = partial(pay_answers.raised, talk.request, above, replace(above, amount=wanted))
    return lambda: pay_answers.led(make(), lead)


def _taken_off(talk: Talk) -> Meant | None:
    """'How much comes off' after a sum: where the pay goes."""
    is_asked = talk.means("taken") and not talk.has_figures and talk.near == "sum"
    return talk.sum_of(talk.pays[0]) if is_asked and len(talk.pays) == 1 else None


def _by_the_day(talk: Talk) -> Meant | None:
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


def _more_on_what(talk: Talk) -> Meant | None:
    """'What would 20k more leave' where no pay was named yet."""
    if talk.pays or len(talk.named) != 1 or not talk.means("more", "rise"):
        return None
    more = talk.named[0].amount
    if more is None or more > _MOST_MORE or talk.said.levels:
        return None
    line = pay_answers.line(talk.request, "pay_more_on_what", amount=money(more))
    return lambda: talk.request.answer(line, personal=True, remember=False)


_MOST_MORE: Final = 40_000


# ---- one thing of a pay changed, or a pay stated


def _changed(talk: Talk) -> Meant | None:
    """'And at 190 days', 'with super inside', 'non res', 'what about 135' after a sum."""
    if talk.near == "" or not talk.pays or talk.said.levels or talk.means(*_NO_CHANGE):
        return None
    is_of_band = talk.near == "band" and talk.has_figures
    is_apart = talk.means("more") and not talk.means("off")
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
    return talk.sum_of(pays[0], talk.said.period, **{BEFORE: pay.written(talk.pays[0])})


def _placed_again(talk: Talk, one: Pay) -> Meant | None:
    """'And 110?' after a pay was set among the bands: that one among them; taxed, where its super or tax is spoken of."""
    if not talk.said.meanings and talk.has_figures:
        return Line("salary", pay.written(one))
    is_question = tokens(talk.request.words)[:1] in _QUESTIONS
    if talk.means("super", "with super") or (talk.means(*_SUPERS) and is_question):
        return None
    return talk.sum_of(one, talk.said.period)


_QUESTIONS: Final = (("does",), ("do",), ("is",), ("are",), ("was",))


_NO_CHANGE: Final = ("rise", "pick", "threshold", "judged", "experience", "who", "bonus", "taken")


def _stated(talk: Talk) -> Meant | None:
    """'i make 8k a month', '60 dollars an hour 38 hours 48 weeks', '900 a day but only six months': the sum."""
    if len(talk.named) != 1 or talk.said.levels or talk.means(*_NO_STATEMENT):
        return None
    (one,) = talk.named
    if money_pays.is_unclear(one):
        return None
    is_pay = one.basis or one.said_as or one.day_rate is not None or one.hour_rate is not None
    is_asked = talk.means("net", "other", "loan", "foreign", "part time", "bonus", "year")
    is_said = any(figure.is_thousands for figure in talk.said.figures)
    if not (is_pay or is_asked or is_said):
        return None
    if talk.means("other") and not _EARNS & talk.tokens:
        return None
    if talk.near == "band" and not talk.said.meanings and one.hour_rate is None:
        return Line("salary", pay.written(one))
    others = talk.sum.words if talk.means("other") and talk.sum and len(talk.pays) == 1 else ""
    return talk.sum_of(one, talk.said.period, **{OTHERS: others})


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

READERS: Final[tuple[Callable[[Talk], Meant | None], ...]] = (
    _two_ranges,
    _gross,
    _base,
    _percent,
    _bonus,
    _asking_for,
    _tax,
    _super_part,
    _thresholds,
    _raise,
    _of_thresholds,
    _rate_a_year,
    _matching,
    _offers,
    _bands,
    _together,
    _difference,
    _pick,
    _pointed_at,
    _figure_told,
    _taken_off,
    _by_the_day,
    _an_end,
    _shown_by,
    _untaxed,
    _judged,
    _level,
    _years,
    _super_of_band,
    _changed,
    _more_on_what,
    _stated,
)
"""In this order: what names its own kind of question first, a change of what stands after it, a bare statement last."""
