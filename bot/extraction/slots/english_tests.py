"""Tests of English and their scores, a level by name, a passport: what level each proves."""

import re

from bot.extraction.calendar_names import MONTH, MONTHS
from bot.extraction.slots.lines import NOT, Ambiguity, Line, Read, find, spelled
from content.content import Content
from content.english import LEVELS, EnglishTest, Scores

_AFTER_NAME = re.compile(
    r"(?: (?:academic|general|ibt|advanced|english|test|score|scores|result|of|is|was|with|at|in|i|got|get|an?|all|each|every|band|bands|overall|least|minimum|min|to|will|be|have|had)){0,12}[ :=]{0,3}"
)
_ITEM = re.compile(
    r"[ ,/;:=&]{0,4}(?:(?:(?:and|in|listening|reading|writing|speaking|[lrws])\b|[lrws](?=\d))[ :=]{0,3}){0,4}(?<![\d.])\d{1,3}(?:\.\d+)?(?![\d.%])(?! ?(?:years?|yrs?|months?|yo\b))(?: ?(?:in )?(?:listening|reading|writing|speaking|[lrws])\b)?"
)
_SCORES_ALONE = re.compile(
    r"(?:(?:i|got|have|my|scores?|results?|are|is|it was|about|around) ){0,8}(?P<scores>\d{1,3}(?:\.\d+)?(?:[ /,;&-]{1,4}(?:and )?\d{1,3}(?:\.\d{1,3})?){0,8})(?: (?:each|overall|in each|all))?"
)
LEAST_SHARE = 0.3
"""A score below this share of a test's highest is hardly one of that test."""
MOST_TESTS = 4
_OVERALL = re.compile(r"\boverall\b")
_EACH = re.compile(r"\b(?:each|every|all)\b")
_BEFORE = re.compile(r"\b(?:before|old|pre)\b")
_AFTER = re.compile(r"\b(?:after|new|since|recent|recently|now)\b")
_TAKEN = re.compile(rf"(?:\b(?P<month>{MONTH}) )?\b(?P<year>20[12]\d)\b")


def english(content: Content, key: str, text: Line) -> Read:
    """A level, a passport, or a test with one score for every skill or four of them. Kept as 'proficient (IELTS 7.5)'."""
    for name, test in content.english.tests.items():
        for called in sorted({name, spelled(test.name), *test.also_called}, key=len, reverse=True):
            if hit := find(called, text.words):
                found, end = _scores(content, key, test, text, hit.end())
                if found is None and re.search(
                    r"\b(?:no|not|havent|booked|booking|next)\b", text.words
                ):
                    return "below_competent", text
                return found, Line(f"{text.words[: hit.start()]} ; {text.words[end:]}", text.today)
    for level in reversed(LEVELS):
        if (
            (hit := find(level, text.words))
            and not NOT.search(text.words[: hit.start()])
            and "partner" not in text.words
        ):
            return level, text.without(hit)
    if hit := re.search(
        r"\b(?:uk|british|us|american|canadian|nz|new zealand|kiwi|irish) (?:passport|citizen)\b",
        text.words,
    ):
        return "passport", text.without(hit)
    return None, text


def without_a_test(content: Content, key: str, words: str) -> Ambiguity | None:
    """One score, or four, and no name: which test is asked, among those that give such scores."""
    hit = _SCORES_ALONE.fullmatch(words)
    if hit is None:
        return None
    scores = [float(score) for score in re.findall(r"\d+(?:\.\d+)?", hit["scores"])]
    if len(scores) not in (1, 4):
        return None
    said = " ".join(f"{score:g}" for score in scores)
    likely = [
        test.name
        for test in content.english.tests.values()
        if max(scores) <= test.most and min(scores) >= test.most * LEAST_SHARE
    ]
    offers = tuple((name, f"{name} {said}") for name in likely[:MOST_TESTS])
    return (
        Ambiguity(question=key, phrase="doubt_which_test", values={"said": said}, offers=offers)
        if offers
        else None
    )


def _scores(
    content: Content, key: str, test: EnglishTest, text: Line, start: int
) -> tuple[str | Ambiguity | None, int]:
    if lead := _AFTER_NAME.match(text.words, start):
        end = lead.end()
    items: list[str] = []
    while (
        len(items) < 4
        and (item := _ITEM.match(text.words, end))
        and not _TAKEN.fullmatch(item[0].strip(" ,;"))
    ):
        items.append(item[0])
        end = item.end()
    if not items:
        return None, start
    around = text.words[start:]
    scores = _by_skill(items)
    said = f"{test.name} {' '.join(f'{score:g}' for score in scores)}"
    if len(scores) not in (1, 4):
        return Ambiguity(question=key, phrase="doubt_four_scores", values={"said": said}), end
    if max(scores) > test.most:
        return Ambiguity(
            question=key,
            phrase="doubt_score",
            values={"test": test.name, "said": f"{max(scores):g}", "most": f"{test.most:g}"},
        ), end
    if len(scores) == 1 and _OVERALL.search(around) and not _EACH.search(around):
        return Ambiguity(
            question=key, phrase="doubt_overall", values={"said": said, "test": test.name}
        ), end
    least = Scores(
        **dict(
            zip(
                ("listening", "reading", "writing", "speaking"),
                scores * (4 if len(scores) == 1 else 1),
                strict=True,
            )
        )
    )
    return _level_of(key, test, least, said, before=_is_before_change(content, around)), end


def _by_skill(items: list[str]) -> list[float]:
    """Scores in the order listening, reading, writing, speaking, when every one is named; otherwise as they stand."""
    named: dict[str, float] = {}
    plain: list[float] = []
    for item in items:
        number = float(re.findall(r"\d+(?:\.\d+)?", item)[0])
        plain.append(number)
        if skill := re.search(r"\b(listening|reading|writing|speaking|[lrws])(?:\b|(?=\d))", item):
            named[skill[1][0]] = number
    return [named[skill] for skill in "lrws"] if len(named) == 4 else plain


def _is_before_change(content: Content, words: str) -> bool | None:
    """Was the test taken before the tables changed? None if the words do not say."""
    changed = content.english.changed_on
    if _BEFORE.search(words):
        return True
    if _AFTER.search(words):
        return False
    for hit in _TAKEN.finditer(words):
        year, month = int(hit["year"]), MONTHS[hit["month"]] if hit["month"] else 0
        if year != changed.year:
            return year < changed.year
        if month and month != changed.month:
            return month < changed.month
    return None


def _level_of(
    key: str, test: EnglishTest, scores: Scores, said: str, *, before: bool | None
) -> str | Ambiguity:
    values = {"said": said, "test": test.name}
    if before and test.before is None:
        return Ambiguity(question=key, phrase="doubt_no_old_scores", values=values)
    now = test.level(scores) or "below_competent"
    then = (
        now if test.before is None else test.level(scores, before_change=True) or "below_competent"
    )
    if before is None and now != then:
        offers = (("tap_test_before", f"{said} before"), ("tap_test_after", f"{said} after"))
        return Ambiguity(question=key, phrase="doubt_when_taken", values=values, offers=offers)
    when = " before" if before and now != then else ""
    return f"{then if before else now} ({said}{when})"


def level_of(answer: str) -> str:
    """The English level of an answer: 'proficient (IELTS 7.5)' → 'proficient'. A passport counts as Competent."""
    level = answer.split(" ", 1)[0]
    return "competent" if level == "passport" else level
