"""Questions about a sum of points that stands in the chat, or is half done: why a row is what it
is, which brings least, one visa's total.

Nothing here is kept, and nothing starts a test.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Strong, Tap, paragraph, spans
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.numbers import with_digits
from bot.extraction.slots.lines import find
from bot.features.figures import answered
from bot.features.questionnaires import audit, flow, points
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.turns import answers_so_far, known_answers, open_dialog
from bot.features.questionnaires.what_if import for_visa
from bot.understanding.acts import Utterance, plain
from content.content import Content
from content.points import Band, PointsTest

POINTS: Final = "points"
FEWEST_ROWS: Final = 3
"""A sum of fewer answers is none yet."""
_LONGEST: Final = 14
_LONGEST_TEXT: Final = 200


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Everything of this kind that a short text may be."""
    is_short = len(said.text) <= _LONGEST_TEXT and len(said.text.split()) <= _LONGEST
    if not request.content.points.available or not is_short:
        return
    for name, score, read in READERS:
        turn = read(request, said)
        if turn is not None:
            yield Interpretation(name=name, score=score, decide=turn, takes_facts=True)


def on_points(request: Request) -> bool:
    """A sum of points was talked about last, or is being added up."""
    last = request.state.conversation.last
    current = open_dialog(request)
    is_last = last is not None and last.command in (POINTS, "what-if")
    is_noted = last is not None and last.command == "profile" and _has_rows(request)
    return is_last or is_noted or (current is not None and current.dialog == POINTS)


def _has_rows(request: Request) -> bool:
    """Enough was told of oneself for a sum, an age among it."""
    have = answers_so_far(request, POINTS)
    return "age" in have and len(have) >= FEWEST_ROWS


def _has_result(request: Request) -> bool:
    return bool(request.state.person.results.get(POINTS))


Decide = Callable[[], Turn] | None

# ---- one visa's total

_SMALL: Final = frozenset(
    re.findall(
        r"\S+",
        "and so ok or what whats how about with for if on the a an in then is it that would "
        "be under via through by my score points"
        " point total nomination nominated sponsored sponsorship state territory visa one "
        "instead get i got go do went at from plus"
        " me give gives number sum now would make which this same only only but u they them "
        "my nominate nominates sponsor sponsors goes gets when once there of am im",
    )
)
_STATES: Final = frozenset(
    "nsw vic qld wa sa tas nt act victoria queensland tasmania canberra".split()
)
_REGIONAL: Final = frozenset(("regional", "regionally"))
_NOMINATED: Final = frozenset(
    "nomination nominated nominate nominates nominating sponsored sponsor sponsors".split()
)


def _with_nomination(request: Request, said: Utterance) -> Decide:
    """'With NSW?', 'regional?', 'and the 190': the total with that nomination."""
    words = set(plain(said.text).split())
    if _asks_of_a_state(request, words):
        return lambda: _nomination(request)
    if not on_points(request):
        return None
    named = words & (_STATES | _REGIONAL | set(request.content.points.nomination))
    have = answers_so_far(request, POINTS)
    visa = _visa_meant(request, named)
    if words - _SMALL - named or not named or not (visa and "age" in have):
        return None
    return lambda: for_visa(request, have, visa)


def _asks_of_a_state(request: Request, words: set[str]) -> bool:
    """'If a state nominates me': nothing but a nomination, by whichever state."""
    named = words & _STATES
    is_state = bool(words & {"state", "territory", "states"} or named)
    is_if = on_points(request) or bool(words & {"if", "when", "with", "and", "points"})
    return bool(words & _NOMINATED) and is_state and is_if and not words - _SMALL - named


def _nomination(request: Request) -> Turn:
    """What a state's nomination adds, for either visa; with the sum so far where there is one."""
    nomination = request.content.points.nomination
    have = answers_so_far(request, POINTS)
    visas = sorted((one for one in nomination if nomination[one]), key=nomination.__getitem__)
    has_sum = on_points(request) and "age" in have
    totals: Mapping[str, int] = {}
    if has_sum:
        base = {"english": "competent", **have}
        totals = points.reckon(request.content, base, request.today).score.totals
    rows = [
        request.text(
            "nomination_total" if has_sum else "nomination_adds",
            visa=one,
            added=nomination[one],
            total=totals.get(one, 0),
        )
        for one in visas
    ]
    words = request.spans("nominated_by_state", rows=" · ".join(rows))
    return answered(
        _beside(request) if has_sum else request,
        Paragraph(words),
        cite=(request.content.points.nomination_source,),
        taps=_taps(request),
        personal=has_sum,
    )


def _visa_meant(request: Request, named: set[str]) -> str:
    """A state nominates for the visa with the smaller bonus, a region for the one with the larger;
    '' where two are named.
    """
    nomination = request.content.points.nomination
    by_bonus = sorted((visa for visa in nomination if nomination[visa]), key=nomination.__getitem__)
    if not by_bonus:
        return ""
    if named & _REGIONAL:
        return by_bonus[-1]
    visas = named & set(nomination)
    if len(visas) > 1:
        return ""
    return next(iter(visas), by_bonus[0])


# ---- why a row is what it is

_WHY: Final = re.compile(
    r"^ (?:(?:and|but|so|wait|hang|on|hmm|ok|hey|sorry|no) ){0,6}(?:why|how come|how is|hows"
    r"|how did|where does|where do|where is|wheres|what makes|explain|what gives) "
)
_FACTOR_WORDS: Final = {
    "overseas_years": ("work", "experience", "years", "exp", "job"),
    "australian_years": ("work here", "local work", "australian work", "aussie work"),
    "age": ("age",),
    "english": ("english",),
    "education": ("degree", "education", "masters", "phd", "doctorate", "bachelor"),
    "specialist_education": ("specialist", "stem"),
    "regional_study": ("regional study", "regional"),
    "professional_year": ("professional year", "py"),
    "ccl": ("naati", "ccl", "language"),
    "partner": ("partner", "wife", "husband", "single", "spouse"),
}
_NUMBER: Final = re.compile(r"(?<![\d.])\d{1,2}(?![\d.])")


def _why_row(request: Request, said: Utterance) -> Decide:
    """'Why not 10 for specialist', 'why only 5 for work', 'why?' after one row was shown:
    that row's rule.
    """
    line = plain(with_digits(said.text))
    if not _WHY.search(line) or not (on_points(request) or _talks_of_points(line)):
        return None
    have = {**known_answers(request), **answers_so_far(request, POINTS)}
    key = factor_named(request.content, line) or _factor_of_number(request, line, have)
    if not key:
        return None
    return lambda: explained(request, key, have)


def _talks_of_points(line: str) -> bool:
    return " points " in line or bool(re.search(r" (?:5|10|15|20|25|30) for ", line))


def factor_named(content: Content, line: str) -> str:
    """The factor whose name is longest in the text."""
    found = [
        (len(name), key)
        for key, _ in points.FACTORS
        for name in (*_FACTOR_WORDS.get(key, ()), *_names_of(content, key))
        if find(name, line)
    ]
    return max(found, default=(0, ""))[1]


def _names_of(content: Content, key: str) -> tuple[str, ...]:
    question = content.questions[key]
    return (key.replace("_", " "), question.label.lower(), *question.called)


def _factor_of_number(request: Request, line: str, have: Mapping[str, str]) -> str:
    """The one answered row that has as many points as the text names."""
    hit = _NUMBER.search(line)
    rows = [key for key, brings in _rows(request, have) if hit and brings == int(hit[0])]
    return rows[0] if len(rows) == 1 else ""


def _rows(request: Request, have: Mapping[str, str]) -> list[tuple[str, int]]:
    base = {"english": "competent"}
    breakdown = points.reckon(request.content, {**base, **have}, request.today).score.breakdown
    return [(key, int(getattr(breakdown, line))) for key, line in points.FACTORS if key in have]


def explained(request: Request, key: str, have: Mapping[str, str]) -> Turn:
    """One row: what was answered and brings, what each answer would bring, and the conditions."""
    question = request.content.questions[key]
    brings = dict(_rows(request, have)).get(key)
    if brings is not None:
        lead = request.text(
            "row_is", label=question.label, answer=shown(request, key, have[key]), points=brings
        )
    else:
        lead = question.label
    facts = tuple(request.content.facts[name] for name in question.facts)
    lines = (_table(request, key), *(str(fact.value) for fact in facts))
    return answered(
        _beside(request),
        Paragraph(spans(Strong(lead))),
        *(paragraph(line) for line in lines if line),
        cite=(request.content.points.source, *facts),
        taps=_taps(request),
        personal=True,
    )


def _beside(request: Request) -> Request:
    return replace(request, command=POINTS, words="result")


def _taps(request: Request) -> tuple[Tap, ...]:
    if _has_result(request):
        return (Tap(request.text("tap_points_result"), "points result"),)
    return (Tap(request.text("tap_points"), POINTS),)


def _table(request: Request, key: str) -> str:
    """What each answer of a factor brings."""
    table = request.content.points
    match key:
        case "age":
            return _bands(request, table.age, "row_age")
        case "overseas_years":
            return _bands(request, table.overseas_work, "row_years")
        case "australian_years":
            return _bands(request, table.australian_work, "row_years")
        case "english" | "education" | "partner":
            worth = _worth_by_option(table, key)
            options = request.content.questions[key].options
            said = (
                request.text("row_option", answer=options[name].label, points=worth[name])
                for name in options
                if name in worth
            )
            return " · ".join(said)
        case _:
            return request.text("row_extra", points=_extra(table, key))


def _worth_by_option(table: PointsTest, key: str) -> dict[str, int]:
    return dict(getattr(table, key))


def _extra(table: PointsTest, key: str) -> int:
    return int(getattr(table.extras, key))


def _bands(request: Request, bands: tuple[Band, ...], phrase: str) -> str:
    return " · ".join(
        request.text(phrase, start=f"{one.from_:g}", points=one.points)
        for one in bands
        if one.points
    )


# ---- which row brings least

_LEAST: Final = re.compile(
    r" (?:which|whats|what|wheres|where|whichs) (?:\w{1,20} ){0,5}?(?:pulls?|pulling|drags?"
    r"|dragging|holds?|holding|lets?|costs?|costing|weak|weakest|weaker|lowest|least|worst"
    r"|missing|lose|losing|lost|short|hurts?|hurting|down|back|drop|dropping) "
)


def _least(request: Request, said: Utterance) -> Decide:
    """'Which one pulls me down', 'what's my lowest row':
    the rows that are furthest from their most.
    """
    if not _LEAST.search(plain(said.text)) or waiting(request):
        return None
    last = request.state.conversation.last
    about = last.command if last else ""
    if about == "audit" or (not _has_result(request) and request.state.person.results.get("audit")):
        return lambda: _lowest_of_audit(request)
    if on_points(request) and _has_result(request):
        return lambda: _furthest(request)
    return None


def _lowest_of_audit(request: Request) -> Turn:
    result = request.state.person.results["audit"]
    questions = request.content.questions
    counted = {
        key: int(value)
        for key, value in result.items()
        if key in questions and questions[key].group and value.isdecimal()
    }
    rows = audit.rows(request.content, counted)
    least = min(row.share for row in rows)
    said = " · ".join(
        request.text(
            "row_audit",
            name=audit.name_of(request.content, row.key),
            scored=row.scored,
            most=row.most,
        )
        for row in rows
        if row.share == least
    )
    words = request.spans("rows_lowest", rows=said)
    return request.answer(Paragraph(words), personal=True, remember=False)


MOST_ROWS: Final = 3


def _furthest(request: Request) -> Turn:
    have = answers_so_far(request, POINTS)
    gaps = [
        (_most(request.content, key) - brings, key, brings) for key, brings in _rows(request, have)
    ]
    widest = sorted((gap for gap in gaps if gap[0] > 0), key=lambda gap: -gap[0])[:MOST_ROWS]
    said = " · ".join(
        request.text(
            "row_short",
            name=request.content.questions[key].label,
            scored=brings,
            most=_most(request.content, key),
        )
        for _, key, brings in widest
    )
    words = request.spans("rows_furthest", rows=said)
    return answered(
        _beside(request),
        Paragraph(words),
        cite=(request.content.points.source,),
        taps=_taps(request),
        personal=True,
    )


def _most(content: Content, key: str) -> int:
    """The most that a factor can bring."""
    table = content.points
    match key:
        case "age":
            return max(band.points for band in table.age)
        case "overseas_years":
            return max(band.points for band in table.overseas_work)
        case "australian_years":
            return max(band.points for band in table.australian_work)
        case "english" | "education" | "partner":
            return max(_worth_by_option(table, key).values())
        case _:
            return _extra(table, key)


# ---- the sum, and whether a what-if was kept

_KEPT: Final = re.compile(
    r" (?:save|saved|store|stored|keep|kept|record|recorded|note|noted|count|counted|add"
    r"|added) (?:\w{1,20} )?(?:that|those|these|them|it|this|any) "
)


def _nothing_kept(request: Request, said: Utterance) -> Decide:
    """'Did you save those?' after a what-if: no, with the sum as it is."""
    last = request.state.conversation.last
    is_what_if = last is not None and last.command in ("what-if", POINTS)
    if not is_what_if or not said.asks or not _KEPT.search(plain(said.text)):
        return None
    return lambda: _sum(request, request.text("what_if_not_kept"))


def _total(request: Request, said: Utterance) -> Decide:
    """'Without all the ifs what is my number': the sum as it stands,
    of a test that is done or was put aside.
    """
    if not said.does("total") or waiting(request) or any(map(str.isdigit, said.text)):
        return None
    imagined = any(clause.mood == "hypothetical" for clause in said.clauses)
    if any(clause.holder != "self" for clause in said.clauses):
        return None
    if imagined and not re.search(r" (?:without|ignoring|minus|not counting) ", plain(said.text)):
        return None
    current = open_dialog(request)
    if current is not None and current.dialog == POINTS and current.answers:
        return lambda: flow.total(request)
    is_topic = on_points(request) or " points " in plain(said.text)
    if _has_result(request) and is_topic:
        return lambda: _sum(request)
    return None


def _sum(request: Request, *lead: str) -> Turn:
    have = answers_so_far(request, POINTS)
    in_short = None
    if _has_result(request):
        in_short = points.in_short(request, have)
    so_far = points.so_far(request, have)
    lines = [paragraph(line) for line in lead]
    total = [in_short] if in_short else []
    if so_far and not in_short:
        total = [paragraph(so_far)]
    return request.answer(*lines, *total, Choices(_taps(request)), personal=True, remember=False)


# ---- a row by its name, and work that is too few hours


_WORTH: Final = re.compile(r" (?:points?|pts|worth|how many|how much|brings?|gives?|scores?) ")


_ALONE: Final = (
    r"(?:so|and|ok|okay|then|but|how|many|much|what|whats|is|are|do|does|will|would|can|i|we|u"
    r"|that|that's|this|it|these|get|gets|got|give|gives|bring|brings|worth|for|him|her|them|me"
    r"|us|now|all|total|any|from|there|out|of|please|pls)"
)
_POINTS_ALONE: Final = re.compile(rf"^ (?:{_ALONE} ){{0,9}}(?:points?|pts)(?: {_ALONE}){{0,6}} $")


def asks_points_alone(text: str) -> bool:
    """'So points?', 'how many pts do I get for that': what for, the talk says."""
    return bool(_POINTS_ALONE.match(plain(text)))


def _own_row(request: Request, said: Utterance) -> Decide:
    """'My age gives how many', 'does that get me any points' after something was noted:
    what the known answer brings.
    """
    line = plain(said.text)
    last = request.state.conversation.last
    is_alone = asks_points_alone(said.text) and last is not None and last.command == "profile"
    if any(map(str.isdigit, said.text)):
        return None
    if own := _own_english(request, line):
        return own
    if not _WORTH.search(line):
        return None
    if not (said.asks or is_alone):
        return None
    have = {**known_answers(request), **answers_so_far(request, POINTS)}
    factors = [key for key, _ in points.FACTORS]
    if is_alone or re.search(r" (?:that|it|this) ", line):
        noted = [
            key
            for key in request.state.conversation.changed
            if key in factors and (is_alone or _is_told_of(request, key))
        ]
        keys = [key for key in noted if key in have]
        if len(keys) > 1:
            return lambda: _list_rows(request, keys, have)
        if not keys:
            return None
        return lambda: explained(request, keys[0], have)
    if " my " not in line or re.search(r" (?:salary|pay|plan|total|result) ", line):
        return None
    key = factor_named(request.content, line)
    if key not in have:
        return None
    return lambda: explained(request, key, have)


_LEVEL_ASKED: Final = re.compile(
    r"^ (?:(?:so|and|ok|then|now) ){0,3}(?:what|which|whats) (?:level|band) (?:(?:is|it|that"
    r"|this|i|am|have|do|me|mine|my|at|in|for|get|got|english|then|now) ){0,6}$"
)
_OF_MINE: Final = re.compile(r" (?:i|im|my|me|mine|get|got) ")
ENGLISH: Final = "english"


def _own_english(request: Request, line: str) -> Decide:
    """'What level is it', 'how many points do I get' while English is talked about: the speaker's
    own result, where it is known.
    """
    last = request.state.conversation.last
    have = {**known_answers(request), **answers_so_far(request, POINTS)}
    unit = request.content.answer_units.get(last.words) if last is not None else None
    is_noted = ENGLISH in request.state.conversation.changed
    talks = is_noted or (unit is not None and ENGLISH in unit.answer.subject)
    asks_points = (
        bool(_POINTS_ALONE.match(line)) and bool(_OF_MINE.search(line)) and unit is not None
    )
    is_asked = bool(_LEVEL_ASKED.match(line)) or (
        asks_points and ENGLISH in (unit.answer.subject if unit else "")
    )
    if not (talks and is_asked and any(map(str.isdigit, have.get(ENGLISH, "")))):
        return None
    return lambda: explained(request, ENGLISH, have)


PRICE: Final = "worth "
"""How the price of one value stands among the topics: 'worth overseas_years 3.5'."""


def _is_told_of(request: Request, key: str) -> bool:
    """Whether a fact that was told last is about this row;
    what was told since means another one.
    """
    last = request.state.conversation.last
    if last is not None and last.command == POINTS and last.words.startswith(PRICE):
        return last.words.split(" ")[1] == key
    unit = None
    if last is not None:
        unit = request.content.answer_units.get(last.words)
    if unit is None:
        return last is None or last.command in ("profile", POINTS, "what-if")
    return factor_named(request.content, plain(unit.answer.subject)) == key


def _list_rows(request: Request, keys: list[str], have: Mapping[str, str]) -> Turn:
    """What each of these known answers brings."""
    brings = dict(_rows(request, have))
    lines = [
        request.text(
            "row_is",
            label=request.content.questions[key].label,
            answer=shown(request, key, have[key]),
            points=brings[key],
        )
        for key in keys
        if key in brings
    ]
    return answered(
        _beside(request),
        *(paragraph(line) for line in lines),
        cite=(request.content.points.source,),
        taps=_taps(request),
        personal=True,
    )


_HOURS: Final = re.compile(
    r"\b(?P<hours>1?\d)\s?(?:h|hrs?|hours?)\s?(?:/|a|per|each|every)?\s?(?:w|wk|week)",
    re.IGNORECASE,
)
_CASUAL: Final = re.compile(
    r"\b(?:job|work|worked|casual|part[ -]?time|gig|role|shifts?|employ\w{0,15})\b", re.IGNORECASE
)
_HERE: Final = re.compile(
    r"\b(?:melb\w{0,15}|sydney|brisbane|brissie|perth|adelaide|hobart|canberra|darwin|here"
    r"|aus\w{0,15}|local)\b",
    re.IGNORECASE,
)


def _part_time(request: Request, said: Utterance) -> Decide:
    """'The Melbourne job was casual, 15 hrs a week': under 20 hours counts nothing;
    the answer changes by a tap.
    """
    hit = _HOURS.search(said.text)
    if hit is None or not _CASUAL.search(said.text) or said.asks or waiting(request):
        return None
    if not on_points(request) or any(one.holder != "self" for one in said.clauses):
        return None
    if _HERE.search(said.text):
        key = "australian_years"
    else:
        key = "overseas_years"
    have = answers_so_far(request, POINTS)
    if have.get(key, "0") == "0":
        return None
    return lambda: _without_work(request, key, have)


def _without_work(request: Request, key: str, have: Mapping[str, str]) -> Turn:
    work = request.content.points.conditions["work"]
    score = points.reckon(request.content, {**have, key: "0"}, request.today).score
    totals = " · ".join(f"{visa}: {score.totals[visa]}" for visa in score.totals)
    label = request.content.questions[key].label
    tap = Tap(request.text("tap_set_to_none", label=label), f"change {key.replace('_', ' ')} to 0")
    return answered(
        _beside(request),
        Paragraph(request.spans("row_part_time", label=label, totals=totals)),
        cite=(work,),
        taps=(tap, *_taps(request)),
        personal=True,
    )


READERS: Final[tuple[tuple[str, float, Callable[[Request, Utterance], Decide]], ...]] = (
    ("one visa's total", 0.985, _with_nomination),
    ("why a row is what it is", 0.985, _why_row),
    ("the row that brings least", 0.98, _least),
    ("whether a what-if was kept", 0.99, _nothing_kept),
    ("the sum as it stands", 0.98, _total),
    ("what a known answer brings", 0.98, _own_row),
    ("work of too few hours", 0.985, _part_time),
)
"""What each looks for and how sure it is where it finds that."""
