"""Years of work, and which side of the border they were on."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.extraction import other_units
from bot.extraction.numbers import value_of
from bot.extraction.slots.choices import NO
from bot.extraction.slots.lines import Ambiguity, Line, Read, find
from content.content import Content
from content.dialog import Question

_QUANTITY = r"(?P<number>\d+(?:\.\d+)?|\b(?:one|an?)\b)(?P<half> and a half)?"
_UNIT = r"(?P<unit>\+? ?(?:years?|yrs?|yr|y|months?|mths?|mos?)\b)"
_YEARS_SAID = re.compile(
    rf"(?<![\d.])(?P<minus>[-−])?{_QUANTITY}(?:\+? ?{_UNIT})?(?P<half_after> and a half)?"
)
_CLAUSES = re.compile(r"[;,\n]|\.(?!\d)|\band\b(?! a half)|&|\bplus\b|\bthen\b")
_ZERO = re.compile(r"\b(?:no|none|zero|never|nil|not|havent|nothing)\b")
_SPAN = re.compile(r"^\d+(?:\.\d+)? ?(?:-|to) ?\d")
_STARTS_WITH_YEARS = re.compile(
    r"^\W{0,9}(?:(?:i have|ive got|ive|i did|have|about|around|i|worked|working|been|did"
    r"|experience|exp) ){0,6}\d"
)
_NEXT_YEARS = re.compile(
    r" (?=\d{1,2}(?:\.\d{1,2})?\+? ?(?:(?:more |other )?(?:years?|yrs?)|in|at|here|overseas"
    r"|abroad)\b)"
)
"""'8 years overseas 2 years australia': where it begins with years,
each further one opens a clause.
"""
MOST_WORK_YEARS = 60
MOST_CLAUSES = 40
"""A message of more parts is no list of jobs; what comes after is read as one."""


_OF_ANOTHER: Final = re.compile(
    r"\b(?:citizens?|pr|permanent|residents?|partner|wife|husband|spouse|single|married|visa"
    r"|degree|listening|speaking|reading|writing|bands?|english|ielts|pte|toefl|points?)\b"
)
"""Words of other questions: 'not a citizen' is no 'no years', 'reading was 6' are no six years."""


def years(key: str, line: str) -> str | Ambiguity | None:
    line = other_units.for_years(line).strip()
    if _OF_ANOTHER.search(line):
        return None
    hits = [
        hit for hit in _YEARS_SAID.finditer(line) if hit["number"] not in ("a", "an") or hit["unit"]
    ]
    if _SPAN.match(line):
        return Ambiguity(question=key, phrase="doubt_one_number", values={"said": line})
    if len(hits) == 1:
        return _work_years(key, hits[0])
    if not hits and (_ZERO.search(line) or line in NO):
        return "0"
    return None


def _work_years(key: str, hit: re.Match[str]) -> str | Ambiguity:
    number = value_of(hit["number"]) + (0.5 if hit["half"] or hit["half_after"] else 0)
    if (hit["unit"] or "").strip("+ ").startswith("m"):
        number /= 12
    if hit["minus"]:
        return Ambiguity(
            question=key, phrase="doubt_negative_years", values={"said": hit[0].strip()}
        )
    if number > MOST_WORK_YEARS:
        return Ambiguity(question=key, phrase="doubt_many_years", values={"said": f"{number:g}"})
    return f"{number:.2f}".rstrip("0").rstrip(".")


_STUDIED = re.compile(
    r"\b(?:coursework|masters?|bachelors?|phd|degree|diploma|course|study|studied)\b"
)
_WORKED = re.compile(r"\b(?:work|worked|working|job|employed|experience)\b")
"""Years of a degree are no years of work, unless the clause speaks of work as well."""


def has_study_alone(clause: str) -> bool:
    """Whether a clause tells of study and not of work: the years in it are a degree's."""
    return bool(_STUDIED.search(clause)) and not _WORKED.search(clause)


def scanned(content: Content, question: Question, text: Line) -> Read:
    """A clause that has a number, or a no, beside this question's own words
    or a place on its side of the border; years in several places are added up.
    """
    key = next(name for name, known in content.questions.items() if known is question)
    clauses = _cut(text.words, other_units.for_years(text.words))
    for at, clause in enumerate(clauses):
        if not _tells(content, question, _with_there(clauses, at)):
            continue
        hits = _hits(clause)
        if len(hits) == 1:
            told = _work_years(key, hits[0])
            return _with_other_places(content, question, (told, clause), _Rest(clauses, at), text)
        if not hits and _ZERO.search(clause):
            return "0", _Rest(clauses, at).without(at, on=text)
    return None, text


_THERE: Final = re.compile(r"\bthere\b")


def _with_there(clauses: tuple[str, ...], at: int) -> str:
    """The clause, with the one before it where it points back: 'BSc in Dhaka and 4 years there'."""
    clause = clauses[at]
    if at and _THERE.search(clause) and not _hits(clauses[at - 1]):
        return f"{clauses[at - 1]} {clause}"
    return clause


@dataclass(frozen=True, slots=True)
class _Rest:
    """The clauses of a line without what is no year, and the one that told years first."""

    clauses: tuple[str, ...]
    at: int

    def without(self, *taken: int, on: Line) -> Line:
        kept = (" ; " if at in taken else one for at, one in enumerate(_cut(on.words, on.words)))
        return Line("".join(kept), on.today)


def _cut(words: str, whole: str) -> tuple[str, ...]:
    """The clauses of a line, or of the same line with some of its numbers blanked."""
    return tuple(whole[start:end] for start, end in pairwise((0, *_clause_ends(words))))


def _hits(clause: str) -> list[re.Match[str]]:
    return [
        hit
        for hit in _YEARS_SAID.finditer(clause)
        if hit["number"] not in ("a", "an") or hit["unit"]
    ]


def _tells(content: Content, question: Question, clause: str) -> bool:
    """Whether the years in this clause, or the no, are of this question's work."""
    is_work = bool(_WORKED.search(clause)) or not _STUDIED.search(clause)
    is_told = is_work and bool(_hits(clause) or _ZERO.search(clause))
    return is_told and _is_about(content, question, clause)


_WITHIN: Final = re.compile(r"\b(?:of (?:that|it|which|them|those)|total|altogether|in all)\b")
"""Years that are a part, or the whole, of those before them."""


def _with_other_places(
    content: Content,
    question: Question,
    first: tuple[str | Ambiguity, str],
    rest: _Rest,
    text: Line,
) -> Read:
    """'3 years in Lagos and 4 in Berlin': the years of each further place on the same side."""
    told, clause = first
    places = _places(content, question, clause)
    if not isinstance(told, str) or not places or _WITHIN.search(clause):
        return told, rest.without(rest.at, on=text)
    taken, years_told = [rest.at], float(told)
    for at, other in enumerate(rest.clauses[rest.at + 1 :], start=rest.at + 1):
        new, hits = _places(content, question, other) - places, _hits(other)
        more = _work_years("", hits[0]) if len(hits) == 1 else None
        is_more = bool(new) and not _WITHIN.search(other) and _tells(content, question, other)
        if is_more and isinstance(more, str):
            places, years_told = places | new, years_told + float(more)
            taken.append(at)
    return f"{years_told:.2f}".rstrip("0").rstrip("."), rest.without(*taken, on=text)


def _places(content: Content, question: Question, clause: str) -> frozenset[str]:
    """The places on the question's side of the border that a clause names."""
    named = (one for one in question.mentions if one not in _ANYWHERE)
    names = (*named, *content.place_names.get(question.where or "", ()))
    return frozenset(one for one in names if one in clause and find(one, clause))


_ANYWHERE: Final = frozenset(
    """
    overseas abroad offshore elsewhere here onshore local locally australia australian aus aussie
    """.split()
) | {"back home", "outside australia", "outside of australia", "down under"}
"""Words for a whole side of the border, which hold the places on it."""


def _clause_ends(words: str) -> tuple[int, ...]:
    breaks = {hit.start() for hit in _CLAUSES.finditer(words)}
    if _STARTS_WITH_YEARS.match(words):
        breaks |= {hit.start() for hit in _NEXT_YEARS.finditer(words)}
    return (*sorted(breaks)[:MOST_CLAUSES], len(words))


def _is_about(content: Content, question: Question, clause: str) -> bool:
    """Whether a clause has one of the question's words, or a place on its side of the border."""
    is_away = any(find(other, clause) for other in ("outside", "not in"))
    if is_away and question.where == "australia":
        return False
    names = (*question.mentions, *content.place_names.get(question.where or "", ()))
    # Five hundred names, nearly all of them absent: looking for letters first is many times quicker
    # than for words.
    named = {name for name in names if name in clause and find(name, clause)}
    return bool(named - _HERE) or bool(named and not _names_abroad(content, question, clause))


_HERE: Final = frozenset(["here", "local", "locally"])
"""Where the speaker is, which the clause may say: 'here in Manila'."""


def _names_abroad(content: Content, question: Question, clause: str) -> bool:
    """Whether a clause about the Australian side has a place of the other one."""
    if question.where != "australia":
        return False
    others = (one for one in content.questions.values() if one.where == "elsewhere")
    mentions = {name for one in others for name in one.mentions}
    names = (*mentions, *content.place_names["elsewhere"])
    return any(name in clause and find(name, clause) for name in names)
