"""What a message says of somebody else: worth points, erased, or refused to be kept.

Nothing of another is taken as the speaker's; the partner's answer alone is a row of the speaker's sum.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.core.interpretation import Interpretation
from bot.core.reply import Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import answered
from bot.features.questionnaires import known, noting, partner_talk
from bot.features.questionnaires.hypotheses import ASKS_WORTH, values_of, worth_of_others
from bot.features.questionnaires.kept_answers import ERASES
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.rows import POINTS
from bot.features.questionnaires.statements import PARTNER, stated
from bot.features.questionnaires.turns import open_dialog, taken
from bot.understanding.acts import Utterance

_SAVES: Final = re.compile(r" (?:save|store|keep|add|put|note|record|remember) ")
_HIS: Final = re.compile(r" (?:his|her|their|hers|theirs|wifes|husbands|partners|him|them) ")


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Somebody else's facts: never kept, and erased where the answer about the partner was."""
    line = said.line
    others = any(one.holder != "self" for one in said.clauses)
    if not others:
        return
    if (
        ERASES.search(line)
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
    elif all(one.mood == "stated" for one in said.clauses) and not ASKS_WORTH.search(line):
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
    if not facts and not values_of(request, said):
        return
    if facts:
        yield Interpretation(
            name="about the partner",
            score=0.988 if waiting(request) else 0.98,
            covers=1.0,
            decide=lambda: _partner_told(request, facts),
            takes_facts=True,
        )
        return
    values = values_of(request, said)
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
        decide=lambda: worth_of_others(request, said, values),
        takes_facts=True,
    )


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
