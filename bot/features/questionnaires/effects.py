"""What an answer changes in the sum so far: 'she's PR, not a citizen, does it matter', 'what
difference does that make'.

The question that stays open is mentioned in one line, and not printed again.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.reply import paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.questionnaires import engine, points
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.turns import (
    asked_again,
    keep,
    listing,
    live_total,
    open_dialog,
    with_dialog,
)
from bot.understanding.acts import Utterance, utterance


def heard(request: Request, text: str) -> Utterance:
    """The part of a message that tells something."""
    partner = request.state.person.profile.answers.get("partner", "single")
    return utterance(
        request.content.acts, text, named="other" if partner == "single" else "partner"
    )


def taken(request: Request, new: Mapping[str, str]) -> Turn:
    """The answers kept, and what they change."""
    current = open_dialog(request)
    if current is None:
        return last(request)
    before = dict(current.answers)
    dialog = request.content.dialogs[current.dialog]
    merged = engine.still_valid(request.content, dialog, {**before, **new}, request.today)
    question = engine.first_open(dialog, merged) or current.question
    opened = replace(current, answers=merged, question=question)
    kept = keep(request, merged, new, before)
    told = replace(request, state=with_dialog(kept, opened))
    said = request.text("dialog_taken", answers=listing(request, new))
    return _tell(told, said, before, merged)


def last(request: Request) -> Turn:
    """What the answer changed that was taken last."""
    current = open_dialog(request)
    changed = request.state.conversation.changed
    if current is None or not changed:
        words = request.text("dialog_effect_none_yet")
        return asked_again(request, request.answer(paragraph(words), remember=False))
    now = dict(current.answers)
    before = {key: answer for key, answer in now.items() if key not in changed}
    before |= {key: answer for key, answer in changed.items() if answer}
    new = {key: now[key] for key in changed if key in now}
    said = listing(request, new)
    return _tell(request, f"{said}." if said else "", before, now)


def _tell(request: Request, said: str, before: Answers, now: Answers) -> Turn:
    """What was said, by how much the sum moves, and where it stands."""
    current = open_dialog(request)
    if current is not None:
        total = live_total(request, current.dialog, now)
    else:
        total = ""
    sentences = (said, _change_of_sum(request, before, now), total)
    words = " ".join(sentence for sentence in sentences if sentence)
    turn = request.answer(paragraph(words), personal=True, remember=False, state=request.state)
    return asked_again(request, turn)


def _change_of_sum(request: Request, before: Answers, now: Answers) -> str:
    """By how much the sum moves, where there is one."""
    if not request.content.points.available or not now:
        return ""
    was, then = (_sum(request, one) for one in (before, now))
    if was == then:
        return request.text("dialog_effect_none")
    moved = f"{then - was:+d}".replace("-", "−")
    return request.text("dialog_effect", points=moved, now=then, before=was)


def _sum(request: Request, answers: Answers) -> int:
    whole = {"english": "competent"} | dict(answers)
    return points.reckon(request.content, whole, request.today).score.breakdown.before_nomination
