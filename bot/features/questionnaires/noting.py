"""Facts about a person, kept from any sentence: said back in one short line,
with a tap to take it back.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.core.reply import Block, Choices, Paragraph, Tap, paragraph, plain
from bot.core.request import Request, taps
from bot.core.state import OpenDialog
from bot.core.turn import Turn
from bot.extraction.slots import age_of
from bot.features import right_to_work
from bot.features.questionnaires import known, points, score_levels
from bot.features.questionnaires.english_results import result_in
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.statements import STATE, Statement, stated
from bot.features.questionnaires.turns import known_answers
from bot.understanding.acts import Utterance

PROFILE: Final = ("profile", "points")
"""Dialogs whose questions are about the person."""


_HOURS_FIRST: Final = re.compile(
    r"\W{0,3}(?:(?:ok|okay|so|yes|yeah|then|well)[, ]{1,3}){0,3}(?P<hours>[2-9]|[1-3]\d) ?(?:h|hrs?|hours?)"
    r" ?(?:a |per |each |every |/ ?)?(?:week|wk|weekly)[.,;!] ",
    re.IGNORECASE,
)
"""'Ok 6 hours a week. which book is free': hours in a sentence of their own before a question."""


def facts_in(request: Request, said: Utterance) -> Statement:
    """What the message states of its speaker that the profile keeps.

    A question that says nothing of an I or a my states nothing: 'a research masters from Sydney,
    any bonus'.
    """
    if said.asks and not said.does("total") and not _OWN.search(said.line):
        hit = _HOURS_FIRST.match(said.text)
        return Statement(answers={"hours": hit["hours"]} if hit else {})
    content = request.content
    keys = dict.fromkeys(key for name in PROFILE for key in content.dialogs[name].questions)
    wanted = tuple(key for key in keys if content.questions[key].remember)
    if _OF_A_JOB.search(said.line) and not _OWN.search(said.line):
        wanted = tuple(key for key in wanted if key != "background")
    if _only_names_a_place(request, said):
        wanted = tuple(key for key in wanted if key != STATE)
    if _OF_SOMEBODY.search(said.line) and not _OWN.search(said.line):
        wanted = tuple(key for key in wanted if content.questions[key].kind != "years")
    return stated(content, wanted, said, request.today)


def _only_names_a_place(request: Request, said: Utterance) -> bool:
    """'And wollongong' after whether Geelong is regional: the same of another place,
    and nobody's home.
    """
    last = request.state.conversation.last
    unit = None
    if last is not None:
        unit = request.content.answer_units.get(last.words)
    is_short = len(said.text.split()) <= _BARE_PLACE and not _OWN.search(said.line)
    return unit is not None and is_short


_OF_A_JOB: Final = re.compile(
    r" (?:salary|salaries|pay|paid|pays|median|average|wages?|earn|earns|earnings|shortage|demand"
    r"|lists?|codes?|rounds?|rates?|tax) | for an? "
)
"""'Median salary for a software engineer': whose job it is nobody said."""
_BARE_PLACE: Final = 3
_OF_SOMEBODY: Final = re.compile(
    r" (?:for|with|at|someone|somebody|say|needs?|wants?"
    r"|asks?) (?:\w{1,10} ){0,2}\d{1,2} (?:years?|yrs?) "
)
"""'For four years in Perth', 'the ad wants 5 yrs': whose years they are nobody said."""


_OWN: Final = re.compile(r" (?:i|im|ive|id|ill|my|me|mine|am|we|our) ")


def speaks_of_self(said: Utterance) -> bool:
    """Whether a word of the text names its speaker. 'Points for age 36' is anybody's."""
    return bool(_OWN.search(said.line))


def news(request: Request, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that were not known yet, or otherwise."""
    old = known_answers(request)
    return {key: answer for key, answer in answers.items() if old.get(key) != answer}


def _also_answered(
    request: Request, dialog: OpenDialog | None, new: Mapping[str, str]
) -> OpenDialog | None:
    """The open dialog with what was stated beside its question:
    its sum counts a fact that the profile has.
    """
    if dialog is None or dialog.dialog not in request.content.dialogs:
        return dialog
    asked = request.content.dialogs[dialog.dialog].questions
    theirs = {key: one for key, one in new.items() if key in asked and key != dialog.question}
    return replace(dialog, answers={**dialog.answers, **theirs})


def noted(request: Request, turn: Turn, answers: Mapping[str, str]) -> Turn:
    """The turn, with these answers in the profile and a line that
    says so before its first words.
    """
    kept = turn.state.person.profile.answers
    told = {key: answer for key, answer in answers.items() if kept.get(key) != answer}
    new = news(request, told)  # what the turn kept by itself is said there
    if not new or not turn.replies:
        return turn
    old = known_answers(request)
    person = turn.state.person
    profile = known.remembered(request.content, person.profile, new)
    first, *others = turn.replies
    tap = Tap(request.text("tap_wrong"), "undo")
    lead = (paragraph(words(request, new, old)), Choices((tap,)))
    blocks = (*lead, *first.blocks)
    conversation = turn.state.conversation
    state = replace(
        turn.state,
        person=replace(person, profile=profile, dialog=_also_answered(request, person.dialog, new)),
        conversation=replace(
            conversation,
            changed={key: old.get(key, "") for key in new},
            choices={**taps((Choices((tap,)),)), **conversation.choices},
        ),
    )
    replies = (replace(first, blocks=blocks, personal=True), *others)
    return replace(turn, state=state, replies=replies)


def alone(request: Request, answers: Mapping[str, str]) -> Turn:
    """Facts and nothing else: said back, with what they are good for."""
    new = news(request, answers)
    if not new:
        return request.answer(
            paragraph(request.text("noted_already", answers=listed(request, answers))),
            Choices((Tap(request.text("tap_show_profile"), "profile"),)),
            personal=True,
            remember=False,
        )
    old = known_answers(request)
    person = request.state.person
    profile = known.remembered(request.content, person.profile, new)
    state = replace(
        request.state,
        person=replace(person, profile=profile),
        conversation=replace(
            request.state.conversation, changed={key: old.get(key, "") for key in new}
        ),
    )
    buttons = (
        Tap(request.text("tap_wrong"), "undo"),
        Tap(request.text("tap_points"), "points"),
        Tap(request.text("tap_show_profile"), "profile"),
    )
    beside = replace(request, command="profile", words="", state=state)
    return beside.answer(
        paragraph(words(request, new, old)),
        *_what_follows(request, new),
        Choices(right_to_work.concerning(beside, buttons)),
        personal=True,
        state=state,
    )


def _what_follows(request: Request, new: Mapping[str, str]) -> tuple[Block, ...]:
    """What a fact decides by itself: the next age band, or that visas are left out."""
    says_local = new.get(right_to_work.QUESTION) == right_to_work.LOCAL
    counts = request.content.points.available and not right_to_work.is_local(request)
    if counts and not says_local:
        lines = (*_worth(request, new), *_sum_now(request, new))
    else:
        lines = ()
    if says_local:
        lines = (*lines, request.text("noted_local"))
    return tuple(paragraph(line) for line in lines)


_TOLD_WITH_POINTS: Final = ("partner", "english")
"""Answers that people do not know the points of: which they bring is said with them."""


def _worth(request: Request, new: Mapping[str, str]) -> tuple[str, ...]:
    """The points of one fact by itself, and the next age band."""
    told = tuple(
        request.text("noted_brings", points=points.brings(request, key, new[key]))
        for key in _TOLD_WITH_POINTS
        if key in new and len(new) == 1
    )
    return (*told, *_level_line(request, new), *_age_line(request, new))


def _level_line(request: Request, new: Mapping[str, str]) -> tuple[str, ...]:
    """What the next level of English asks, where a result is told by itself."""
    result = result_in(new.get("english", "")) if len(new) == 1 else None
    if result is None:
        return ()
    blocks = score_levels.standing(request, result)[1:]
    return tuple(plain(block.spans) for block in blocks if isinstance(block, Paragraph))


def _age_line(request: Request, new: Mapping[str, str]) -> tuple[str, ...]:
    """The next age band; from the age without an invitation on, that there is none."""
    too_old = request.content.points.too_old
    if "age" in new and age_of(new["age"], request.today)[0] >= too_old:
        return (request.text("age_ends_it", age=too_old),)
    return points.next_band(request, new)


_FEWEST_ROWS: Final = 3
"""A sum of fewer answers is none yet."""


def _sum_now(request: Request, new: Mapping[str, str]) -> tuple[str, ...]:
    """What is known by now comes to, where points were told of and there is a sum to speak of."""
    asked = request.content.dialogs["points"].questions
    known_now = {**known_answers(request), **new}
    have = {key: one for key, one in known_now.items() if key in asked}
    if "age" not in have or len(have) < _FEWEST_ROWS or not set(new) & set(asked):
        return ()
    words = points.so_far(request, have)
    return (words,) if words else ()


def words(request: Request, new: Mapping[str, str], old: Mapping[str, str]) -> str:
    """'Noted: 31 · Proficient (IELTS 7.5).', and what an answer was before."""
    moved = [
        request.text(
            "dialog_moved",
            question=request.content.questions[key].label,
            now=shown(request, key, answer),
            before=shown(request, key, old[key]),
        )
        for key, answer in new.items()
        if key in old
    ]
    fresh = {key: answer for key, answer in new.items() if key not in old}
    if fresh:
        said = [request.text("noted", answers=listed(request, fresh))]
    else:
        said = []
    return " ".join((*said, *moved))


def listed(request: Request, answers: Mapping[str, str]) -> str:
    return " · ".join(
        f"{request.content.questions[key].label} {shown(request, key, answer)}"
        for key, answer in answers.items()
    )
