"""What is learnt beside the plan's steps: the words of the trade, and questions that come back before they are forgotten."""

from typing import Final

from bot.core.request import Grammar, Handler
from bot.features.learning import quiz, terms
from bot.features.learning.quiz import due_line

__all__ = ["GRAMMARS", "HANDLERS", "due_line"]

HANDLERS: Final[dict[str, Handler]] = {**terms.HANDLERS, **quiz.HANDLERS}
GRAMMARS: Final[dict[str, Grammar]] = {**terms.GRAMMARS, **quiz.GRAMMARS}
