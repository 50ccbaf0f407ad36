"""From what a person typed to answers of a dialog's questions: 'I'm 34, IELTS 8, 3 years in Pune
and 2 in Sydney'.

Every kind of question has one reader. It scans any message for what can only mean its question, and
reads a message that answers it more generously. An answer is kept as a short text that its reader
understands again; what cannot be read with certainty becomes a doubt with something to tap. Nothing
here knows which question comes next.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.command_line import tidy
from bot.extraction import other_units
from bot.extraction.slots import ages, choices, english_tests, work_spans, work_years
from bot.extraction.slots.ages import age_of, born_on
from bot.extraction.slots.choices import agreement
from bot.extraction.slots.english_tests import level_of
from bot.extraction.slots.lines import Ambiguity, Line, Read, spelled
from content.content import Content

__all__ = [
    "Ambiguity",
    "Filled",
    "age_of",
    "agreement",
    "born_on",
    "fill_slots",
    "level_of",
    "read",
    "valid",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """`answers`: question key to answer. `ambiguities`: at most one a question."""

    answers: Mapping[str, str] = field(default_factory=dict)
    ambiguities: tuple[Ambiguity, ...] = ()


MOST_HEARD = 1000
"""Characters of a message in which answers are looked for; no answer is kept that is longer."""


def fill_slots(
    content: Content, questions: Iterable[str], asked: str, text: str, today: date
) -> Filled:
    """Read a message while `asked` is open ('' for none): answers to any of `questions`,
    the asked one most generously.
    """
    keys = tuple(questions)
    left = Line(work_spans.in_years(spelled(text[:MOST_HEARD]), today), today)
    answers: dict[str, str] = {}
    ambiguities: dict[str, Ambiguity] = {}
    for key in sorted(keys, key=lambda name: _ORDER.index(content.questions[name].kind)):
        found, left = _scan(content, key, left)
        if isinstance(found, Ambiguity):
            ambiguities[key] = found
        elif found is not None:
            answers[key] = found
    if asked and asked not in answers and asked not in ambiguities:
        question = content.questions[asked]
        if question.kind == "text" and not answers:
            whole = tidy(text)
        else:
            whole = left.words.strip(" ;,.")
        found = read(content, asked, whole, today)
        if isinstance(found, Ambiguity):
            ambiguities[asked] = found
        elif found is not None:
            answers[asked] = found
    return Filled(answers=answers, ambiguities=tuple(ambiguities.values()))


_ORDER = ("english", "age", "years", "yes_no", "choice", "hours", "text")
"""Numbers with the clearest marks are taken out first."""


def read(content: Content, key: str, text: str, today: date) -> str | Ambiguity | None:
    """Read a text as the answer to one question. None if it is no answer at all."""
    question = content.questions[key]
    line = spelled(text)
    if line in question.options:
        return line
    labelled = next(
        (name for name, option in question.options.items() if line == spelled(option.label)), None
    )
    if labelled is not None:
        return labelled
    match question.kind:
        case "choice":
            return choices.choice(question, line)
        case "yes_no":
            return choices.yes_no(line) or choices.choice(question, line)
        case "age":
            return ages.age(key, Line(line, today), direct=True)[0] or choices.choice(
                question, line
            )
        case "years":
            return work_years.years(key, line) or choices.choice(
                question, other_units.for_years(line).strip()
            )
        case "english":
            found = english_tests.english(content, key, Line(line, today))[0]
            return (
                found
                or choices.choice(question, line)
                or english_tests.without_a_test(content, key, line)
            )
        case "hours":
            return _hours(key, line)
        case "text":
            if line in _NOTHING:
                return ""
            return tidy(text)[:MOST_TEXT]


MOST_TEXT = 500
"""Evidence is one sentence or a link; what is longer is not kept whole."""

_NOTHING = ("skip", "none", "no", "nothing", "no evidence", "n/a", "na", "-", "pass", "nope")


def _scan(content: Content, key: str, text: Line) -> Read:
    question = content.questions[key]
    match question.kind:
        case "english":
            return english_tests.english(content, key, text)
        case "age":
            return ages.age(key, text, direct=False)
        case "years":
            return work_years.scanned(content, question, text)
        case "yes_no":
            return choices.mention(question, text)
        case "choice":
            return choices.anywhere(question, text)
        case "hours" | "text":
            return None, text


_HOURS = re.compile(
    r"^(?:about |around |maybe |up to )?(?P<number>\d+(?:\.\d+)?) ?(?:h|hrs?|hours?)?(?: (?:a"
    r"|per|each) week)?(?: a week|/week|/w)?$"
)
MOST_HOURS = 60


def _hours(key: str, line: str) -> str | Ambiguity | None:
    hit = _HOURS.match(line)
    if hit is None:
        return None
    hours = float(hit["number"])
    if not 0 < hours <= MOST_HOURS:
        return Ambiguity(question=key, phrase="doubt_hours", values={"said": f"{hours:g}"})
    return f"{hours:g}"


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
