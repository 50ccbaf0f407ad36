"""Short texts in a talk about migration that name nothing themselves: what was talked about gives them their meaning.

'And prof year', 'the one before', 'data scientist?', 'even if he is not applying': a round by its date, a code by its title, the same of
another, and last of all the nearest answer seen from the last one, which goes before a menu of guesses.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import in_the_talk, talks_of_migration
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Tap, paragraph
from bot.core.turn import Turn
from bot.extraction.calendar_names import MONTH, MONTHS
from bot.features import questionnaires
from bot.features.about import fact
from bot.understanding.acts import plain
from content.attribute import AnswerUnit
from content.content import Content
from content.subject import tokens

SURE: Final = 0.982
NEAREST: Final = 0.7
"""Above a menu of guesses, below all that was read for itself."""
LEAST: Final = 0.5
"""So likely an answer has to be, with the subject of the talk beside the text."""
MOST_WORDS: Final = 12


def _last_unit(heard: Heard) -> AnswerUnit | None:
    """The answer that was told last, while it is what is talked about."""
    last = heard.state.conversation.last
    talks = talks_of_migration(heard.content, heard.state.conversation, heard.event.at)
    return heard.content.answer_units.get(last.words) if last is not None and talks else None


# ---- invitation rounds by their date

_ROUND: Final = re.compile(r"round_(?P<year>20\d\d)_(?P<month>\d\d)")
_OF_ROUNDS: Final = re.compile(
    r" (?:rounds?|invit\w{0,6}|cut ?offs?|cutoffs?|lowest|189|eoi|skillselect) "
)
_OTHER_THINGS: Final = re.compile(
    r" (?:pte|ielts|toefl|test|acs|fee|fees|charge|charges|threshold|csit|tax|places|points test|took|taken|sat|budget|born|turn|turning|open|opens|degree|visa ends) "
)
_DATED: Final = re.compile(
    rf" (?:(?P<month>{MONTH}) )?(?:of |in |the )?(?P<year>20[12]\d) | (?P<month2>{MONTH}) ",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r" (?:(?:one|round|time) before|(?:previous|earlier|prior) (?:one|round|time)|before (?:that|this|it)) "
)
_NEXT_ONE: Final = re.compile(r" (?:(?:one|round) after|after (?:that|this|it)) ")
_SHORT_MONTH: Final = 3


def rounds(heard: Heard) -> Iterator[Interpretation]:
    """'June 2026 round?', 'and in 2024', 'the one before': that round; of a day without one, that there is none in our sources."""
    line = plain(heard.text)
    is_topic = _is_round(_last_unit(heard))
    if not (is_topic or _OF_ROUNDS.search(line)) or _OTHER_THINGS.search(line):
        return
    if len(line.split()) > MOST_WORDS or questionnaires.waiting(heard.words):
        return
    known = sorted(key for key in heard.content.answer_units if _ROUND.fullmatch(key))
    key = _round_beside(heard, known, line) if is_topic else ""
    hit = None if key else _DATED.search(line)
    if hit is not None and (is_topic or hit["year"]):
        key = _round_of(known, hit)
    elif not key:
        return
    yield Interpretation(
        name="a round by its date",
        score=SURE,
        decide=lambda: heard.run(Line(fact.COMMAND, key), None) if key else _no_round(heard, known),
    )


def _is_round(unit: AnswerUnit | None) -> bool:
    return unit is not None and (unit.key.startswith("round") or unit.answer.subject == "rounds")


def _round_of(known: list[str], hit: re.Match[str]) -> str:
    """The newest round of that month or year; '' where there was none."""
    month = hit["month"] or hit["month2"]
    number = f"{MONTHS[month.lower()]:02d}" if month else ""
    return next(
        (
            key
            for key in reversed(known)
            if (not number or key.endswith(number)) and (hit["year"] or "") in key
        ),
        "",
    )


def _round_beside(heard: Heard, known: list[str], line: str) -> str:
    """The round before or after the one just told, or before the newest where none was; '' for a text that asks for neither."""
    step = -1 if _BEFORE.search(line) else 1 if _NEXT_ONE.search(line) else 0
    last = _last_unit(heard)
    told = last.key if last is not None and last.key in known else known[-1]
    place = known.index(told) + step
    return known[place] if step and 0 <= place < len(known) else ""


def _no_round(heard: Heard, known: list[str]) -> Turn:
    """That no round of that day is known, with those that are."""
    request = heard.request("visa", "rounds")
    dates = [match for key in known if (match := _ROUND.fullmatch(key))]
    names = {number: name for name, number in MONTHS.items() if len(name) == _SHORT_MONTH}
    listed = ", ".join(f"{names[int(one['month'])].title()} {one['year']}" for one in dates)
    taps = (Tap(request.text("tap_rounds"), "visa rounds"),)
    return request.answer(
        paragraph(request.text("no_such_round", rounds=listed)), Choices(taps), remember=False
    )


# ---- a code by its title

_BESIDE: Final = frozenset(
    "and or what about how for a an the with then is so ok too also code codes in on it that one ones same of if as"
    " them abt wat list lists please".split()
)


def titles(heard: Heard) -> Iterator[Interpretation]:
    """'And data scientist?' while codes or their lists are talked about: that occupation's code, and no pay."""
    unit = _last_unit(heard)
    if unit is None or not _is_of_codes(unit):
        return
    code = _titled(heard.content, heard.text)
    key = _answer_of_code(heard.content, code, unit.attribute) if code else ""
    if key:
        yield Interpretation(
            name="a code by its title",
            score=SURE,
            decide=lambda: heard.run(Line(fact.COMMAND, key), None),
            takes_facts=True,
        )


def _is_of_codes(unit: AnswerUnit) -> bool:
    kinds = {one.kind for one in unit.about}
    return bool(kinds & {"code", "occupation_list"}) or unit.answer.subject in ("codes", "lists")


def _titled(content: Content, text: str) -> str:
    """The code whose title is all that a text says."""
    said = [word.removesuffix("s") for word in tokens(text) if word not in _BESIDE]
    for number, code in content.codes.items():
        for name in (code.title, *code.also_called):
            if said and [word.removesuffix("s") for word in tokens(name)] == said:
                return number
    return ""


def _answer_of_code(content: Content, number: str, attribute: str) -> str:
    """The same as was told of another code, else the main thing."""
    about = [
        unit
        for unit in content.answer_units.values()
        if any(one.kind == "code" and one.key == number for one in unit.about)
    ]
    same = (unit.key for unit in about if attribute and unit.attribute == attribute)
    main = (unit.key for unit in about if unit.key.startswith(f"code_{number}"))
    return next(same, "") or next(main, "")


# ---- a row of the points table by its name

_ROWS: Final = {
    "age": "points_age",
    "english": "points_english",
    "overseas_years": "points_overseas_work",
    "australian_years": "points_au_work",
    "education": "points_education",
    "australian_study": "points_au_study",
    "regional_study": "points_regional_study",
    "specialist_education": "points_specialist",
    "professional_year": "points_professional_year",
    "ccl": "points_ccl",
    "partner": "points_partner",
}
_PRICE: Final = re.compile(
    r" (?:points?|pts|marks|worth|how much (?:does|do|is|will|would)|how many|adds?|gives?|brings?) "
)
_NO_POINTS: Final = re.compile(
    r" (?:my|cost|costs|fee|fees|price|pay|salary|years|long|take|takes|dollars|tests?|hours|old|without|need|needs|require\w{0,2}) "
)
_OPENERS: Final = re.compile(
    r" (?:and|or|so|ok|what|about|how|abt|the|a|an|is|it|for|with|then|also|too|plus|add|with|wat) "
)


def rows(heard: Heard) -> Iterator[Interpretation]:
    """'How much does NAATI add', 'and the py' after another row, 'how many points for that': what that row brings."""
    line = plain(heard.text)
    if len(line.split()) > MOST_WORDS or any(map(str.isdigit, line)):
        return
    if questionnaires.waiting(heard.words):
        return
    key = _row_of(heard, line)
    if key:
        yield Interpretation(
            name="a row of the points table",
            score=0.95,
            decide=lambda: heard.run(Line(fact.COMMAND, _ROWS[key]), None),
        )


def _row_of(heard: Heard, line: str) -> str:
    unit = _last_unit(heard)
    if questionnaires.asks_points_alone(heard.text):
        return questionnaires.factor_named(heard.content, plain(_told_of(heard, unit)))
    key = questionnaires.factor_named(heard.content, line)
    if not key or _NO_POINTS.search(line):
        return ""
    bare = line
    for _ in range(_MOST_OPENERS):
        bare = _OPENERS.sub(" ", bare)
    is_bare = len(bare.split()) <= _WORDS_OF_A_ROW
    talks = unit is not None and (unit.key in _ROWS.values() or unit.key.startswith("points"))
    return key if _PRICE.search(line) or (is_bare and talks) else ""


def _told_of(heard: Heard, unit: AnswerUnit | None) -> str:
    """What was told last: the subject of an answer, or a term."""
    last = heard.state.conversation.last
    if unit is not None:
        return unit.answer.subject
    return last.words if last is not None and last.command == "term" else ""


_MOST_OPENERS: Final = 2
"""Words beside each other share their blanks, so that one pass leaves every second one."""
_WORDS_OF_A_ROW: Final = 2

# ---- the speaker as somebody's partner

_CITIZEN: Final = re.compile(
    r" (?:im|i am|i|me|ive|i have|iam) (?:\w{1,12} ){0,6}?(?:citizens?|pr|permanent resident|australian|aussie) "
)
_FOR_THEM: Final = re.compile(
    r" (?:help|helps|count|counts|points?|pts|matter|matters|give|gives|bring|brings|change|changes|get|gets|add|adds) (?:\w{1,12} ){0,5}?(?:her|him|she|he|wife|husband|partner|spouse|wifes|girlfriend|boyfriend|fiancee?) "
    r"| (?:her|his|wifes|husbands|partners) (?:points|pts|score|visa|eoi) "
)
CITIZEN_PARTNER: Final = "points_partner_citizen"


def citizen_for_partner(heard: Heard) -> Iterator[Interpretation]:
    """'I'm a citizen, does that help her': a partner who is a citizen, seen from the other side."""
    line = plain(heard.text)
    is_asked = heard.utterance.asks or "?" in heard.text or " does " in line or " do " in line
    if is_asked and _CITIZEN.search(line) and _FOR_THEM.search(line):
        yield Interpretation(
            name="a citizen whose partner applies",
            score=0.986,
            decide=lambda: heard.run(Line(fact.COMMAND, CITIZEN_PARTNER), None),
            takes_facts=True,
        )


# ---- the nearest answer


def nearest(heard: Heard) -> Iterator[Interpretation]:
    """The nearest answer of migration, for a short text in a talk about it."""
    conversation, now = heard.state.conversation, heard.event.at
    is_short = len(heard.text.split()) <= MOST_WORDS
    if not is_short or not talks_of_migration(heard.content, conversation, now):
        return
    if questionnaires.waiting(heard.words) or _asks_nothing(heard):
        return
    matches = in_the_talk(heard.content, conversation, heard.text, now)[:1]
    if matches and matches[0].score >= LEAST:
        line = Line(fact.COMMAND, matches[0].key)
        yield Interpretation(
            name="nearest in the talk", score=NEAREST, decide=lambda: heard.run(line, None)
        )


def _asks_nothing(heard: Heard) -> bool:
    return heard.utterance.does("thank", "bye", "greet", "insult", "complain", "undo", "leave")
