"""A conclusion that somebody draws from the last answer, to hear whether it holds: 'so that's a no
then', 'ah so not certain'.

Nothing is concluded for anybody: what the answer said first is said again, which is what its
sources carry.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import topics
from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import knows_text
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.features import questionnaires
from bot.features.about import fact
from bot.understanding.acts import plain
from content.subject import tokens

MOST_WORDS: Final = 9
_CONCLUDES: Final = re.compile(
    r"\A (?:(?:ok|okay|right|righto|hm{1,3}|ah|oh|aha|and|but|well|wait|fine) ){0,3}so "
    r"(?:(?:thats|that is|its|it is|this is|theyre|in short|basically|really|then) ){0,2}"
    r"(?:a |an |still |all ){0,2}(?:no|not|yes|yeah|nothing|none|never|nobody|nope|zero|neither|only"
    r"|contradiction|maybe|unclear|unknown|open|guess|rumour|claim|certain|true|false|wrong) "
)
_ASKS_MORE: Final = re.compile(
    r" (?:what|whats|which|how|who|where|when|why|should|can|could|would|will|i|im|ill|my|me|you) "
)
"""Asks for something else, or speaks of the speaker."""


def readings(heard: Heard) -> Iterator[Interpretation]:
    """The last fact's first sentence, for a short text that concludes from it."""
    last = heard.state.conversation.last
    if last is None or last.command != fact.COMMAND:
        return
    is_fresh = heard.event.at - last.at <= topics.POINTED_AT
    line = plain(heard.text)
    concludes = _CONCLUDES.search(line) and not _ASKS_MORE.search(line)
    if not (concludes and is_fresh) or len(heard.text.split()) > MOST_WORDS:
        return
    if questionnaires.waiting(heard.words) or last.words not in heard.content.answer_units:
        return
    unit = heard.content.answer_units[last.words]
    if not heard.content.mentions(tokens(heard.text)) <= unit.about:
        return  # 'so nothing for Sydney' asks of another place
    knows = knows_text(heard.content, last.words, heard.text)
    yield Interpretation(
        name="a conclusion checked",
        score=0.95 if knows else 0.9,
        decide=lambda: heard.run(Line(last.command, last.words), None),
    )
