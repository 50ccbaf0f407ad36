"""Readers of what people say of their study: an audit's score, how long their own plan is,
a tap named in words.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from bot.conversation import asked_acts, steering
from bot.conversation.heard import Heard
from bot.core import local_time
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Tap
from bot.core.turn import Turn
from bot.extraction.calendar_names import MONTH
from bot.extraction.numbers import with_digits
from bot.extraction.times.weekdays import ANY_DAY
from bot.features import nudges, plan, questionnaires
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


_OTHER_HOURS: Final = re.compile(
    r"\A(?:(?:oh|ok|okay|hm+|ugh|that'?s|thats|that is|that|is|it'?s|its|way|no|nah|wow|geez|gosh|far|bit|a|\d{1,2} weeks?)"
    r"[, ]{1,3}){0,6}"
    r"(?:(?:too|rather|pretty|quite|very|so|awfully|bit) (?:long|slow|much|far|many|late|ages|short|little|quick|fast)"
    r"|ages|forever|an? (?:eternity|age)|long)"
    r"(?: (?:for me|that|a time|time))?[,.! –-]{1,4}"
    r"(?:(?P<imagined>(?:and |but |so )?(?:what )?if i (?:find|found|do|did|have|had|manage|managed|can do|could do|put in|go) )"
    r"|(?:(?:make|do|try|say|lets|let's|what about|how about|go|put|set|then|so|ok|it|me|down|for|with|at|to|maybe"
    r"|rather|better|i'?ll do|ill do|i can do)[, ]{1,3}){0,5})"
    r"(?P<hours>\d{1,2}(?:\.5)?)\s?(?:h|hrs?|hours?)?(?:\s(?:a|per) (?:week|wk))?"
    r"(?:[, ]{1,3}(?:then|instead|please|pls|maybe|so|better)){0,2}[.? ]{0,3}\Z",
    re.IGNORECASE,
)


def other_hours(heard: Heard) -> Iterator[Interpretation]:
    """'Too long. 10 then' under a plan's length: the length at these hours, or these hours where
    there is a plan.
    """
    hit = _OTHER_HOURS.match(with_digits(heard.text.strip()))
    waits = questionnaires.waiting(heard.words) is not None
    if hit is None or waits or not steering.plan_talked_of(heard.words):
        return
    has_plan = heard.state.person.progress is not None
    is_kept = not hit["imagined"]
    line = Line("plan", f"{'hours' if has_plan and is_kept else 'at'} {hit['hours']}")
    yield Interpretation(
        name="other hours",
        score=0.991,
        decide=lambda: _at_other_hours(heard, line, hit["hours"] if is_kept else ""),
        takes_facts=True,
    )


def _at_other_hours(heard: Heard, line: Line, kept: str) -> Turn:
    turn = heard.run(line, None)
    return kept_hours(turn, kept) if kept else turn


def kept_hours(turn: Turn, hours: str) -> Turn:
    """The turn, with these hours a week kept for the plan that may begin."""
    person = turn.state.person
    person = replace(person, profile=replace(person.profile, hours=float(hours)))
    return replace(turn, state=replace(turn.state, person=person))


_TICKS: Final = re.compile(r"\b(?:did|done|finished|completed|ticked|closed)\b", re.IGNORECASE)
_HALF_DONE: Final = re.compile(
    r"(?:,| and| but| n|\A)?\s?(?:half|part|some|most|bits?) of (?:step )?\d{1,2}\b"
    r"|(?:,| and| but| n)?\s(?:step )?\d{1,2} (?:is |was |are )?(?:only |just )?(?:half|partly|nearly|almost|not|isn'?t)\b.{0,40}",
    re.IGNORECASE,
)
_BESIDE_TICKS: Final = frozenset(
    """
    i ive i'm im mean meant all are is were was both steps step already alr btw and n just now the so ok
    oh sorry actually did done finished completed have ticked closed them those of too
    """.split()
)


def several_ticked(heard: Heard) -> Iterator[Interpretation]:
    """'I mean 1 2 3 are all done, 4 is half': the steps that are done are ticked, the half one
    stays open.
    """
    has_plan = heard.state.person.progress is not None
    waits = questionnaires.waiting(heard.words) is not None or heard.state.conversation.question
    if not has_plan or waits or "?" in heard.text or not _TICKS.search(heard.text):
        return
    if parse(heard.content, heard.text) is not None and not _HALF_DONE.search(heard.text):
        return
    words = re.findall(r"[a-z']+|\d+", _HALF_DONE.sub(" ", heard.text).lower())
    numbers = [word for word in words if word.isdigit()]
    if not numbers or not {word for word in words if not word.isdigit()} <= _BESIDE_TICKS:
        return
    line = Line("done", ", ".join(numbers))
    yield Interpretation(
        name="several steps done", score=0.992, decide=lambda: heard.run(line, None)
    )


_LATER: Final = re.compile(
    r"\b(?:start|begin)(?:ing)?(?: it| the plan| my plan| up| this)? (?:only )?"
    rf"(?:(?:in|on|from|after|next|come|this coming|early in)\b|(?={ANY_DAY}\b|tomorrow|tmrw))"
    r"(?P<when>.{3,40}?)"
    r"(?:\b(?:when|once|because|cos|as|if|with)\b.{0,80})?[.! ]{0,3}\Z",
    re.IGNORECASE,
)
_MONTH_ALONE: Final = re.compile(rf"\A\s{{0,3}}(?:the )?(?P<month>{MONTH})\b", re.IGNORECASE)


def later_starts(heard: Heard) -> Iterator[Interpretation]:
    """'5 then. start in march' where no plan runs: it starts when it is told to; the hours are kept
    and a reminder of that day is a tap away.
    """
    has_plan = heard.state.person.progress is not None
    waits = questionnaires.waiting(heard.words) is not None
    hit = _LATER.search(heard.text)
    if hit is None or has_plan or waits or "?" in heard.text or nudges.any_active(heard.words):
        return
    is_topic = steering.plan_talked_of(heard.words) or bool(_NAMES_PLAN.search(heard.text))
    hours = plan.hours_beside(heard.text)
    day = nudges.day_named(heard.words, _MONTH_ALONE.sub(r"1 \g<month>", hit["when"]))
    if day is None or not (is_topic or hours):
        return
    yield Interpretation(
        name="a start that is to come",
        score=0.992,
        decide=lambda: _told_later(heard, day, hours),
        takes_facts=True,
    )


_NAMES_PLAN: Final = re.compile(r"\b(?:plan|course)\b", re.IGNORECASE)


def _told_later(heard: Heard, day: date, hours: str) -> Turn:
    request = heard.request("plan", f"at {hours}" if hours else "")
    words = f"remind {day:%Y-%m-%d} 9:00 to {request.text('plan_later_reminder')}"
    said = local_time.day(day, local_time.today(request.state.person, request.event))
    taps = (
        Tap(request.text("tap_remind_on", day=said), words),
        Tap(request.text("tap_plan_start"), f"plan start {hours}".strip()),
    )
    key = "plan_later_hours" if hours else "plan_later"
    line = request.spans(key, hours=f"{float(hours):g} hours" if hours else "")
    turn = request.answer(Paragraph(line), Choices(taps), personal=True)
    return kept_hours(turn, hours) if hours else turn


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
