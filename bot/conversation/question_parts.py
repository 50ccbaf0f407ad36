"""What a longer message asks: its question without the story before it, and what somebody is
reported to say.

'Hi, I am X from Y, six years in Z. which code do they use' asks its last clause; 'my agent keeps
saying 95 is a must' wants what the sources have on what the agent says. The words around it are
true, and make every answer look far.
"""

from collections.abc import Iterator
from typing import Final

from bot.extraction.reports import reported
from bot.understanding.acts import Utterance

LEAST_WORDS: Final = 3
"""A question of fewer words leans on the clause before it: 'right?'"""


def asking_clause(utterance: Utterance) -> str:
    """The last clause that asks, where others come before or after it;
    '' for a text that is one clause, or asks nothing.
    """
    clauses = utterance.clauses
    asking = [place for place, one in enumerate(clauses) if one.mood == "asked"]
    if not asking or len(clauses) < 2:
        return ""
    place = asking[-1]
    found = clauses[place]
    if len(found.text.split()) < LEAST_WORDS and place:
        return utterance.text[clauses[place - 1].start : found.end].strip()
    return found.text


def parts(utterance: Utterance) -> Iterator[tuple[str, bool]]:
    """The stretches of a text that ask by themselves, and whether each is a report."""
    if report := reported(utterance.text):
        yield report, True
    clause = asking_clause(utterance)
    if clause and clause != utterance.text.strip():
        yield clause, False
