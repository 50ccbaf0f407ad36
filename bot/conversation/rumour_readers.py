"""What somebody heard, said as if it were so: 'my labmate reckons the test got replaced',
'apparently ielts isn't accepted anymore'.

A rumour answers no question and states nothing of its speaker: the fact that it is about is told.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation.heard import Heard
from bot.conversation.stated_figures import figures_in
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.extraction import reports
from bot.features.about import fact
from bot.understanding.acts import plain
from bot.understanding.reading import find_answers

MOST_WORDS: Final = 24
SCORE: Final = 0.988
"""Above an answer to an open question, which a figure of hearsay looks like."""
LEAST: Final = 0.6
_REFORM: Final = re.compile(
    r" (?:scrap|scraps|scrapped|scrapping|replace|replaces|replaced|replacing|abolish"
    r"|abolished|axe|axed|ditch|ditched|kill|killed|dump|dumped|drop|dropped|remove|removed"
    r"|overhaul|overhauled|rewrite|rewritten"
    r"|change|changes|changed|changing|gone|going|end|ends|ended|ending|new|rid|redone|redo"
    r"|different|dead) "
)
_OF_POINTS: Final = re.compile(r" (?:points|pts) ")
_ASKED_INSTEAD: Final = "points test changed already"
_ENOUGH: Final = re.compile(
    r" (?:[3-9]\d|1[01]\d) (?:\w+ ){0,4}(?:enough|lodge|minimum|pass|eoi|suffices?|ok) "
    r"| (?:lodge|enough|apply|minimum|mark|eoi|dropped to|down to|up to|raised to|went to"
    r"|with) (?:\w+ ){0,3}(?:[3-9]\d|1[01]\d) (?:points |pts |now )"
)
_LEAST_POINTS: Final = "is 65 the minimum points to lodge"
_MINE: Final = re.compile(r" (?:i|im|ive|my|me|mine|id) ")


def readings(heard: Heard) -> Iterator[Interpretation]:
    """The fact that a rumour is about, where one is near enough."""
    if len(heard.text.split()) <= MOST_WORDS:
        said = reports.rumour(heard.text)
    else:
        said = ""
    key = _about(heard, said) if said else ""
    if key:
        line = Line(fact.COMMAND, key)
        yield Interpretation(
            name="a rumour", score=SCORE, decide=lambda: heard.run(line, None), takes_facts=True
        )


def _about(heard: Heard, rumour: str) -> str:
    """The key of the answer that the rumour is about; '' for none, and for a pay."""
    content = heard.content
    figures = figures_in(rumour)
    if figures.large or figures.rate is not None:
        return ""  # A pay is placed among the pays: that is another reader's.
    near = find_answers(content, rumour)[:1]
    if near and near[0].score >= LEAST:
        return near[0].key
    if heard.reading is not None and heard.reading.remark is not None:
        return ""  # 'my brother thinks this is a waste of time' is no rumour
    line = plain(rumour)
    if _ENOUGH.search(line):
        return find_answers(content, _LEAST_POINTS)[0].key
    if _OF_POINTS.search(line) and _REFORM.search(line) and not _MINE.search(line):
        return find_answers(content, _ASKED_INSTEAD)[0].key
    return ""
