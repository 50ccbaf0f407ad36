"""What points at something on the screen or at an earlier topic: 'the second one', 'back to the ACS
thing, how long was it'.

An item is counted among what the last reply listed: the visas that its answer names, else its
buttons. An earlier topic is found by a word of its name.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import topics
from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import points_back
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.core.state import LastAnswer
from bot.extraction.numbers import ORDINALS
from bot.features import questionnaires
from bot.features.about import fact
from bot.understanding.reading import find_answers, limits, own_words
from content.subject import tokens

MOST_BACK: Final = 20
_ITEM: Final = re.compile(
    r"\A\W{0,3}(?:(?:ok|okay|and|so|then|the|that|this|yes|yeah|open|show|show me|give me"
    r"|tell me about|take|try|go with|i meant?|number|no|option|what about|how about|um"
    r"|hmm)[ ,.]{1,3}){0,5}"
    rf"(?P<place>[1-9]|1st|2nd|3rd|4th|5th|last|{'|'.join(ORDINALS)})(?: (?:one|option"
    r"|of (?:them|those|these)|visa|button|choice|please|pls|then)){0,3}\W{0,3}",
    re.IGNORECASE,
)
_PLACES: Final = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": 0}
_THREE_DIGITS: Final = re.compile(r"(?<![\d$,.])\d{3}(?!\d|,\d)")
_TAKE_NUMBERS: Final = frozenset("salary takehome offer plan points what-if quiz".split())
"""After these a bare number is a value: hours of a plan, a pay."""
_BACK: Final = re.compile(
    r"\b(?:back to|going back to|about|returning to|regarding|on|that"
    r"|the) (?=.{1,300}\Z)(?:the |my |your |that |this )?(?P<what>[\w' -]{2,40}?)"
    r"(?: (?:one|thing|stuff|bit|part|question|figure|number|topic|page|answer)s?)?(?: again"
    r"| from before| you (?:said|mentioned|gave)(?: (?:before|earlier))?)?"
    r"(?:[,.:;?!-]{1,2}\s{1,3}(?P<rest>.{4,160}))?\W{0,3}$",
    re.IGNORECASE,
)
_GETS: Final = re.compile(
    r"\b(?:what|how much) (?:do|does|would|did) .{2,40}? (?:get|make)\b", re.IGNORECASE
)
"""'What do data scientists get' asks for their pay, and not for their number."""
_SAYS_BACK: Final = re.compile(
    r"\b(?:back to|going back|returning to|again|earlier|before|you said|you mentioned)\b",
    re.IGNORECASE,
)


def items(heard: Heard) -> Iterator[Interpretation]:
    """'The second one', '2': an item of what the last reply listed."""
    hit = _ITEM.fullmatch(heard.text)
    if hit is None or questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return
    line = _item(heard, hit["place"].lower())
    if line is not None:
        yield Interpretation(
            name="an item of the last reply", score=0.989, decide=lambda: heard.run(line, None)
        )


def _item(heard: Heard, place: str) -> Line | None:
    number = _number(place)
    last = heard.state.conversation.last
    if place.isdigit() and last is not None and last.command in _TAKE_NUMBERS:
        return None
    listed = _items(heard)
    if listed and number <= len(listed):
        return listed[number - 1]
    return None


def _number(place: str) -> int:
    """Which one of a list: 1 the first, 0 the last."""
    if place.isdigit():
        return int(place)
    if place in _PLACES:
        return _PLACES[place]
    return ORDINALS[place]


def _items(heard: Heard) -> tuple[Line, ...]:
    """What the last reply listed: the visas that its answer names in order, else its buttons."""
    last = heard.state.conversation.last
    unit = None
    if last is not None:
        unit = heard.content.answer_units.get(last.words)
    is_missed = heard.state.conversation.misses > 0
    if unit is not None and not is_missed:
        said = fact.printed(heard.request(), unit, unit.answer.say)
        every = (one for one in _THREE_DIGITS.findall(said) if one in heard.content.visas)
        named = tuple(dict.fromkeys(every))
        if len(named) > 1:
            return tuple(Line("visa", visa) for visa in named)
    lines = (parse(heard.content, action) for action in heard.state.conversation.choices.values())
    return tuple(line for line in lines if line is not None and _may_be_opened(heard, line))


def _may_be_opened(heard: Heard, line: Line) -> bool:
    """A button that tells something; after a guess menu any but the way out."""
    if line.command == "help":
        return False
    group = heard.content.group_of(line.command)
    return heard.state.conversation.misses > 0 or bool(group and group.tells)


def earlier(heard: Heard) -> Iterator[Interpretation]:
    """'Back to the ACS one, how long was it': what is asked, about the topic that is named; by
    itself, that answer again.
    """
    if len(heard.text.split()) > MOST_BACK or not _SAYS_BACK.search(heard.text):
        return
    hit = _BACK.search(heard.text)
    if hit is None or heard.utterance.does("resume"):
        return
    line = _answer_on(heard, hit["what"], hit["rest"] or "") or _topic(heard, hit["what"])
    if line is not None:
        yield Interpretation(
            name="an earlier topic", score=0.97, decide=lambda: heard.run(line, None)
        )


def _answer_on(heard: Heard, what: str, rest: str) -> Line | None:
    """The answer to the rest of the text, with the topic's name and without it."""
    if not rest:
        return None
    rest = _GETS.sub(r"\g<0> paid", rest)
    with_name = f"{rest} {what}"
    if points_back(rest) or not own_words(heard.content, rest):
        asked = with_name
    else:
        asked = rest
    best = next(iter(find_answers(heard.content, asked)[:1]), None)
    is_near = best is not None and best.score >= limits(heard.content).answer_ours
    if best is not None and is_near:
        return Line(fact.COMMAND, best.key)
    return None


def _topic(heard: Heard, what: str) -> Line | None:
    """The nearest topic that has a word of this name."""
    words = set(tokens(what))
    conversation = heard.state.conversation
    every = (conversation.last, *conversation.topics)
    recent = (one for one in every if one and heard.event.at - one.at <= topics.SUMS_STAND)
    return next(
        (Line(one.command, one.words) for one in recent if words & set(_name(heard, one))), None
    )


def _name(heard: Heard, topic: LastAnswer) -> tuple[str, ...]:
    """The words that a topic is called by."""
    unit = heard.content.answer_units.get(topic.words)
    if unit:
        named = f"{unit.answer.subject} {unit.title or ''}"
    else:
        named = ""
    return tokens(f"{named or topic.command} {'' if unit else topic.words}")
