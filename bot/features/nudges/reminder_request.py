"""Whether a message asks to be reminded once, and what it leaves open: 'in two hours tell me to go
on', 'one reminder on 3 December'.

Nothing here knows the person; the words of the time are read by bot.extraction.times.once.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.core.command_line import tidy
from bot.extraction.times.match import MOST_READ
from bot.extraction.times.once import Once, once, repeats
from bot.extraction.times.weekdays import ANY_DAY
from bot.extraction.times.zones import Zone, zones
from content.content import Content

_ASKS: Final = re.compile(
    r"\b(?:remind (?:me|us|myself)|reminding (?:me|us)|(?:i|i'll"
    r"|ill) (?:will )?need(?:s)? (?:a )?reminding(?: of)?|(?:need|have|want|got"
    r"|gotta) (?:to )?(?:remember|be reminded)|must remember|tap (?:me|us) on the shoulder"
    r"|(?:(?P<nudge>nudge)|ping|prod|poke|buzz|bug|hassle|chase|nag|hound|wake|jog) (?:me"
    r"|us)(?: up)?"
    r"|(?:give|drop|shoot|send|flick|chuck) (?:me|us) (?:an? |one )?(?:quick |little "
    r"|friendly |gentle )?(?:shout|nudge|ping|buzz|hoy|yell|prod|poke|reminder|heads[- ]?up"
    r"|line|message|msg|text|note|dm|bell|kick)"
    r"|(?:don'?t|don’t|do not) (?:let|allow) (?:me|us) (?:to )?forget|jog my memory"
    r"|make sure (?:that )?(?:i|we) (?:don'?t|don’t|do not) forget|make sure (?:that )?(?:i"
    r"|we) remember"
    r"|(?:note|memo) to (?:self|myself)|(?:an?|the|one|my|another) (?:quick )?(?:alarm|timer"
    r"|heads[- ]?up)|^(?:set |put )?(?:alarm|timer)"
    r"|(?:(?:set|make|create|add|send|schedule|book|need|want|like|have|put|stick|pop|chuck"
    r"|whack|slot)(?: in| up)? )?(?:me |us )?(?:just )?(?:an? |one |another )?(?:quick "
    r"|little |single )?(?:one[- ](?:off|time) )?reminder(?: (?:in|up))?)\b",
    re.IGNORECASE,
)
_TELLS: Final = re.compile(
    r"\b(?:tell|message|text|alert|notify|write(?: to)?|email|dm|hit) me(?: up)?\b"
    r"|\blet me know\b|^(?:ping|buzz|alert|nudge)\b",
    re.IGNORECASE,
)
"""What asks for a reminder only with a time right beside it."""
_POLITE: Final = frozenset(
    (
        "hey hi hello ok okay oi yes yeah yep sure great cool thanks thx please pls plz kindly can "
        "could would will do you u ya i i'd i’d id we want wanna need like to and also just "
        "so then "
        "now mate maybe actually bot it be good if for a an one another single set make create add "
        "send have get k ta cheers lol ah oh right alright good one put stick pop chuck "
        "whack slot thing last remember sure "
    ).split()
)
"""Words that lead to a wish and add nothing to it."""
_SENTENCE_ENDS: Final = re.compile(r"[.!?;] ")
"""What was said before in a sentence of its own is no part of the wish: 'thanks a lot.
remind me …'.
"""
_LEADS_ON: Final = re.compile(
    r"^[ ,:.–—-]{0,4}(?:(?:please|pls|plz|thanks|thx)\b[ ,:–—-]{0,4})?", re.IGNORECASE
)
"""What stands between the verb and what it is about."""
_CONDITION: Final = re.compile(r"\bif (?!you (?:could|can|would)\b)", re.IGNORECASE)
_QUESTION: Final = re.compile(
    r"(?:again )?(?:what|how|who|whom|which|when|why|where|if|whether|of)\b", re.IGNORECASE
)
"""'Remind me what the fee is': a question, not a reminder."""
_ONLY_ONCE: Final = re.compile(
    r"\b(?:once|only|one[- ]off|one[- ]time|just this|one (?:reminder|time)|single|next|this"
    r"|coming)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that asks for one reminder.

    `once.found` is False where it names no time that can be read.
    """

    once: Once
    weekly: bool = False
    """Several weekdays, or a nudge on one with nothing to be told ('nudge me friday 6pm'): that
    asks for every week's nudge.
    """
    open: bool = False
    """One weekday and nothing to be reminded of ('remind me friday 6pm'): once,
    and every week is a tap away.
    """


def once_wanted(content: Content, text: str, now: datetime) -> Asked | None:
    """What `text` asks to be reminded of once; None where it asks for something else, or for
    something that comes again.
    """
    text = _BETWEEN_DAYS.sub(" and ", _THANKS_LAST.sub("", tidy(text)[:MOST_READ]))
    text, place = _without_place(content, text)
    for pattern in (_ASKS, _TELLS):
        hit = pattern.search(text)
        if hit is None:
            continue
        lead, rest = text[: hit.start()], _LEADS_ON.sub("", text[hit.end() :])
        lead = _without_courtesies(_SENTENCE_ENDS.split(lead)[-1])
        polite = not lead
        if _QUESTION.match(rest) or (repeats(lead) and not polite):
            continue
        said = once(rest, now, content.places, lead="" if polite else lead)
        if said is None or not (polite or said.said == lead.strip(" ,")):
            continue
        if pattern is _TELLS and not _beside(said, rest, lead, polite=polite):
            continue
        if not (said.zone or place is None):
            said = replace(said, zone=place)
        is_open = said.weekday and not said.what and not _ONLY_ONCE.search(text)
        nudges = pattern is _ASKS and bool(hit["nudge"])
        weekly = (said.weekday and said.doubt == "several") or (is_open and nudges)
        return Asked(once=said, weekly=weekly, open=is_open and not weekly)
    return None


_THANKS_LAST: Final = re.compile(
    r"[.,!]?\s{1,3}(?:many )?(?:thanks|thank you|thx|ty|cheers|ta)"
    r"(?: (?:so much|very much|a lot|heaps|mate|po|sir|bro|again)){0,2}[.! ]{0,3}\Z",
    re.IGNORECASE,
)
"""Words of thanks at the end are no part of what is to be brought up."""
_BETWEEN_DAYS: Final = re.compile(
    rf"(?<=[a-z])\s{{0,2}}(?:\+|/|&)\s{{0,2}}(?={ANY_DAY}s?\b)", re.IGNORECASE
)
"""'Mon + wed' is two days."""
_I_AM: Final = re.compile(
    r"(?:^|[,.;(]|\b(?:and|btw|fyi)\b)\s{0,3}(?:i'?m|i’m|i am|we'?re|we are|i live"
    r"|based) (?:currently |now )?(?:in|at|near|based in|living in"
    r"|on)\s{1,3}(?P<place>[a-z][\w '/-]{1,30}?)"
    r"(?:\s{1,3}(?:now|by then|then|atm|time|at the moment|these days"
    r"|btw))?\s{0,3}(?:[,.;)!](?=\s|$)|$)",
    re.IGNORECASE,
)


def _without_place(content: Content, text: str) -> tuple[str, Zone | None]:
    """The text without an 'I'm in Hobart' of its own, and whose clock that is."""
    hit = _I_AM.search(text)
    if hit is None:
        return text, None
    found = zones(content.places, hit["place"])
    if len(found) != 1 or found[0].text.strip() != hit["place"].strip():
        return text, None
    return f"{text[: hit.start()]}. {text[hit.end() :]}".strip(" ."), found[0].value


_NOT_FORGET: Final = re.compile(r"\b(?:don'?t|don’t|do not|never) forget (?:to )?", re.IGNORECASE)


def _without_courtesies(lead: str) -> str:
    """What stands before the verb besides courtesies; 'if you could' is one,
    any other 'if' none.
    """
    lead = _NOT_FORGET.sub("", lead)
    words = re.findall(r"[^ ,!.]+", lead[:MOST_READ])
    if _CONDITION.search(lead):
        return lead
    while words and words[0].lower() in _POLITE:
        words.pop(0)
    return " ".join(words)


def _beside(said: Once, rest: str, lead: str, *, polite: bool) -> bool:
    """The time stands right beside 'tell me', and something follows:
    'tell me on Wednesday that my trial ends'.
    """
    at_the_head = bool(said.said) and rest.startswith(said.said)
    return said.found and bool(said.what) and (at_the_head or (bool(lead) and not polite))
