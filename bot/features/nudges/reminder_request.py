"""Whether a message asks to be reminded once, and what it leaves open: 'in two hours tell me to go on', 'one reminder on 3 December'.

Nothing here knows the person; the words of the time are read by bot.extraction.times.once.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.command_line import tidy
from bot.extraction.times.match import MOST_READ
from bot.extraction.times.once import Once, once, repeats
from content.content import Content

_ASKS: Final = re.compile(
    r"\b(?:remind (?:me|us)|(?:ping|nudge|prod|poke|buzz) (?:me|us)|give (?:me|us) (?:an? |one )?(?:shout|nudge|ping|buzz|hoy|yell|prod|poke|reminder|heads[- ]?up)"
    r"|(?:set|make|create|add|send|schedule|book|need|want|like|have)? ?(?:me |us )?(?:just )?(?:an? |one |another )?(?:single )?(?:one[- ](?:off|time) )?reminder)\b",
    re.IGNORECASE,
)
_TELLS: Final = re.compile(
    r"\b(?:tell|message|text|alert|notify|write(?: to)?) me\b|\blet me know\b", re.IGNORECASE
)
"""What asks for a reminder only with a time right beside it."""
_POLITE: Final = frozenset(
    (
        "hey hi hello ok okay oi yes yeah yep sure great cool thanks thx please pls plz kindly can "
        "could would will do you u ya i i'd i’d id we want wanna need like to and also just so then "
        "now mate maybe actually bot it be good if for a an one another single set make create add "
        "send have get k ta cheers lol ah oh right alright good one "
    ).split()
)
"""Words that lead to a wish and add nothing to it."""
_SENTENCE_ENDS: Final = re.compile(r"[.!?;] ")
"""What was said before in a sentence of its own is no part of the wish: 'thanks a lot. remind me …'."""
_CONDITION: Final = re.compile(r"\bif (?!you (?:could|can|would)\b)", re.IGNORECASE)
_QUESTION: Final = re.compile(
    r"(?:again )?(?:what|how|who|whom|which|when|why|where|if|whether|of)\b", re.IGNORECASE
)
"""'Remind me what the fee is': a question, not a reminder."""
_ONLY_ONCE: Final = re.compile(
    r"\b(?:once|only|one[- ]off|one[- ]time|just this|one (?:reminder|time)|single|next|this|coming)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that asks for one reminder. `once.found` is False where it names no time that can be read."""

    once: Once
    weekly: bool = False
    """Only a weekday and nothing to be reminded of ('remind me friday 6pm'), or several weekdays: that asks for every week's nudge."""


def asked_once(content: Content, text: str, now: datetime) -> Asked | None:
    """What `text` asks to be reminded of once; None where it asks for something else, or for something that comes again."""
    text = tidy(text)[:MOST_READ]
    for pattern in (_ASKS, _TELLS):
        hit = pattern.search(text)
        if hit is None:
            continue
        lead, rest = text[: hit.start()], text[hit.end() :].strip(" ,:")
        lead = _without_courtesies(_SENTENCE_ENDS.split(lead)[-1])
        polite = not lead
        if _QUESTION.match(rest) or (repeats(lead) and not polite):
            continue
        said = once(rest, now, content.places, lead="" if polite else lead)
        if said is None or not (polite or said.said == lead.strip(" ,")):
            continue
        if pattern is _TELLS and not _beside(said, rest, lead, polite=polite):
            continue
        return Asked(once=said, weekly=_is_weekly(said, text))
    return None


def _without_courtesies(lead: str) -> str:
    """What stands before the verb besides courtesies; 'if you could' is one, any other 'if' none."""
    words = re.findall(r"[^ ,!.]+", lead[:MOST_READ])
    if _CONDITION.search(lead):
        return lead
    while words and words[0].lower() in _POLITE:
        words.pop(0)
    return " ".join(words)


def _beside(said: Once, rest: str, lead: str, *, polite: bool) -> bool:
    """The time stands right beside 'tell me', and something follows: 'tell me on Wednesday that my trial ends'."""
    at_the_head = bool(said.said) and rest.startswith(said.said)
    return said.found and bool(said.what) and (at_the_head or (bool(lead) and not polite))


def _is_weekly(said: Once, text: str) -> bool:
    if said.doubt == "several":
        return said.weekday
    return said.weekday and not said.what and not _ONLY_ONCE.search(text)
