"""A test of English that was told of before, and what is said of it later: one skill's score put
right, the day it was taken.

The rest of that test stays as it was told.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.core.request import Request
from bot.extraction import slots
from bot.extraction.slots import Ambiguity
from bot.extraction.slots.english_scores import SKILLS, skills_named
from bot.extraction.slots.english_tests import AFTER, is_before_change
from bot.extraction.slots.exam_dates import DATE
from bot.extraction.slots.lines import spelled
from bot.understanding.acts import Utterance
from content.content import Content
from content.english import EnglishTest, Scores

ENGLISH: Final = "english"
_TEST: Final = re.compile(r"\((?P<test>[^()]*?) (?P<scores>\d[\d. ]*?)(?P<when> before| after)?\)$")
_SKILL_NAMED: Final = re.compile(r"\b(?:listening|reading|writing|speaking)\b")
_DATE_WORDS: Final = frozenset(
    """
    it was in on the a my of taken took sat i done did test exam that this back late early about
    around sorry oh yes yeah ok and so by from pte ielts toefl then since 's got result came had
    year last
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A test and its scores, one for all skills or four; `when` says on which side of the change of
    the tables, where that was told.
    """

    test: str
    scores: tuple[float, ...]
    when: str = ""

    @property
    def words(self) -> str:
        return f"{self.test} {' '.join(f'{score:g}' for score in self.scores)}{self.when}"


def result_in(answer: str) -> Result | None:
    """The test inside an answer: 'proficient (PTE Academic 65 before)'.

    None for a level or a passport.
    """
    hit = _TEST.search(answer)
    if hit is None:
        return None
    scores = tuple(map(float, hit["scores"].split()))
    return Result(test=hit["test"], scores=scores, when=hit["when"] or "")


def with_skills(content: Content, answer: str, text: str, today: date) -> str | Ambiguity | None:
    """The answer with the scores of the skills that the text names: 'speaking was 89'.

    None where it names none with a score.
    """
    before = result_in(answer)
    line = spelled(text)
    if before is None or not _SKILL_NAMED.search(line):
        return None
    test = next((one for one in content.english.tests.values() if one.name == before.test), None)
    if test:
        named = skills_named(line, test.most)
    else:
        named = {}
    if not named:
        return None
    whole = before.scores * (len(SKILLS) if len(before.scores) == 1 else 1)
    scores = tuple(named.get(skill[0], score) for skill, score in zip(SKILLS, whole, strict=True))
    when = before.when or (AFTER if _differs(test, whole) else "")
    changed = Result(test=before.test, scores=scores, when=when)
    return _read(content, changed, today)


def _differs(test: EnglishTest | None, scores: tuple[float, ...]) -> bool:
    """Whether these scores reach another level on either side of the change: an answer without a
    word on it is then of after it.
    """
    if test is None or test.before is None:
        return False
    each = Scores(**dict(zip(SKILLS, scores, strict=True)))
    return test.level(each) != test.level(each, before_change=True)


def with_date(content: Content, answer: str, text: str, today: date) -> str | None:
    """The same result, taken on the day that the text names and says little else: 'it was in
    february'. None otherwise.
    """
    before = result_in(answer)
    if before:
        when = date_alone(content, text, today)
    else:
        when = ""
    if before is None or not when:
        return None
    found = _read(content, replace(before, when=when), today)
    if isinstance(found, str):
        return found
    return None


def date_alone(content: Content, text: str, today: date) -> str:
    """On which side of the change of the tables a text lies that names a day and says little else;
    '' for any other text.
    """
    line = spelled(text)
    rest = DATE.sub(" ", line)
    is_more = set(re.findall(r"[a-z']+", rest)) - _DATE_WORDS or re.search(r"\d", rest)
    if is_more or not DATE.search(line):
        return ""
    is_old = is_before_change(content, line, today)
    if is_old is None:
        return ""
    return _when(is_old=is_old)


def _when(*, is_old: bool) -> str:
    if is_old:
        return " before"
    return AFTER


def _read(content: Content, result: Result, today: date) -> str | Ambiguity | None:
    return slots.read(content, ENGLISH, result.words, today)


def told_again(request: Request, before: str, said: Utterance) -> dict[str, str]:
    """The English answer as this message puts it right or dates it;
    nothing where it does neither.
    """
    is_own = all(one.holder == "self" and one.mood == "stated" for one in said.clauses)
    if not before or not is_own or said.asks:
        return {}
    content, today = request.content, request.today
    found = with_skills(content, before, said.text, today) or with_date(
        content, before, said.text, today
    )
    if isinstance(found, str) and found != before:
        return {ENGLISH: found}
    return {}
