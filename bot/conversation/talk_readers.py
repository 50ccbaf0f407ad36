"""Short texts in a talk about migration that name nothing themselves: what was talked about gives
them their meaning.

'And prof year', 'the one before', 'data scientist?', 'even if he is not applying': a round by its
date, a code by its title, the same of another.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import Final

from bot.conversation import accounted, sentences
from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import talks_of_migration
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Tap, paragraph
from bot.core.turn import Turn
from bot.extraction.calendar_names import MONTH, MONTHS
from bot.extraction.slots import age_of
from bot.features import questionnaires
from bot.features.about import fact
from bot.features.figures import answered
from bot.features.questionnaires import noting, partner_talk, score_levels
from bot.features.questionnaires.turns import known_answers
from bot.understanding.acts import plain, utterance
from content.attribute import AnswerUnit
from content.content import Content
from content.subject import tokens

SURE: Final = 0.982
ALONE: Final = 0.979
"""A row of the table for 'points?' alone: below the speaker's own answer, where one is known."""
NAMED: Final = 0.95
MOST_WORDS: Final = 12


def _last_unit(heard: Heard) -> AnswerUnit | None:
    """The answer that was told last, while it is what is talked about."""
    last = heard.state.conversation.last
    talks = talks_of_migration(heard.content, heard.state.conversation, heard.event.at)
    if last is not None and talks:
        return heard.content.answer_units.get(last.words)
    return None


def _told(
    heard: Heard,
    name: str,
    score: float,
    key: str,
    *patterns: re.Pattern[str],
    takes_facts: bool = True,
) -> Interpretation:
    """The answer with this key, less sure the more of the text the patterns leave unexplained."""
    return Interpretation(
        name=name,
        score=score,
        covers=accounted.share(plain(heard.text), *patterns),
        decide=lambda: heard.run(Line(fact.COMMAND, key), None),
        takes_facts=takes_facts,
    )


# ---- invitation rounds by their date

_ROUND: Final = re.compile(r"round_(?P<year>20\d\d)_(?P<month>\d\d)")
_OF_ROUNDS: Final = re.compile(
    r" (?:rounds?|invit\w{0,6}|cut ?offs?|cutoffs?|lowest|189|eoi|skillselect) "
)
_OTHER_THINGS: Final = re.compile(
    r" (?:pte|ielts|toefl|test|acs|fee|fees|charge|charges|threshold|csit|tax|places"
    r"|points test|took|taken|sat|budget|born|turn|turning|open|opens|degree|visa ends) "
)
_DATED: Final = re.compile(
    rf" (?:(?P<month>{MONTH}) )?(?:of |in |the )?(?P<year>20[12]\d) | (?P<month2>{MONTH}) ",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r" (?:(?:one|round|time) before|before (?:that|this|the|it) (?:one|round)|(?:previous|earlier|prior) (?:one|round|time)"
    r"|before (?:that|this|it)) "
)
_YEARLY: Final = re.compile(
    r" (?:last|this|past|program) (?:program )?(?:yr|year) | (?:20)?25 (?:20)?26 "
)
SOFTWARE_LAST: Final = "verdict_invited"
SOFTWARE_ROUNDS: Final = "code_261313_rounds"
"""What is told of software codes' last round, and of the rounds before it."""
ROUNDS_OF_A_YEAR: Final = "rounds_2025_26"
_NEXT_ONE: Final = re.compile(r" (?:(?:one|round) after|after (?:that|this|it)) ")
_SHORT_MONTH: Final = 3


def rounds(heard: Heard) -> Iterator[Interpretation]:
    """'June 2026 round?', 'and in 2024', 'the one before': that round; of a day without one, that
    there is none in our sources.
    """
    line = plain(heard.text)
    is_topic = _is_round(_last_unit(heard))
    if not (is_topic or _OF_ROUNDS.search(line)) or _OTHER_THINGS.search(line):
        return
    if len(line.split()) > MOST_WORDS or questionnaires.waiting(heard.words):
        return
    known = sorted(key for key in heard.content.answer_units if _ROUND.fullmatch(key))
    if _YEARLY.search(line) and (is_topic or " invit" in line or " round" in line):
        yield _told(
            heard, "the rounds of a year", SURE, ROUNDS_OF_A_YEAR, _YEARLY, takes_facts=False
        )
        return
    last = _last_unit(heard)
    if last is not None and last.key == SOFTWARE_LAST and _BEFORE.search(line):
        yield _told(heard, "the rounds before", SURE, SOFTWARE_ROUNDS, _BEFORE)
        return
    key = _round_beside(heard, known, line) if is_topic else ""
    hit = None if key else _DATED.search(line)
    if hit is not None and (is_topic or hit["year"]):
        key = _round_of(known, hit)
    elif not key:
        return
    yield Interpretation(
        name="a round by its date",
        score=SURE,
        covers=accounted.share(line, _DATED, _BEFORE, _NEXT_ONE),
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
    """The round before or after the one just told, or before the newest where none was; '' for a
    text that asks for neither.
    """
    if _BEFORE.search(line):
        step = -1
    elif _NEXT_ONE.search(line):
        step = 1
    else:
        step = 0
    last = _last_unit(heard)
    if last is not None and last.key in known:
        told = last.key
    else:
        told = known[-1]
    place = known.index(told) + step
    if step and 0 <= place < len(known):
        return known[place]
    return ""


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
    "and or what about how for a an the with then is so ok too also code codes in on it that "
    "one ones same of if as"
    " them abt wat list lists please is are there can i use".split()
)


def titles(heard: Heard) -> Iterator[Interpretation]:
    """'And data scientist?' while codes or their lists are talked about: that occupation's code,
    and no pay.
    """
    unit = _last_unit(heard)
    if unit is None or not _is_of_codes(unit):
        return
    code = _code_by_title(heard.content, heard.text)
    if code:
        key = _answer_of_code(heard.content, code, unit.attribute)
    else:
        key = ""
    if key:
        yield _told(heard, "a code by its title", SURE, key)


def _is_of_codes(unit: AnswerUnit) -> bool:
    kinds = {one.kind for one in unit.about}
    is_of_a_list = unit.attribute.endswith(".list")
    is_named = unit.answer.subject in ("codes", "lists")
    return is_of_a_list or is_named or bool(kinds & {"code", "occupation_list"})


def _code_by_title(content: Content, text: str) -> str:
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
    r" (?:points?|pts|marks|worth|how much (?:does|do|is|will|would)|how many|adds?|gives?"
    r"|brings?) "
)
_NO_POINTS: Final = re.compile(
    r" (?:my|cost|costs|fee|fees|price|pay|salary|years|long|take|takes|dollars|tests?|hours"
    r"|old|without|need|needs|require\w{0,2}) "
)
_OPENERS: Final = re.compile(
    r" (?:and|or|so|ok|what|about|how|abt|the|a|an|is|it|for|with|then|also|too|plus|add|wat"
    r"|if|i|do|did|get|got|have|had|pass|finish) "
)


def rows(heard: Heard) -> Iterator[Interpretation]:
    """'How much does NAATI add', 'and the py' after another row, 'how many points for that':
    what that row brings.
    """
    line = plain(heard.text)
    if len(line.split()) > MOST_WORDS or any(map(str.isdigit, line)):
        return
    if questionnaires.waiting(heard.words):
        return
    key = _row_of(heard, line)
    if key:
        yield Interpretation(
            name="a row of the points table",
            score=ALONE if questionnaires.asks_points_alone(heard.text) else NAMED,
            decide=lambda: heard.run(Line(fact.COMMAND, _ROWS[key]), None),
        )


def _row_of(heard: Heard, line: str) -> str:
    unit = _last_unit(heard)
    if questionnaires.asks_points_alone(heard.text):
        told = plain(_last_subject(heard, unit))
        return questionnaires.factor_named(heard.content, told)
    key = questionnaires.factor_named(heard.content, line)
    if not key or _NO_POINTS.search(line):
        return ""
    bare = line
    for _ in range(_MOST_OPENERS):
        bare = _OPENERS.sub(" ", bare)
    is_bare = len(bare.split()) <= _WORDS_OF_A_ROW
    talks = unit is not None and (unit.key in _ROWS.values() or unit.key.startswith("points"))
    if _PRICE.search(line) or (is_bare and talks):
        return key
    return ""


def _last_subject(heard: Heard, unit: AnswerUnit | None) -> str:
    """What was told last: the subject of an answer, or a term."""
    last = heard.state.conversation.last
    if unit is not None:
        return unit.answer.subject
    is_named = last is not None and (
        last.command == "term" or last.words.startswith(questionnaires.PRICE)
    )
    if last is not None and is_named:
        return last.words.replace("_", " ")
    return ""


_MOST_OPENERS: Final = 3
"""Words beside each other share their blanks, so that one pass leaves every second one."""
_WORDS_OF_A_ROW: Final = 2

# ---- the speaker as somebody's partner

_CITIZEN: Final = re.compile(
    r" (?:im|i am|i|me|ive|i have|iam) (?:\w{1,12} ){0,6}?(?:citizens?|pr|permanent resident"
    r"|australian|aussie) "
)
_FOR_THEM: Final = re.compile(
    r" (?:help|helps|count|counts|points?|pts|matter|matters|give|gives|bring|brings|change"
    r"|changes|get|gets|add|adds) (?:\w{1,12} ){0,5}?(?:her|him|she|he|wife|husband|partner"
    r"|spouse|wifes|girlfriend|boyfriend|fiancee?) "
    r"| (?:her|his|wifes|husbands|partners) (?:points|pts|score|visa|eoi) "
)
CITIZEN_PARTNER: Final = "points_partner_citizen"


def citizen_for_partner(heard: Heard) -> Iterator[Interpretation]:
    """'I'm a citizen, does that help her': a partner who is a citizen, seen from the other side."""
    line = plain(heard.text)
    is_asked = heard.utterance.asks or "?" in heard.text or " does " in line or " do " in line
    if is_asked and _CITIZEN.search(line) and _FOR_THEM.search(line):
        name = "a citizen whose partner applies"
        yield _told(heard, name, 0.986, CITIZEN_PARTNER, _CITIZEN, _FOR_THEM)


# ---- scores without their test

_FOUR: Final = re.compile(r" (?:\d{2}(?:\.5)? ){4}| \d{2} (?:each|all|in each|in all|across) ")


def scores(heard: Heard) -> Iterator[Interpretation]:
    """'Did it in July 25, got 80 80 79 81' after PTE was talked about: a result in that test."""
    unit = _last_unit(heard)
    if unit:
        tests = [one.key for one in unit.about if one.kind == "english_test"]
    else:
        tests = []
    said = {one.kind for one in heard.content.mentions(tokens(heard.text))}
    if len(tests) != 1 or "english_test" in said or not _FOUR.search(plain(heard.text)):
        return
    if questionnaires.waiting(heard.words):
        return
    text = f"{heard.content.english.tests[tests[0]].name} {heard.text}"
    whole = utterance(heard.content.acts, text)
    found = noting.facts_in(heard.request("profile", text), whole)
    for one in questionnaires.statements(heard.request("profile", text), whole, found):
        yield replace(one, score=max(one.score, SURE), covers=1.0)


# ---- one skill of a test, hours of a job

_SKILLS: Final = re.compile(
    r"^ (?:(?:and|only|just|ok|so|what|about|for|the|how|in|on|i|mean|min|minimum"
    r"|need) ){0,5}(?P<skill>listening|reading|writing|speaking)(?: (?:only|one|part|alone"
    r"|then|min|minimum|score|band|just)){0,3} $"
)
_HOURS: Final = re.compile(
    r" (?P<hours>\d{1,2}) ?(?:h|hrs?|hours?) (?:(?:a|per|each|every) )?(?:w|wk|week|weekly) "
)
LEAST_HOURS: Final = 20


def skills(heard: Heard) -> Iterator[Interpretation]:
    """'Writing only' after a test's scores: what that skill needs for each level."""
    unit = _last_unit(heard)
    tests = [one.key for one in unit.about if one.kind == "english_test"] if unit else []
    hit = _SKILLS.match(plain(heard.text))
    if hit is None or len(tests) != 1 or questionnaires.waiting(heard.words):
        return
    yield Interpretation(
        name="one skill of a test",
        score=SURE,
        decide=lambda: score_levels.needed(
            heard.request(), heard.content.english.tests[tests[0]], hit["skill"]
        ),
    )


def hours(heard: Heard) -> Iterator[Interpretation]:
    """'24 hrs weekly' after which work counts: on which side of the 20 hours that is;
    no hours for the plan.
    """
    unit = _last_unit(heard)
    hit = _HOURS.search(plain(heard.text))
    if unit is None or hit is None or not unit.key.startswith(("points_work", "verdict_years")):
        return
    phrase = "hours_enough" if int(hit["hours"]) >= LEAST_HOURS else "hours_too_few"
    request = heard.request("points", "")
    yield Interpretation(
        name="hours of a job",
        score=0.986,
        decide=lambda: answered(
            request,
            Paragraph(request.spans(phrase, hours=hit["hours"])),
            cite=(heard.content.points.conditions["work"],),
        ),
        takes_facts=True,
    )


# ---- what a partner's test would bring

_IF_THEY: Final = re.compile(
    r" (?:if|when|once|suppose|say) (?:she|he|my (?:wife|husband|partner)|the (?:wife|husband))"
    r" (?:\w{1,12} ){0,4}?(?P<band>[6-9](?:\.5)?)"
    r" (?:(?:in|for|on) )?(?:each|all|everything|every|overall each|across) "
)
PARTNER_PASSES: Final = "my partner has competent english"


def partner_passes(heard: Heard) -> Iterator[Interpretation]:
    """'And if she gets 6 in everything?' of a partner who is talked about: Competent English of
    that partner, imagined.
    """
    is_said = _IF_THEY.search(_with_points(heard.text))
    if is_said and partner_talk.is_partner(heard.request("points", heard.text), heard.utterance):
        yield Interpretation(
            name="a partner's test to come",
            score=0.987,
            decide=lambda: heard.run(Line("what-if", PARTNER_PASSES), None),
            on_dialog=True,
            takes_facts=True,
        )


def _with_points(text: str) -> str:
    """The text in plain words, half bands as they were written."""
    return re.sub(r"(\d) 5 ", r"\1.5 ", plain(text))


# ---- the assessor, the temporary one, what an employer does

_ACS: Final = re.compile(r" (?:acs|skills? assessment) ")
_THING: Final = re.compile(r" (?:the )?skills? (?:thing|check|letter) ")
_COSTS: Final = re.compile(r" (?:how much|cost|costs|fee|fees|price|charge|charges|pay) ")
_LASTS: Final = re.compile(
    r" (?:how long|time|how many (?:weeks|months|days)|how fast|wait|waiting) "
)
_NOT_OF_ACS: Final = re.compile(r" (?:valid|last|lasts|rpl|expire|expires|years|letter|points) ")
_ABROAD: Final = re.compile(
    r" (?:overseas|abroad|offshore|outside|from here|over here|in (?:nz|uk|india|china|nepal"
    r"|brazil|kenya|nigeria|pakistan|manila|lagos|delhi)) "
)
FEE: Final = "acs_fee"
FEE_ABROAD: Final = "acs_fee_overseas"
TIME: Final = "acs_time"


def assessor(heard: Heard) -> Iterator[Interpretation]:
    """'And ACS, how much from here and how long': both of the assessor that is named, whatever
    visa was talked about.
    """
    line = plain(heard.text)
    is_both = _ACS.search(line) and _COSTS.search(line) and _LASTS.search(line)
    is_thing = _THING.search(line) and (_COSTS.search(line) or _LASTS.search(line))
    if is_thing and not is_both and not questionnaires.waiting(heard.words):
        asked = TIME if _LASTS.search(line) else FEE_ABROAD if _ABROAD.search(line) else FEE
        yield _told(heard, "what the assessor takes", 0.984, asked, _ACS, _COSTS, _LASTS)
        return
    if not is_both or _NOT_OF_ACS.search(line) or questionnaires.waiting(heard.words):
        return
    fee = FEE_ABROAD if _ABROAD.search(line) else FEE
    yield Interpretation(
        name="what the assessor takes, and how long",
        score=0.986,
        covers=accounted.share(line, _ACS, _COSTS, _LASTS, _ABROAD),
        decide=lambda: _facts(heard, (fee, TIME)),
    )


_TEMPORARY: Final = re.compile(
    r" (?:temporary|temp) (?:one|visa|option|pathway|way) (?:\w{1,12} ){0,3}?(?:employers?"
    r"|company|boss|sponsors?|sponsorship|work|job) "
)
_EMPLOYER_DOES: Final = re.compile(
    r" what (?:(?:do|does|would|will|must|should) (?:\w{1,12} ){1,3}?(?:have|need) to (?:do"
    r"|prove|show|arrange|file)|(?:must|should) (?:\w{1,12} ){1,3}?do) "
)
_EMPLOYER: Final = re.compile(
    r" (?:employers?|boss|manager|company|sponsors?|firm|startup|work|they|sponsorship) "
)
TEMPORARY: Final[tuple[str, ...]] = ("visa_482_what", "visa_482_core_income")
EMPLOYER_DOES: Final[tuple[str, ...]] = ("visa_482_employer_part",)
_SPONSORED: Final[tuple[str, ...]] = ("visa 482", "visa 186", "visas")


def sponsored(heard: Heard) -> Iterator[Interpretation]:
    """'The temporary one through an employer': the 482; 'what do they have to do for it': what
    our sources say of the employer's part.
    """
    line = plain(heard.text)
    if questionnaires.waiting(heard.words):
        return
    if _TEMPORARY.search(line):
        keys = TEMPORARY
    elif _EMPLOYER_DOES.search(line) and _EMPLOYER.search(line) and _is_of_sponsors(heard, line):
        keys = EMPLOYER_DOES
    else:
        return
    yield Interpretation(
        name="the visa an employer starts",
        score=0.978,
        covers=accounted.share(line, _TEMPORARY, _EMPLOYER_DOES, _EMPLOYER),
        decide=lambda: _facts(heard, keys),
        takes_facts=True,
    )


def _is_of_sponsors(heard: Heard, line: str) -> bool:
    unit = _last_unit(heard)
    is_topic = unit is not None and unit.answer.subject in _SPONSORED
    return is_topic or bool(re.search(r" (?:visa|482|186|sponsor\w{0,4}|nominat\w{0,5}) ", line))


def _facts(heard: Heard, keys: tuple[str, ...]) -> Turn:
    """These answers in one reply."""
    turns = [heard.run(Line(fact.COMMAND, key), None) for key in keys]
    return reduce(sentences.merged, turns)


# ---- birthdays, totals and despair

_TURNING: Final = re.compile(
    r" (?:turn|turns|turning|hit|hits|hitting|become|becoming|reach|reaching|be|going to be"
    r"|gonna be) (?P<age>25|33|40|45) | (?:im|i am|hes|shes|he is|she is) (?P<then>25|33|40"
    r"|45) (?:in|on|next|this|by|soon) "
)
_OLDER: Final = {
    "25": "points_age_25_32",
    "33": "points_age_33_39",
    "40": "points_age_40_44",
    "45": "verdict_age_44",
}
"""What is told of an age that is still to come."""
_OF_VISAS: Final = re.compile(
    r" (?:visa|points?|pts|invite|invited|invitation|eoi|pr|189|190|491|186|late|apply|lodge"
    r"|matter|lose|happens?) "
)


def birthdays(heard: Heard) -> Iterator[Interpretation]:
    """'I turn 45 in June, too late?': what changes with that birthday;
    nobody is told whether it is too late.
    """
    line = plain(heard.text)
    hit = _TURNING.search(line)
    unit = _last_unit(heard)
    is_about = bool(_OF_VISAS.search(line)) or (
        unit is not None and len(line.split()) <= MOST_WORDS
    )
    if hit is None or not is_about or questionnaires.waiting(heard.words):
        return
    if heard.facts.answers and "45" not in (hit["age"], hit["then"]):
        return  # an age told with its next birthday is kept, and that is said beside it
    key = _OLDER[hit["age"] or hit["then"]]
    yield _told(heard, "a birthday to come", 0.986, key, _TURNING)


_MY_TOTAL: Final = re.compile(
    r" (?:i|im|ive|my|me) (?:\w{1,12} ){0,4}?(?P<total>4[5-9]|[5-9]\d|1[0-3]\d) (?:points?"
    r"|pts) | my (?:points?|pts|score|total) (?:\w{1,8} ){0,3}?(?P<also>4[5-9]|[5-9]\d"
    r"|1[0-3]\d) "
)
_BY_A_STATE: Final = re.compile(r" (?:190|491|states?|nsw|vic|victoria|qld|sa|wa|tas|act|nt) ")


def own_totals(heard: Heard) -> Iterator[Interpretation]:
    """'I have 70 points', 'my points 80 now': what such a total met in the past rounds, or that
    states have no national cut-off.
    """
    line = plain(heard.text)
    if _MY_TOTAL.search(line) is None or questionnaires.waiting(heard.words):
        return
    unit = _last_unit(heard)
    subject = unit.answer.subject if unit is not None else ""
    is_by_state = bool(_BY_A_STATE.search(line) or _BY_A_STATE.search(plain(subject)))
    key = "state_cutoff" if is_by_state else "verdict_invited"
    yield _told(heard, "a total of one's own", 0.958, key, _MY_TOTAL)


_DESPAIRS: Final = re.compile(
    r" (?:no (?:chance|hope|way|point|use|gain|options?)|finished|its over|impossible|never|doomed"
    r"|game over|hopeless|zero chance|not possible|nothing (?:is |was )?possible|why bother|give up"
    r"|pointless|useless|for nothing|only silence|no (?:invite|invitation|answer|luck)"
    r"|not even (?:4|5|6|7|8|9)\d|waste(?: of (?:time|money))?) "
)
_LONGEST_SIGH: Final = 14
_ASKS_FACT: Final = re.compile(
    r" (?:how (?:much|many|long)|what (?:is|are|was)|which|when|where|fee|cost|salary|pay|super"
    r"|plan|unit|quiz|nudge|learn|maths?) "
)


def despair(heard: Heard) -> Iterator[Interpretation]:
    """'So no chance', '2 years in the pool, pointless' in a talk about migration: a warm line and
    the facts behind it; whether there is a chance nobody can say.
    """
    line = plain(heard.text)
    unit = _last_unit(heard)
    is_short = len(line.split()) <= _LONGEST_SIGH
    last = heard.state.conversation.last
    is_of_points = last is not None and last.command in ("points", "what-if", "profile")
    is_topic = unit is not None or is_of_points or bool(_OF_A_CHANCE.search(line))
    if not is_topic or not is_short or not _DESPAIRS.search(line) or _ASKS_FACT.search(line):
        return
    key = _behind(heard, unit)
    yield Interpretation(
        name="a sigh about chances",
        score=0.982 if is_of_points or _OF_A_CHANCE.search(line) else 0.965,
        covers=accounted.share(line, _DESPAIRS),
        decide=lambda: _warmly(heard, key),
        takes_facts=True,
    )


_OF_A_CHANCE: Final = re.compile(
    r" (?:pool|invite|invited|invites|invitation|eoi|skillselect|applying|189|190|491|pr) "
)


def _warmly(heard: Heard, key: str) -> Turn:
    """The facts after one line for the person."""
    turn = heard.run(Line(fact.COMMAND, key), None)
    if not turn.replies:
        return turn
    first, *others = turn.replies
    lead = paragraph(heard.request().text("chances_warm"))
    return replace(turn, replies=(replace(first, blocks=(lead, *first.blocks)), *others))


def _behind(heard: Heard, unit: AnswerUnit | None) -> str:
    """The facts behind a chance, by what was talked about and the age that was told."""
    age = known_answers(heard.request()).get("age", "")
    too_old = heard.content.points.too_old
    if age and age_of(age, heard.request().today)[0] >= too_old:
        return "verdict_age_44"
    if unit is None:
        return "verdict_invited"
    if "age" in unit.answer.subject or unit.key == "verdict_age_44":
        return "verdict_age_44"
    told = "verdict_invited"
    is_of_rounds = unit.answer.subject in ("rounds", "points", "visa 189", "skillselect")
    if is_of_rounds and unit.key != told:
        return told
    return "verdict_pr_chances"
