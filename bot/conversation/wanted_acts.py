"""Does a text want something done or computed, and no fact told? A pay to be taxed, a plan to begin,
a nudge to be moved: a fact near its words does not take their place.
"""

import re
from typing import Final

from bot.conversation.stated_figures import FIGURES_WITHIN
from bot.core.events import Reading
from bot.extraction import pay
from bot.features import questionnaires
from content.content import Content
from content.subject import tokens

LINKING: Final = frozenset(
    """
    and what about how on for a an the with then is so visa in of or ok also too one only it
    right cool that this same those now instead its i mean meant sorry no nah actually wait
    oops typo lol haha ah oh question questions
    """.split()
)
"""Words that say nothing beside the name of another subject."""
MEANT: Final = 0.4
"""A reading that is less sure does not say what the text wants begun."""
ASKED_IN: Final = re.compile(
    r"\b(?:how|what|whats|which|when|where|who|why|whether|is|are|does|do|did|can|will|should"
    r"|know|wonder\w*|explain)\b",
    re.IGNORECASE,
)
"""A word by which a text asks, wherever it stands: 'i'm a BA, is that any use'."""
SUMS: Final = frozenset({"takehome", "offer", "salary", "what-if", "points"})
"""Commands that compute with a figure in the message: a fact does not take its place."""
_FIGURES: Final = ("amount", "day_rate", "years")
WONDERS = re.compile(
    r"\A\W{0,9}(?:how (?:many|much|long|often|sure|old|does|do|is|are)|whats?|which|who|why"
    r"|when|where|is|are|does|do you)\b(?!.*\b(?:my|me|mine|next|today|tonight|step)\b)",
    re.IGNORECASE,
)
"""Asks about something, and not for the speaker's own: no wish to have anything done."""
_OWN = re.compile(
    r"\b(?:i|im|my|me|mine|start|begin|calculate|compute|count|take|run|add|do)\b", re.IGNORECASE
)


def asks_within(text: str) -> bool:
    """Whether a word of the text asks, wherever it stands:
    'data scientist 224999 can it go 189'.
    """
    return "?" in text or bool(ASKED_IN.search(text))


SURELY_ASKED: Final = 0.95


def _is_surely_asked(reading: Reading, text: str) -> bool:
    """'Hobart is regional?' sounds like a place to keep, and is a question with one answer."""
    surest = reading.answers[0].score if reading.answers else 0.0
    return text.rstrip().endswith("?") and surest >= SURELY_ASKED


def acts(content: Content, reading: Reading) -> bool:
    """The text was understood as something to do."""
    known = reading.action == "answer" and reading.command in content.commands
    return known and not content.groups[content.commands[reading.command].group].tells


def wants_done(content: Content, reading: Reading, text: str) -> bool:
    """Something is to be done, and the text either says with what or does not ask: 'i change
    company once, which time counts' holds no time to change anything to.
    """
    if not acts(content, reading) or WONDERS.match(text) or _is_surely_asked(reading, text):
        return False
    return bool(reading.entities) or bool(_REQUESTS.search(text)) or not asks_within(text)


_REQUESTS: Final = re.compile(
    r"\b(?:can|could|will|would) (?:you|u|ya)\b|\b(?:please|pls|plz|wanna|want|let)\b",
    re.IGNORECASE,
)
"""What asks to have something done."""


def begins(reading: Reading, text: str) -> bool:
    """The text wants the speaker's own points added up, or their own audit: 'calculate my points'
    is no question about points.
    """
    is_meant = reading.action == "answer" or reading.confidence >= MEANT
    return (
        is_meant and reading.command in questionnaires.DIALOG_COMMANDS and bool(_OWN.search(text))
    )


def is_only_a_pay(content: Content, text: str) -> bool:
    """'and 261313' after a code names another one, and no pay."""
    names_code = any(one.kind == "code" for one in content.mentions(tokens(text)))
    return is_a_pay(text) and ("$" in text or not names_code)


def is_a_pay(text: str) -> bool:
    """'900 a day 220 days', '165k plus super': nothing but a pay, to be computed with."""
    if not any(map(str.isdigit, text)):
        return False
    said = pay.read(text[:FIGURES_WITHIN])
    left = set(tokens(said.rest)) - LINKING
    return not said.said_nothing and said.bare is None and not left


_DOUBTS: Final = re.compile(
    r"\b(?:why|believe|trust|legit|reliable|credible|made up|real|genuine|who says|source"
    r"|come from|comes from|convince)\b",
    re.IGNORECASE,
)


def computes(reading: Reading, text: str) -> bool:
    """The text states a pay, to be computed with; one that is doubted is no pay of anybody's."""
    stated = any(name in reading.entities for name in _FIGURES)
    doubts = _DOUBTS.search(text) and reading.command == "salary"
    if doubts or _OF_THE_SCALE.search(text):
        return False
    return reading.action == "answer" and reading.command in SUMS and stated


_OF_THE_SCALE: Final = re.compile(
    r"\b(?:tax|marginal|top) (?:rates?|brackets?|percent(?:age)?)\b|\bbrackets?\b", re.IGNORECASE
)
"""Asks about the scale itself: the figure in it is one of the scale's steps, and nobody's pay."""
