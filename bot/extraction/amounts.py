"""Pay as people type it: '145k', '$145,000 a year', '1200/day', '80/hour', '220 days', '4 years',
'3-6 yrs', '120-140k'.

Only what a number says by itself is read here. One without a unit stays `bare`: the answer asks,
because a figure that was guessed looks exactly like one that was said.
"""

import re
from dataclasses import dataclass

from bot.core.latest_texts import of_latest
from bot.extraction import other_units
from bot.extraction.numbers import with_digits
from bot.extraction.times.match import MOST_READ

_SIGN = r"(?:(?:(?<=\s)|^)(?P<sign>[-−]))?"
_NUMBER = (
    _SIGN + r"(?:(?:aud|au\$|a\$"
    r"|\$)\s{0,3})?(?P<number>(?<![0-9])[0-9]{1,3}(?:[, ][0-9]{3}){1,3}(?![0-9])(?:\.[0-9]{1,4})?"
    r"|(?<![0-9])[0-9]{1,2}(?:,[0-9]{2}){1,2},[0-9]{3}(?![0-9])"
    r"|(?<![0-9])[0-9]{1,12}(?![0-9])(?:\.[0-9]{1,4})?)"
)
"""At most twelve digits: longer ones are no pay, and would not fit a float.

'1,65,000' is how India writes 165,000.
"""
_DIGIT = re.compile("[0-9]")
_THOUSANDS = r"\s{0,3}(?P<k>k\b|grand\b|thousand\b)?\s{0,3}(?:aud\b|dollars?\b)?"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_DAY_RATE = _pattern(
    _NUMBER,
    _THOUSANDS,
    r"\s{0,3}(?:/|\bper\b|\ban?\b|\beach\b|\bp(?=d\b))?\s{0,3}(?:day\b|daily\b"
    r"|d\b)(?:\s{1,3}rate\b)?",
)
_HOUR_RATE = _pattern(
    _NUMBER,
    r"\s{0,3}(?:aud\b|dollars?\b|bucks\b)?\s{0,3}(?:(?:/|\bper\b|\ban\b"
    r"|\beach\b)\s{0,3}(?:hours?\b|hrs?\b|h\b)|hourly\b|p/?hr?\b)(?:\s{1,3}rate\b)?",
)
_DAY_HOURS = _pattern(
    r"(?<![0-9.])(?P<number>[0-9]{1,2}(?:\.[0-9]+)?)\s{0,3}-?\s{0,3}(?:hours?|hrs?"
    r"|h)\b(?:\s{0,3}(?:/|\bper\b|\ban?\b|\bin a\b)?\s{0,3}days?\b)?(?P<sign>)"
)
_AMOUNT_SPAN = _pattern(
    r"(?:aud|au\$|a\$|\$)?\s{0,3}(?<![0-9.,])(?P<low>[0-9]{1,3}(?:,[0-9]{3})"
    r"|[0-9]{2,6})\s{0,3}(?P<low_k>k\b)?\s{0,3}(?:-|–|\bto\b)\s{0,3}"
    r"(?:aud|au\$|a\$|\$)?\s{0,3}(?P<high>[0-9]{1,3}(?:,[0-9]{3})"
    r"|[0-9]{2,6})(?![0-9])\s{0,3}(?P<high_k>k\b)?"
)
_PAID_DAYS = _pattern(
    _NUMBER, r"\s{0,3}(?:paid |billable |working )?days\b(?:\s{0,3}(?:/|per|an?)\s{0,3}year\b)?"
)
_SPAN_OF_YEARS = _pattern(
    r"(?<![0-9.])(?P<low>[0-9]{1,3}(?:\.[0-9]+)?)\s{0,3}(?:-|–"
    r"|\bto\b)\s{0,3}(?P<high>[0-9]{1,3}(?:\.[0-9]+)?)\s{0,3}(?:years?|yrs?|yoe"
    r"|y)\b(?:\s{1,3}(?:of\s{1,3})?exp\w*)?"
)
_YEARS = _pattern(
    _NUMBER, r"\s{0,3}\+?\s{0,3}(?:years?|yrs?|yoe|y)\b(?:\s{1,3}(?:of\s{1,3})?exp\w*)?"
)
_MONTHS = _pattern(
    _NUMBER,
    r"\s{0,3}\+?\s{0,3}(?:months?|mths?)\b(?=\s{0,3}$|\s{1,3}(?:of\s{1,3})?(?:exp|work|ml"
    r"|in\b|as\b))(?:\s{1,3}(?:of\s{1,3})?exp\w*)?",
)
_AMOUNT = _pattern(
    _NUMBER,
    _THOUSANDS,
    r"(?P<year>\s{0,3}(?:/|\bper\b|\ban?\b)?\s{0,3}(?:year|yr|annum|p\.?a\b\.?))?",
)

_ELSEWHERE = re.compile(
    r"\b(?:usd|us\$|us dollars?|eur|euros?|gbp|pounds|quid|nzd|nz\$|sgd|cad|inr|rupees?|lakhs?"
    r"|lacs?|lpa|crores?|yen|rmb|yuan|pesos?|php|ringgits?|myr|naira|ngn|dirhams?|aed|taka|bdt|pkr"
    r"|lkr|npr|rupiahs?|idr|baht|vnd|dong|zar|rands|reais|brl|zloty|pln|hkd|krona|riyals?|sar)"
    r"(?![a-z])|[€£₹¥]",
    re.IGNORECASE,
)

LEAST_YEARLY = 10_000
"""A number below this, without a unit, is no yearly pay: it could be years,
thousands or a day rate.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The numbers of a text by their unit, AUD and years; `rest` is the text without them."""

    amount: float | None = None
    between: tuple[float, float] | None = None
    """A span of yearly pay, '120-140k': nothing is worked out for it, one figure is asked for."""
    day_rate: float | None = None
    hour_rate: float | None = None
    day_hours: float | None = None
    """Hours in a paid day, where an hourly rate was said."""
    paid_days: float | None = None
    years: tuple[float, float] | None = None
    """From, to; the same twice for a single number."""
    bare: float | None = None
    rest: str = ""


@of_latest
def spoken(text: str) -> Spoken:
    """Each kind of number at most once, the clearest unit first."""
    text = with_digits(text[:MOST_READ])
    if not _DIGIT.search(text):
        return Spoken(rest=text)
    hour_rate, text = _take(_HOUR_RATE, text)
    day_hours, text = _take(_DAY_HOURS, text) if hour_rate else (None, text)
    day_rate, text = _take(_DAY_RATE, text)
    paid_days, text = _take(_PAID_DAYS, text)
    span, text = _take(_SPAN_OF_YEARS, text)
    single, text = _take(_YEARS, text)
    months, text = (None, text) if single else _take(_MONTHS, text)
    text = other_units.for_pay(text)
    between, text = _between(text)
    amount, text = _take(_AMOUNT, text)
    yearly = _value(amount)
    is_yearly = amount is not None and _is_yearly(amount)
    return Spoken(
        amount=yearly if is_yearly else None,
        between=between,
        bare=None if is_yearly else yearly,
        day_rate=_value(day_rate),
        hour_rate=_value(hour_rate),
        day_hours=_value(day_hours),
        paid_days=_value(paid_days),
        years=_span(span) or _twice(_value(single)) or _twice(_in_years(_value(months))),
        rest=text,
    )


def _is_yearly(hit: re.Match[str]) -> bool:
    """Whether an amount can only be a year's: by its size, or by what stands beside it."""
    return bool(hit["k"] or hit["year"] or abs(_value(hit) or 0) >= LEAST_YEARLY)


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """The first match, and the text without it."""
    hit = pattern.search(text)
    if hit:
        return (hit, f"{text[: hit.start()]} {text[hit.end() :]}")
    return (None, text)


def _value(hit: re.Match[str] | None) -> float | None:
    if hit is None:
        return None
    value = float(re.sub("[, ]", "", hit["number"])) * (1000 if hit.groupdict().get("k") else 1)
    if hit["sign"]:
        return -value
    return value


def _between(text: str) -> tuple[tuple[float, float] | None, str]:
    """A span of yearly pay: both ends large enough for one, or marked with a k at the end."""
    hit = _AMOUNT_SPAN.search(text)
    if hit is None:
        return None, text
    low, high = (float(hit[end].replace(",", "")) for end in ("low", "high"))
    low *= 1000 if hit["low_k"] or (hit["high_k"] and low < 1000) else 1
    high *= 1000 if hit["high_k"] else 1
    if not LEAST_YEARLY <= low < high:
        return None, text
    return (low, high), f"{text[: hit.start()]} {text[hit.end() :]}"


def apart(text: str) -> tuple[str, ...]:
    """A text that names two pays with nothing between them, in two: '150k 900/day',
    '150k + super 165k'. Otherwise whole.
    """
    text = with_digits(text[:MOST_READ])
    rate = _DAY_RATE.search(text) or _HOUR_RATE.search(text)
    around = _blank(text, rate) if rate else text
    for days in _PAID_DAYS.finditer(around):
        around = _blank(around, days)
    yearly = [hit.start() for hit in _AMOUNT.finditer(around) if _is_yearly(hit)]
    starts = sorted([*yearly, *([rate.start()] if rate else [])])
    if len(starts) == 2:
        return (text[: starts[1]], text[starts[1] :])
    return (text,)


def _blank(text: str, hit: re.Match[str]) -> str:
    return text[: hit.start()] + "#" * (hit.end() - hit.start()) + text[hit.end() :]


def other_currency(text: str) -> str:
    """The sign or name of money that is not Australian, as written; empty without any."""
    hit = _ELSEWHERE.search(text)
    return hit[0] if hit else ""


def _in_years(months: float | None) -> float | None:
    if months is None:
        return None
    return round(months / 12, 2)


def _span(hit: re.Match[str] | None) -> tuple[float, float] | None:
    if not hit:
        return None
    return (float(hit["low"]), float(hit["high"]))


def _twice(value: float | None) -> tuple[float, float] | None:
    if value is None:
        return None
    return (value, value)
