"""The commands of every dialog: start, an answer, back, cancel, start over;
and an old dialog that is offered again.
"""

from dataclasses import replace

from bot.core.reply import Block, Choices, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.state import OpenDialog
from bot.core.turn import Turn
from bot.extraction import slots
from bot.extraction.slots import Filled
from bot.features.figures import day, figure
from bot.features.questionnaires import engine
from bot.features.questionnaires.outcome import shown
from bot.features.questionnaires.turns import (
    SKIP,
    Step,
    answers_so_far,
    asked_again,
    doubted,
    go_on,
    is_stale,
    known_answers,
    last_dialog,
    listing,
    live_total,
    not_an_answer,
    nothing_open,
    open_dialog,
    park,
    put,
    put_away,
    question_buttons,
    skipped,
    starts,
    taken,
)
from bot.features.visas.migration import sourced

MOST_NAMED = 4
"""Open questions that are named; of more, the first."""


def start(request: Request, key: str) -> Turn:
    """The dialog from its first question, with what the profile knows; or, if it is open,
    where it stopped.
    """
    current = request.state.person.dialog
    if current is not None and current.dialog == key:
        if is_stale(request, current):
            return _offer(request, current)
        return _again(request, current)
    parked = request.state.person.parked
    if parked is not None and parked.dialog == key:
        if is_stale(request, parked):
            return _offer(request, parked)
        return _again(request, parked)
    dialog = request.content.dialogs[key]
    kept = engine.still_valid(request.content, dialog, known_answers(request), request.today)
    facts = [request.content.facts[name] for name in dialog.facts]
    lead: tuple[Block, ...] = tuple(
        Paragraph(sourced(request, figure(fact), fact)) for fact in facts
    )
    lead += tuple(paragraph(sentence) for sentence in (*dialog.opening, *dialog.in_chat))
    if kept:
        lead += (paragraph(request.text("dialog_already_known", answers=listing(request, kept))),)
    return go_on(request, key, kept, lead)


def take(request: Request, key: str, heard: Filled) -> Turn:
    """Answers that came with the command itself."""
    return taken(request, key, answers_so_far(request, key), heard.answers, heard.ambiguities)


def answer(request: Request) -> Turn:
    """`answer DIALOG QUESTION ANSWER`: what a button says.

    Without a question: take an old dialog up again.
    """
    key, _, rest = request.words.partition(" ")
    question, _, said = rest.partition(" ")
    dialog = request.content.dialogs.get(key)
    if dialog is None or (question and question not in dialog.questions):
        return request.answer(
            paragraph(request.text("dialog_gone")), Choices(starts(request)), remember=False
        )
    current = request.state.person.dialog
    if not question:
        waiting = (current, request.state.person.parked)
        one = next((one for one in waiting if one is not None and one.dialog == key), None)
        if one is not None:
            return _again(request, one)
        return start(request, key)
    if current is not None and current.dialog == key and is_stale(request, current):
        return _offer(request, current)
    answers = answers_so_far(request, key)
    if said == SKIP:
        return skipped(request, Step(key, answers, question))
    found = slots.read(request.content, question, said, request.today)
    if not isinstance(found, str):
        doubt = found or not_an_answer(request, question)
        return doubted(request, Step(key, answers, question), doubt)
    return taken(request, key, answers, {question: found})


def back(request: Request) -> Turn:
    """One question back. Its answer is taken out, and said."""
    current = open_dialog(request)
    if current is None:
        return nothing_open(request)
    dialog = request.content.dialogs[current.dialog]
    earlier = engine.before(dialog, current.answers, current.question)
    if not earlier:
        return put(
            request,
            Step(current.dialog, current.answers, current.question),
            paragraph(request.text("dialog_at_the_start")),
        )
    answers = {key: value for key, value in current.answers.items() if key != earlier}
    said = current.answers.get(earlier)
    lead: tuple[Paragraph, ...] = ()
    if said:
        lead = (paragraph(request.text("dialog_you_said", answer=shown(request, earlier, said))),)
    return put(request, Step(current.dialog, answers, earlier), *lead)


def cancel(request: Request) -> Turn:
    """Leave the dialog. Its answers are kept, and `resume` goes on with it."""
    current = request.state.person.dialog
    if current is None:
        return nothing_open(request)
    left = request.content.dialogs.get(current.dialog)
    if left is None:
        state = put_away(request.state, current.dialog)
        words = request.text("dialog_cancelled_other")
        return request.answer(
            paragraph(words), Choices(starts(request)), state=state, remember=False
        )
    if current.answers:
        state = park(request.state)
    else:
        state = put_away(request.state, current.dialog)
    words = request.text("dialog_cancelled", name=left.name)
    taps = (Tap(request.text("tap_go_on"), f"answer {current.dialog}"),)
    turn = request.answer(paragraph(words), Choices(taps), state=state, remember=False)
    return asked_again(request, turn)


def brought_back(request: Request) -> Turn | None:
    """`resume`: the open question again, or the one that was parked; None where there is none."""
    person = request.state.person
    for one in (person.dialog, person.parked):
        if one is not None and one.dialog in request.content.dialogs:
            command = request.content.dialogs[one.dialog].command.split(" ")[0]
            return start(replace(request, command=command, words=""), one.dialog)
    return None


def buttons(request: Request, step: Step) -> tuple[Tap, ...]:
    """The taps of a question."""
    return question_buttons(request, step)


def total(request: Request, *, in_full: bool = False) -> Turn:
    """'So far 45 points ….

    Still open: English, education.', and with `in_full` what was answered.
    """
    current = open_dialog(request)
    if current is None:
        return nothing_open(request)
    dialog = request.content.dialogs[current.dialog]
    left = [
        request.content.questions[key].label
        for key in engine.path(dialog, current.answers)
        if key not in current.answers and not request.content.questions[key].optional
    ]
    sum_words = live_total(request, current.dialog, current.answers)
    if in_full and current.answers:
        taken_words = request.text("dialog_taken", answers=listing(request, current.answers))
    else:
        taken_words = ""
    said = [part for part in (sum_words or request.text("dialog_no_total"), taken_words) if part]
    blocks = [paragraph(part) for part in said]
    count = len(left)
    open_words = ", ".join(left[:MOST_NAMED]) + (" …" if count > MOST_NAMED else "")
    blocks.append(paragraph(request.text("dialog_open_ones", count=count, open=open_words)))
    taps = (Tap(request.text("tap_go_on"), f"answer {current.dialog}"),)
    return request.answer(*blocks, Choices(taps), personal=True, remember=False)


def start_over(request: Request) -> Turn:
    """From the first question, with no answers: the open dialog, or the one finished last."""
    current = request.state.person.dialog
    if current is not None and current.dialog in request.content.dialogs:
        key = current.dialog
    else:
        key = last_dialog(request)
    if not key:
        return nothing_open(request)
    lead = paragraph(request.text("dialog_from_the_start", name=request.content.dialogs[key].name))
    return go_on(request, key, {}, (lead,))


def _offer(request: Request, current: OpenDialog) -> Turn:
    """An old dialog: ask before going on."""
    dialog = request.content.dialogs[current.dialog]
    kept = engine.still_valid(request.content, dialog, current.answers, request.today)
    words = request.text(
        "dialog_stale", name=dialog.name, day=day(current.touched_at.date()), count=len(kept)
    )
    buttons = (
        Tap(request.text("tap_go_on"), f"answer {current.dialog}"),
        Tap(request.text("tap_start_over"), "start over"),
        Tap(request.text("tap_leave"), "cancel"),
    )
    return request.answer(paragraph(words), Choices(buttons), personal=True, remember=False)


def _again(request: Request, current: OpenDialog) -> Turn:
    """Go on where it stopped; when content changed meanwhile, at the first open question,
    saying so.
    """
    dialog = request.content.dialogs[current.dialog]
    kept = engine.still_valid(request.content, dialog, current.answers, request.today)
    lead: tuple[Block, ...] = (paragraph(request.text("dialog_go_on", name=dialog.name)),)
    if len(kept) < len(current.answers) or current.question not in dialog.questions:
        lead = (paragraph(request.text("dialog_changed", name=dialog.name)),)
        return go_on(request, current.dialog, kept, lead)
    if current.question in engine.path(dialog, kept):
        return put(request, Step(current.dialog, kept, current.question), *lead)
    return go_on(request, current.dialog, kept, lead)
