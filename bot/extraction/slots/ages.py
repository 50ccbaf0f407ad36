"""Ages and dates of birth, and what they make on a day."""

import re
from datetime import date

from bot.calculators.points import OLDEST, age_on
from bot.extraction import other_units
from bot.extraction.calendar_names import MONTH, MONTHS
from bot.extraction.slots.lines import Ambiguity, Line, Read

_BORN = r"(?:\b(?:i was |was )?(?:born|dob|date of birth|birthday)\b\W{0,3}(?:is |on |in )*)"
_DAYS = (
    re.compile(rf"{_BORN}?\b(?P<year>19\d\d|20[01]\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)\b"),
    re.compile(
        rf"{_BORN}?\b(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.](?P<year>19\d\d|20[01]\d|\d\d)\b"
    ),
    re.compile(
        rf"{_BORN}?\b(?P<day>\d\d?)(?:st|nd|rd"
        rf"|th)?(?: of)? (?P<month>{MONTH})\b,? (?P<year>19\d\d|20[01]\d)\b"
    ),
    re.compile(
        rf"{_BORN}?\b(?P<month>{MONTH}) (?P<day>\d\d?)(?:st|nd|rd|th)?,? (?P<year>19\d\d"
        r"|20[01]\d)\b"
    ),
)
_BORN_IN = re.compile(rf"{_BORN}(?:(?:{MONTH}),? )?(?P<year>19\d\d|20[01]\d)\b")
_AGE_SAID = (
    re.compile(r"\b(?P<age>[1-9]\d) ?(?:right |as of )?now\b"),
    re.compile(
        r"\b(?:im|i m|i am|age|aged|my age is|age is|age of|turned|be|at) (?:about |now "
        r"|currently |only |already )?(?P<age>\d{1,3})\b(?! ?(?:year|yr|month|k|hour|point"
        r"|%))"
    ),
    re.compile(r"\b(?P<age>\d{1,3}) ?-?(?:years?|yrs?|y)[ -]?(?:old|o\b)"),
    re.compile(r"\b(?P<age>\d{1,3}) ?(?:yo|y/o|y\.o)\b"),
    re.compile(
        r"^(?:(?:hi|hey|hello|so|ok|me)[ ,:.]{1,3}){0,2}(?P<age>2[2-9]|[3-5]\d) ?(?:years?|yrs?)"
        r" ?(?=[,;.])"
    ),
    re.compile(
        r"^(?:(?:hi|hey|hello|so|ok|me)[ ,:.]{1,3}){0,2}(?:i have|have) (?P<age>2[2-9]|[3-6]\d)"
        r" (?:years?|yrs?)(?=[,;.]|$| and\b)"
    ),
    re.compile(
        r"\b(?P<age>1[89]|[2-6]\d) (?:age|nako|na ko|na ako|anyos|taon(?: na)? ako)\b"
        r"(?! (?:next|in|on|by|this|sa)\b)"
    ),
    re.compile(
        r"(?:^|[,;:]|[.!?](?= )|\b(?:hi|hey|hello|and me)\b|\bprofile\b|\bsituation\b:?) ?(?P<age>1[89]|[2-5]\d) ?"
        r"(?=[,;]|\.(?!\d)|$|(?:male|female|m|f)\b)"
    ),
)
_AGE_ALONE = re.compile(
    r"^(?:about |around |nearly |almost )?(?P<age>\d{1,3})(?: ?(?:years?|yrs?))?$"
)
_TO_COME = re.compile(
    rf"(?<!turned )\b\d{{2}} (?:next (?:month|week|year|{MONTH})|soon|in (?:a few|{MONTH}"
    r"|\d{1,2} (?:days?|weeks?|months?))|on (?:mon|tue|wed|thu|fri|sat|sun)\w{0,6}"
    r"|tomorrow)\b"
)
"""'Im 45 next month': the age that somebody does not have yet."""
YOUNGEST_HEARD = 14


def age(key: str, text: Line, *, direct: bool) -> Read:
    """A date of birth (kept as '1992-03-14'), or years with the day they
    were said on ('34 on 2026-11-21').
    """
    for pattern in _DAYS:
        if (hit := pattern.search(text.words)) and (
            direct or hit[0].startswith(("born", "dob", "date", "birth", "i was", "was"))
        ):
            return _born(key, hit, text.today), text.without(hit)
    if hit := _BORN_IN.search(text.words):
        return _born_in(key, int(hit["year"]), text.today), text.without(hit)
    if direct and (hit := _AGE_ALONE.match(text.words)):
        return _years_old(key, int(hit["age"]), text.today), text.without(hit)
    words = _TO_COME.sub(" ", other_units.for_years(text.words))
    for pattern in _AGE_SAID:
        if hit := pattern.search(words):
            return _years_old(key, int(hit["age"]), text.today), text.without(hit)
    return None, text


def _born(key: str, hit: re.Match[str], today: date) -> str | Ambiguity:
    month = hit["month"]
    try:
        born = date(
            _whole_year(int(hit["year"]), today),
            int(month) if month.isdigit() else MONTHS[month],
            int(hit["day"]),
        )
    except ValueError:
        return Ambiguity(question=key, phrase="doubt_no_such_day", values={"said": hit[0].strip()})
    age = age_on(born, today)
    if not YOUNGEST_HEARD <= age <= OLDEST:
        return Ambiguity(question=key, phrase="doubt_age", values={"said": age})
    return born.isoformat()


def _whole_year(year: int, today: date) -> int:
    """'92' is 1992, '07' is 2007: the last year in which somebody was born who is old enough."""
    if year >= 100:
        return year
    if 2000 + year <= today.year - YOUNGEST_HEARD:
        return 2000 + year
    return 1900 + year


def _born_in(key: str, year: int, today: date) -> Ambiguity:
    ages = (today.year - year - 1, today.year - year)
    offers = tuple((str(age), str(age)) for age in ages)
    return Ambiguity(
        question=key,
        phrase="doubt_birth_year",
        values={"year": year, "younger": ages[0], "older": ages[1]},
        offers=offers,
    )


def _years_old(key: str, age: int, today: date) -> str | Ambiguity:
    if not YOUNGEST_HEARD <= age <= OLDEST:
        return Ambiguity(question=key, phrase="doubt_age", values={"said": age})
    return f"{age} on {today.isoformat()}"


def age_of(answer: str, day: date) -> tuple[int, int]:
    """The least and the greatest age that an answer allows on a day: '1992-03-14', '34 on
    2026-11-21', '25-32', '45+'.
    """
    if " on " in answer:
        years, _, said_on = answer.partition(" on ")
        since = date.fromisoformat(said_on)
        passed = max(0, age_on(since, day))
        return int(years) + passed, int(years) + passed + (day != since)
    if answer.endswith("+"):
        return int(answer[:-1]), OLDEST
    if len(answer) == len("1992-03-14"):
        age = age_on(date.fromisoformat(answer), day)
        return age, age
    low, _, high = answer.partition("-")
    return int(low), int(high or low)


def born_on(answer: str) -> date | None:
    """The date of birth, if the answer is one."""
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None
