"""`takehome` and `offer` as commands, and how either is asked again with something changed."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.calculators.take_home import Basis
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction import pay as pay_said
from bot.extraction.amounts import LEAST_YEARLY
from bot.extraction.pay import Pay
from bot.features.page import without_more
from bot.features.pay import offers, takehome
from content.content import Content

_FILLER = re.compile(r"(?:an?|at|for|i[nst]|m[ey]|o[fnr]|pay?|per|salary|the|to|with|year|yearly)")
"""Words that may stand around a pay and mean nothing for it."""


_OPENERS = frozenset(
    [
        "and",
        "or",
        "but",
        "so",
        "ok",
        "okay",
        "then",
        "what",
        "what's",
        "whats",
        "about",
        "how",
        "if",
        "it's",
        "its",
        "is",
        "it",
        "was",
        "that",
        "now",
        "with",
        "without",
        "show",
        "me",
        "please",
        "pls",
        "just",
        "say",
        "said",
        "actually",
        "no",
    ]
)
"""What a change of the last sum may open with."""


def knows(_content: Content, _command: str, words: str) -> bool:
    """Whether these words are pays and nothing else."""
    pays = [pay_said.read(side) for side in offers.sides(without_more(words))]
    around = [word for one in pays for word in re.findall(r"[a-z]+", one.rest.lower())]
    return all(not one.said_nothing for one in pays) and all(
        _FILLER.fullmatch(word) for word in around
    )


def says_only_pay(words: str) -> bool:
    """Whether these words, said after a sum, change something about it and say nothing else: 'plus
    super', 'and 190k?', 'with hecs'.
    """
    pay = pay_said.read(words)
    says = (
        not pay.said_nothing
        or pay.basis
        or pay.year
        or pay.help_debt
        or pay.sums
        or pay.foreign
        or pay.no_levy
    )
    around = re.findall(r"[a-z']+", pay.rest.lower())
    return (
        bool(says or pay.days is not None)
        and pay.bare is None
        and all(_FILLER.fullmatch(word) or word in _OPENERS for word in around)
    )


_PERIODS = re.compile(
    r"\b(?:per|a|an|each|every|by the|in a|for a|for the)? ?(?P<period>week|fortnight|month"
    r"|year)(?:ly|s)?\b(?! ?(?:of|ago))|\b(?P<every>weekly|fortnightly|monthly|yearly"
    r"|annually)\b",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(
    r"\b(?:last|previous|prior) (?:financial )?year\b|\byear before\b", re.IGNORECASE
)
_THIS_YEAR = re.compile(r"\b(?:this|the current|current) (?:financial )?year\b", re.IGNORECASE)
_LOAN_OWED = re.compile(
    r"\b(?:a |an |of |with |about |around |still |had |have |owe |got "
    r"|i ){0,6}\$?(?<![\d,.])\d[\d,.]{0,12}\s?(?:k|grand|thousand)?\s{0,3}(?:(?:of|in|on"
    r"|left on|worth of|my|the)\s{0,3}){0,4}(?:hecs|help|student|study)[ -]?(?:debt|loan)?\b",
    re.IGNORECASE,
)
_ASIDE = frozenset(
    [
        *(
            "has",
            "btw",
            "by",
            "way",
            "realistically",
            "really",
            "probably",
            "roughly",
            "usually",
            "though",
            "tho",
            "contract",
            "perm",
            "package",
            "also",
            "think",
            "reckon",
            "guess",
        ),
        *(
            "hang",
            "on",
            "hold",
            "wait",
            "nah",
            "no",
            "sorry",
            "oops",
            "ah",
            "offer",
            "says",
            "it",
            "only",
        ),
        *(
            "make",
            "obviously",
            "includes",
            "instead",
            "still",
            "had",
            "have",
            "mean",
            "meant",
            "they",
        ),
        *(
            "money",
            "dollars",
            "rates",
            "terms",
            "back",
            "theyd",
            "they'd",
            "stretch",
            "go",
            "went",
            "offered",
            "got",
            "lands",
            "comes",
            "comes",
            "top",
        ),
        *(
            "there",
            "gaps",
            "theres",
            "there's",
            "days",
            "day",
            "same",
            "rather",
            "not",
            "change",
            "to",
        ),
        *(
            "i'd",
            "id",
            "would",
            "be",
            "i",
            "get",
            "do",
            "does",
            "see",
            "k",
            "aud",
            "dollars",
            "super",
        ),
        *(
            "paid",
            "work",
            "working",
            "rate",
            "rates",
            "tax",
            "using",
            "use",
            "in",
            "like",
            "more",
            "at",
            "money",
            "back",
            "this",
        ),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a short text makes of a sum of pay: the words of the sum,
    and the share of the text that this explains.
    """

    words: str
    covers: float


def change(command: str, before: str, text: str, years: Iterable[str]) -> Change | None:
    """The last sum with one thing changed: 'and on 120?', 'per week', 'last year', 'the 900
    includes super', 'make it 200 days'.

    `years` are the income years with rates, oldest first. None where the text changes nothing about
    pay.
    """
    loan = _LOAN_OWED.sub(" with help-debt ", text)
    last_year = bool(_LAST_YEAR.search(loan))
    this_year = bool(_THIS_YEAR.search(loan))
    bare_text = _THIS_YEAR.sub(" ", _LAST_YEAR.sub(" ", loan))
    pay = _basis_in_passing(pay_said.read(_as_days(bare_text, before)), bare_text, before)
    period = "" if "/" in bare_text else _period(pay.rest)
    if last_year and (known := tuple(years))[:-1]:
        pay = replace(pay, year=known[-2])
    if this_year and (known := tuple(years)):
        pay = replace(pay, year=known[-1])
    pays = [
        pay_said.read(side) for side in (offers.sides(before) if command == "offer" else [before])
    ]
    changed = _change_pays(pays, pay, text)
    if changed == pays and not period:
        return None
    if any(one.day_rate is not None and one.day_rate < _LEAST_RATE for one in changed):
        return None  # a nine-day fortnight is no rate
    rest = _PERIODS.sub(" ", pay.rest) if period else pay.rest
    words = " vs ".join(pay_said.written(one) for one in changed)
    shown = f" by the {period}" if period else ""
    covers = max(_coverage(text, rest), _NEARLY * _share_explained(pays, changed, text))
    return Change(words=f"{words}{shown}", covers=covers)


_LEAST_RATE = 50
_NEARLY = 0.995
_PARTS = re.compile(r"[,;]|\.(?!\d)|\b(?:because|since|cos|coz|as i)\b")


def _share_explained(pays: list[Pay], changed: list[Pay], text: str) -> float:
    """'190 days, I skip January': how much of a part is explained
    that alone makes the same change.
    """
    shares = [
        _coverage(part, said.rest)
        for part in _PARTS.split(text)
        if part.strip() and _change_pays(pays, said := pay_said.read(part), part) == changed
    ]
    if changed == pays:
        return 0.0
    return max(shares, default=0.0)


_MADE = re.compile(
    r"\b(?:make (?:it|that)|more like|say|realistically|rather) (?P<days>1[89]\d"
    r"|2[0-3]\d)(?P<end>\W{0,3})$",
    re.IGNORECASE,
)
"""A bare number of the size of a year's working days, right after a sum by the day."""


def _as_days(text: str, before: str) -> str:
    """'Make it 200' after a day rate means the days of it."""
    by_the_day = any(pay_said.read(side).day_rate is not None for side in offers.sides(before))
    if by_the_day:
        return _MADE.sub(r"\g<days> days\g<end>", text)
    return text


_ON_TOP = re.compile(r"\bon top\b|\bextra\b|\bnot included\b", re.IGNORECASE)
_INSIDE = re.compile(r"\binside\b|\bincluded\b|\binclusive\b|\ball in\b", re.IGNORECASE)
_OTHER_ONE = re.compile(r"\b(?:the )?other (?:one|way)\b", re.IGNORECASE)


def _basis_in_passing(pay: Pay, text: str, before: str) -> Pay:
    """'On top', 'inside', 'the other one': where super stands, said without the word."""
    if pay.basis is not None:
        return pay
    if _ON_TOP.search(text):
        return replace(pay, basis="plus_super")
    if _INSIDE.search(text):
        return replace(pay, basis="including_super")
    was = pay_said.read(before).basis
    if _OTHER_ONE.search(text) and was is not None and pay.said_nothing:
        other: Basis = "including_super" if was == "plus_super" else "plus_super"
        return replace(pay, basis=other)
    return pay


def _period(words: str) -> str:
    hit = _PERIODS.search(words)
    if hit is None:
        return ""
    if hit["period"]:
        return hit["period"].lower()
    return hit["every"].lower().removesuffix("ly")


def _coverage(text: str, rest: str) -> float:
    left = [
        word
        for word in re.findall(r"[a-z']+", rest.lower())
        if not _FILLER.fullmatch(word) and word not in _OPENERS and word not in _ASIDE
    ]
    count = len(re.findall(r"[\w']+", text)) or 1
    return max(0.0, 1 - 2 * len(left) / count)


_OF_RATE = re.compile(r"\b(?:the |my |day |daily )?rate\b|\bcontract\w{0,15}\b", re.IGNORECASE)
_OF_SALARY = re.compile(r"\bsalar\w{1,20}\b|\bperm\w{0,15}\b", re.IGNORECASE)


def _is_the_side(one: Pay, text: str) -> bool:
    """Whether a pay is the side that the text names: 'super is inside the rate'."""
    of_rate, of_salary = bool(_OF_RATE.search(text)), bool(_OF_SALARY.search(text))
    is_rate = one.day_rate is not None
    return of_rate in (of_salary, is_rate)


def _change_pays(pays: list[Pay], new: Pay, text: str) -> list[Pay]:
    """Each pay with what the new words say of it: of all of them,
    or of the one that the words name or come nearest to.
    """
    number = new.bare or new.amount or new.day_rate
    if number is None and new.days is None:
        says = new.basis or new.year or new.help_debt or new.foreign or new.no_levy
        if not says:
            return pays
        meant = [one for one in pays if _is_the_side(one, text)] or pays
        return [pay_said.merged(one, new) if one in meant else one for one in pays]
    place = _nearest(pays, new)
    one = pays[place]
    if new.bare is not None:
        new = _in_unit_of(one, new)
    named = number is not None and number in _figures(one) and (new.basis or new.days)
    if named:
        new = replace(new, amount=None, day_rate=None, bare=None)
    return [pay_said.merged(each, new) if at == place else each for at, each in enumerate(pays)]


def _figures(pay: Pay) -> tuple[float, ...]:
    """The figures by which a pay may be named: 165000 is also the 165."""
    amount: tuple[float, ...] = ()
    if pay.amount is not None:
        amount = (pay.amount, pay.amount / 1000)
    rate = (pay.day_rate,) if pay.day_rate is not None else ()
    return (*amount, *rate)


def _nearest(pays: list[Pay], new: Pay) -> int:
    """The pay that a new figure replaces: a day rate's for days and rates,
    else the one whose figure is nearest.
    """
    if new.days is not None or new.day_rate is not None:
        return next((at for at, one in enumerate(pays) if one.day_rate is not None), 0)
    number = new.bare if new.bare is not None else new.amount or 0

    def distance(at: int) -> float:
        figures = _figures(pays[at])
        return min(
            (abs(math.log(number / one)) for one in figures if one * number > 0), default=9.0
        )

    return min(range(len(pays)), key=distance)


def _in_unit_of(pay: Pay, new: Pay) -> Pay:
    """A bare number in the unit of the pay that it replaces: 950 after 900 a day,
    120 after 150,000 a year.
    """
    number = new.bare or 0.0
    if pay.day_rate is not None and pay.amount is None:
        return replace(new, bare=None, day_rate=number)
    return replace(new, bare=None, amount=number * 1000 if number < LEAST_YEARLY / 10 else number)


def pay_in(words: str) -> str:
    """A pay that stands in a sentence and that nobody else read ('tax on 18200'), so that no
    earlier pay is taken for it; empty if none.
    """
    pay = pay_said.read(words)
    if pay.bare is not None:
        return f"{pay.bare:g}"
    if pay.said_nothing or pay.between:
        return ""
    return pay_said.written(pay)


def again(request: Request, command: str, words: str) -> Turn:
    """The last sum with something changed: 'what if including super', 'what if 180k'."""
    found = None
    if words:
        found = change(command, words, request.words, sorted(request.content.tax))
    if found is not None:
        return HANDLERS[command](replace(request, command=command, words=found.words))
    pays = offers.sides(words) if command == "offer" else [words]
    new = pay_said.read(request.words)
    changed = [pay_said.written(pay_said.merged(pay_said.read(one), new)) for one in pays]
    return HANDLERS[command](
        replace(
            request, command=command, words=" vs ".join(changed) + (" sums" if new.sums else "")
        )
    )


HANDLERS: dict[str, Handler] = {"takehome": takehome.takehome, "offer": offers.offer}
GRAMMARS: dict[str, Grammar] = {"takehome": knows, "offer": knows}
