"""Somebody who says that they are abroad: 'im still in nepal btw'.

It is kept, and the figure just told is told as it is from there.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.turn import Turn
from bot.features.about import fact
from bot.features.questionnaires import noting
from bot.understanding.reading import find_answers, limits, term_named
from content.subject import tokens

MOST_WORDS: Final = 12
STATE: Final = "state"
_THERE: Final = re.compile(
    r" (?:im|i am|iam|we are|were|i live|i stay|living|based|still|currently"
    r"|me) (?:\w{1,20} ){0,3}(?:in|at) | (?:im|i am|still|currently"
    r"|we are) (?:\w{1,20} ){0,2}(?:overseas|abroad|offshore) "
)
_MORE: Final = re.compile(
    r" (?:if|when|fee|fees|cost|costs|charge|price|time|work|working|worked|years|yrs|points"
    r"|visa|pay|salary|job|want|need|apply) "
)
_FAR: Final = frozenset(["overseas", "offshore", "abroad", "outside"])


def readings(heard: Heard) -> Iterator[Interpretation]:
    """Being abroad, stated and nothing asked."""
    said, reading = heard.utterance, heard.reading
    if reading is None or len(heard.text.split()) > MOST_WORDS or said.asks or "?" in heard.text:
        return
    is_abroad = reading.reason == "other_country" and reading.action != "answer"
    is_far = bool(_FAR & set(tokens(heard.text)))
    is_told = bool(_THERE.search(said.line)) and not _names_more(heard)
    if (is_abroad or is_far) and is_told and _abroad(heard):
        yield Interpretation(
            name="being abroad", score=0.97, decide=lambda: _note(heard), takes_facts=True
        )


def _names_more(heard: Heard) -> bool:
    """Whether the text is about something besides: 'acs fee if im in bangalore' asks for a fee."""
    words = tokens(heard.text)
    subjects = {one for one in heard.content.mentions(words) if one.kind != "place"}
    terms = any(term_named(heard.content, word) for word in words)
    return bool(subjects) or terms or bool(_MORE.search(heard.utterance.line))


def _abroad(heard: Heard) -> str:
    """The option of the question about a state that means none of them; '' where it has none."""
    options = heard.content.questions[STATE].options
    return next((key for key, one in options.items() if set(one.words) & _FAR), "")


def _note(heard: Heard) -> Turn:
    """Kept in the profile; after a fact that is another one from abroad, that one below it."""
    answers = {STATE: _abroad(heard)}
    line = _from_there(heard)
    if line is None:
        return noting.alone(heard.request("profile", heard.text), answers)
    return noting.noted(heard.request("help", heard.text), heard.run(line, None), answers)


def _from_there(heard: Heard) -> Line | None:
    """The last fact as it is from overseas, where the content tells them apart."""
    last = heard.state.conversation.last
    unit = None
    if last is not None:
        unit = heard.content.answer_units.get(last.words)
    if unit is None:
        return None
    near = find_answers(heard.content, f"{unit.answer.subject} {unit.title or ''} from overseas")[
        :1
    ]
    is_far = bool(near) and bool(
        _FAR
        & {
            word
            for asked in heard.content.answer_units[near[0].key].answer.asks
            for word in tokens(asked)
        }
    )
    if not is_far or near[0].key == unit.key or near[0].score < limits(heard.content).answer:
        return None
    return Line(fact.COMMAND, near[0].key)
