"""Readers of texts that name something we have, or nearly: its main fact goes before any guess at
what may be meant.

A passport beside a test of English, a number that is none of our visas or codes, and a visa, code,
test or term that a sentence merely tells of.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import questions, told_answers, wanted_acts
from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Tap
from bot.core.turn import Turn
from bot.extraction.reports import reported
from bot.features import questionnaires
from bot.features.about import fact
from bot.features.visas.migration import visa_list
from bot.understanding.acts import plain
from bot.understanding.reading import terms_within
from content.content import Content
from content.subject import KINDS, Mention, tokens

# ---- a passport beside a test of English

_TEST: Final = re.compile(r" (?:ielts|pte|toefl|oet|celpip|tests?|exams?|exempt\w*|waive\w*) ")
_NEEDED: Final = re.compile(
    r" (?:needs?|needed|must|(?:have|has|having|got) to|gotta|require[sd]?|skip|still"
    r"|exempt\w*|waive\w*"
    r"|without|no|dont|not|sit|take|why|counts?) "
)
_CITIZEN: Final = re.compile(r" (?:passports?|citizens?|citizenship|nationals?|nationality) ")
_ENGLISH_THERE: Final = re.compile(
    r" (?:english speaking|(?:speaks?|speaking) english|(?:native|mother tongue"
    r"|first language|official language)"
    r"|english is (?:\w{1,12} ){0,3}(?:official|first|national|main|mother|native|spoken)) "
)
_FROM_BIRTH: Final = re.compile(
    r" (?:native (?:english )?speaker|(?:english is )?my (?:mother tongue|first language)) "
)
_STUDIED: Final = re.compile(
    r" (?:degree|bachelors?|masters?|studied|study|uni|university|school\w*) "
)
EXEMPT: Final = "english_passports"
NOT_EXEMPT: Final = "english_indian_passport"


def passports(heard: Heard) -> Iterator[Interpretation]:
    """'Got a kiwi passport, need ielts?': whether a passport,
    or a country where English is spoken, stands in for the test.
    """
    line = plain(heard.text)
    is_about = (_TEST.search(line) and _NEEDED.search(line)) or _FROM_BIRTH.search(line)
    if not is_about or any(map(str.isdigit, line)):
        return
    is_citizen = bool(_CITIZEN.search(line))
    is_exempt = _names_exempt(heard.content, line) and (is_citizen or not _STUDIED.search(line))
    if is_exempt or is_citizen or _ENGLISH_THERE.search(line):
        key = EXEMPT if is_exempt else NOT_EXEMPT
        yield Interpretation(
            name="a passport beside a test",
            score=0.965,
            decide=lambda: heard.run(Line(fact.COMMAND, key), None),
        )


def _names_exempt(content: Content, line: str) -> bool:
    return any(f" {name} " in line for name in content.english.passport_names)


# ---- a number that is none of our visas or codes

_AS_A_VISA: Final = re.compile(
    r"\b(?:the|an?|for|on|about|under|visa|subclass|get|apply|class) (?:visa "
    r"|subclass )?(?P<number>[1-8]\d\d)"
    r"(?! ?(?:k\b|%|\d|[.,]\d|days?|hours?|hrs?|weeks?|months?|years?|yrs?|people|points?"
    r"|dollars|bucks|grand|a day|per day|plus|incl|each|in each|or more))",
    re.IGNORECASE,
)
_EARNED: Final = re.compile(
    r"\b(?:was|am|im|i'm|were|currently|now|been|earning|making|pays?) (?:only |just )?on (?:about |around )?\d{2,3}\b(?! visa)",
    re.IGNORECASE,
)
"""'I was on 140' speaks of a pay, unless a visa is named."""
_GROUPED: Final = re.compile(r"(?<!\d)\d{1,2},\d{3}(?!\d)")
"""'38,400' is an amount, and no visa 400."""
_CODE: Final = re.compile(r"(?<![\d,.$])2\d{5}(?![\d,]|\.\d)")
NEAR_DIGITS: Final = 1
"""So many digits may differ between a visa's number and one that is near it."""
SAME_HEAD: Final = 4
"""So many digits at its head an occupation's code shares with those near it: the unit group."""
MOST_NEAR: Final = 3


def numbers_not_ours(heard: Heard) -> Iterator[Interpretation]:
    """'What's the cutoff for 490', 'is 261315 any good': it is none of those we have,
    and which are near it.
    """
    content = heard.content
    if any(one.kind in ("visa", "code") for one in _ours(content, heard.text)):
        return
    visa, code = _visa_not_ours(content, heard.text), _code_not_ours(content, heard.text)
    if visa or code:
        yield Interpretation(
            name="a number that is not ours",
            score=0.965,
            decide=lambda: _not_ours(heard, visa=visa, code=code),
        )


def _ours(content: Content, text: str) -> frozenset[Mention]:
    """What a text names of which there is an answer."""
    said = content.mentions(tokens(text))
    units = content.answer_units.values()
    return frozenset(one for one in said if any(one in unit.about for unit in units))


def _visa_not_ours(content: Content, text: str) -> str:
    """A number said as a visa's is said that is near one of ours, or that the text calls a visa;
    '' for none.
    """
    plainly = tokens(_GROUPED.sub(" ", text))
    called = {one.key for one in content.mentions(plainly) if one.kind == "visa"}
    if called:
        if any(_is_ours(content, number) for number in called):
            return ""
        return min(called)
    hit = _AS_A_VISA.search(text)
    is_meant = hit is not None and _near_visas(content, hit["number"])
    is_of_pay = _OF_MONEY.search(plain(text)) or _EARNED.search(text)
    if hit and is_meant and not is_of_pay:
        return hit["number"]
    return ""


_OF_MONEY: Final = re.compile(
    r" (?:super|salary|pay|paid|pays|package|earn\w*|rate|tax|offer\w*|income|budget|cost me"
    r"|k|grand|words?|lines?|rows?|pages?|kids?) "
)


def _is_ours(content: Content, number: str) -> bool:
    """A visa of ours, by its number or by the one it had before: the 482 was the 457."""
    before = (name for visa in content.visas for name in content.concepts.get(f"v{visa}", ()))
    return number in content.visas or number in before


def _near_visas(content: Content, number: str) -> tuple[str, ...]:
    return tuple(
        each
        for each in content.visas
        if sum(one != other for one, other in zip(each, number, strict=False)) == NEAR_DIGITS
    )


def _code_not_ours(content: Content, text: str) -> str:
    hit = _CODE.search(text)
    is_round = hit is None or hit[0].endswith(("000", "500"))
    if hit is None or is_round or hit[0] in content.codes:
        return ""
    return hit[0]


def _not_ours(heard: Heard, *, visa: str, code: str) -> Turn:
    request = heard.request("help", heard.text)
    if visa:
        near, page = _near_visas(heard.content, visa), "visa"
        said = request.spans("not_our_visa", number=visa, visas=visa_list(heard.content))
    else:
        near = tuple(one for one in heard.content.codes if one[:SAME_HEAD] == code[:SAME_HEAD])
        said, page = request.spans("not_our_code", number=code), "code"
    words = [Paragraph(said)]
    if near:
        words.append(Paragraph(request.spans("not_ours_near", near=_list(near))))
    taps = tuple(Tap(f"{page.title()} {one}", f"{page} {one}") for one in near[:MOST_NEAR])
    every = Tap(request.text("tap_all_commands"), "help")
    return request.answer(*words, Choices(taps or (every,)), remember=False)


def _list(names: tuple[str, ...]) -> str:
    *first, last = names
    if first:
        return f"{', '.join(first)} and {last}"
    return last


# ---- something that a sentence merely tells of

_ALWAYS: Final = ("visa", "code", "english_test", "english_level", "occupation_list")
"""Kinds that nobody names by the way.

A level or a place counts where somebody is said to have spoken of it.
"""


def named_subject(heard: Heard) -> Iterator[Interpretation]:
    """'My agent put me down for 262114, he took the fees': what we have of it,
    with more a tap away.
    """
    reading = heard.reading
    if (
        reading is None
        or questions.is_far(reading, heard.text)
        or questionnaires.waiting(heard.words)
    ):
        return
    report = reported(heard.text)
    if _changes_a_sum(heard) and not report:
        return
    key = _main_answer(heard.content, report or heard.text, is_report=bool(report))
    if questions.asks(heard.utterance):
        key = _nearest_beside(heard, key)
    if not key:
        return
    request = heard.request(fact.COMMAND, key)
    near = _beside(heard, key)
    yield Interpretation(
        name="what it tells of",
        score=0.66,
        decide=lambda: told_answers.told(
            request, heard.run(Line(fact.COMMAND, key), None), (), near
        ),
    )


def _main_answer(content: Content, text: str, *, is_report: bool) -> str:
    """The first thing to tell of the subject that a text names; '' where it names none,
    or several of a kind.
    """
    said = content.mentions(tokens(text))
    kinds = KINDS if is_report else _ALWAYS
    for kind in kinds:
        named = [one for one in said if one.kind == kind]
        if len(named) == 1 and (key := _first_answer(content, named[0])):
            return key
    if any(map(str.isdigit, text)):
        return ""  # 'i'm on 98 plus super, is that more': what super means was not asked
    keys = (key for term in _terms_in(content, text) for key in (term, f"term_{term}"))
    return next((key for key in keys if key in content.answer_units), "")


SHORT: Final = 10
"""So few words after a sum may change what it is made of: 'incl super, and I have a loan'."""


def _changes_a_sum(heard: Heard) -> bool:
    last = heard.state.conversation.last
    is_sum = last is not None and last.command in wanted_acts.SUMS
    return is_sum and len(heard.text.split()) <= SHORT


ENOUGH: Final = 0.2
"""So likely an answer about the subject has to be to go before its main one,
where the text asks.
"""


def _nearest_beside(heard: Heard, key: str) -> str:
    """The likeliest answer about the same subject as this one; this one where none is likely."""
    units, reading = heard.content.answer_units, heard.reading
    if not key or reading is None:
        return key
    unit = units[key]
    names = {unit.answer.subject.lower()}
    same = (
        match.key
        for match in reading.answers
        if match.score >= ENOUGH
        and units[match.key].about == unit.about
        and (unit.about or units[match.key].answer.subject.lower() in names)
    )
    return next(same, key)


def _terms_in(content: Content, text: str) -> Iterator[str]:
    """Terms of migration and pay that a text names;
    one of machine learning is too often named by the way.
    """
    named = terms_within(content, plain(text))
    return (key for key in named if content.glossary[key].unit is None)


def _first_answer(content: Content, mention: Mention) -> str:
    """What its kind's first attribute says of a subject;
    of one without attributes the first answer about it alone.
    """
    of_kind = (named for kind, named in content.attributes.items() if kind == mention.kind)
    first = next((name for attributes in of_kind for name in attributes), "")
    units = [
        (unit.attribute == first, key)
        for key, unit in content.answer_units.items()
        if unit.about == {mention} and not unit.is_gap and not unit.answer.declines
    ]
    return next((key for is_first, key in units if is_first), units[0][1] if units else "")


def _beside(heard: Heard, key: str) -> tuple[str, ...]:
    """Other answers about the same that are near the text, for taps."""
    about = heard.content.answer_units[key].about
    reading = heard.reading
    matches = reading.answers if reading else ()
    same = (
        match.key
        for match in matches
        if match.key != key and about and heard.content.answer_units[match.key].about == about
    )
    return tuple(same)[: MOST_NEAR - 1]
