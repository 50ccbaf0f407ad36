"""A question that waits lets go: a side question is answered alone, the open one is mentioned once,
and then it is parked in silence.

Each turn about something else counts. `resume`, a tap or the dialog's own command brings the
question back.
"""

from dataclasses import replace

from bot.core.request import Request
from bot.core.state import OpenDialog
from bot.core.turn import Turn
from bot.features.questionnaires.turns import PARKED, asked_again, is_stale, open_dialog


def waiting(request: Request) -> OpenDialog | None:
    """The open question, where it still waits for an answer;
    None where it is parked or forgotten.
    """
    current = open_dialog(request)
    if current is None or is_stale(request, current) or current.digressions >= PARKED:
        return None
    return current


def digressed(request: Request, turn: Turn, *, mention: bool = True) -> Turn:
    """The turn of something else: the first time with the open question in a line below it."""
    before, after = request.state.person.dialog, turn.state.person.dialog
    if before is None or after != before or not turn.replies:
        return turn
    counted = replace(after, digressions=after.digressions + 1)
    state = replace(turn.state, person=replace(turn.state.person, dialog=counted))
    turn = replace(turn, state=state)
    if mention and not before.digressions:
        return asked_again(request, turn)
    return turn
