"""`profile`: everything that was told, each line with a tap to correct it. Nothing in it is required."""

from bot import questionnaire
from bot.asking import Ask
from bot.dialogs import known
from bot.dialogs.outcome import Outcome, shown
from bot.questionnaire import Answers
from bot.reply import Block, Choices, Table, Tap, paragraph
from bot.turn import Turn

TAPS = 6
"""More buttons than this are a wall; the rest can be typed."""


def show(ask: Ask) -> Turn:
    """What is known, and how to correct it."""
    blocks, taps = _card(ask)
    return ask.answer(*blocks, *((Choices(taps),) if taps else ()), personal=True)


def outcome(ask: Ask, _answers: Answers) -> Outcome:
    """The profile dialog's end: the same card."""
    blocks, taps = _card(ask)
    return Outcome(blocks=(paragraph(ask.say("profile_kept")), *blocks), taps=taps)


def _card(ask: Ask) -> tuple[tuple[Block, ...], tuple[Tap, ...]]:
    told = known.answers(ask.content, ask.state.person.profile, ask.today)
    profile = ask.state.person.profile
    rows = [(ask.content.questions[key].label, shown(ask, key, answer)) for key, answer in told.items()]
    if profile.zone:
        rows.append((ask.say("profile_zone"), profile.zone_said or profile.zone))
    if profile.quiet:
        rows.append((ask.say("profile_quiet"), profile.quiet))
    dialog = ask.content.dialogs["profile"]
    missing = [key for key in questionnaire.path(dialog, told) if key not in told]
    blocks: tuple[Block, ...]
    if rows:
        caption, header = ask.say("profile_title"), (ask.say("profile_what"), ask.say("profile_value"))
        blocks = (Table(caption, header, tuple(rows)), paragraph(ask.say("profile_how")))
    else:
        blocks = (paragraph(ask.say("profile_empty")),)
    if missing:
        labels = ", ".join(ask.content.questions[key].label for key in missing)
        blocks += (paragraph(ask.say("profile_missing", missing=labels)),)
    first = (Tap(ask.say("tap_fill_in"), dialog.command),) if missing else ()
    changes = tuple(Tap(ask.content.questions[key].label, f"change {key.replace('_', ' ')}") for key in told)
    return blocks, (*first, *changes)[:TAPS]
