"""From what a person typed to answers of a dialog's questions: 'I'm 34, IELTS 8, 3 years in Pune and 2 in Sydney'.

Every kind of question has one reader. It scans any message for what can only mean its question, and reads a message that
answers it more generously. An answer is kept as a short text that its reader understands again; what cannot be read with
certainty becomes a doubt with something to tap. Nothing here knows which question comes next.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.commands import tidy
from bot.matching import corrected
from bot.points import OLDEST, age_on
from content.dialog import Option, Question
from content.english import LEVELS, EnglishTest, Scores
from content.library import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something was meant as an answer to `question` but is not clear. `phrase` says why; `offers` are answers to tap."""

    question: str
    phrase: str
    values: Mapping[str, object] = field(default_factory=dict)
    offers: tuple[tuple[str, str], ...] = ()
    """(label, answer): the label is a phrase key, or stands for itself; the answer is what could be typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """`answers`: question key to answer. `doubts`: at most one a question."""

    answers: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A message in the readers' spelling: lower case, straight, no apostrophes. What was read is blanked out."""

    words: str
    today: date

    def without(self, hit: re.Match[str]) -> "_Text":
        return _Text(f"{self.words[: hit.start()]} ; {self.words[hit.end() :]}", self.today)


_Read = tuple[str | Doubt | None, _Text]


def hear(content: Content, questions: Iterable[str], asked: str, text: str, today: date) -> Heard:
    """Read a message while `asked` is open ('' for none): answers to any of `questions`, the asked one most generously."""
    keys = tuple(questions)
    left = _Text(_spelled(text), today)
    answers: dict[str, str] = {}
    doubts: dict[str, Doubt] = {}
    for key in sorted(keys, key=lambda name: _ORDER.index(content.questions[name].kind)):
        found, left = _scan(content, key, left)
        if isinstance(found, Doubt):
            doubts[key] = found
        elif found is not None:
            answers[key] = found
    if asked and asked not in answers and asked not in doubts:
        question = content.questions[asked]
        whole = tidy(text) if question.kind == "text" and not answers else left.words.strip(" ;,.")
        found = read(content, asked, whole, today)
        if isinstance(found, Doubt):
            doubts[asked] = found
        elif found is not None:
            answers[asked] = found
    return Heard(answers=answers, doubts=tuple(doubts.values()))


_ORDER = ("english", "age", "years", "yes_no", "choice", "hours", "text")
"""Numbers with the clearest marks are taken out first."""


def read(content: Content, key: str, text: str, today: date) -> str | Doubt | None:
    """Read a text as the answer to one question. None if it is no answer at all."""
    question = content.questions[key]
    line = _spelled(text)
    if line in question.options:
        return line
    labelled = next((name for name, option in question.options.items() if line == _spelled(option.label)), None)
    if labelled is not None:
        return labelled
    match question.kind:
        case "choice":
            return _choice(question, line)
        case "yes_no":
            return _yes_no(line) or _choice(question, line)
        case "age":
            return _age(key, _Text(line, today), direct=True)[0] or _choice(question, line)
        case "years":
            return _years_direct(key, line) or _choice(question, line)
        case "english":
            return _english(content, key, _Text(line, today))[0] or _choice(question, line)
        case "hours":
            return _hours(key, line)
        case "text":
            return "" if line in _NOTHING else tidy(text)[:MOST_TEXT]


MOST_TEXT = 500
"""Evidence is one sentence or a link; what is longer is not kept whole."""

_NOTHING = ("skip", "none", "no", "nothing", "no evidence", "n/a", "na", "-", "pass", "nope")


def _scan(content: Content, key: str, text: _Text) -> _Read:
    question = content.questions[key]
    match question.kind:
        case "english":
            return _english(content, key, text)
        case "age":
            return _age(key, text, direct=False)
        case "years":
            return _years_scan(content, question, text)
        case "yes_no":
            return _mentioned(question, text)
        case "choice":
            return _anywhere(question, text)
        case "hours" | "text":
            return None, text


def _spelled(text: str) -> str:
    line = tidy(text).lower().replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-").replace("½", ".5")
    return line.replace("'", "").rstrip(".!")


# ---- choices

_YES = ("yes", "y", "yeah", "yep", "yup", "ya", "sure", "i do", "i have", "i did", "true", "correct", "aye")
_NO = ("no", "n", "nope", "nah", "none", "never", "not yet", "i dont", "i havent", "i didnt", "false", "no i dont", "not really")
_NOT = re.compile(r"\b(?:no|not|never|without|dont|havent|didnt|isnt|nor|aint|non)\b[^;,]{0,20}$")


def _yes_no(line: str) -> str | None:
    first = re.split(r"[,;]", line)[0].strip()
    return "yes" if line in _YES or first in _YES else "no" if line in _NO or first in _NO else None


def _choice(question: Question, line: str) -> str | None:
    """An option by its label, its number in the list or one of its words; the longest words win, two that differ are no answer."""
    known = {word: key for key, option in question.options.items() for word in _words_of(key, option)}
    if line in known:
        return known[line]
    if line.isascii() and line.isdigit() and 1 <= int(line) <= len(question.options) and not any(key.isdigit() for key in question.options):
        return tuple(question.options)[int(line) - 1]
    hits = _longest((hit, key) for word, key in known.items() if (hit := _find(word, line)) and not _NOT.search(line[: hit.start()]))
    if hits:
        return hits.pop() if len(hits) == 1 else None
    return corrected(line, known) if " " not in line else None


def _words_of(key: str, option: Option) -> tuple[str, ...]:
    return (key, _spelled(option.label), *option.words, *option.anywhere)


def _find(word: str, line: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w+]){re.escape(word)}(?![\w+])", line)


def _longest(found: Iterable[tuple[re.Match[str], str]]) -> set[str]:
    """The options whose words are not part of a longer match."""
    pairs = list(found)
    spans = [hit.span() for hit, _ in pairs]
    return {
        key
        for hit, key in pairs
        if not any(start <= hit.start() and hit.end() <= end and (start, end) != hit.span() for start, end in spans)
    }


def _anywhere(question: Question, text: _Text) -> _Read:
    pairs = [(hit, key) for key, option in question.options.items() for word in option.anywhere if (hit := _find(word, text.words))]
    pairs = [(hit, key) for hit, key in pairs if not _NOT.search(text.words[: hit.start()])]
    meant = _longest(pairs)
    if len(meant) != 1:
        return None, text
    return meant.pop(), text


def _mentioned(question: Question, text: _Text) -> _Read:
    for word in sorted(question.mentions, key=len, reverse=True):
        if hit := _find(word, text.words):
            return ("no" if _NOT.search(text.words[: hit.start()]) else "yes"), text
    return None, text


# ---- age

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_BORN = r"(?:\b(?:i was |was )?(?:born|dob|date of birth|birthday)\b\W{0,3}(?:is |on |in )*)"
_DAYS = (
    re.compile(rf"{_BORN}?\b(?P<year>19\d\d|20[01]\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)\b"),
    re.compile(rf"{_BORN}?\b(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.](?P<year>19\d\d|20[01]\d)\b"),
    re.compile(rf"{_BORN}?\b(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b,? (?P<year>19\d\d|20[01]\d)\b"),
    re.compile(rf"{_BORN}?\b(?P<month>{_MONTH}) (?P<day>\d\d?)(?:st|nd|rd|th)?,? (?P<year>19\d\d|20[01]\d)\b"),
)
_BORN_IN = re.compile(rf"{_BORN}(?:(?:{_MONTH}),? )?(?P<year>19\d\d|20[01]\d)\b")
_AGE_SAID = (
    re.compile(
        r"\b(?:im|i am|age|aged|my age is|age is|age of|turned|be|at) (?:about |now |currently |only |already )?(?P<age>\d{1,3})\b(?! ?(?:year|yr|month|k|hour|point|%))"
    ),
    re.compile(r"\b(?P<age>\d{1,3}) ?-?(?:years?|yrs?|y)[ -]?(?:old|o\b)"),
    re.compile(r"\b(?P<age>\d{1,3}) ?(?:yo|y/o|y\.o)\b"),
    re.compile(r"(?:^|[,;:]|\bprofile\b|\bsituation\b:?) ?(?P<age>1[89]|[2-5]\d) ?(?=[,;]|$|[mf]\b)"),
)
_AGE_ALONE = re.compile(r"^(?:about |around |nearly |almost )?(?P<age>\d{1,3})(?: ?(?:years?|yrs?))?$")
_WORDED = re.compile(
    r"^(?:im |i am )?(?P<tens>twenty|thirty|forty|fifty|sixty)(?:[ -](?P<ones>one|two|three|four|five|six|seven|eight|nine))?(?: years old)?$"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_ONES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a": 1, "an": 1}
YOUNGEST_HEARD = 14


def _age(key: str, text: _Text, *, direct: bool) -> _Read:
    """A date of birth (kept as '1992-03-14'), or years with the day they were said on ('34 on 2026-11-21')."""
    for pattern in _DAYS:
        if (hit := pattern.search(text.words)) and (direct or hit[0].startswith(("born", "dob", "date", "birth", "i was", "was"))):
            return _born(key, hit, text.today), text.without(hit)
    if hit := _BORN_IN.search(text.words):
        return _born_in(key, int(hit["year"]), text.today), text.without(hit)
    if direct and (hit := _AGE_ALONE.match(text.words)):
        return _years_old(key, int(hit["age"]), text.today), text.without(hit)
    for pattern in _AGE_SAID:
        if hit := pattern.search(text.words):
            return _years_old(key, int(hit["age"]), text.today), text.without(hit)
    if hit := _WORDED.match(text.words):
        return _years_old(key, _TENS[hit["tens"]] + _ONES.get(hit["ones"] or "", 0), text.today), text.without(hit)
    return None, text


def _born(key: str, hit: re.Match[str], today: date) -> str | Doubt:
    month = hit["month"]
    try:
        born = date(int(hit["year"]), int(month) if month.isdigit() else _MONTHS[month], int(hit["day"]))
    except ValueError:
        return Doubt(question=key, phrase="doubt_no_such_day", values={"said": hit[0].strip()})
    age = age_on(born, today)
    if not YOUNGEST_HEARD <= age <= OLDEST:
        return Doubt(question=key, phrase="doubt_age", values={"said": age})
    return born.isoformat()


def _born_in(key: str, year: int, today: date) -> Doubt:
    ages = (today.year - year - 1, today.year - year)
    offers = tuple((str(age), str(age)) for age in ages)
    return Doubt(question=key, phrase="doubt_birth_year", values={"year": year, "younger": ages[0], "older": ages[1]}, offers=offers)


def _years_old(key: str, age: int, today: date) -> str | Doubt:
    if not YOUNGEST_HEARD <= age <= OLDEST:
        return Doubt(question=key, phrase="doubt_age", values={"said": age})
    return f"{age} on {today.isoformat()}"


# ---- years of work

_QUANTITY = r"(?P<number>\d+(?:\.\d+)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|an?)\b)(?P<half> and a half)?"
_UNIT = r"(?P<unit>\+? ?(?:years?|yrs?|yr|y|months?|mths?|mos?)\b)"
_YEARS_SAID = re.compile(rf"(?<![\d.])(?P<minus>[-−])?{_QUANTITY}(?:\+? ?{_UNIT})?(?P<half_after> and a half)?")
_CLAUSES = re.compile(r"[;,\n]|\.(?!\d)|\band\b(?! a half)|&|\bplus\b|\bthen\b")
_ZERO = re.compile(r"\b(?:no|none|zero|never|nil|not|havent|nothing)\b")
_SPAN = re.compile(r"^\d+(?:\.\d+)? ?(?:-|to) ?\d")
MOST_WORK_YEARS = 60


def _years_direct(key: str, line: str) -> str | Doubt | None:
    hits = [hit for hit in _YEARS_SAID.finditer(line) if hit["number"] not in ("a", "an") or hit["unit"]]
    if _SPAN.match(line):
        return Doubt(question=key, phrase="doubt_one_number", values={"said": line})
    if len(hits) == 1:
        return _work_years(key, hits[0])
    if not hits and (_ZERO.search(line) or line in _NO):
        return "0"
    return None


def _work_years(key: str, hit: re.Match[str]) -> str | Doubt:
    number = float(_ONES.get(hit["number"], hit["number"])) + (0.5 if hit["half"] or hit["half_after"] else 0)
    if (hit["unit"] or "").strip("+ ").startswith("m"):
        number /= 12
    if hit["minus"]:
        return Doubt(question=key, phrase="doubt_negative_years", values={"said": hit[0].strip()})
    if number > MOST_WORK_YEARS:
        return Doubt(question=key, phrase="doubt_many_years", values={"said": f"{number:g}"})
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _years_scan(content: Content, question: Question, text: _Text) -> _Read:
    """A clause that has a number, or a no, beside this question's own words or a place on its side of the border."""
    start = 0
    for end in (*(hit.start() for hit in _CLAUSES.finditer(text.words)), len(text.words)):
        clause = text.words[start:end]
        if _is_about(content, question, clause):
            hits = [hit for hit in _YEARS_SAID.finditer(clause) if hit["number"] not in ("a", "an") or hit["unit"]]
            if len(hits) == 1:
                key = next(name for name, known in content.questions.items() if known is question)
                return _work_years(key, hits[0]), _Text(f"{text.words[:start]} ; {text.words[end:]}", text.today)
            if not hits and _ZERO.search(clause):
                return "0", _Text(f"{text.words[:start]} ; {text.words[end:]}", text.today)
        start = end
    return None, text


def _is_about(content: Content, question: Question, clause: str) -> bool:
    if any(_find(other, clause) for other in ("outside", "not in")) and question.where == "australia":
        return False
    if any(_find(word, clause) for word in question.mentions):
        return True
    for place in content.places.values():
        side = "australia" if place.region or (place.zone or "").startswith("Australia/") else "elsewhere"
        if question.where == side and any(len(name) > 3 and _find(name, clause) for name in (place.name.lower(), *place.aka)):
            return True
    return False


# ---- English

_AFTER_NAME = re.compile(
    r"(?: (?:academic|general|ibt|advanced|english|test|score|scores|result|of|is|was|with|at|in|i|got|get|an?|all|each|every|band|bands|overall|least|minimum|min|to|will|be|have|had))*[ :=]*"
)
_ITEM = re.compile(
    r"[ ,/;:=&]*(?:(?:(?:and|in|listening|reading|writing|speaking|[lrws])\b|[lrws](?=\d))[ :=]*)*(?<![\d.])\d{1,3}(?:\.\d+)?(?![\d.%])(?! ?(?:years?|yrs?|months?|yo\b))(?: ?(?:in )?(?:listening|reading|writing|speaking|[lrws])\b)?"
)
_OVERALL = re.compile(r"\boverall\b")
_EACH = re.compile(r"\b(?:each|every|all)\b")
_BEFORE = re.compile(r"\b(?:before|old|pre)\b")
_AFTER = re.compile(r"\b(?:after|new|since|recent|recently|now)\b")
_TAKEN = re.compile(rf"(?:\b(?P<month>{_MONTH}) )?\b(?P<year>20[12]\d)\b")


def _english(content: Content, key: str, text: _Text) -> _Read:
    """A level, a passport, or a test with one score for every skill or four of them. Kept as 'proficient (IELTS 7.5)'."""
    for name, test in content.english.tests.items():
        for called in sorted({name, _spelled(test.name), *test.also_called}, key=len, reverse=True):
            if hit := re.search(rf"\b{re.escape(called)}\b", text.words):
                found, end = _scores(content, key, test, text, hit.end())
                if found is None and re.search(r"\b(?:no|not|havent|booked|booking|next)\b", text.words):
                    return "below_competent", text
                return found, _Text(f"{text.words[: hit.start()]} ; {text.words[end:]}", text.today)
    for level in reversed(LEVELS):
        if (hit := _find(level, text.words)) and not _NOT.search(text.words[: hit.start()]) and "partner" not in text.words:
            return level, text.without(hit)
    if hit := re.search(r"\b(?:uk|british|us|american|canadian|nz|new zealand|kiwi|irish) (?:passport|citizen)\b", text.words):
        return "passport", text.without(hit)
    return None, text


def _scores(content: Content, key: str, test: EnglishTest, text: _Text, start: int) -> tuple[str | Doubt | None, int]:
    if lead := _AFTER_NAME.match(text.words, start):
        end = lead.end()
    items: list[str] = []
    while len(items) < 4 and (item := _ITEM.match(text.words, end)) and not _TAKEN.fullmatch(item[0].strip(" ,;")):
        items.append(item[0])
        end = item.end()
    if not items:
        return None, start
    around = text.words[start:]
    scores = _by_skill(items)
    said = f"{test.name} {' '.join(f'{score:g}' for score in scores)}"
    if len(scores) not in (1, 4):
        return Doubt(question=key, phrase="doubt_four_scores", values={"said": said}), end
    if max(scores) > test.most:
        return Doubt(
            question=key, phrase="doubt_score", values={"test": test.name, "said": f"{max(scores):g}", "most": f"{test.most:g}"}
        ), end
    if len(scores) == 1 and _OVERALL.search(around) and not _EACH.search(around):
        return Doubt(question=key, phrase="doubt_overall", values={"said": said, "test": test.name}), end
    least = Scores(**dict(zip(("listening", "reading", "writing", "speaking"), scores * (4 if len(scores) == 1 else 1), strict=True)))
    return _levelled(key, test, least, said, before=_taken_before(content, around)), end


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


def _taken_before(content: Content, words: str) -> bool | None:
    """Was the test taken before the tables changed? None if the words do not say."""
    changed = content.english.changed_on
    if _BEFORE.search(words):
        return True
    if _AFTER.search(words):
        return False
    for hit in _TAKEN.finditer(words):
        year, month = int(hit["year"]), _MONTHS[hit["month"]] if hit["month"] else 0
        if year != changed.year:
            return year < changed.year
        if month and month != changed.month:
            return month < changed.month
    return None


def _levelled(key: str, test: EnglishTest, scores: Scores, said: str, *, before: bool | None) -> str | Doubt:
    values = {"said": said, "test": test.name}
    if before and test.before is None:
        return Doubt(question=key, phrase="doubt_no_old_scores", values=values)
    now = test.level(scores) or "below_competent"
    then = now if test.before is None else test.level(scores, before_change=True) or "below_competent"
    if before is None and now != then:
        offers = (("tap_test_before", f"{said} before"), ("tap_test_after", f"{said} after"))
        return Doubt(question=key, phrase="doubt_when_taken", values=values, offers=offers)
    when = " before" if before and now != then else ""
    return f"{then if before else now} ({said}{when})"


# ---- hours

_HOURS = re.compile(
    r"^(?:about |around |maybe |up to )?(?P<number>\d+(?:\.\d+)?) ?(?:h|hrs?|hours?)?(?: (?:a|per|each) week)?(?: a week|/week|/w)?$"
)
MOST_HOURS = 60


def _hours(key: str, line: str) -> str | Doubt | None:
    hit = _HOURS.match(line)
    if hit is None:
        return None
    hours = float(hit["number"])
    if not 0 < hours <= MOST_HOURS:
        return Doubt(question=key, phrase="doubt_hours", values={"said": f"{hours:g}"})
    return f"{hours:g}"


# ---- what an answer means and looks like


def level_of(answer: str) -> str:
    """The English level of an answer: 'proficient (IELTS 7.5)' → 'proficient'. A passport counts as Competent."""
    level = answer.split(" ", 1)[0]
    return "competent" if level == "passport" else level


def age_of(answer: str, day: date) -> tuple[int, int]:
    """The least and the greatest age that an answer allows on a day: '1992-03-14', '34 on 2026-11-21', '25-32', '45+'."""
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


def valid(content: Content, key: str, answer: str, today: date) -> bool:
    """Whether a kept answer still means something: options disappear when content changes."""
    question = content.questions.get(key)
    if question is None:
        return False
    if answer in question.options:
        return True
    match question.kind:
        case "choice" | "yes_no":
            return False
        case "english":
            return answer.split(" ", 1)[0] in question.options
        case "age":
            try:
                age_of(answer, today)
            except ValueError:
                return False
            return True
        case "years" | "hours":
            return re.fullmatch(r"\d+(?:\.\d+)?", answer) is not None
        case "text":
            return True
