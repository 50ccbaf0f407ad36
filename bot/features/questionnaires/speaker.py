"""What people say of themselves and of others outside any question: facts, corrections, 'what if I
were 32', 'what age do you have'.

Facts go into the profile and are said back; with points asked for, they go into the test. Somebody
else's are worth points too, but nothing of them is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Tap, paragraph
from bot.core.request import Request, marked
from bot.core.turn import Turn
from bot.extraction import slots
from bot.extraction.slots.lines import find
from bot.features.figures import answered
from bot.features.questionnaires import (
    changes,
    engine,
    english_results,
    known,
    noting,
    own_total,
    partner_talk,
    points,
    rows,
    score_levels,
    work_places,
)
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.statements import (
    PARTNER,
    STATE,
    Statement,
    partner_of,
    stated,
    without_pay,
)
from bot.features.questionnaires.turns import (
    answers_so_far,
    known_answers,
    last_dialog,
    open_dialog,
    taken,
)
from bot.features.questionnaires.what_if import what_if
from bot.understanding.acts import Utterance

POINTS: Final = "points"
_WORTH: Final = re.compile(
    r" (?:points?|pts|score|scores|worth|total|marks) | (?:get|gets|give|gives|bring|brings"
    r"|lose|gain|add|adds) (?:\w+ ){0,4}(?:for|at|age|points?) | for (?:his|her|my|their"
    r"|the)? ?(?:age|english|work|degree) | what (?:would|will|does|do"
    r"|could) (?:\w+ ){1,4}(?:give|bring|get|score|gives|gets) "
)
_KEEPS: Final = re.compile(
    r" (?:you|u|ya) (?:\w+ )?(?:have|got|hold|holding|know|remember|saved|noted|store|stored"
    r"|keep) | (?:have|got|hold) (?:you|u|ya)? ?(?:got|down|for|me|my) "
)
_SAVES: Final = re.compile(r" (?:save|store|keep|add|put|note|record|remember) ")
_ERASES: Final = re.compile(
    r" (?:delete|forget|erase|remove|wipe|drop) | (?:dont|do not|not|never|stop"
    r"|without) (?:\w{1,20} )?(?:keep|keeping|store|storing|save|saving|hold|holding|remember"
    r"|remembering) "
)
_HIS: Final = re.compile(r" (?:his|her|their|hers|theirs|wifes|husbands|partners|him|them) ")
_AGED: Final = re.compile(
    r"\b(?:is|was|hes|shes|he's|she's|turns?|turned|hits?|were|at|aged?|im|i'm"
    r"|i am)\s+(?P<age>1[5-9]|[2-6]\d)\b(?!\s*(?:years?|yrs?|points?|%|k))",
    re.IGNORECASE,
)
_POINTS_SAID: Final = re.compile(r" (?:points|pts) ")
_SMALL: Final = 0.5
"""Facts that explain less of a message than this are noted beside its answer,
and are not the answer.
"""


def readings(request: Request, said: Utterance, found: Statement) -> Iterator[Interpretation]:
    """Everything of this kind that the message may be; with a question open, the facts are that
    question's business. `found`: what the message states of its speaker.
    """
    yield from rows.readings(request, said)
    yield from own_total.readings(request, said)
    yield from score_levels.readings(request, said)
    yield from _recalls(request, said)
    yield from _drops(request, said)
    yield from _of_others(request, said)
    yield from _hypotheses(request, said)
    yield from _next_worth(request, said)
    if waiting(request) is None:
        yield from _english_again(request, said)
        yield from _corrections(request, said)
        yield from _facts(request, said, found)
        yield from _work_without_place(request, said, found)


def _english_again(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Speaking was 89', 'that was in February': the test that was told before,
    put right or dated.
    """
    before = {**known_answers(request), **answers_so_far(request, POINTS)}.get("english", "")
    new = english_results.told_again(request, before, said)
    if not new:
        return
    on_points = rows.on_points(request)
    yield Interpretation(
        name="a result put right",
        score=0.985,
        decide=lambda: (
            _take_points(request, said, new) if on_points else noting.alone(request, new)
        ),
        takes_facts=True,
    )


def _work_without_place(
    request: Request, said: Utterance, found: Statement
) -> Iterator[Interpretation]:
    """'Plus two years as an analyst since', where points are the topic:
    counted where words and facts say, else asked.
    """
    if said.asks or not rows.on_points(request):
        return
    have = answers_so_far(request, POINTS)
    placed = work_places.placed(request, said, _points_of(request, found.answers), have)
    if work_places.HERE in placed and work_places.HERE not in found.answers:
        yield Interpretation(
            name="work since a degree here",
            score=0.992,
            decide=lambda: _take_points(request, said, placed),
            takes_facts=True,
        )
        return
    years = work_places.unplaced(request, said, found.answers)
    if years:
        yield Interpretation(
            name="work somewhere",
            score=0.985,
            decide=lambda: work_places.which(request, years),
            takes_facts=True,
        )


def _facts(request: Request, said: Utterance, found: Statement) -> Iterator[Interpretation]:
    speaks_of_points = bool(_POINTS_SAID.search(said.line)) and len(found.answers) > 1
    is_one_value = len(found.answers) == 1 and not noting.speaks_of_self(said)
    wants_points = (said.does("total") and not is_one_value) or speaks_of_points
    if wants_points and (found.answers or found.ambiguities) and request.content.points.available:
        yield Interpretation(
            name="points from what is said",
            score=0.99,
            decide=lambda: _points(request, said, found),
            takes_facts=True,
        )
        return
    in_points = _points_of(request, found.answers)
    if in_points and _talks_of_points(request):
        yield Interpretation(
            name="an answer of the last result",
            score=0.99,
            covers=max(found.covers, _SMALL),
            decide=lambda: _take_points(request, said, in_points),
            takes_facts=True,
        )
        return
    if found.answers and found.covers >= _SMALL and not said.asks:
        yield Interpretation(
            name="facts",
            score=0.98 if len(found.answers) > 1 else 0.93,
            covers=found.covers,
            decide=lambda: noting.alone(request, found.answers),
            takes_facts=True,
        )


def _points(request: Request, said: Utterance, found: Statement) -> Turn:
    asks = request.content.dialogs[POINTS].questions
    whole = stated(request.content, asks, said, request.today)
    rest = changes.rest(request, POINTS, said, whole.answers)
    profile = {key: answer for key, answer in found.answers.items() if key not in asks}
    person = request.state.person
    kept = known.remembered(request.content, person.profile, profile)
    request = replace(request, state=replace(request.state, person=replace(person, profile=kept)))
    beside = replace(request, command=POINTS, words="")
    return taken(
        beside,
        POINTS,
        answers_so_far(request, POINTS),
        {**rest, **whole.answers},
        whole.ambiguities,
    )


def _points_of(request: Request, answers: Mapping[str, str]) -> dict[str, str]:
    asks = request.content.dialogs[POINTS].questions
    return {key: answer for key, answer in answers.items() if key in asks}


def _talks_of_points(request: Request) -> bool:
    """The points result stands in the chat."""
    last = request.state.conversation.last
    has_result = bool(request.state.person.results.get(POINTS))
    return has_result and last is not None and last.command in (POINTS, "what-if", "profile")


def _take_points(request: Request, said: Utterance, answers: Mapping[str, str]) -> Turn:
    rest = changes.rest(request, POINTS, said, answers)
    beside = replace(request, command=POINTS, words="")
    return taken(beside, POINTS, answers_so_far(request, POINTS), {**rest, **answers})


def _corrections(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Another answer to something that was answered before, in the last result or the profile."""
    if not said.does("correct") or said.asks:
        return
    last = request.state.conversation.last
    on_topic = last is not None and last.command in (POINTS, "what-if", "profile", "audit")
    finished = last_dialog(request)
    for dialog in dict.fromkeys((finished, "profile")):
        if not dialog or (dialog != "profile" and not on_topic):
            continue
        new = changes.corrections(request, dialog, said, last_too=on_topic)
        if new:
            beside = replace(request, command=dialog, words="")
            yield Interpretation(
                name="a correction",
                score=0.98,
                covers=1.0 if on_topic else 0.6,
                decide=lambda beside=beside, dialog=dialog, new=new: _correct(beside, dialog, new),  # type: ignore[misc]
                takes_facts=True,
            )
            return


def _correct(request: Request, dialog: str, new: Mapping[str, str]) -> Turn:
    if dialog == "profile":
        return noting.alone(request, new)
    return taken(request, dialog, answers_so_far(request, dialog), new)


# ---- imagined, and somebody else's


def _hypotheses(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Suppose I was 32', 'and with superior English?', 'my cousin is 41, how many will he get':
    points, and nothing is kept.
    """
    speaks = [one for one in said.clauses if one.mood in ("hypothetical", "asked")]
    others = [one for one in said.clauses if one.holder != "self"]
    adds = _adds_to_what_if(request, said)
    priced = _is_priced(request, said)
    if not (speaks or others or adds or priced) or not request.content.points.available:
        return
    values = _values(request, said)
    if not values or _MEANING.search(said.line):
        return
    own = [one for one in said.clauses if one.holder == "self" and one.mood == "stated"]
    if others and own and not (speaks or adds or priced):
        return  # '32, ielts 7 each, bachelor, my husband works in IT too' is the speaker's own
    imagined = adds or (any(one.mood == "hypothetical" for one in speaks) and not others)
    on_points = rows.on_points(request)
    about_points = on_points or priced or bool(_WORTH.search(said.line))
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
    yield Interpretation(
        name="points for a value",
        score=0.985 if on_points else 0.97,
        covers=1.0 if on_points or priced else 0.9,
        decide=lambda: (
            _worth_of_others(request, said, values) if others else worth(request, values, own=True)
        ),
        takes_facts=True,
    )


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


def _values(request: Request, said: Utterance) -> dict[str, str]:
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
    return dict(slots.fill_slots(request.content, asks, "", text, request.today).answers)


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


def worth(request: Request, values: Mapping[str, str], *, own: bool) -> Turn:
    """What each of these answers brings by the table; for the speaker beside what is known."""
    have = {**known_answers(request), **answers_so_far(request, POINTS)}
    lines = []
    for key, _ in points.FACTORS:
        if key not in values:
            continue
        label = request.content.questions[key].label
        now = points.brings(request, key, values[key])
        before = ""
        if own and key in have and have[key] != values[key]:
            before = request.text(
                "worth_now",
                answer=shown(request, key, have[key]),
                points=points.brings(request, key, have[key]),
            )
        answer = shown(request, key, values[key])
        lines.append(
            request.text("worth_line", label=label, answer=answer, points=now, before=before)
        )
    lines += _totals_with(request, values) if own or PARTNER in values else []
    if own and "age" in values:
        lines += points.next_band(request, values)[:1]
    kept = request.text("worth_not_kept" if own else "worth_others_not_kept")
    blocks = (*(Paragraph(marked(line, {})) for line in lines), paragraph(kept))
    one = next(iter(values)) if len(values) == 1 else ""
    words = f"{WORTH} {one} {values[one]}" if one else ""
    beside = replace(request, command=POINTS, words=words)
    return answered(
        beside,
        *blocks,
        cite=(request.content.points.source,),
        taps=(Tap(request.text("tap_points"), POINTS),),
        personal=own,
    )


WORTH: Final = rows.PRICE.strip()
_WORK: Final = {"overseas_years": "australian_years", "australian_years": "overseas_years"}
_MORE_OF_IT: Final = re.compile(
    r"^ (?:(?:and|or|so|ok|what|how|about|if|for|with|then|its|is|it|just"
    r"|say) ){0,5}(?P<number>\d{1,2}(?: and a half)?)(?: plus| or more)?(?: (?:years?|yrs?"
    r"|y))?(?: (?:then|instead|exp|points?)){0,2} $"
)
_SAME_THERE: Final = re.compile(
    r"^ (?:(?:and|or|so|ok|what|how|about|if|same|is|it|for|in|the|work|that|they|it's|years?"
    r"|yrs?) ){0,6}(?P<where>here|australia|aus|oz|sydney|melbourne|onshore|locally?"
    r"|australian|overseas|abroad|outside|offshore|overseas ones?) $"
)
_HERE_WORDS: Final = frozenset(
    "here australia aus oz sydney melbourne onshore local locally australian".split()
)


def _next_worth(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'And 8+', 'same for australia?' after what one value brings: the next value of the same row,
    or the other side of the border.
    """
    last = request.state.conversation.last
    if last is not None and last.command == POINTS:
        before = last.words.split(" ")
    else:
        before = []
    if waiting(request) or len(before) < _WORDS_OF_WORTH or before[0] != WORTH:
        return
    key, value = before[1], " ".join(before[2:])
    number, there = _MORE_OF_IT.match(said.line), _SAME_THERE.match(said.line)
    both = _NUMBER_THERE.match(said.line) if key in _WORK else None
    if both:
        key, number, there = _side(both["where"]), both, None
    values: dict[str, str] = {}
    if number:
        found = slots.read(request.content, key, number["number"], request.today)
        values = {key: found} if isinstance(found, str) else {}
    elif there and key in _WORK:
        values = {_side(there["where"]): value}
    if values:
        yield Interpretation(
            name="what another value brings",
            score=0.991,
            decide=lambda: worth(request, values, own=False),
            takes_facts=True,
        )


_NUMBER_THERE: Final = re.compile(
    r"^ (?:(?:and|or|so|ok|what|how|about|if|plus"
    r"|for) ){0,4}(?P<number>\d{1,2}(?: and a half)?)(?: plus)?(?: (?:years?|yrs?"
    r"|y))?(?: in)? (?P<where>here|australia|aus|oz|sydney|melbourne|onshore|local|overseas"
    r"|abroad|outside|offshore)(?: then)? $"
)


def _side(where: str) -> str:
    """The row of work on that side of the border."""
    return "australian_years" if where in _HERE_WORDS else "overseas_years"


_WORDS_OF_WORTH: Final = 3


def _totals_with(request: Request, values: Mapping[str, str]) -> list[str]:
    """The totals with these answers, where a sum is begun or done."""
    have = answers_so_far(request, POINTS)
    if not rows.on_points(request) or len(have) < rows.FEWEST_ROWS:
        return []
    base = {"english": "competent"}
    now = points.reckon(request.content, {**base, **have}, request.today).score
    then = points.reckon(request.content, {**base, **have, **values}, request.today).score
    totals = " · ".join(f"{visa}: {total}" for visa, total in then.totals.items())
    before = " · ".join(f"{visa}: {total}" for visa, total in now.totals.items())
    return [request.text("worth_totals", totals=totals, before=before)]


def maybe(request: Request, said: Utterance) -> Turn | None:
    """A doubted fact about the speaker: what is known stays.

    None where nothing of the kind was said.
    """
    sure = tuple(replace(one, mood="stated") for one in said.clauses)
    found = noting.facts_in(request, replace(said, clauses=sure)).answers
    key = next(iter(found), "") or _place_of(request, said)
    if not key:
        return None
    have = known_answers(request)
    if key not in have:
        return request.answer(paragraph(request.text("maybe_unknown")), remember=False)
    label = request.content.questions[key].label
    words = request.text("maybe_left", label=label, answer=shown(request, key, have[key]))
    return request.answer(paragraph(words), personal=True, remember=False)


def _place_of(request: Request, said: Utterance) -> str:
    """The question about the state, where the message names one: 'we might shift to Hobart'."""
    line = said.line
    options = request.content.questions[STATE].options.items()
    named = any(f" {word} " in line for key, one in options for word in (key, *one.words))
    return STATE if named else ""


# ---- what is known, and of whom


def _recalls(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'What age do you have for me?': the one answer."""
    line = said.line
    if (not said.asks and "?" not in said.text) or not _KEEPS.search(line):
        return
    if not re.search(r" (?:me|my|mine|you|u) ", line) or len(line.split()) > _LONGEST_RECALL:
        return
    keys = [
        key
        for key in dict.fromkeys(
            key for name in noting.PROFILE for key in request.content.dialogs[name].questions
        )
        if _names(request, key, line)
    ]
    keys = keys or ([STATE] if _place_of(request, said) else [])
    if keys:
        yield Interpretation(
            name="what is known",
            score=0.97,
            decide=lambda: _tell_known(request, keys[0]),
            takes_facts=True,
        )


_LONGEST_RECALL: Final = 14


def _names(request: Request, key: str, line: str) -> bool:
    question = request.content.questions[key]
    names = (key.replace("_", " "), question.label.lower(), *question.called)
    return any(find(name, line) for name in names)


def _tell_known(request: Request, key: str) -> Turn:
    have = {**answers_so_far(request, POINTS), **known_answers(request)}
    question = request.content.questions[key]
    if key in have:
        words = request.text(
            "known_is", label=question.label, answer=shown(request, key, have[key])
        )
    else:
        words = request.text("known_not", label=question.label.lower())
    taps = (
        Tap(request.text("tap_change_it"), f"change {key.replace('_', ' ')}"),
        Tap(request.text("tap_show_profile"), "profile"),
    )
    return request.answer(paragraph(words), Choices(taps), personal=True, remember=False)


def _drops(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Delete only my age': that answer and nothing else."""
    line = said.line
    if not _ERASES.search(line) or said.asks or len(line.split()) > _LONGEST_RECALL:
        return
    have = known_answers(request)
    kept = [key for key, question in request.content.questions.items() if question.remember]
    keys = [key for key in kept if _names(request, key, line)]
    if len(keys) == 1 and not re.search(r" (?:everything|all|data) ", line):
        yield Interpretation(
            name="erase one answer",
            score=0.97,
            decide=lambda: _drop(request, keys[0], known_before=keys[0] in have),
            takes_facts=True,
        )


def _drop(request: Request, key: str, *, known_before: bool) -> Turn:
    person = request.state.person
    before = {key: known_answers(request).get(key, "")}
    profile = known.without(person.profile, (key,))
    results = {
        name: {each: answer for each, answer in result.items() if each != key}
        for name, result in person.results.items()
    }
    person = replace(person, profile=profile, results=results)
    conversation = replace(request.state.conversation, changed=before)
    state = replace(request.state, person=person, conversation=conversation)
    label = request.content.questions[key].label
    words = request.text("dropped" if known_before else "known_not", label=label)
    return request.answer(paragraph(words), state=state, personal=True, remember=False)


def _of_others(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Somebody else's facts: never kept, and erased where the answer about the partner was."""
    line = said.line
    others = any(one.holder != "self" for one in said.clauses)
    if not others:
        return
    if (
        _ERASES.search(line)
        and not said.asks
        and re.search(r" (?:told|said|about|of|data|details|info) ", line)
    ):
        yield Interpretation(
            name="erase what is about another",
            score=0.97,
            decide=lambda: _drop_partner(request),
            takes_facts=True,
        )
    elif _SAVES.search(line) and _HIS.search(line):
        yield Interpretation(
            name="keep what is about another",
            score=0.93,
            decide=lambda: _only_yours(request),
            takes_facts=True,
        )
    elif all(one.mood == "stated" for one in said.clauses) and not _WORTH.search(line):
        yield from _facts_about_others(request, said)


def _facts_about_others(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'My husband is 29 and got PTE 90': what it can matter for,
    with nothing of it taken as the speaker's.
    """
    theirs = [one for one in said.clauses if one.holder != "self"]
    if len(theirs) < len(said.clauses):
        return
    partners = all(one.holder == PARTNER for one in theirs)
    if partners:
        facts = stated(request.content, (PARTNER,), said, request.today).answers
    else:
        facts = {}
    if not facts and not _values(request, said):
        return
    if facts:
        yield Interpretation(
            name="about the partner",
            score=0.98,
            covers=1.0,
            decide=lambda: _partner_told(request, facts),
            takes_facts=True,
        )
        return
    values = _values(request, said)
    if set(values) == {"age"} and partner_talk.is_partner(request, said):
        yield Interpretation(
            name="the partner's age",
            score=0.983,
            decide=lambda: _partner_aged(request),
            takes_facts=True,
        )
        return
    yield Interpretation(
        name="about somebody else",
        score=0.98,
        covers=1.0,
        decide=lambda: _worth_of_others(request, said, values),
        takes_facts=True,
    )


_HE: Final = re.compile(r" (?:he|she|his|her|hes|shes) ")
"""Who was talked of may be the partner: then another row counts, and it is said."""


def _worth_of_others(request: Request, said: Utterance, values: Mapping[str, str]) -> Turn:
    """What somebody else's answers bring; a partner's English is another row of the speaker's."""
    turn = worth(request, values, own=False)
    is_partner = partner_talk.is_partner(request, said) or _HE.search(said.line)
    if "english" not in values or not is_partner:
        return turn
    first, *others = turn.replies
    row = paragraph(request.text("level_of_partner"))
    blocks = (first.blocks[0], row, *first.blocks[1:])
    return replace(turn, replies=(replace(first, blocks=blocks), *others))


def _partner_aged(request: Request) -> Turn:
    beside = replace(request, command=POINTS, words="")
    return answered(
        beside,
        paragraph(request.text("partner_age")),
        cite=(request.content.points.conditions["partner"],),
        taps=(Tap(request.text("tap_points"), POINTS),),
    )


def _partner_told(request: Request, facts: Mapping[str, str]) -> Turn:
    current = open_dialog(request)
    if current is not None and current.dialog == POINTS:
        return taken(request, POINTS, current.answers, facts)
    return noting.alone(request, facts)


def _drop_partner(request: Request) -> Turn:
    person = request.state.person
    had = PARTNER in person.profile.answers
    profile = known.without(person.profile, (PARTNER,))
    results = {
        name: {key: answer for key, answer in result.items() if key != PARTNER}
        for name, result in person.results.items()
    }
    state = replace(request.state, person=replace(person, profile=profile, results=results))
    words = request.text("others_erased" if had else "others_held_nothing")
    return request.answer(paragraph(words), state=state, personal=True, remember=False)


def _only_yours(request: Request) -> Turn:
    return request.answer(paragraph(request.text("profile_only_yours")), remember=False)
