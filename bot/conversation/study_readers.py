"""Readers of what people say of their study: an audit's score, how long their own plan is,
a tap named in words.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import asked_acts, steering
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.features import questionnaires
from bot.understanding.acts import tokens
from content.subject import tokens as subject_tokens

_SCORE: Final = re.compile(
    r"\b(?P<of>\d{1,2})\s?(?:/|of|out of)\s?30\b"
    r"|\b(?:got|get|scored?|was|is|with|came (?:out )?(?:to|at)|totall?(?:ed)?|result"
    r"|did)\b[^\d.?!]{0,24}?(?P<got>\d{1,2})\b"
    r"(?!\s?(?:am|pm|h|hours?|hrs?|mins?|minutes?|%|years?|yrs?|questions?|days?|weeks?)\b)",
    re.IGNORECASE,
)
_MOST: Final = 30
_AUDIT: Final = re.compile(r"\baudit\w{0,2}\b", re.IGNORECASE)


def audit_scores(heard: Heard) -> Iterator[Interpretation]:
    """'Did the self audit already, got 14': the band of that total. It starts no audit."""
    talked = steering.talked_of(heard.words) == "audit"
    waits = questionnaires.waiting(heard.words) is not None
    hit = _SCORE.search(heard.text)
    if hit is None or waits or not (talked or _AUDIT.search(heard.text)):
        return
    total = int(hit["of"] or hit["got"])
    is_mine = all(clause.holder == "self" for clause in heard.utterance.clauses)
    if total <= _MOST and is_mine:
        yield Interpretation(
            name="an audit's score",
            score=0.988,
            decide=lambda: heard.run(Line("audit", f"total {total}"), None),
            takes_facts=True,
        )


_HOW_LONG: Final = re.compile(
    r" (?:how (?:many|much) (?:weeks?|months?|time)|how long (?:is|will|does|would|til|till"
    r"|until|to go|left)?|when (?:will|would|do|am) i (?:be )?(?:done|finish|finished|ready"
    r"|through)) "
)
_OF_OTHER: Final = re.compile(r" (?:unit|units|step|steps|visa|audit|quiz|nudge|test|paused?|job) ")
MOST_WORDS: Final = 11


def own_lengths(heard: Heard) -> Iterator[Interpretation]:
    """'How many weeks is that' from somebody with a plan: what is left of it,
    at their own hours.
    """
    progress = heard.state.person.progress
    line = heard.utterance.line
    if progress is None or not _HOW_LONG.search(line) or _OF_OTHER.search(line):
        return
    is_short = len(heard.text.split()) <= MOST_WORDS and not any(map(str.isdigit, heard.text))
    is_topic = steering.talked_of(heard.words) in steering.PLAN or " plan " in line
    if is_short and is_topic and not heard.content.mentions(subject_tokens(heard.text)):
        yield Interpretation(
            name="how long the plan is",
            score=0.985,
            decide=lambda: heard.run(Line("plan", f"at {progress.hours:g}"), None),
        )


_HOURS_TALK: Final = frozenset(
    """
    can could i do did it that this faster quicker slower sooner if leave keep stay stick at to with
    on then no ok okay nah actually a week per hours hrs hour hr h what about would be how only just
    say like instead for now the lets and or maybe managed manage had went go up down drop bump put
    me more less same set make rather better well so yeah please reckon think ill id
    """.split()
)
_IMAGINES: Final = re.compile(r" (?:if|would|could|can|how|what) ")
_MOST_HOURS: Final = 40


def hours_in_passing(heard: Heard) -> Iterator[Interpretation]:
    """'Faster if i do 10?', 'leave it at 4' while the plan is talked about: told,
    or set where there is a plan.
    """
    is_topic = steering.plan_talked_of(heard.words)
    words = [token.word for token in tokens(heard.text)]
    numbers = [word for word in words if word.isdecimal()]
    waits = questionnaires.waiting(heard.words) is not None
    if (
        waits
        or not is_topic
        or len(numbers) != 1
        or len(words) < _LEAST
        or parse(heard.content, heard.text)
    ):
        return
    if not 1 <= int(numbers[0]) <= _MOST_HOURS or not set(words) - set(numbers) <= _HOURS_TALK:
        return
    last = heard.state.conversation.last
    goes_on = last is not None and last.words.startswith("at ")
    is_asked = goes_on or heard.utterance.asks or bool(_IMAGINES.search(heard.utterance.line))
    has_plan = heard.state.person.progress is not None
    what = "hours" if has_plan and not is_asked else "at"
    yield Interpretation(
        name="hours in passing",
        score=0.972,
        decide=lambda: heard.run(Line("plan", f"{what} {numbers[0]}"), None),
        takes_facts=True,
    )


_LEAST: Final = 3
_AROUND: Final = frozenset(
    """
    ok okay k yes yeah yep yup sure alright right cool great good fine well then so and now please
    pls plz just lets let us me do press tap hit click go with for on i id ill want would like to
    the a an that this it them one can could u you may my thing button tho thanks ta mate actually
    first step off up
    """.split()
)
_VERBS: Final = {
    "mydata": "download export save copy send get file json",
    "forget": "erase delete wipe remove",
    "plan start": "start begin",
    "plan hours": "change set take",
    "audit": "start begin take audit",
    "quiz": "quiz start",
    "calendar": "download export calendar",
    "evidence export": "download export save",
    "remind drop": "drop delete cancel remove",
    "sources": "source sources",
}
"""What a tap may be called besides its label, by the beginning of what it does."""
_OF_DATA: Final = frozenset(
    "download export save copy send get file json data all everything".split()
)
_TELLS_DATA: Final = frozenset(["profile", "privacy", "mydata"])
"""Commands after which a file to be had is the one of what is kept."""
MOST_TAP_WORDS: Final = 8
MOST_LABEL_WORDS: Final = 5


def taps_in_words(heard: Heard) -> Iterator[Interpretation]:
    """'Ok start', 'can i download it': the one button on the screen that the words name.

    A bare 'ok' names none.
    """
    said = heard.utterance
    talk = heard.state.conversation
    waits = questionnaires.waiting(heard.words) is not None or talk.question is not None
    if waits or len(heard.text.split()) > MOST_TAP_WORDS or parse(heard.content, heard.text):
        return
    words = {token.word for token in tokens(heard.text)} - _AROUND
    named = {action for label, action in talk.choices.items() if _names(words, label, action)}
    line = parse(heard.content, next(iter(named))) if len(named) == 1 else None
    if not named and words and words <= _OF_DATA and steering.talked_of(heard.words) in _TELLS_DATA:
        line = Line("mydata", "")
    if line is None or (line.command in asked_acts.ACTING and said.asks):
        return
    yield Interpretation(name="a tap in words", score=0.984, decide=lambda: heard.run(line, None))


def _names(words: set[str], label: str, action: str) -> bool:
    """Whether the words, and nothing else, name the button."""
    if not words:
        return False
    of_label = {token.word for token in tokens(label)}
    if len(of_label) <= MOST_LABEL_WORDS and words == of_label - _AROUND:
        return True
    verbs = next((said for begins, said in _VERBS.items() if action.startswith(begins)), "")
    return words <= set(verbs.split())
