"""Pay as people type it: '145k', '$145,000 a year', '1200/day', '220 days', '4 years', '3-6 yrs'.

Only what a number says by itself is read here. One without a unit stays `bare`: the answer asks, because a figure that was
guessed looks exactly like one that was said.
"""

import re
from dataclasses import dataclass

_SIGN = r"(?:(?:(?<=\s)|^)(?P<sign>[-−]))?"
_NUMBER = (
    _SIGN
    + r"(?:aud|au\$|a\$|\$)?\s*(?P<number>[0-9]{1,3}(?:[, ][0-9]{3}){1,3}(?![0-9])(?:\.[0-9]+)?|(?<![0-9])[0-9]{1,12}(?![0-9])(?:\.[0-9]+)?)"
)
"""At most twelve digits: longer ones are no pay, and would not fit a float."""
_THOUSANDS = r"\s*(?P<k>k\b|grand\b|thousand\b)?\s*(?:aud\b|dollars?\b)?"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_DAY_RATE = _pattern(_NUMBER, _THOUSANDS, r"\s*(?:/|\bper\b|\ban?\b|\beach\b|\bp(?=d\b))?\s*(?:day\b|daily\b|d\b)(?:\s+rate\b)?")
_PAID_DAYS = _pattern(_NUMBER, r"\s*(?:paid |billable |working )?days\b(?:\s*(?:/|per|an?)\s*year\b)?")
_SPAN_OF_YEARS = _pattern(
    r"(?<![0-9.])(?P<low>[0-9]{1,3}(?:\.[0-9]+)?)\s*(?:-|–|\bto\b)\s*(?P<high>[0-9]{1,3}(?:\.[0-9]+)?)\s*(?:years?|yrs?|yoe|y)\b(?:\s+(?:of\s+)?exp\w*)?"
)
_YEARS = _pattern(_NUMBER, r"\s*\+?\s*(?:years?|yrs?|yoe|y)\b(?:\s+(?:of\s+)?exp\w*)?")
_AMOUNT = _pattern(_NUMBER, _THOUSANDS, r"(?P<year>\s*(?:/|\bper\b|\ban?\b)?\s*(?:year|yr|annum|p\.?a\b\.?))?")

LEAST_YEARLY = 10_000
"""A number below this, without a unit, is no yearly pay: it could be years, thousands or a day rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The numbers of a text by their unit, AUD and years; `rest` is the text without them."""

    amount: float | None = None
    day_rate: float | None = None
    paid_days: float | None = None
    years: tuple[float, float] | None = None
    """From, to; the same twice for a single number."""
    bare: float | None = None
    rest: str = ""


def spoken(text: str) -> Spoken:
    """Each kind of number at most once, the clearest unit first."""
    day_rate, text = _take(_DAY_RATE, text)
    paid_days, text = _take(_PAID_DAYS, text)
    span, text = _take(_SPAN_OF_YEARS, text)
    single, text = _take(_YEARS, text)
    amount, text = _take(_AMOUNT, text)
    yearly = _value(amount)
    is_yearly = amount is not None and yearly is not None and bool(amount["k"] or amount["year"] or abs(yearly) >= LEAST_YEARLY)
    return Spoken(
        amount=yearly if is_yearly else None,
        bare=None if is_yearly else yearly,
        day_rate=_value(day_rate),
        paid_days=_value(paid_days),
        years=_span(span) or _twice(_value(single)),
        rest=text,
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """The first match, and the text without it."""
    hit = pattern.search(text)
    return (hit, f"{text[: hit.start()]} {text[hit.end() :]}") if hit else (None, text)


def _value(hit: re.Match[str] | None) -> float | None:
    if hit is None:
        return None
    value = float(re.sub("[, ]", "", hit["number"])) * (1000 if hit.groupdict().get("k") else 1)
    return -value if hit["sign"] else value


def _span(hit: re.Match[str] | None) -> tuple[float, float] | None:
    return (float(hit["low"]), float(hit["high"])) if hit else None


def _twice(value: float | None) -> tuple[float, float] | None:
    return None if value is None else (value, value)
