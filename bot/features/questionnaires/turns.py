"""One step of a dialog: keep answers, put the next question, or finish.

And what every dialog's turn needs to know of the state.

The engine (bot.features.questionnaires.engine) says which question is next; here that becomes state
and a reply. What a finished dialog amounts to is decided by its own module, through `OUTCOMES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.calculators import study_plan
from bot.core.events import Said
from bot.core.reply import (
    Block,
    Choices,
    Note,
    Open,
    Paragraph,
    Reply,
    Strong,
    Tap,
    paragraph,
    spans,
)
from bot.core.request import Request, on_one_page
from bot.core.state import OpenDialog, Progress, State
from bot.core.turn import Turn
from bot.extraction.slots import Ambiguity
from bot.features.figures import answered
from bot.features.questionnaires import audit, engine, known, points, profile
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.outcome import Outcome, shown

SKIP = "skip"

STALE = timedelta(days=14)
"""A dialog left alone for longer is offered again, never taken up in silence."""

PARKED = 2
"""After so many turns about something else a question is parked:
it waits in silence until it is asked for.
"""

OUTCOMES: Mapping[str, Callable[[Request, Answers], Outcome]] = {
    "points": points.outcome,
    "audit": audit.outcome,
    "profile": profile.outcome,
}
NOTICES: Mapping[str, Callable[[Request, Answers, Answers], tuple[Block, ...]]] = {
    "points": points.notices
}
"""What has to be said at once when an answer decides everything."""
SUMMED: Mapping[str, Callable[[Request, Answers], tuple[Block, ...]]] = {"points": points.summed}
"""What several answers at once come to, before the next question."""
FEWEST_SUMMED = 3
SO_FAR: Mapping[str, Callable[[Request, Answers], str]] = {"points": points.so_far}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a dialog is: its key, the answers, and the question that
    comes next ('' when it is done).
    """

    dialog: str
    answers: Answers
    question: str


def taken(
    request: Request,
    key: str,
    answers: Answers,
    new: Answers,
    ambiguities: tuple[Ambiguity, ...] = (),
    *,
    ask_on: bool = True,
    say_back: bool = True,
    summed: bool = False,
) -> Turn:
    """Keep new answers, say which (unless they stand before the person anyway), and ask on, after
    the sum where `summed` or several were told.

    Answers that the new ones make pointless are dropped.
    """
    dialog = request.content.dialogs[key]
    answers = engine.without_old_skips(dialog, answers, new)
    merged = engine.still_valid(request.content, dialog, {**answers, **new}, request.today)
    state = keep(request, merged, new, answers)
    lead: tuple[Block, ...] = ()
    current = request.state.person.dialog
    beside = current is not None and current.dialog == key and current.question not in new
    typed = isinstance(request.event.body, Said)
    in_brackets = "(" in "".join(new.values())
    if say_back and (typed or in_brackets or len(new) > 1 or ambiguities or beside):
        kept = listing(request, {name: value for name, value in new.items() if name in merged})
        if kept:
            lead = (paragraph(request.text("dialog_taken", answers=kept)),)
        else:
            lead = ()
    if moved := words_of_change(request, answers, new, merged):
        lead = (paragraph(moved),)
    if len(merged) < len({**answers, **new}.keys() & set(dialog.questions)) and len(answers) > len(
        merged
    ):
        lead += (paragraph(request.text("dialog_no_longer_asked")),)
    if key in NOTICES:
        lead += NOTICES[key](request, answers, merged)
    request = replace(request, state=state)
    if ambiguities:
        doubt = ambiguities[0]
        return doubted(request, Step(key, merged, doubt.question), doubt, *lead)
    if not ask_on:
        return finish(request, key, merged, lead)
    is_told = len(new) >= FEWEST_SUMMED or (summed and len(merged) >= FEWEST_SUMMED)
    is_summed = typed and say_back and key in SUMMED and is_told
    return go_on(request, key, merged, lead, is_summed=is_summed)


def keep(request: Request, merged: Answers, new: Answers, before: Answers) -> State:
    """The state with the new answers in the profile, and with what they replaced for `undo`."""
    person = request.state.person
    lasting = {name: value for name, value in new.items() if name in merged and value}
    told = known.remembered(request.content, person.profile, lasting)
    changed = {name: before.get(name, "") for name in new}
    conversation = replace(request.state.conversation, changed=changed)
    return replace(request.state, person=replace(person, profile=told), conversation=conversation)


def go_on(
    request: Request,
    key: str,
    answers: Answers,
    lead: tuple[Block, ...] = (),
    *,
    is_summed: bool = False,
) -> Turn:
    """Ask the first open question, after the sum so far where `is_summed`; with none left,
    the dialog is done.
    """
    question = engine.first_open(request.content.dialogs[key], answers)
    if question and is_summed and (total := SUMMED[key](request, answers)):
        return put(request, Step(key, answers, question), *lead, *total, in_short=True)
    if question:
        return put(request, Step(key, answers, question), *lead)
    return finish(request, key, answers, lead)


def finish(request: Request, key: str, answers: Answers, lead: tuple[Block, ...]) -> Turn:
    """The dialog is done: its outcome; after a change of a result that stands in the chat,
    only what it is now.
    """
    shorter = _result_change(request, key, answers)
    request = replace(request, command=request.content.dialogs[key].command.split(" ")[0], words="")
    outcome = OUTCOMES[key](request, answers)
    person = request.state.person
    results = {
        **person.results,
        key: {**answers, **outcome.kept, "result.at": request.event.at.isoformat()},
    }
    closed, progress = _step_closed(request, key)
    changed = replace(person, results=results, progress=progress)
    state = put_away(replace(request.state, person=changed), key)
    if shorter is not None:
        beside = replace(request, state=state, words="result")
        taps = (Tap(request.text("tap_points_result"), "points result"), *outcome.taps[:2])
        said = beside.answer(*lead, shorter, Choices(taps), personal=True)
        return asked_again(request, said)
    blocks = (*lead, *outcome.blocks, *closed)
    turn = answered(
        replace(request, state=state), *blocks, cite=outcome.cited, taps=outcome.taps, personal=True
    )
    return asked_again(request, turn)


def _step_closed(request: Request, key: str) -> tuple[tuple[Block, ...], Progress | None]:
    """The step of the person's plan whose work this dialog is, closed and said to be."""
    progress = request.state.person.progress
    mine = None
    if progress:
        mine = request.content.plans.get(progress.plan)
    if progress is None or mine is None:
        return (), progress
    step = next((one for one in study_plan.steps(mine) if one.step.opens == key), None)
    if step is None or step.key in progress.done:
        return (), progress
    ticked = study_plan.tick(progress, step.key, request.event.at)
    words = request.spans("done_by_dialog", number=step.number, step=step.step.title)
    return (Paragraph(words),), ticked


def _result_change(request: Request, key: str, answers: Answers) -> Block | None:
    """The totals alone, where the points result was shown already and a typed text changed it."""
    before = request.state.person.results.get(key, {})
    was_open = request.state.person.dialog is not None and request.state.person.dialog.dialog == key
    if key != "points" or not before or was_open or not isinstance(request.event.body, Said):
        return None
    if not request.content.points.available:
        return None
    return points.in_short(request, answers)


def put(
    request: Request,
    step: Step,
    *lead: Block,
    offers: tuple[tuple[str, str], ...] = (),
    in_short: bool = False,
) -> Turn:
    """Put one question, after whatever leads to it;
    `in_short` without what counts for it and how far along it is.
    """
    current = open_dialog(request)
    interrupts = (
        current is not None
        and current.dialog != step.dialog
        and bool(current.answers)
        and not is_stale(request, current)
    )
    state = with_dialog(request.state, open_dialog_at(request, step))
    if interrupts and current is not None:
        state = replace(state, person=replace(state.person, parked=current))
        lead = (
            *lead,
            paragraph(
                request.text("dialog_parked", name=request.content.dialogs[current.dialog].name)
            ),
        )
    elif state.person.parked is not None and state.person.parked.dialog == step.dialog:
        state = replace(state, person=replace(state.person, parked=None))
    if not state.person.profile.told_who_reads and request.event.surface.workspace_owners_may_read:
        lead = (paragraph(request.text("dialog_who_reads")), *lead)
        state = replace(
            state,
            person=replace(
                state.person, profile=replace(state.person.profile, told_who_reads=True)
            ),
        )
    asking = replace(request, state=state)
    if in_short:
        shown_question = _question_alone(asking, step, offers)
    else:
        shown_question = question_blocks(asking, step, offers)
    blocks = (*lead, *shown_question)
    return request.answer(*blocks, state=state, personal=True, remember=False)


def doubted(request: Request, step: Step, doubt: Ambiguity, *lead: Block) -> Turn:
    """Put the question again, saying what was not clear, with the doubt's own offers to tap."""
    return put(
        request,
        step,
        *lead,
        paragraph(request.text(doubt.phrase, **doubt.values)),
        offers=doubt.offers,
    )


def _question_alone(
    request: Request, step: Step, offers: tuple[tuple[str, str], ...]
) -> tuple[Block, ...]:
    ask = request.content.questions[step.question].ask
    buttons = question_buttons(request, step, offers)
    return Paragraph(spans(Strong(ask))), Choices(buttons)


def question_blocks(
    request: Request, step: Step, offers: tuple[tuple[str, str], ...] = ()
) -> tuple[Block, ...]:
    """The question, what counts for it, how far along it is, and its buttons."""
    dialog, question = (
        request.content.dialogs[step.dialog],
        request.content.questions[step.question],
    )
    number, total = engine.counted(request.content, dialog, step.answers, step.question)
    so_far = live_total(request, step.dialog, step.answers)
    blocks: list[Block] = [Paragraph(spans(Strong(question.ask)))]
    details = (*question.more, *(str(request.content.facts[key].value) for key in question.facts))
    if details:
        blocks.append(
            Note(request.text("dialog_what_counts"), tuple(spans(line) for line in details))
        )
    if not question.options:
        blocks.append(paragraph(question.hint))
    blocks.append(
        paragraph(
            " ".join(
                part
                for part in (request.text("dialog_place", number=number, total=total), so_far)
                if part
            )
        )
    )
    return (*blocks, Choices(question_buttons(request, step, offers)))


def question_buttons(
    request: Request, step: Step, offers: tuple[tuple[str, str], ...] = ()
) -> tuple[Tap, ...]:
    """The taps of a question: a doubt's own offers, else its options; and the ways out."""
    dialog = request.content.dialogs[step.dialog]
    question = request.content.questions[step.question]
    start = f"answer {step.dialog} {step.question}"
    buttons = [
        Tap(request.content.phrases.get(label, label), f"{start} {said}") for label, said in offers
    ]
    if not offers:
        buttons += [
            Tap(option.label, f"{start} {name}") for name, option in question.options.items()
        ]
    if engine.may_skip(request.content, dialog, step.question):
        buttons.append(Tap(request.text("tap_skip"), f"{start} skip"))
    if engine.before(dialog, step.answers, step.question):
        buttons.append(Tap(request.text("tap_back"), "back"))
    else:
        buttons += on_one_page(request, step.dialog)
    buttons.append(Tap(request.text("tap_cancel"), "cancel"))
    return tuple(buttons)


def skipped(request: Request, step: Step) -> Turn:
    """Pass over a question that may be; otherwise say that this one needs an answer."""
    if not engine.may_skip(request.content, request.content.dialogs[step.dialog], step.question):
        return put(request, step, paragraph(request.text("dialog_no_skip")))
    return taken(request, step.dialog, step.answers, {step.question: engine.SKIPPED})


def open_dialog(request: Request) -> OpenDialog | None:
    """The open dialog, with the answers that content still knows; None when there is none,
    or its dialog is gone.
    """
    current = request.state.person.dialog
    if current is None or current.dialog not in request.content.dialogs:
        return None
    dialog = request.content.dialogs[current.dialog]
    kept = engine.still_valid(request.content, dialog, current.answers, request.today)
    if current.question in dialog.questions:
        question = current.question
    else:
        question = engine.first_open(dialog, kept)
    return replace(current, answers=kept, question=question)


def is_stale(request: Request, current: OpenDialog) -> bool:
    return request.event.at - current.touched_at > STALE


def open_dialog_at(request: Request, step: Step) -> OpenDialog:
    return OpenDialog(
        dialog=step.dialog,
        question=step.question,
        answers=dict(step.answers),
        touched_at=request.event.at,
    )


def live_total(request: Request, key: str, answers: Answers) -> str:
    """What the answers come to so far, in a sentence, for a form that is being filled in; empty
    where a dialog has no total.
    """
    if key not in SO_FAR:
        return ""
    return SO_FAR[key](request, answers)


def put_away(state: State, key: str) -> State:
    """The dialog is over. The one that it interrupted, if any, is the open one again."""
    person = state.person
    if person.dialog is not None and person.dialog.dialog != key:
        return state
    return replace(state, person=replace(person, dialog=person.parked, parked=None))


def park(state: State) -> State:
    """The open dialog is left, with its answers: it waits in silence until it is asked for.

    One that it had interrupted comes back.
    """
    person = state.person
    if person.dialog is None:
        return state
    left = replace(person.dialog, digressions=PARKED)
    return replace(state, person=replace(person, dialog=person.parked, parked=left))


def asked_again(request: Request, turn: Turn) -> Turn:
    """The turn, and in one line what is open then, with a tap to go on."""
    current = open_dialog(replace(request, state=turn.state))
    if current is None or is_stale(request, current) or current.digressions >= PARKED:
        return turn
    if not turn.replies or request.event.overheard:
        return turn
    dialog = request.content.dialogs[current.dialog]
    label = request.content.questions[current.question].label
    tap = Tap(request.text("tap_go_on"), f"answer {current.dialog}")
    line = paragraph(request.text("dialog_still_open", name=dialog.name, question=label))
    return with_open_line(request, turn, line, tap)


def with_open_line(request: Request, turn: Turn, line: Block, tap: Tap) -> Turn:
    """The turn with a line and a tap below it: for the asker alone where others read along."""
    *others, last = turn.replies
    conversation = turn.state.conversation
    state = replace(
        turn.state,
        conversation=replace(conversation, choices={**conversation.choices, tap.label: tap.action}),
    )
    tail = (line, Choices((tap,)))
    if request.event.chat.shared and not last.personal:
        replies = (*turn.replies, Reply(blocks=tail, personal=True))
    else:
        replies = (*others, replace(last, blocks=(*last.blocks, *tail)))
    return replace(turn, state=state, replies=replies)


def with_dialog(state: State, dialog: OpenDialog | None) -> State:
    return replace(state, person=replace(state.person, dialog=dialog))


def known_answers(request: Request) -> dict[str, str]:
    return known.answers(request.content, request.state.person.profile, request.today)


def answers_so_far(request: Request, key: str) -> dict[str, str]:
    """Of the open dialog, else of its last result, else what the profile knows."""
    current = open_dialog(request)
    if current is not None and current.dialog == key:
        return dict(current.answers)
    kept = {**known_answers(request), **request.state.person.results.get(key, {})}
    return engine.still_valid(request.content, request.content.dialogs[key], kept, request.today)


def listing(request: Request, answers: Answers) -> str:
    in_order = [
        key
        for dialog in request.content.dialogs.values()
        for key in dialog.questions
        if key in answers
    ]
    return " · ".join(
        f"{request.content.questions[key].label} {shown(request, key, answers[key])}"
        for key in dict.fromkeys(in_order)
    )


def words_of_change(request: Request, before: Answers, new: Answers, merged: Answers) -> str:
    """'Work overseas: 4.5 years instead of 5.5 years.', where an answer was replaced by another;
    empty otherwise.
    """
    moved = [
        request.text(
            "dialog_moved",
            question=request.content.questions[key].label,
            now=shown(request, key, answer),
            before=shown(request, key, before[key]),
        )
        for key, answer in new.items()
        if key in merged
        and before.get(key)
        and shown(request, key, before[key]) != shown(request, key, answer)
    ]
    return " ".join(moved)


def not_an_answer(request: Request, question: str) -> Ambiguity:
    return Ambiguity(
        question=question,
        phrase="doubt_not_an_answer",
        values={"hint": request.content.questions[question].hint},
    )


def starts(request: Request) -> tuple[Tap | Open, ...]:
    return tuple(Tap(dialog.title, dialog.command) for dialog in request.content.dialogs.values())


def nothing_open(request: Request) -> Turn:
    return request.answer(
        paragraph(request.text("dialog_none_open")), Choices(starts(request)), remember=False
    )


def last_dialog(request: Request) -> str:
    finished = {
        key: result.get("result.at", "")
        for key, result in request.state.person.results.items()
        if key in request.content.dialogs
    }
    return max(finished, key=lambda key: finished[key], default="")
