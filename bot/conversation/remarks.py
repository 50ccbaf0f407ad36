"""Remarks: what people say that asks for nothing, and tells nothing that is kept.

News, a mood, doubt, small talk.

Each gets one line in return, found like an answer by the nearest of its phrasings
(content/answers/remarks.yaml); what stood on the screen before still stands.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import courtesies, questions, steering
from bot.conversation.heard import Heard
from bot.core.events import Reading
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Tap, paragraph
from bot.core.turn import Turn
from bot.features import questionnaires
from bot.features.about import fact

NEAR: Final = 0.4
"""How near a remark has to be, where every answer is farther."""
NEAR_A_QUESTION: Final = 0.8
"""A question is sooner about something: 'is it finished for me after that day' is no good news."""
VERY_NEAR: Final = 0.9
"""From here on nothing but a command, an open question's answer or a
fact about the speaker goes before it.
"""
FAR: Final = 0.02
APART: Final = 4
"""One that is farther, and yet so many times nearer than any answer, goes before a guess."""
SURE: Final = 0.9
"""From so sure a reading on, a remark beside it is only its tone: 'done with step 3,
what a day'.
"""
MOST_WORDS: Final = 25


def readings(heard: Heard) -> Iterator[Interpretation]:
    """The line in return, where the text is nearer to a remark than to anything that is told."""
    if _is_a_drop(heard):
        line = heard.request().text("less_than_hoped")
        yield Interpretation(
            name="less than hoped",
            score=0.966,
            decide=lambda: courtesies.quiet(heard.request(), line),
        )
        return
    if _is_too_long(heard):
        yield Interpretation(name="a length sighed at", score=0.966, decide=lambda: _shorter(heard))
        return
    reading = heard.reading
    if reading is None or reading.remark is None or len(heard.text.split()) > MOST_WORDS:
        return
    is_sure = reading.action == "answer" and reading.confidence >= SURE
    if is_sure or questions.is_far(reading):
        return
    key, score = reading.remark.key, _score(heard, reading)
    if score:
        yield Interpretation(
            name="a remark",
            score=score,
            decide=lambda: _line_in_return(heard, key),
            on_dialog=True,
            keeps_question=True,
        )


_LESS: Final = re.compile(
    r"\b(?:heaps|lots?|much|way|far|so much|tons|miles) (?:less|lower|smaller|worse)\b"
    r"|\b(?:thats?|that is|it'?s|only) (?:less|lower|worse)\b|\bless than i (?:thought|hoped|expected)\b",
    re.IGNORECASE,
)
MOST_SIGHED: Final = 9


def _is_a_drop(heard: Heard) -> bool:
    """Whether the text sighs at a pay that came out smaller: that is no thanks."""
    last = heard.state.conversation.last
    is_of_pay = last is not None and last.command in ("takehome", "salary", "offer")
    is_short = len(heard.text.split()) <= MOST_SIGHED and not re.search(r"\d", heard.text)
    asks = heard.utterance.asks or "?" in heard.text
    return bool(is_of_pay and is_short and not asks and _LESS.search(heard.text))


_LONG: Final = re.compile(
    r"\b(?:forever|for ever|ages|(?:way |far |so |too |that )(?:long|slow)|an? (?:eternity|lifetime)"
    r"|whole year|never (?:finish|get there|be done)|longer than i (?:thought|hoped|expected))\b",
    re.IGNORECASE,
)
MORE_HOURS: Final = ("6", "10")
"""Hours a week at which the length is a tap away."""


def _is_too_long(heard: Heard) -> bool:
    """Whether the text sighs at how long the plan takes, and names no other pace."""
    is_short = len(heard.text.split()) <= MOST_SIGHED and not re.search(r"\d", heard.text)
    asks = heard.utterance.asks or "?" in heard.text
    is_sigh = is_short and not asks and bool(_LONG.search(heard.text))
    return is_sigh and steering.plan_talked_of(heard.request())


def _shorter(heard: Heard) -> Turn:
    request = heard.request()
    taps = tuple(
        Tap(request.text("tap_hours_a_week", hours=hours), f"plan at {hours} hours")
        for hours in MORE_HOURS
    )
    said = paragraph(request.text("longer_than_hoped"))
    return request.answer(said, Choices(taps), remember=False)


def _score(heard: Heard, reading: Reading) -> float:
    """How sure the nearest remark is; 0 where it is none."""
    if reading.remark:
        near = reading.remark.score
    else:
        near = 0.0
    asks = heard.utterance.asks or "?" in heard.text
    if near >= VERY_NEAR and not asks:
        return 0.965
    if near >= (NEAR_A_QUESTION if asks else NEAR) and not questionnaires.waiting(heard.words):
        return 0.925
    told = max((match.score for match in reading.answers[:1]), default=0.0)
    is_apart = near >= max(FAR, APART * told)
    is_refused = reading.action == "reject" and reading.confidence >= SURE
    if is_apart and not asks and not is_refused:
        return 0.75
    return 0.0


def _line_in_return(heard: Heard, key: str) -> Turn:
    request = heard.request()
    answer = heard.content.answer_units[key].answer
    if not answer.taps:
        return courtesies.quiet(request, answer.say)
    taps = tuple(Tap(fact.label_of(request, line), line) for line in answer.taps)
    return request.answer(paragraph(answer.say), Choices(taps), remember=False)
