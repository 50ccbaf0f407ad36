"""The commands of every dialog: start, an answer, back, cancel, start over; and an old dialog that is offered again."""

from bot import hearing, questionnaire
from bot.answers.migration import sourced
from bot.answers.printing import day, figure
from bot.asking import Ask
from bot.dialogs.outcome import shown
from bot.dialogs.turns import (
    SKIP,
    Step,
    answers_so_far,
    asked_again,
    doubted,
    go_on,
    is_stale,
    known_answers,
    last_dialog,
    listed,
    not_an_answer,
    nothing_open,
    open_dialog,
    put,
    put_away,
    skipped,
    starts,
    taken,
)
from bot.hearing import Heard
from bot.reply import Block, Choices, Paragraph, Tap, paragraph
from bot.state import OpenDialog
from bot.turn import Turn


def start(ask: Ask, key: str) -> Turn:
    """The dialog from its first question, with what the profile knows; or, if it is open, where it stopped."""
    current = ask.state.person.dialog
    if current is not None and current.dialog == key:
        return _offer(ask, current) if is_stale(ask, current) else _again(ask, current)
    parked = ask.state.person.parked
    if parked is not None and parked.dialog == key and not is_stale(ask, parked):
        return _again(ask, parked)
    dialog = ask.content.dialogs[key]
    kept = questionnaire.still_valid(ask.content, dialog, known_answers(ask), ask.today)
    facts = [ask.content.facts[name] for name in dialog.facts]
    lead: tuple[Block, ...] = tuple(Paragraph(sourced(ask, figure(fact), fact)) for fact in facts)
    lead += tuple(paragraph(sentence) for sentence in (*dialog.opening, *dialog.in_chat))
    if kept:
        lead += (paragraph(ask.say("dialog_already_known", answers=listed(ask, kept))),)
    return go_on(ask, key, kept, lead)


def take(ask: Ask, key: str, heard: Heard) -> Turn:
    """Answers that came with the command itself."""
    return taken(ask, key, answers_so_far(ask, key), heard.answers, heard.doubts)


def answer(ask: Ask) -> Turn:
    """`answer DIALOG QUESTION ANSWER`: what a button says. Without a question: take an old dialog up again."""
    key, _, rest = ask.words.partition(" ")
    question, _, said = rest.partition(" ")
    dialog = ask.content.dialogs.get(key)
    if dialog is None or (question and question not in dialog.questions):
        return ask.answer(paragraph(ask.say("dialog_gone")), Choices(starts(ask)), remember=False)
    current = ask.state.person.dialog
    if not question:
        return _again(ask, current) if current is not None and current.dialog == key else start(ask, key)
    if current is not None and current.dialog == key and is_stale(ask, current):
        return _offer(ask, current)
    answers = answers_so_far(ask, key)
    if said == SKIP:
        return skipped(ask, Step(key, answers, question))
    found = hearing.read(ask.content, question, said, ask.today)
    if not isinstance(found, str):
        doubt = found or not_an_answer(ask, question)
        return doubted(ask, Step(key, answers, question), doubt)
    return taken(ask, key, answers, {question: found})


def back(ask: Ask) -> Turn:
    """One question back. Its answer is taken out, and said."""
    current = open_dialog(ask)
    if current is None:
        return nothing_open(ask)
    dialog = ask.content.dialogs[current.dialog]
    earlier = questionnaire.before(dialog, current.answers, current.question)
    if not earlier:
        return put(ask, Step(current.dialog, current.answers, current.question), paragraph(ask.say("dialog_at_the_start")))
    answers = {key: value for key, value in current.answers.items() if key != earlier}
    said = current.answers.get(earlier)
    lead = (paragraph(ask.say("dialog_you_said", answer=shown(ask, earlier, said))),) if said else ()
    return put(ask, Step(current.dialog, answers, earlier), *lead)


def cancel(ask: Ask) -> Turn:
    """Leave the dialog. What the profile keeps, stays there."""
    current = ask.state.person.dialog
    if current is None:
        return nothing_open(ask)
    state = put_away(ask.state, current.dialog)
    left = ask.content.dialogs.get(current.dialog)
    words = ask.say("dialog_cancelled", name=left.name) if left else ask.say("dialog_cancelled_other")
    return asked_again(ask, ask.answer(paragraph(words), Choices(starts(ask)), state=state, remember=False))


def start_over(ask: Ask) -> Turn:
    """From the first question, with no answers: the open dialog, or the one finished last."""
    current = ask.state.person.dialog
    key = current.dialog if current is not None and current.dialog in ask.content.dialogs else last_dialog(ask)
    if not key:
        return nothing_open(ask)
    lead = paragraph(ask.say("dialog_from_the_start", name=ask.content.dialogs[key].name))
    return go_on(ask, key, {}, (lead,))


def _offer(ask: Ask, current: OpenDialog) -> Turn:
    """An old dialog: ask before going on."""
    dialog = ask.content.dialogs[current.dialog]
    kept = questionnaire.still_valid(ask.content, dialog, current.answers, ask.today)
    words = ask.say("dialog_stale", name=dialog.name, day=day(current.touched_at.date()), count=len(kept))
    buttons = (
        Tap(ask.say("tap_go_on"), f"answer {current.dialog}"),
        Tap(ask.say("tap_start_over"), "start over"),
        Tap(ask.say("tap_leave"), "cancel"),
    )
    return ask.answer(paragraph(words), Choices(buttons), personal=True, remember=False)


def _again(ask: Ask, current: OpenDialog) -> Turn:
    """Go on where it stopped; when content changed meanwhile, at the first open question, saying so."""
    dialog = ask.content.dialogs[current.dialog]
    kept = questionnaire.still_valid(ask.content, dialog, current.answers, ask.today)
    lead: tuple[Block, ...] = (paragraph(ask.say("dialog_go_on", name=dialog.name)),)
    if len(kept) < len(current.answers) or current.question not in dialog.questions:
        lead = (paragraph(ask.say("dialog_changed", name=dialog.name)),)
        return go_on(ask, current.dialog, kept, lead)
    if current.question in questionnaire.path(dialog, kept):
        return put(ask, Step(current.dialog, kept, current.question), *lead)
    return go_on(ask, current.dialog, kept, lead)
