"""What is imagined: 'suppose I was 32', 'and with superior English?', 'points for a masters'.

The values become a what-if or the points of a value; nothing is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import slots
from bot.features.questionnaires import engine, noting, partner_talk, points, rows
from bot.features.questionnaires.english_results import ENGLISH, with_skills
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.rows import POINTS
from bot.features.questionnaires.statements import PARTNER, partner_of, stated, without_pay
from bot.features.questionnaires.turns import answers_so_far, known_answers
from bot.features.questionnaires.value_points import worth
from bot.features.questionnaires.what_if import what_if
from bot.understanding.acts import Utterance

ASKS_WORTH: Final = re.compile(
    r" (?:points?|pts|score|scores|worth|total|marks) | (?:get|gets|give|gives|bring|brings"
    r"|lose|gain|add|adds) (?:\w+ ){0,4}(?:for|at|age|points?) | for (?:his|her|my|their"
    r"|the)? ?(?:age|english|work|degree) | what (?:would|will|does|do"
    r"|could) (?:\w+ ){1,4}(?:give|bring|get|score|gives|gets) "
)
_AGED: Final = re.compile(
    r"\b(?:is|was|hes|shes|he's|she's|turns?|turned|hits?|were|at|aged?|im|i'm"
    r"|i am)\s+(?P<age>1[5-9]|[2-6]\d)\b(?!\s*(?:years?|yrs?|points?|%|k))",
    re.IGNORECASE,
)


def hypotheses(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Suppose I was 32', 'and with superior English?', 'my cousin is 41, how many will he get':
    points, and nothing is kept.
    """
    speaks = [one for one in said.clauses if one.mood in ("hypothetical", "asked")]
    others = [one for one in said.clauses if one.holder != "self"]
    adds = _adds_to_what_if(request, said)
    priced = _is_priced(request, said)
    if not (speaks or others or adds or priced) or not request.content.points.available:
        return
    values = values_of(request, said) or _retake(request, said)
    if not values or _MEANING.search(said.line):
        return
    own = [one for one in said.clauses if one.holder == "self" and one.mood == "stated"]
    if others and own and not (speaks or adds or priced):
        return  # '32, ielts 7 each, bachelor, my husband works in IT too' is the speaker's own
    if not (others or adds) and len(_told(request, said)) >= _STORY:
        return  # a story of one's own with one thing imagined in it
    imagined = adds or (any(one.mood == "hypothetical" for one in speaks) and not others)
    on_points = rows.on_points(request)
    about_points = on_points or priced or bool(ASKS_WORTH.search(said.line))
    about_points = about_points or bool(others and _SUMS.search(said.line))
    if not (about_points or imagined):
        return
    finished = not engine.first_open(
        request.content.dialogs[POINTS], answers_so_far(request, POINTS)
    )
    if imagined and finished and request.state.person.results.get(POINTS):
        last = request.state.conversation.last
        before = f"{last.words}, " if adds and last else ""
        words = f"{before}{_as_words(values)}"
        yield Interpretation(
            name="what if",
            score=0.99,
            decide=lambda: what_if(replace(request, command="what-if", words=words)),
            takes_facts=True,
        )
        return
    if others and not speaks and not _SUMS.search(said.line) and _answers_partner(request, said):
        return  # a partner's own facts answer the question about the partner
    is_summed = bool(others) and len(values) >= _STORY and bool(_SUMS.search(said.line))
    if on_points or is_summed:
        score = 0.987 if imagined or is_summed else 0.985
    else:
        score = 0.97
    yield Interpretation(
        name="points for a value",
        score=score,
        covers=1.0 if on_points or priced or is_summed else 0.9,
        decide=lambda: (
            worth_of_others(request, said, values) if others else worth(request, values, own=True)
        ),
        takes_facts=True,
    )


def _answers_partner(request: Request, said: Utterance) -> bool:
    """Whether all that is said of others is a partner's, and says which row counts."""
    others = [one for one in said.clauses if one.holder != "self"]
    if any(one.holder != PARTNER for one in others):
        return False
    return bool(stated(request.content, (PARTNER,), said, request.today).answers)


_RETAKEN: Final = re.compile(
    r" (?:listening|reading|writing|speaking) | (?:retake|resit|redo|again|next time) "
)


def _retake(request: Request, said: Utterance) -> dict[str, str]:
    """'If I retake and get 7 in writing': the result that was told, with that skill's score."""
    known = {**known_answers(request), **answers_so_far(request, POINTS)}.get(ENGLISH, "")
    if not known or not _RETAKEN.search(said.line):
        return {}
    found = with_skills(request.content, known, said.text, request.today)
    return {ENGLISH: found} if isinstance(found, str) else {}


_STORY: Final = 3
"""Facts of the points table in one message that make it a story."""


def _told(request: Request, said: Utterance) -> Mapping[str, str]:
    asks = request.content.dialogs[POINTS].questions
    return stated(request.content, asks, said, request.today).answers


_PRICED: Final = re.compile(
    r"^ (?:(?:and|so|ok|how many|how much|what|whats|the) ){0,4}(?:points?|pts) (?:for|with"
    r"|if|at|of|on|from) "
)
"""'Points for 3 and a half years overseas': the price of a value, anybody's."""
_ANOTHER: Final = re.compile(r"^ (?:(?:and|or|ok|so) ){1,3}|^ (?:what|how) about ")


def _is_priced(request: Request, said: Utterance) -> bool:
    """Whether a value's points are asked for, with those words or right after another's:
    'and masters by research'.
    """
    if noting.speaks_of_self(said):
        return False
    if _PRICED.search(said.line):
        return True
    last = request.state.conversation.last
    unit = None
    if last is not None:
        unit = request.content.answer_units.get(last.words)
    is_price = unit is not None and unit.key.startswith("points_")
    return is_price and bool(_ANOTHER.match(said.line)) and not waiting(request)


_MEANING: Final = re.compile(r" (?:means?|meaning|stands? for|definition|define) ")
_ADDS: Final = re.compile(
    r"^ (?:(?:and|ok|so|then|also) ){0,6}(?:plus|with|add|adding|on top|together with|and|also) "
)


def _adds_to_what_if(request: Request, said: Utterance) -> bool:
    """'Plus a professional year on top' after a what-if: imagined as well,
    with what was imagined before.
    """
    last = request.state.conversation.last
    is_what_if = last is not None and last.command == "what-if" and not said.does("correct")
    return is_what_if and bool(_ADDS.search(said.line))


_POINTS_NUMBER: Final = re.compile(r"(?<![\d.])\d{1,3} ?(?:points?|pts)\b", re.IGNORECASE)
"""'The 15 points' are no fifteen years."""


def values_of(request: Request, said: Utterance) -> dict[str, str]:
    """What the message would answer, whoever it is about."""
    partners = [one for one in said.clauses if one.holder == PARTNER]
    if partners and any(one.mood == "hypothetical" for one in said.clauses):
        partner = partner_of(request.content, said.text, request.today)
        return {PARTNER: partner} if partner else {}
    whole = _POINTS_NUMBER.sub(" ", without_pay(said.text.replace("?", " ")))
    text = _AGED.sub(lambda hit: f" age {hit['age']} ", whole)
    text = re.sub(
        r"\b(?:points?|worth|how many|how much|should|what|mean)\b", " ", text, flags=re.IGNORECASE
    )
    asks = [key for key in request.content.dialogs[POINTS].questions if key != PARTNER]
    found = dict(slots.fill_slots(request.content, asks, "", text, request.today).answers)
    if partners and len(partners) == len(said.clauses) and len(found) < _STORY:
        partner = partner_of(request.content, said.text, request.today)
        return {PARTNER: partner} if partner else found
    return found


def _as_words(values: Mapping[str, str]) -> str:
    """Answers as the readers take them again."""
    said = []
    for key, answer in values.items():
        if answer.endswith(")"):
            plain_answer = answer.partition("(")[2].rstrip(")")
        else:
            plain_answer = answer
        number = plain_answer.partition(" on ")[0]
        if answer == "yes" and key in _SAID_AS:
            said.append(_SAID_AS[key])
            continue
        name = {
            "age": "age",
            "overseas_years": "years overseas",
            "australian_years": "years in australia",
        }.get(key, "")
        said.append(f"{name} {number}" if key == "age" else f"{number} {name}".strip())
    return ", ".join(said)


_SAID_AS: Final = {
    "professional_year": "professional year",
    "ccl": "naati",
    "australian_study": "studied in australia",
    "regional_study": "regional study",
    "specialist_education": "research masters",
}
"""How a yes to these questions is said, for the readers to take it again."""
_HE: Final = re.compile(r" (?:he|she|his|her|hes|shes) ")
"""Who was talked of may be the partner: then another row counts, and it is said."""


_SUMS: Final = re.compile(
    r" (?:(?:his|her|their|the|how many|how much|total) (?:points?|pts|score|total)|count (?:his|hers?"
    r"|it|them)|what (?:would|will|does) (?:he|she) (?:get|have|score)|total|points?) "
)


def _summed(request: Request, values: Mapping[str, str], turn: Turn) -> Turn:
    """The rows of somebody else with what they come to, kept nowhere."""
    ends = points.closed(request, {"english": "competent", **values})
    blocks = ends or (paragraph(points.so_far(request, values)),)
    first, *others = turn.replies
    return replace(turn, replies=(replace(first, blocks=(*blocks, *first.blocks)), *others))


def worth_of_others(request: Request, said: Utterance, values: Mapping[str, str]) -> Turn:
    """What somebody else's answers bring; a partner's English is another row of the speaker's."""
    turn = worth(request, values, own=False)
    if len(values) >= _STORY and "age" in values:
        return _summed(request, values, turn)
    is_partner = partner_talk.is_partner(request, said) or _HE.search(said.line)
    if "english" not in values or not is_partner:
        return turn
    first, *others = turn.replies
    row = paragraph(request.text("level_of_partner"))
    blocks = (first.blocks[0], row, *first.blocks[1:])
    return replace(turn, replies=(replace(first, blocks=blocks), *others))
