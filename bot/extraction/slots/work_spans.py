"""Stretches of work told by their dates: 'working here since March 2024', 'dev in Pune 2019 to
2022'.

They are put into years before the years are read, so that one reader of years is enough. A stretch
in a clause about study stays as it is, and so does one beside a number of years.
"""

import re
from datetime import date
from typing import Final

from bot.extraction.calendar_names import MONTH, MONTHS
from bot.extraction.slots.work_years import has_study_alone

_MONTHS_A_YEAR: Final = 12
_ABOUT: Final = r"(?:about |around |early |late |mid )?"
_START: Final = rf"(?:(?P<month>{MONTH}) ?)?(?P<year>20[0-2]\d)\b"
_OPEN_START: Final = rf"(?:(?P<since_month>{MONTH}) ?)?(?P<since_year>20[0-2]\d)\b"
_END: Final = (
    rf"(?:(?:(?P<last_month>{MONTH}) ?)?(?P<last_year>20[0-2]\d)\b"
    r"|(?:now|present|today|date|current)\b)"
)
_SPAN: Final = re.compile(
    rf"\b(?:(?:since|from|between) )?{_ABOUT}{_START} ?(?:-|to|till|til|until|through"
    rf"|and) ?{_END}|\b(?:since|from) {_ABOUT}{_OPEN_START}"
)
_WORK: Final = re.compile(
    r"\b(?:work|works|worked|working|employed|employment|full[ -]?time|jobs?|experience|exp"
    r"|as an? \w{2,20}|dev|devs|developers?|engineers?|analysts?|scientists?|programmers?"
    r"|consultants?|qa|testers?|role)\b"
)
_UNPAID: Final = re.compile(r"\b(?:unpaid|volunteer\w*|intern\w*|not paid)\b")
_YEARS: Final = re.compile(r"\d ?\+? ?(?:years?|yrs?|y|months?|mths?|mos?)\b")
_CLAUSES: Final = re.compile(r"([;,\n]|\.(?!\d))")


_WITH_MONTHS: Final = re.compile(
    r"(?<![\d.])(?P<years>\d{1,2}) ?(?:years?|yrs?|yr|y)(?: and|,| &)? ?(?P<months>\d{1,2}) ?"
    r"(?:months?|mths?|mos?|m)\b(?! old)"
)
"""'1 year 4 months': one length in two numbers."""


def in_years(words: str, today: date) -> str:
    """The line with each stretch of work written as its years, and all else as it was."""
    words = _WITH_MONTHS.sub(_joined, words)
    if _SPAN.search(words) is None:
        return words
    return "".join(_clause(part, today) for part in _CLAUSES.split(words))


def _joined(hit: re.Match[str]) -> str:
    return f"{_in_tenths(int(hit['years']) * _MONTHS_A_YEAR + int(hit['months']))} years"


def _clause(part: str, today: date) -> str:
    is_work = bool(_WORK.search(part)) and not has_study_alone(part)
    if not is_work or _UNPAID.search(part) or _YEARS.search(part):
        return part
    return _SPAN.sub(lambda hit: _length(hit, today), part, count=1)


def _length(hit: re.Match[str], today: date) -> str:
    now = today.year * _MONTHS_A_YEAR + today.month
    if hit["since_year"]:
        start, end = _month(hit["since_month"], hit["since_year"]), now
        is_by_year = not hit["since_month"]
    else:
        start = _month(hit["month"], hit["year"])
        end = _month(hit["last_month"], hit["last_year"]) if hit["last_year"] else now
        is_by_year = not hit["month"]
    if is_by_year and end == now:
        end = _month(None, str(today.year))  # of a year alone nobody knows the month
    if end < start:
        return hit[0]
    return f"{_in_tenths(end - start)} years"


def _month(name: str | None, year: str) -> int:
    return int(year) * _MONTHS_A_YEAR + (MONTHS[name] if name else 1)


def _in_tenths(months: int) -> str:
    """Years with one decimal, never more than has passed."""
    return f"{months * 10 // _MONTHS_A_YEAR / 10:g}"
