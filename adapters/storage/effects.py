"""The effects of a turn that only the database can carry out, in the turn's own transaction.

What one of them finds out goes back to the core as `Found` at once; effects that need the network or the process are
handed on. Which words follow is never decided here.
"""

from dataclasses import dataclass

from adapters.storage.work import Work
from bot.events import Event
from bot.messages import Message
from bot.ports import Decider
from bot.state import State
from bot.turn import Effect, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """`state` None: the person is erased and nothing is to be saved."""

    state: State | None
    turn: Turn
    messages: tuple[Message, ...]
    effects: tuple[Effect, ...] = ()


def carry_out(work: Work, before: State, event: Event, decider: Decider) -> Carried:
    """Decide, carry out, and decide again for everything that was found out."""
    decided = decider.decide(before, event)
    return Carried(state=decided.turn.state, turn=decided.turn, messages=decided.messages, effects=decided.turn.effects)
