"""What is asked in few words after a term: 'which unit is that', 'any link'.

A term's own page holds its unit and its link.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import topics
from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.state import LastAnswer
from bot.features.about import fact
from content.content import Content
from content.term import Term

MOST_WORDS: Final = 10
_WHERE: Final = re.compile(
    r" (?:which|what|wat|whats) (?:plan )?(?:week|unit|step|module|part|chapter|lesson)s? "
    r"| where (?:is|does|do|in) .{0,40}(?:plan|come|learn|taught) "
    r"| (?:week|unit|step|module|part) (?:of the plan )?(?:is|for|has|covers|teaches) (?:that"
    r"|it|this) | does (?:the|your|my) plan (?:teach|cover|have) "
)
_LINK: Final = re.compile(
    r"^ (?:(?:ok|and|any|anything|something|somewhere|else|online|got|a|is|there|the|some"
    r"|free|good|pls|please|can|i|get|have|you|u|give|gimme|me|send|for|so|cool|where|do|to"
    r"|what|should|hmm|nice|one|decent) ){0,9}"
    r"(?:link|links|reading|read|resource|resources|docs|doc|page|course|tutorial|tutorials"
    r"|video|videos|read more|read up|learn it|learn that|more on it|more on that)"
    r"(?: (?:for|on|about|of|to|read|learn|that|this|it|please|pls|more|up|mate|free|there)){0,5} $"
)


def readings(heard: Heard) -> Iterator[Interpretation]:
    """The page of the term that was talked about last."""
    last = heard.state.conversation.last
    if last is None or len(heard.text.split()) > MOST_WORDS:
        return
    if heard.event.at - last.at > topics.POINTED_AT:
        return
    line = _question(heard, last)
    if line is not None:
        yield Interpretation(
            name="more of a term", score=0.98, decide=lambda: heard.run(line, None)
        )


def _question(heard: Heard, last: LastAnswer) -> Line | None:
    words = heard.utterance.line
    term = _term(heard.content, last)
    if term is not None and (_WHERE.search(words) or _LINK.search(words)):
        return Line("term", term.name)
    return None


def _term(content: Content, last: LastAnswer) -> Term | None:
    """The term of the glossary that an answer told of."""
    if last.command == fact.COMMAND:
        return content.glossary.get(last.words.removeprefix("term_"))
    if last.command != "term":
        return None
    named = (one for one in content.glossary.values() if last.words.lower() in one.names)
    return next(named, None)
