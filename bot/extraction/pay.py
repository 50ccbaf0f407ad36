"""A pay as people say it, for the sums: how much, super in or out, which year, a study loan. Nothing is computed here.

'165k + super', '1000/day 220 days', '$8k a month incl super 2026-27 with hecs': amounts are read by bot.extraction.amounts, the words
around them here. What was not said stays None: super in or out is asked or shown both ways, never assumed.
"""

import re
from dataclasses import dataclass, replace

from bot.calculators.take_home import Basis
from bot.extraction.amounts import other_currency, spoken

_YEAR = re.compile(r"\b(20\d\d)\s?[-–/]\s?(?:20)?(\d\d)\b")
_NO_LOAN = re.compile(
    r"\b(?:no|without)[ -](?:help|hecs|study)[ -]?(?:debt|loan)?\b", re.IGNORECASE
)
_LOAN = re.compile(
    r"\b(?:with )?(?:help[ -]?debt|help loan|hecs(?:[ -]?(?:debt|loan))?|study[ -](?:debt|loan)|student (?:debt|loan))\b",
    re.IGNORECASE,
)
_INCLUDING = re.compile(
    r"\b(?:incl(?:uding|usive of|udes|\.)?|inc\.?|with(?! hecs| help)|inside) (?:of )?(?:the )?(?:super\w*|sg)\b|\bsuper (?:is )?(?:included|inclusive|inside|incl\.?)(?!\w)"
    r"|\b(?:total )?package\b|\btec\b|\btrp\b|\binclusive\b",
    re.IGNORECASE,
)
_PLUS = re.compile(
    r"(?:\+|\bplus\b|\bexcl(?:uding|\.)?|\bex\b|\bbefore\b|\bwithout\b|\band\b|\bnot including\b|\bon top of\b) ?(?:the )?(?:super\w*|sg)\b|\bsuper (?:is )?(?:on top|extra|excluded|excl\.?)(?!\w)|\bbase\b",
    re.IGNORECASE,
)
_PER = re.compile(
    r"(?P<number>\$?\s*[0-9][0-9, ]*(?:\.[0-9]+)?)\s*(?P<k>k\b)?\s*(?:/|\bper\b|\ban?\b|\beach\b)\s*(?P<unit>month|mth|fortnight|week|wk)\b"
    r"|(?P<number2>\$?\s*[0-9][0-9, ]*(?:\.[0-9]+)?)\s*(?P<k2>k\b)?\s*(?P<unit2>monthly|fortnightly|weekly)\b",
    re.IGNORECASE,
)
_PER_DAY = re.compile(r"\bp ?/ ?d\b|\bper diem\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"\b(?:as )?(?:an? )?(?:foreign|non)[- ]?(?:tax[- ])?residents?(?: for tax(?: purposes)?)?(?: rates?)?\b|\bnot (?:an? )?(?:australian )?(?:tax )?resident(?: for tax)?\b"
    r"|\bworking holiday(?: ?makers?| visa)?\b",
    re.IGNORECASE,
)
_NO_LEVY = re.compile(
    r"\b(?:no|without|minus|exempt from) (?:the )?(?:medicare(?: levy)?|levy)\b|\b(?:medicare )?(?:levy )?exempt(?:ion)?\b",
    re.IGNORECASE,
)
_TIMES = {"m": 12, "f": 26, "w": 52}
_SUMS = re.compile(
    r"\b(?:show )?(?:the )?(?:sums?|arithmetic|working|workings|calculation)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What was said about one pay. AUD. `amount` is a year's; `said_as` the unit it was given in when that was no year.
    `bare`: a number that could be several things. `hour_rate`: given by the hour, `hours` of them in a paid day.
    `foreign`, `no_levy`: said to be a foreign resident, or exempt from the Medicare levy. `currency`: money that is not AUD.
    """

    amount: float | None = None
    day_rate: float | None = None
    days: float | None = None
    basis: Basis | None = None
    year: str = ""
    help_debt: bool = False
    sums: bool = False
    said_as: tuple[float, str] | None = None
    bare: float | None = None
    between: tuple[float, float] | None = None
    hour_rate: float | None = None
    hours: float | None = None
    hours_planned: bool = False
    """The hours are a planning figure, not said."""
    foreign: bool = False
    no_levy: bool = False
    currency: str = ""
    rest: str = ""
    """The words that say nothing about pay."""

    @property
    def said_nothing(self) -> bool:
        return (
            self.amount is None
            and self.day_rate is None
            and self.bare is None
            and self.hour_rate is None
            and self.between is None
        )


def read(words: str) -> Pay:
    """Read one pay. Of several words for the same thing the last counts, so that a correction can simply be added."""
    pay = Pay(
        sums=bool(_SUMS.search(words)),
        foreign=bool(_FOREIGN.search(words)),
        no_levy=bool(_NO_LEVY.search(words)),
        currency=other_currency(words),
    )
    words = without_extras(words)
    words = _PER_DAY.sub("/day", _NO_LEVY.sub(" ", _FOREIGN.sub(" ", words)))
    for hit in _YEAR.finditer(words):
        pay = replace(pay, year=f"{hit[1]}-{hit[2]}")
    words = _YEAR.sub(" ", words)
    without, with_loan = _last(_NO_LOAN, words), _last(_LOAN, _blanked(_NO_LOAN, words))
    pay = replace(pay, help_debt=with_loan > without)
    words = _LOAN.sub(" ", _NO_LOAN.sub(" ", words))
    inside, outside = _last(_INCLUDING, _blanked(_PLUS, words)), _last(_PLUS, words)
    if max(inside, outside) >= 0:
        pay = replace(pay, basis="including_super" if inside > outside else "plus_super")
    words = _SUMS.sub(" ", _PLUS.sub(" ", _INCLUDING.sub(" ", words)))
    if per := _PER.search(words):
        return replace(_by_unit(pay, per), rest=words[: per.start()] + words[per.end() :])
    numbers = spoken(words)
    return replace(
        pay,
        rest=numbers.rest,
        amount=numbers.amount,
        day_rate=numbers.day_rate,
        days=numbers.paid_days,
        bare=numbers.bare,
        between=numbers.between,
        hour_rate=numbers.hour_rate,
        hours=numbers.day_hours,
    )


_EXTRA = re.compile(
    r"\$?\d[\d,.]*\s?(?:k|%|per ?cent)?\s*(?:an?|of|in|the|yearly|annual|\s)*(?:bonus\w*|commissions?|equity|shares|rsus?|stock|allowances?|overtime|sign[- ]?on)\b",
    re.IGNORECASE,
)


def without_extras(words: str) -> str:
    return _EXTRA.sub(" ", words)


def extras(words: str) -> tuple[str, ...]:
    """What was named beside the pay and is not part of the sum: '20k bonus'."""
    return tuple(hit[0].strip() for hit in _EXTRA.finditer(words))


def _by_unit(pay: Pay, per: re.Match[str]) -> Pay:
    unit = (per["unit"] or per["unit2"]).lower()
    number = float(re.sub(r"[$, ]", "", per["number"] or per["number2"])) * (
        1000 if per["k"] or per["k2"] else 1
    )
    return replace(pay, amount=number * _TIMES[unit[0]], said_as=(number, unit.removesuffix("ly")))


def _blanked(pattern: re.Pattern[str], words: str) -> str:
    """The words with every match blanked out, so that 'not including super' is not read as 'including super' too."""
    return pattern.sub(lambda hit: " " * len(hit.group()), words)


def _last(pattern: re.Pattern[str], words: str) -> int:
    """Where the last match starts; -1 if there is none."""
    return max((hit.start() for hit in pattern.finditer(words)), default=-1)


def merged(old: Pay, new: Pay) -> Pay:
    """The old pay with whatever the new words say."""
    money = new if not new.said_nothing else old
    return Pay(
        amount=money.amount,
        day_rate=money.day_rate,
        days=new.days if new.days is not None else old.days,
        basis=new.basis or old.basis,
        year=new.year or old.year,
        help_debt=new.help_debt or old.help_debt,
        sums=new.sums,
        said_as=money.said_as,
        bare=money.bare,
        between=money.between,
        hour_rate=money.hour_rate,
        hours=new.hours if new.hours is not None else old.hours,
        foreign=new.foreign or old.foreign,
        no_levy=new.no_levy or old.no_levy,
        currency=new.currency,
    )


def written(pay: Pay) -> str:
    """The same pay as words that `read` takes again, short enough for a button."""
    parts = []
    if pay.hour_rate is not None:
        parts.append(f"{pay.hour_rate:g}/hour")
        parts += [f"{pay.hours:g} hours"] if pay.hours is not None else []
        parts += [f"{pay.days:g} days"] if pay.days is not None else []
    elif pay.day_rate is not None:
        parts.append(f"{pay.day_rate:g}/day")
        parts += [f"{pay.days:g} days"] if pay.days is not None else []
    elif pay.amount is not None:
        parts.append(f"{pay.amount:.2f}".rstrip("0").rstrip("."))
    parts += (
        [{"plus_super": "plus super", "including_super": "including super"}[pay.basis]]
        if pay.basis
        else []
    )
    parts += [pay.year] if pay.year else []
    parts += ["help-debt"] if pay.help_debt else []
    parts += ["foreign resident"] if pay.foreign else []
    parts += ["no levy"] if pay.no_levy else []
    return " ".join(parts)
