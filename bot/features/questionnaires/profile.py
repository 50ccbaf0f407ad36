"""`profile`: everything that was told, each line with a tap to correct it.

Nothing in it is required.
"""

from bot.core.reply import Block, Choices, Table, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.questionnaires import engine, known
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.outcome import Outcome, shown

TAPS = 6
"""More buttons than this are a wall; the rest can be typed."""


def show(request: Request) -> Turn:
    """What is known, and how to correct it."""
    blocks, taps = _card(request)
    return request.answer(*blocks, *((Choices(taps),) if taps else ()), personal=True)


def outcome(request: Request, _answers: Answers) -> Outcome:
    """The profile dialog's end: the same card."""
    blocks, taps = _card(request)
    return Outcome(blocks=(paragraph(request.text("profile_kept")), *blocks), taps=taps)


def _card(request: Request) -> tuple[tuple[Block, ...], tuple[Tap, ...]]:
    told = known.answers(request.content, request.state.person.profile, request.today)
    profile = request.state.person.profile
    rows = [
        (request.content.questions[key].label, shown(request, key, answer))
        for key, answer in told.items()
    ]
    if profile.zone:
        rows.append((request.text("profile_zone"), profile.zone_said or profile.zone))
    if profile.quiet:
        rows.append((request.text("profile_quiet"), profile.quiet))
    dialog = request.content.dialogs["profile"]
    missing = [key for key in engine.path(dialog, told) if key not in told]
    blocks: tuple[Block, ...]
    if rows:
        caption, header = (
            request.text("profile_title"),
            (request.text("profile_what"), request.text("profile_value")),
        )
        blocks = (Table(caption, header, tuple(rows)), paragraph(request.text("profile_how")))
    else:
        blocks = (paragraph(request.text("profile_empty")),)
    if missing:
        labels = ", ".join(request.content.questions[key].label for key in missing)
        blocks += (paragraph(request.text("profile_missing", missing=labels)),)
    first: tuple[Tap, ...] = ()
    if missing:
        first = (Tap(request.text("tap_fill_in"), dialog.command),)
    changes = tuple(
        Tap(request.content.questions[key].label, f"change {key.replace('_', ' ')}") for key in told
    )
    return blocks, (*first, *changes)[:TAPS]
