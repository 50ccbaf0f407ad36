"""Tests of English and their scores, a level by name, a passport: what level each proves."""

import re
from datetime import date

from bot.extraction.slots import exam_dates
from bot.extraction.slots.english_scores import SKILLS, scores_after, scores_before, skills_named
from bot.extraction.slots.lines import NOT, Ambiguity, Line, Read, find, spelled
from content.content import Content
from content.english import LEVELS, EnglishTest, Scores

_SCORES_ALONE = re.compile(
    r"(?:(?:i|got|have|my|scores?|results?|are|is|it was|about"
    r"|around) ){0,8}(?P<scores>\d{1,3}(?:\.\d+)?(?:[ /,;&-]{1,4}(?:and )?\d{1,3}(?:\.\d{1,3})?){0,8})(?: (?:each"
    r"|overall|in each|all))?"
)
LEAST_SHARE = 0.3
"""A score below this share of a test's highest is hardly one of that test."""
MOST_TESTS = 4
_OVERALL = re.compile(r"\boverall\b")
_EACH = re.compile(r"\b(?:each|every\w*|all|across|straight|flat|\d(?:\.\d)?s)\b")
_BEFORE = re.compile(
    r"\b(?:before(?! (?:i|my|the invit\w*|we)\b)|pre"
    r"|(?<!years )(?<!year )(?<!yrs )(?<!yr )(?<!y )old(?! enough))\b"
)
_AFTER = re.compile(
    r"\b(?:after(?! (?:i|my|tax)\b)|new(?! zealand| south| delhi| york)|since(?! i\b)|recent"
    r"|recently|now)\b"
)
_UNTAKEN = re.compile(r"\b(?:no|not|havent|never|booked|booking|next)\b")
_HALVES = re.compile(
    r"(?<![\d.$])[4-9](?:\.[05])?(?:[ /,;&-]{1,3}[4-9](?:\.[05])?){3}(?![\d.%])(?! ?(?:years?"
    r"|yrs?|months?|k\b|points?))"
)
"""Four scores from 4 to 9; with a half among them they can only be one test's."""
_PASSPORTS = (
    r"(?:uk|british|english|scottish|welsh|us|usa|american|canadian|nz|new zealand|kiwi|irish)"
)
_LANDS = (
    r"(?:(?:the )?(?:uk|united kingdom|us|usa|united states|states)|britain|canada|nz|new zealand"
    r"|ireland)"
)
_PASSPORT = re.compile(
    rf"\b{_PASSPORTS} (?:passport|citizen(?!s|ship test))\b|\bpassport (?:is |from "
    rf"|of )+(?:{_PASSPORTS}|{_LANDS})\b"
    rf"|\bcitizen of {_LANDS}\b"
)


def english(content: Content, key: str, text: Line) -> Read:
    """A level, a passport, or a test with one score for every skill or four of them.

    Kept as 'proficient (IELTS 7.5)'.
    """
    for name, test in content.english.tests.items():
        for called in sorted({name, spelled(test.name), *test.also_called}, key=len, reverse=True):
            if hit := find(called, text.words):
                found, end = _scores(content, key, test, text, hit.span())
                if found is None and _is_untaken(text.words, hit):
                    return "below_competent", text
                return found, Line(f"{text.words[: hit.start()]} ; {text.words[end:]}", text.today)
    for level in reversed(LEVELS):
        if (
            (hit := find(level, text.words))
            and not NOT.search(text.words[: hit.start()])
            and "partner" not in text.words
        ):
            return level, text.without(hit)
    if hit := _PASSPORT.search(text.words):
        return "passport", text.without(hit)
    return _in_halves(content, key, text)


def _is_untaken(words: str, name: re.Match[str]) -> bool:
    """'No IELTS yet', 'PTE is booked': said in the same breath as the test's name."""
    before = re.split(r"[,;.]", words[: name.start()])[-1]
    after = re.split(r"[,;.]", words[name.end() :])[0]
    return bool(_UNTAKEN.search(f"{before} {after}"))


def _in_halves(content: Content, key: str, text: Line) -> Read:
    """'31, 7.5 7 8 6.5, single': in a sentence without a name; only one test gives halves.

    Scores alone are asked about.
    """
    hit = _HALVES.search(text.words)
    if hit is None or ".5" not in hit[0] or hit[0] == text.words.strip(" ;"):
        return None, text
    test = content.english.tests[_WITH_HALVES]
    scores = Scores(**dict(zip(SKILLS, map(float, _FIGURE.findall(hit[0])), strict=True)))
    said = f"{test.name} {' '.join(_FIGURE.findall(hit[0]))}"
    return _level_of(key, test, scores, said, before=None), text.without(hit)


_WITH_HALVES = "ielts"
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


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
    if not offers:
        return None
    return Ambiguity(question=key, phrase="doubt_which_test", values={"said": said}, offers=offers)


def _scores(
    content: Content, key: str, test: EnglishTest, text: Line, name: tuple[int, int]
) -> tuple[str | Ambiguity | None, int]:
    start, end = name
    words = exam_dates.blanked(text.words).translate(_BRACKETS)
    told = scores_after(words, end, test.most)
    if not told and (stop := _AFTER_A_STOP.match(words, end)):
        told = scores_after(words, stop.end(), test.most)
    if told:
        scores = told.scores
    else:
        scores = scores_before(words, start)
    if not scores:
        return None, end
    around = text.words[start:] if told else text.words
    end = told.end if told else end
    said = f"{test.name} {' '.join(f'{score:g}' for score in scores)}"
    if len(scores) not in (1, 4):
        return Ambiguity(question=key, phrase="doubt_four_scores", values={"said": said}), end
    if max(scores) > test.most:
        return Ambiguity(
            question=key,
            phrase="doubt_score",
            values={"test": test.name, "said": f"{max(scores):g}", "most": f"{test.most:g}"},
        ), end
    lowest = _lowest_named(around, test.most)
    if len(scores) == 1 and _OVERALL.search(around) and not _EACH.search(around):
        if lowest is not None and lowest < scores[0]:
            taken = exam_dates.about_the_test(text.words, start, name[1])
            before = is_before_change(content, taken, text.today)
            least = Scores(**dict.fromkeys(SKILLS, lowest))
            said = f"{test.name} {lowest:g}"  # the lowest skill decides, whatever the others are
            return _level_of(key, test, least, said, before=before), len(text.words)
        return Ambiguity(
            question=key, phrase="doubt_overall", values={"said": said, "test": test.name}
        ), end
    least = Scores(**dict(zip(SKILLS, scores * (4 if len(scores) == 1 else 1), strict=True)))
    taken = exam_dates.about_the_test(text.words, start, name[1])
    before = is_before_change(content, taken, text.today)
    return _level_of(key, test, least, said, before=before), end


_AFTER_A_STOP = re.compile(
    r" {0,20}+(?:(?:test|exam|results?|scores?|finally|came|come|is|are|out|back|here|now)"
    r" {0,20}+){0,5}[.:!;,]{1,3} {1,20}+(?=\d{1,2}(?:\.\d)? (?:overall|each|in (?:all|each))"
    r"|(?:\d{1,2}(?:\.[05])?[ /]){3}\d{1,2}(?:\.[05])?(?![\d%]))"
)
"""'Got my IELTS today. 7 7 6.5 7': the scores stand in the next sentence."""


def _lowest_named(words: str, most: float) -> float | None:
    """The lowest score that is named with its skill, the overall one left out."""
    return min(skills_named(_OVERALL_SCORE.sub(" ", words), most).values(), default=None)


_OVERALL_SCORE = re.compile(
    r"\d{1,3}(?:\.\d)? (?:in )?overall\b|\boverall(?: (?:band|score|of|is|was|a|about)){0,3}[ :=]{0,3}"
    r"\d{1,3}(?:\.\d)?"
)


_BRACKETS = str.maketrans("()[]", "    ")


def is_before_change(content: Content, words: str, today: date) -> bool | None:
    """Was the test taken before the tables changed? None if the words do not say."""
    if _BEFORE.search(words):
        return True
    dated = exam_dates.is_before(words, content.english.changed_on, today)
    if dated is not None:
        return dated
    if _AFTER.search(words):
        return False
    return None


def _level_of(
    key: str, test: EnglishTest, scores: Scores, said: str, *, before: bool | None
) -> str | Ambiguity:
    values = {"said": said, "test": test.name}
    if before and test.before is None:
        return Ambiguity(question=key, phrase="doubt_no_old_scores", values=values)
    now = test.level(scores) or "below_competent"
    if test.before is None:
        then = now
    else:
        then = test.level(scores, before_change=True) or "below_competent"
    if before is None and now != then:
        offers = (("tap_test_before", f"{said} before"), ("tap_test_after", f"{said} after"))
        return Ambiguity(question=key, phrase="doubt_when_taken", values=values, offers=offers)
    when = " before" if before and now != then else ""
    if before is False and now == then and test.before not in (None, test.scores):
        when = AFTER  # one that differs is told by its level; so another score needs no date again
    return f"{then if before else now} ({said}{when})"


AFTER = " after"


def level_of(answer: str) -> str:
    """The English level of an answer: 'proficient (IELTS 7.5)' → 'proficient'.

    A passport counts as Competent.
    """
    level = answer.split(" ", 1)[0]
    if level == "passport":
        return "competent"
    return level
