"""One step of a dialog: keep answers, put the next question, or finish. And what every dialog's turn needs to know of the state.

The engine (bot.questionnaire) says which question is next; here that becomes state and a reply. What a finished dialog amounts to
is decided by its own module, through `OUTCOMES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import questionnaire
from bot.answers.printing import answered
from bot.asking import Ask, on_one_page, taps
from bot.dialogs import audit, known, points, profile
from bot.dialogs.outcome import Outcome, shown
from bot.hearing import Doubt
from bot.questionnaire import Answers
from bot.reply import Block, Choices, Note, Open, Paragraph, Reply, Strong, Tap, paragraph, spans
from bot.state import OpenDialog, State
from bot.turn import Turn

SKIP = "skip"

STALE = timedelta(days=14)
"""A dialog left alone for longer is offered again, never taken up in silence."""

OUTCOMES: Mapping[str, Callable[[Ask, Answers], Outcome]] = {"points": points.outcome, "audit": audit.outcome, "profile": profile.outcome}
NOTICES: Mapping[str, Callable[[Ask, Answers, Answers], tuple[Block, ...]]] = {"points": points.notices}
"""What has to be said at once when an answer decides everything."""
SO_FAR: Mapping[str, Callable[[Ask, Answers], str]] = {"points": points.so_far}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a dialog is: its key, the answers, and the question that comes next ('' when it is done)."""

    dialog: str
    answers: Answers
    question: str


def taken(
    ask: Ask, key: str, answers: Answers, new: Answers, doubts: tuple[Doubt, ...] = (), *, ask_on: bool = True, say_back: bool = True
) -> Turn:
    """Keep new answers, say which (unless they stand before the person anyway), and ask on. Answers that the new ones make pointless are dropped."""
    dialog = ask.content.dialogs[key]
    answers = questionnaire.reopened(dialog, answers, new)
    merged = questionnaire.still_valid(ask.content, dialog, {**answers, **new}, ask.today)
    person = ask.state.person
    told = known.remembered(ask.content, person.profile, {name: value for name, value in new.items() if name in merged and value})
    state = replace(ask.state, person=replace(person, profile=told))
    lead: tuple[Block, ...] = ()
    current = ask.state.person.dialog
    beside = current is not None and current.dialog == key and current.question not in new
    if say_back and (len(new) > 1 or "(" in "".join(new.values()) or doubts or beside):
        kept = listed(ask, {name: value for name, value in new.items() if name in merged})
        lead = (paragraph(ask.say("dialog_taken", answers=kept)),) if kept else ()
    if len(merged) < len({**answers, **new}.keys() & set(dialog.questions)) and len(answers) > len(merged):
        lead += (paragraph(ask.say("dialog_no_longer_asked")),)
    if key in NOTICES:
        lead += NOTICES[key](ask, answers, merged)
    ask = replace(ask, state=state)
    if doubts:
        doubt = doubts[0]
        return doubted(ask, Step(key, merged, doubt.question), doubt, *lead)
    return go_on(ask, key, merged, lead) if ask_on else finished(ask, key, merged, lead)


def go_on(ask: Ask, key: str, answers: Answers, lead: tuple[Block, ...] = ()) -> Turn:
    """Ask the first open question; with none left, the dialog is done."""
    question = questionnaire.first_open(ask.content.dialogs[key], answers)
    if question:
        return put(ask, Step(key, answers, question), *lead)
    return finished(ask, key, answers, lead)


def finished(ask: Ask, key: str, answers: Answers, lead: tuple[Block, ...]) -> Turn:
    ask = replace(ask, command=ask.content.dialogs[key].command.split(" ")[0], words="")
    outcome = OUTCOMES[key](ask, answers)
    person = ask.state.person
    results = {**person.results, key: {**answers, **outcome.kept, "result.at": ask.event.at.isoformat()}}
    state = put_away(replace(ask.state, person=replace(person, results=results)), key)
    blocks = (*lead, *outcome.blocks)
    turn = answered(replace(ask, state=state), *blocks, cite=outcome.cited, taps=outcome.taps, personal=True)
    return asked_again(ask, turn)


def put(ask: Ask, step: Step, *lead: Block, offers: tuple[tuple[str, str], ...] = ()) -> Turn:
    """Put one question, after whatever leads to it."""
    current = open_dialog(ask)
    interrupts = current is not None and current.dialog != step.dialog and bool(current.answers) and not is_stale(ask, current)
    state = with_dialog(ask.state, opened(ask, step))
    if interrupts and current is not None:
        state = replace(state, person=replace(state.person, parked=current))
        lead = (*lead, paragraph(ask.say("dialog_parked", name=ask.content.dialogs[current.dialog].name)))
    elif state.person.parked is not None and state.person.parked.dialog == step.dialog:
        state = replace(state, person=replace(state.person, parked=None))
    if not state.person.profile.told_who_reads and ask.event.surface.workspace_owners_may_read:
        lead = (paragraph(ask.say("dialog_who_reads")), *lead)
        state = replace(state, person=replace(state.person, profile=replace(state.person.profile, told_who_reads=True)))
    blocks = (*lead, *question_blocks(replace(ask, state=state), step, offers))
    return ask.answer(*blocks, state=state, personal=True, remember=False)


def doubted(ask: Ask, step: Step, doubt: Doubt, *lead: Block) -> Turn:
    """Put the question again, saying what was not clear, with the doubt's own offers to tap."""
    return put(ask, step, *lead, paragraph(ask.say(doubt.phrase, **doubt.values)), offers=doubt.offers)


def question_blocks(ask: Ask, step: Step, offers: tuple[tuple[str, str], ...] = ()) -> tuple[Block, ...]:
    """The question, what counts for it, how far along it is, and its buttons."""
    dialog, question = ask.content.dialogs[step.dialog], ask.content.questions[step.question]
    number, total = questionnaire.counted(ask.content, dialog, step.answers, step.question)
    so_far = live_total(ask, step.dialog, step.answers)
    blocks: list[Block] = [Paragraph(spans(Strong(question.ask)))]
    details = (*question.more, *(str(ask.content.facts[key].value) for key in question.facts))
    if details:
        blocks.append(Note(ask.say("dialog_what_counts"), tuple(spans(line) for line in details)))
    if not question.options:
        blocks.append(paragraph(question.hint))
    blocks.append(paragraph(" ".join(part for part in (ask.say("dialog_place", number=number, total=total), so_far) if part)))
    buttons = [Tap(ask.content.phrases.get(label, label), f"answer {step.dialog} {step.question} {said}") for label, said in offers]
    if not offers:
        buttons += [Tap(option.label, f"answer {step.dialog} {step.question} {name}") for name, option in question.options.items()]
    if questionnaire.may_skip(ask.content, dialog, step.question):
        buttons.append(Tap(ask.say("tap_skip"), f"answer {step.dialog} {step.question} skip"))
    if questionnaire.before(dialog, step.answers, step.question):
        buttons.append(Tap(ask.say("tap_back"), "back"))
    else:
        buttons += on_one_page(ask, step.dialog)
    buttons.append(Tap(ask.say("tap_cancel"), "cancel"))
    return (*blocks, Choices(tuple(buttons)))


def skipped(ask: Ask, step: Step) -> Turn:
    """Pass over a question that may be; otherwise say that this one needs an answer."""
    if not questionnaire.may_skip(ask.content, ask.content.dialogs[step.dialog], step.question):
        return put(ask, step, paragraph(ask.say("dialog_no_skip")))
    return taken(ask, step.dialog, step.answers, {step.question: questionnaire.SKIPPED})


def open_dialog(ask: Ask) -> OpenDialog | None:
    """The open dialog, with the answers that content still knows; None when there is none, or its dialog is gone."""
    current = ask.state.person.dialog
    if current is None or current.dialog not in ask.content.dialogs:
        return None
    dialog = ask.content.dialogs[current.dialog]
    kept = questionnaire.still_valid(ask.content, dialog, current.answers, ask.today)
    question = current.question if current.question in dialog.questions else questionnaire.first_open(dialog, kept)
    return replace(current, answers=kept, question=question)


def is_stale(ask: Ask, current: OpenDialog) -> bool:
    return ask.event.at - current.touched_at > STALE


def opened(ask: Ask, step: Step) -> OpenDialog:
    return OpenDialog(dialog=step.dialog, question=step.question, answers=dict(step.answers), touched_at=ask.event.at)


def live_total(ask: Ask, key: str, answers: Answers) -> str:
    """What the answers come to so far, in a sentence, for a form that is being filled in; empty where a dialog has no total."""
    return SO_FAR[key](ask, answers) if key in SO_FAR else ""


def put_away(state: State, key: str) -> State:
    """The dialog is over. The one that it interrupted, if any, is the open one again."""
    person = state.person
    if person.dialog is not None and person.dialog.dialog != key:
        return state
    return replace(state, person=replace(person, dialog=person.parked, parked=None))


def asked_again(ask: Ask, turn: Turn) -> Turn:
    """The turn, and after it the question that is open then, for who was busy with something else."""
    current = open_dialog(replace(ask, state=turn.state))
    if current is None or is_stale(ask, current) or not turn.replies:
        return turn
    dialog = ask.content.dialogs[current.dialog]
    lead = paragraph(ask.say("dialog_where_we_were", name=dialog.name))
    blocks = (lead, *question_blocks(replace(ask, state=turn.state), Step(current.dialog, current.answers, current.question)))
    conversation = turn.state.conversation
    state = replace(turn.state, conversation=replace(conversation, choices={**conversation.choices, **taps(blocks)}))
    return replace(turn, state=state, replies=(*turn.replies, Reply(blocks=blocks, personal=True)))


def with_dialog(state: State, dialog: OpenDialog | None) -> State:
    return replace(state, person=replace(state.person, dialog=dialog))


def known_answers(ask: Ask) -> dict[str, str]:
    return known.answers(ask.content, ask.state.person.profile, ask.today)


def answers_so_far(ask: Ask, key: str) -> dict[str, str]:
    """Of the open dialog, else of its last result, else what the profile knows."""
    current = open_dialog(ask)
    if current is not None and current.dialog == key:
        return dict(current.answers)
    kept = {**known_answers(ask), **ask.state.person.results.get(key, {})}
    return questionnaire.still_valid(ask.content, ask.content.dialogs[key], kept, ask.today)


def listed(ask: Ask, answers: Answers) -> str:
    in_order = [key for dialog in ask.content.dialogs.values() for key in dialog.questions if key in answers]
    return " · ".join(f"{ask.content.questions[key].label} {shown(ask, key, answers[key])}" for key in dict.fromkeys(in_order))


def not_an_answer(ask: Ask, question: str) -> Doubt:
    return Doubt(question=question, phrase="doubt_not_an_answer", values={"hint": ask.content.questions[question].hint})


def starts(ask: Ask) -> tuple[Tap | Open, ...]:
    return tuple(Tap(dialog.title, dialog.command) for dialog in ask.content.dialogs.values())


def nothing_open(ask: Ask) -> Turn:
    return ask.answer(paragraph(ask.say("dialog_none_open")), Choices(starts(ask)), remember=False)


def last_dialog(ask: Ask) -> str:
    finished = {key: result.get("result.at", "") for key, result in ask.state.person.results.items() if key in ask.content.dialogs}
    return max(finished, key=lambda key: finished[key], default="")
