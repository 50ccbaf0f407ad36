"""Numbers that count something else than what a reader is after: '15 points', 'step 4', '3rd', '12
months', 'IELTS 7', 'the 189', '2025'.

A reader of years, ages or pay blanks them first, letter for letter, so that places in the text
stay. The only table of such units.
"""

import re
from collections.abc import Callable
from typing import Final

_NUMBER: Final = r"(?<![\d.])\d{1,6}(?:\.\d+)?"
_COUNTED: Final = "|".join(
    """
    points? pts marks? % percent per\\scent steps? minutes? mins? weeks? wks? fortnights? bands? visas?
    people kids? children interviews? applications? replies rejections? units? questions? tasks?
    times? floors? stars? emails? rounds? credits? subjects? papers? pages? repos? projects? models?
    certs? certificates? languages? invites? invitations? km kms kilos? cents? countries cities
    hrs? hours? bedrooms? colleagues? bosses offers? codes? rows? tests? exams?
    """.split()
)
_LED: Final = "|".join(
    """
    steps? units? questions? q weeks? wk levels? bands? grades? stages? class subclass visas?
    chapters? modules? options? sections? rounds? pages? versions? clause items? schedules? forms?
    phases? blocks? checkpoints? el aps episodes? parts?
    """.split()
)
_SKILL: Final = r"(?:listening|reading|writing|speaking)"
_EITHER: Final = re.compile(
    rf"{_NUMBER}(?:st|nd|rd|th)\b"
    rf"|{_NUMBER}[ -]?(?:%|(?:{_COUNTED})\b)"
    rf"|\b(?:{_LED}) ?#?\d{{1,2}}\b(?! ?(?:years?|yrs?|months?|k)\b|[,.]\d|[-–]\d)"
    r"|(?<![\d.$,])(?:19[5-9]\d|20[0-4]\d)\b(?! ?(?:k\b|a\b|per\b|/))"
    r"|(?<![\d.])\d{1,2}(?::\d{2}(?: ?[ap]m)?|(?:\.\d{2})? ?[ap]m)\b",
    re.IGNORECASE,
)
_OF_THREE: Final = re.compile(r"(?<![\d.$,])[1-9]\d\ds?\b(?![,.]\d)")
"""A visa, mostly: nobody is as old.

In talk of pay '190' may be 190,000, so that is read without these.
"""
_SCORED: Final = re.compile(
    rf"\b{_SKILL}\b(?:[ :=]{{1,3}}(?:score|was|is|came|back|at|now|only|just|a|an|of|to|got"
    rf"|went|up|down|should|be)){{0,6}}[ :=]{{1,3}}{_NUMBER}"
    rf"|{_NUMBER} ?(?:in |for |on )?{_SKILL}\b",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(
    r"(?:a?\$|aud) ?\d[\d,.]{0,12}(?: ?k\b)?|(?<![\d.])\d[\d,.]{0,12} ?(?:k|grand|dollars|bucks)\b",
    re.IGNORECASE,
)
_DAYS: Final = re.compile(rf"{_NUMBER}[ -]?days?\b(?! old)", re.IGNORECASE)
_MONTHS: Final = re.compile(
    rf"{_NUMBER}[ -]?(?:months?|mths?|mos?)\b(?![ -]?(?:old|exp))", re.IGNORECASE
)
_STUDY: Final = re.compile(
    rf"{_NUMBER}[ -]?(?:years?|yrs?|yr|y)(?: of)?(?: full[ -]?time)? (?:study|studies|courses?|degrees?"
    r"|masters?|bachelors?|diplomas?|program(?:me)?s?|phd|uni|university|college)\b",
    re.IGNORECASE,
)
"""The length of a degree is none of work."""
_DATES: Final = re.compile(
    r"\b\d{1,2} (?:of )?(?:jan|feb|march|mar|april|apr|may|june|jun|july|jul|aug|sep|sept|oct"
    r"|nov|dec)[a-z]*\b"
    r"|\b(?:jan|feb|march|mar|april|apr|june|jun|july|jul|aug|sep|sept|oct|nov"
    r"|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?\b(?!\d)",
    re.IGNORECASE,
)


def _blank(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: pattern.sub(lambda hit: " " * len(hit[0]), text)


def for_years(text: str) -> str:
    """The text without numbers that can be neither years of work nor an age."""
    for pattern in (_SCORED, _EITHER, _OF_THREE, _MONEY, _DATES, _DAYS, _STUDY):
        text = _blank(pattern)(text)
    return text


def for_pay(text: str) -> str:
    """The text without numbers that can be no pay: lengths of a contract, points, scores, dates."""
    for pattern in (_SCORED, _EITHER, _MONTHS, _DATES):
        text = _blank(pattern)(text)
    return text
