"""What is learnt beside the plan's steps: the words of the trade, and questions that come back
before they are forgotten.
"""

from typing import Final

from bot.core.request import Grammar, Handler
from bot.features.learning import evidence, job_ad, quiz, terms
from bot.features.learning.evidence import link_kept, links_kept
from bot.features.learning.job_ad import pasted_ad
from bot.features.learning.quiz import due_line
from bot.features.learning.quiz_talk import spoken as quiz_spoken
from bot.features.learning.quiz_talk import wished as quiz_wished

__all__ = [
    "GRAMMARS",
    "HANDLERS",
    "due_line",
    "link_kept",
    "links_kept",
    "pasted_ad",
    "quiz_spoken",
    "quiz_wished",
]

HANDLERS: Final[dict[str, Handler]] = {
    **terms.HANDLERS,
    **quiz.HANDLERS,
    **evidence.HANDLERS,
    **job_ad.HANDLERS,
}
GRAMMARS: Final[dict[str, Grammar]] = {
    **terms.GRAMMARS,
    **quiz.GRAMMARS,
    **evidence.GRAMMARS,
    **job_ad.GRAMMARS,
}
