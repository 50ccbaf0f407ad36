"""A pay as people say it, for the sums: how much, super in or out, which year, a study loan.

Nothing is computed here.

'165k + super', '1000/day 220 days', '$8k a month incl super 2026-27 with hecs': amounts are read by
bot.extraction.amounts, the words around them here. What was not said stays None: super in or out is
asked or shown both ways, never assumed.
"""

import re
from dataclasses import dataclass, replace

from bot.calculators.take_home import Basis
from bot.core.latest_texts import of_latest
from bot.extraction.amounts import other_currency, spoken
from bot.extraction.numbers import with_digits
from bot.extraction.times.match import MOST_READ

_YEAR = re.compile(r"\b(20\d\d)\s?[-–/]\s?(?:20)?(\d\d)\b")
_SHORT_YEAR = re.compile(
    r"\bFY\s?'?(?:20)?(?P<first>\d\d)(?:\s?[-–/]\s?(?:20)?(?P<last>\d\d))?\b"
    r"|(?<![\d/.$])(?P<from>\d\d)\s?/\s?(?P<to>\d\d)(?![\d/.k])",
    re.IGNORECASE,
)
_NEAR_YEAR = re.compile(
    r"\b(?P<which>last|previous|prior|this|current|next) (?:(?:financial|fin|fiscal|tax"
    r"|income) years?|fy)\b",
    re.IGNORECASE,
)
_NEAR = {"last": "last", "previous": "last", "prior": "last", "next": "next"}
_NO_LOAN = re.compile(
    r"\b(?:no|without|minus|forget|drop|scrap|ditch|ignore|not counting)[ -](?:the |my |any )?"
    r"(?:help|hecs|(?:study|student|uni)(?= ?(?:debt|loan)))[ -]?(?:debt|loan)?\b",
    re.IGNORECASE,
)
_LOAN = re.compile(
    r"\b(?:with )?(?:help[ -]?debt|help loan|hecs(?:[ -]?(?:debt|loan))?|study[ -](?:debt"
    r"|loan)|student (?:debt|loan))\b",
    re.IGNORECASE,
)
_DEBT_FIGURE = r"\$?\d{1,3}(?:,\d{3}|\.\d)?(?:\s?(?:k|grand|thousand))?\b(?![,.]\d)"
_DEBT = re.compile(
    r"\b(?P<before>(?:owe|owing|owed|(?:hecs|help|student|study|uni)(?:[ -](?:debt|loan)){0,2}"
    r"\s(?:of|is|at|about|around|balance|still|left))(?:\s(?:of|is|at|about|around|still|like"
    r"|them|on|my|hecs)){0,3})\s"
    rf"{_DEBT_FIGURE}"
    rf"|{_DEBT_FIGURE}\s(?P<after>(?:of|in|on|left on|worth of|owing|owed|left)\s?(?:my |the )?"
    r"(?:hecs|help(?: debt| loan)?|(?:student|study|uni) (?:loan|debt)|debt|owing)\b|(?:hecs|help"
    r" debt|uni debt|student debt) owing\b|owing\b)",
    re.IGNORECASE,
)
"""What is left of a study loan is no pay: 'a hecs debt of 38k', '20k of hecs'."""
_INCLUDING = re.compile(
    r"\b(?:incl(?:uding|usive of|udes|ude|\.)?|inc\.?|with(?! hecs| help)"
    r"|inside) (?:of )?(?:the )?(?:super\w*|sg)\b|\bsuper (?:is )?(?:included|inclusive"
    r"|inside|incl\.?)(?!\w)"
    r"|\b(?:total )?package\b|\btec\b|\btrp\b|\binclusive\b",
    re.IGNORECASE,
)
_PLUS = re.compile(
    r"(?:\+|\bplus\b|\bexcl(?:uding|\.)?|\bex\b|\bbefore\b|\bwithout\b|\band\b"
    r"|\bnot including\b|\bon top of\b) ?(?:the )?(?:super\w*|sg)\b|\bsuper (?:is )?(?:on top"
    r"|extra|excluded|excl\.?)(?!\w)|\bbase\b",
    re.IGNORECASE,
)
_PER = re.compile(
    r"(?P<number>(?:\$\s{0,3})?(?<![0-9])[0-9]{1,9}(?:[, ][0-9]{2,3}){0,3}(?:\.[0-9]{1,4})?)\s{0,3}(?P<k>k\b)?\s{0,3}"
    r"(?:(?:/|\bper\b|\ban?\b|\beach\b)\s{0,3}(?P<unit>month|mth|fortnight|week|wk)"
    r"|(?P<unit2>monthly|fortnightly|weekly))\b",
    re.IGNORECASE,
)
_SPANS = {"w": "week", "f": "fortnight", "m": "month", "cm": "month"}
_SHORT_PER = re.compile(r"(?:(?<=[0-9]{3})|(?<=[0-9]k)) ?p(?P<unit>w|f|c?m)\b", re.IGNORECASE)
"""'2k pw', '5200 pcm'; no 'at 7 pm'."""
_PER_DAY = re.compile(r"\bp ?/ ?d\b|\bper diem\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"\b(?:as )?(?:an? )?(?:foreign"
    r"|non)[- ]?(?:tax[- ])?residents?(?: for tax(?: purposes)?)?(?: rates?)?\b"
    r"|\bnot (?:an? )?(?:australian )?(?:tax )?resident(?: for tax)?\b",
    re.IGNORECASE,
)
_NO_LEVY = re.compile(
    r"\b(?:no|without|minus|exempt from) (?:the )?(?:medicare(?: levy)?|levy)\b"
    r"|\b(?:medicare )?(?:levy )?exempt(?:ion)?\b",
    re.IGNORECASE,
)
_TIMES = {"m": 12, "f": 26, "w": 52}
_SUMS = re.compile(
    r"\b(?:show )?(?:the )?(?:sums?|arithmetic|working|workings|calculation)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What was said about one pay.

    AUD. `amount` is a year's; `said_as` the unit it was given in when that was no year. `bare`: a
    number that could be several things. `hour_rate`: given by the hour, `hours` of them in a paid
    day. `foreign`, `no_levy`: said to be a foreign resident, or exempt from the Medicare levy.
    `currency`: money that is not AUD.
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
    share: float | None = None
    """The part of a full year's pay that is worked: 0.6 for three days of five."""
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


@of_latest
def read(words: str) -> Pay:
    """Read one pay.

    Of several words for the same thing the last counts, so that a correction can simply be added.
    """
    words = words[:MOST_READ]
    pay = Pay(
        sums=bool(_SUMS.search(words)),
        foreign=bool(_FOREIGN.search(words)),
        no_levy=bool(_NO_LEVY.search(words)),
        currency=other_currency(words),
    )
    words = _DEBT.sub(_without_figure, with_digits(words))
    if share := _SHARE.search(words):
        pay = replace(pay, share=float(share["share"]))
    words = without_extras(_SHARE.sub(" ", words))
    words = _SHORT_PER.sub(lambda short: f" a {_SPANS[short['unit'].lower()]}", words)
    words = _PER_DAY.sub("/day", _NO_LEVY.sub(" ", _FOREIGN.sub(" ", words)))
    words = _SUPER_RATE.sub("", _in_full(words))
    if near := _NEAR_YEAR.search(words):
        pay = replace(pay, year=_NEAR.get(near["which"].lower(), "this"))
    words = _NEAR_YEAR.sub(" ", words)
    for hit in _YEAR.finditer(words):
        pay = replace(pay, year=f"{hit[1]}-{hit[2]}")
    words = _YEAR.sub(" ", words)
    without, with_loan = _last(_NO_LOAN, words), _last(_LOAN, _blank(_NO_LOAN, words))
    pay = replace(pay, help_debt=with_loan > without)
    words = _LOAN.sub(" ", _NO_LOAN.sub(" ", words))
    inside, outside = _last(_INCLUDING, _blank(_PLUS, words)), _last(_PLUS, words)
    if max(inside, outside) >= 0:
        pay = replace(pay, basis="including_super" if inside > outside else "plus_super")
    words = _SUMS.sub(" ", _PLUS.sub(" ", _INCLUDING.sub(" ", words)))
    if (per := _PER.search(words)) and _number(per) < LEAST_YEARLY:
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


def _without_figure(hit: re.Match[str]) -> str:
    """The debt's words without its figure, so that the loan stays counted."""
    return f" {hit['before'] or hit['after']} hecs "


_EXTRA = re.compile(
    r"(?<![\d,.])\$?\d[\d,.]{0,15}\s?(?:k|%|per ?cent)?\s{0,3}(?:(?:an?|of|in|the|yearly"
    r"|annual)\s{0,3}){0,4}(?:bonus\w*|commissions?|equity|shares|rsus?|stock|allowances?"
    r"|overtime|sign[- ]?on)\b",
    re.IGNORECASE,
)


_SHARE = re.compile(r"(?<![\d.])(?P<share>0?\.\d{1,4}|1\.0) ?fte\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b\d{1,3} ?(?:%|per ?cent) (?:fte|time|load|hours)\b|\bpart[- ]?time\b"
    r"|\b(?:one|two|three|four|[1-4](?:\.5)?)[- ]days?(?: ?/ ?| an? | per | each )week\b"
    r"|\b(?:four|[1-4])[- ]day weeks?\b"
    r"|\bcasual(?: loading)?\b|\b(?:on an? )?(?:whm|working holiday)(?: ?makers?)?(?: visa)?\b",
    re.IGNORECASE,
)
"""What makes another sum of the same pay: fewer hours than the pay is for,
and visas with a tax scale of their own.
"""

_SUPER_RATE = re.compile(
    r"\b(?P<rate>\d{1,2}(?:\.\d{1,2})?) ?(?:%|per ?cent) ?(?=(?:of )?(?:super\w*|sg)\b)",
    re.IGNORECASE,
)


def without_extras(words: str) -> str:
    return _BESIDE.sub(" ", _EXTRA.sub(" ", words))


def extras(words: str) -> tuple[str, ...]:
    """What was named beside the pay and is not part of the sum: '20k bonus', 'part-time'."""
    found = (hit[0].strip() for pattern in (_EXTRA, _BESIDE) for hit in pattern.finditer(words))
    return tuple(found)


def super_rates(words: str) -> tuple[float, ...]:
    """The rates of super that were named, in per cent: 15 in '120k plus 15% super'."""
    return tuple(float(hit["rate"]) for hit in _SUPER_RATE.finditer(words))


def _in_full(words: str) -> str:
    """'FY26', 'FY25-26' and '25/26' as '2025-26'.

    Two numbers that do not follow each other are no year.
    """
    return _SHORT_YEAR.sub(_year_in_full, words)


def _year_in_full(hit: re.Match[str]) -> str:
    if hit["first"] and not hit["last"]:
        closing = int(hit["first"])
        return f"20{closing - 1:02d}-{closing:02d}" if closing else hit[0]
    begun, end = hit["first"] or hit["from"], hit["last"] or hit["to"]
    return f"20{begun}-{end}" if int(end) == int(begun) + 1 else hit[0]


LEAST_YEARLY = 60_000
"""From here on 'per week' asks what is left of a year's pay in a week:
nobody is paid that much in a month.
"""


def _number(per: re.Match[str]) -> float:
    return float(re.sub(r"[$,\s]", "", per["number"])) * (1000 if per["k"] else 1)


def _by_unit(pay: Pay, per: re.Match[str]) -> Pay:
    unit = (per["unit"] or per["unit2"]).lower()
    number = _number(per)
    return replace(pay, amount=number * _TIMES[unit[0]], said_as=(number, unit.removesuffix("ly")))


def _blank(pattern: re.Pattern[str], words: str) -> str:
    """The words with every match blanked out, so that 'not including super'
    is not read as 'including super' too.
    """
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
        share=new.share if new.share is not None else old.share,
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
    parts += [f"{pay.share:g} fte"] if pay.share is not None else []
    return " ".join(parts)
