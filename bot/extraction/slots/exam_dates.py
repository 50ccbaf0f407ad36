"""When a test was taken, as people say it: 'in march', 'this year', 'May 2025', '3 months ago'; and
whether that was before a day.

A month without a year is the last one that has passed. What words leave open stays open: 'last
year' may lie on either side.
"""

import re
from datetime import date
from typing import Final

from bot.extraction.calendar_names import MONTH, MONTHS

_MONTHS_A_YEAR: Final = 12
_DAY: Final = r"(?:(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)? )?"
DATE: Final = re.compile(
    r"\b(?:(?:back |early |late |mid[ -]?|taken |sat |done |dated ){0,4}(?:in |on |from "
    r"|since |of )?)"
    rf"(?:{_DAY}(?P<month>{MONTH})\b(?: \d{{1,2}}(?:st|nd|rd"
    r"|th)?,?(?= 20[12]\d))?,?(?: of)? ?(?P<year>20[12]\d)\b"
    rf"|(?P<number>\d{{1,2}})[/.](?P<of>20[12]\d)\b"
    r"|(?:(?<=in )|(?<=in early )|(?<=in late )|(?<=from )|(?<=of )|(?<=on )|(?<=since )"
    r"|(?<=this )|(?<=last )"
    rf"|(?<=back in )){_DAY}(?P<lately>{MONTH})\b(?! \d{{1,2}}\b(?!,? ?20))"
    rf"|(?:this|last) (?P<this>{MONTH})\b"
    r"|(?P<near>this|last) year\b|(?P<just>(?:this|last) (?:month|week|fortnight|morning)"
    r"|yesterday|today|just now|recently)\b"
    r"|(?P<ago>\d{1,2}|an?) (?P<unit>day|week|month|year|yr|mth)s? ago\b"
    r"|(?P<only>20[12]\d)\b)"
)
_UNITS: Final = {"day": 1 / 30, "week": 0.25, "month": 1, "mth": 1, "year": 12, "yr": 12}
_OF_OTHER_THINGS: Final = re.compile(
    r"\b(?:stud\w*|degree|bachelors?|masters?|phd|graduat\w*|finish\w*|born|work\w*|job"
    r"|arriv\w*|came|mov\w*|visa|since i|until|till|for)\b"
)
"""A clause with one of these dates something else than a test."""


def blanked(words: str) -> str:
    """The words with every date blanked out, letter for letter: a day of a month is no score, but
    for a number that ends a row of them: '58 60 70 77 oct 2025'.
    """
    return DATE.sub(_blank, words)


_ROW: Final = re.compile(r"\d[ /,]{1,2}\Z")
_DAY_OR_SCORE: Final = re.compile(r"\A\d{1,2}(?= )")


def _blank(hit: re.Match[str]) -> str:
    score = _DAY_OR_SCORE.match(hit[0])
    if score and _ROW.search(hit.string, max(0, hit.start() - 3), hit.start()):
        return score[0] + " " * (len(hit[0]) - len(score[0]))
    return " " * len(hit[0])


def about_the_test(words: str, start: int, end: int) -> str:
    """The clauses of a message that may say when a test was taken: its own, and those after it that
    are about nothing else. `start` and `end`: where its name stands.
    """
    before = re.split(r"[,;.\n]", words[:start])[-1]
    own, *others = re.split(r"[,;\n(]|\.(?!\d)", words[end:])
    near = [one for one in others if not _OF_OTHER_THINGS.search(one)]
    return " , ".join((before, own, *near))


def is_before(words: str, changed: date, today: date) -> bool | None:
    """Whether the day that these words name lies before `changed`; None where they name none,
    or leave it open.
    """
    found = (_side(hit, changed, today) for hit in DATE.finditer(words))
    return next((side for side in found if side is not None), None)


def _side(hit: re.Match[str], changed: date, today: date) -> bool | None:
    if hit["just"]:
        return today < changed
    if hit["ago"]:
        if hit["ago"] in ("a", "an"):
            number = 1
        else:
            number = int(hit["ago"])
        return _is_before(_months(today) - round(number * _UNITS[hit["unit"]]), changed)
    if hit["near"]:
        return _of_year(today.year - (hit["near"] == "last"), changed)
    if hit["only"]:
        return _of_year(int(hit["only"]), changed)
    if hit["number"]:
        return _is_before(int(hit["of"]) * _MONTHS_A_YEAR + int(hit["number"]), changed)
    if hit["year"]:
        return _is_before(int(hit["year"]) * _MONTHS_A_YEAR + MONTHS[hit["month"]], changed)
    month = MONTHS[hit["lately"] or hit["this"]]
    year = today.year - (month > today.month)
    return _is_before(year * _MONTHS_A_YEAR + month, changed)


def _months(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month


def _is_before(months: int, changed: date) -> bool | None:
    """A month is before or after the day; the month of the day itself says neither."""
    if months == _months(changed):
        return None
    return months < _months(changed)


def _of_year(year: int, changed: date) -> bool | None:
    if year == changed.year:
        return None
    return year < changed.year
