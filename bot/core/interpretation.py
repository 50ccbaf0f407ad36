"""One way to understand a message: how good it is, how much of the message it explains, and the
turn that it would be.

Readers make these; the best one is decided, and only that one (see bot.conversation.interpreters).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.core.turn import Turn

UNCOVERED: Final = 0.5
"""How much of its score an interpretation keeps that explains none of the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """`score` and `covers` lie between 0 and 1. `decide` makes the turn.

    `on_dialog`: it is about the open question, which is not mentioned again. `keeps_question`: a
    yes or no that is waited for stays waited for. `takes_facts`: it keeps what the speaker stated
    itself.
    """

    name: str
    score: float
    covers: float = 1.0
    decide: Callable[[], Turn]
    on_dialog: bool = False
    keeps_question: bool = False
    takes_facts: bool = False

    @property
    def rank(self) -> float:
        return self.score * (UNCOVERED + (1 - UNCOVERED) * self.covers)
