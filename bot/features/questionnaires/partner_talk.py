"""Whether a message speaks of the speaker's partner, who is often only a 'he' or a 'she' once the
talk is about partner points.
"""

import re
from dataclasses import replace
from typing import Final

from bot.core.reply import paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.questionnaires.statements import PARTNER
from bot.features.questionnaires.turns import known_answers
from bot.understanding.acts import Utterance

_PRONOUN: Final = re.compile(r" (?:he|she|hes|shes|his|her|him|hers) ")
_SUBJECT: Final = "points partner"
NONE: Final = "single"


def is_partner(request: Request, said: Utterance) -> bool:
    """Named as the partner, or a pronoun while the partner's points are the topic."""
    if any(one.holder == PARTNER for one in said.clauses):
        return True
    return bool(_PRONOUN.search(said.line)) and _is_topic(request)


def with_rows(request: Request, said: Utterance, turn: Turn) -> Turn:
    """The turn, with what the partner's row depends on where a partner was spoken of in words that
    answer nothing: 'my husband is a programmer too'.
    """
    is_spoken_of = any(one.holder == PARTNER and one.mood == "stated" for one in said.clauses)
    dialog = turn.state.person.dialog
    if not is_spoken_of or dialog is None or not turn.replies:
        return turn
    if dialog.dialog != "points" or PARTNER in dialog.answers or dialog.question == PARTNER:
        return turn
    first, *others = turn.replies
    lead = paragraph(request.text("partner_which"))
    at = 1 if len(first.blocks) > 1 else 0
    blocks = (*first.blocks[:at], lead, *first.blocks[at:])
    return replace(turn, replies=(replace(first, blocks=blocks), *others))


def _is_topic(request: Request) -> bool:
    if known_answers(request).get(PARTNER, NONE) != NONE:
        return True
    conversation = request.state.conversation
    units = request.content.answer_units
    told = (one for one in (conversation.last, *conversation.topics[:1]) if one is not None)
    subjects = {units[one.words].answer.subject for one in told if one.words in units}
    return _SUBJECT in subjects or PARTNER in conversation.changed
