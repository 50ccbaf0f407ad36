"""A one-off reminder changed or dropped in the words that people use for it: 'make that 6.30', 'the
fee one to friday', 'scrap that'.

Which reminder is meant: the one that was set or asked about just now, or the only one that the
words name. Nothing here changes anything: what comes out is the command line that does.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from bot.core.command_line import Line, tidy
from bot.core.request import Request
from bot.core.state import Reminder
from bot.extraction.numbers import ORDINALS
from bot.extraction.times import days_of, weekdays
from bot.extraction.times.amendments import Amendment, amended, amendment
from bot.features.nudges.reminder_list import reminder_meant
from bot.features.nudges.reminder_question import DIALOG, local_now, waiting
from bot.features.nudges.rules import active
from scheduler.civil_time import zone

IN_HAND: Final = timedelta(minutes=10)
"""So long after it was set a reminder is what 'that' means, whatever was shown since."""
_MOVES: Final = re.compile(r"remind move (?P<id>r[0-9a-f]{10})")
_ACTS_ON: Final = re.compile(
    r"^(?:(?:please|pls|ok|okay|no|nah|actually|sorry|and|oh|wait|can you|could you|hmm|hey"
    r"|yeah)\b[, ]{0,3}){0,4}"
    r"(?P<verb>drop|delete|remove|cancel|scrap|bin|kill|lose|ditch|clear|stop|forget"
    r"|get rid of|never ?mind|don'?t bother with|don'?t need|no need for|take off|"
    r"move|shift|change|push|put off|push back|put|reschedule|make|switch|bring forward|delay"
    r"|postpone)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_DROPS: Final = frozenset(
    [
        "drop", "delete", "remove", "cancel", "scrap", "bin", "kill", "lose", "ditch", "clear", "stop", "forget", "get rid of", "never mind",
        "nevermind", "dont bother with", "dont need", "no need for", "take off",
    ]
)  # fmt: skip
_THAT: Final = re.compile(
    r"(?:(?:about )?(?:it|that|this|that one|this one|the one|the last one|(?:that|this|the"
    r"|my) (?:last )?(?:reminder|alarm|one)|(?:that|this) thing))?(?: (?:one|reminder|alarm"
    r"|again|then|please|pls|thanks|now|off))*",
    re.IGNORECASE,
)
_ALL: Final = re.compile(
    r"(?:all|both|every|each)(?: of)?(?: (?:the|my|them|those|these"
    r"|your))?(?: (?:one[- ]off )?(?:reminders?|alarms?|ones?))?(?: (?:please|pls|now))?",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"\s*(?:(?:the|my|that|reminder|number|no|about|for"
    r"|one)\.? ){0,4}(?P<which>.+?)(?: (?:one|reminder|alarm|thing))*(?: (?:please|pls|thanks"
    r"|off|again))*\s*",
    re.IGNORECASE,
)
_TO_WHEN: Final = re.compile(
    r"\b(?:to|till|until|for|at|on)\b|\bback\b|\bforward\b|\bby\b", re.IGNORECASE
)
_REWORDS: Final = re.compile(
    r"^(?:(?:please|pls|ok|no|actually|sorry|and|oh|thanks|can you|could you|hmm)\b[, ]{0,3}){0,4}"
    r"(?:change|make|edit|update|set|put|reword|rename) (?:the|its|my|that)? ?(?:text|wording"
    r"|words|message|note|title|label|description|reminder text)(?: (?:on|of|for|in) (?:it"
    r"|that|the reminder))? (?:to|say|says|as|into)[ :]+(?P<text>.+)$"
    r"|^(?:(?:please|pls|ok|no|actually|sorry|and|oh|can you"
    r"|could you)\b[, ]{0,3}){0,4}(?:make|have) (?:it|that|the reminder) (?:say"
    r"|read)[ :]+(?P<text2>.+)$",
    re.IGNORECASE,
)
_BARE_WORDS: Final = frozenset("the a an my to for about and of in on at with it".split())


def changed(request: Request) -> Line | None:
    """The command line of a text that moves or drops a reminder;
    None for a text that does neither.
    """
    kept = request.state.person.reminders
    text = tidy(request.words)
    if not kept or waiting(request) is not None or (text.endswith("?") and not _POLITE.match(text)):
        return None
    text = text.rstrip("?.! ")
    mine = in_hand(request)
    if mine is not None and (line := _move(request, mine, text)):
        return line
    if mine is not None and (hit := _REWORDS.match(text)):
        return Line(DIALOG, f"text {mine.id} {(hit['text'] or hit['text2']).strip()}")
    hit = _ACTS_ON.match(text)
    if hit is None:
        return None
    rest, verb = hit["rest"].strip(" ,"), hit["verb"].lower().replace("'", "")
    if verb in _DROPS:
        if _ALL.fullmatch(rest) and not active(request.state.person):
            return Line(DIALOG, "drop all")
        one = _reminder_in_hand(request, mine, rest)
        if not one:
            return None
        return Line(DIALOG, f"drop {one.id}")
    return _move_by_name(request, rest)


_POLITE: Final = re.compile(r"(?:can|could|would|will) (?:you|u|we)\b|please\b", re.IGNORECASE)


def in_hand(request: Request) -> Reminder | None:
    """The reminder whose buttons were shown last, else the latest
    that was set in the last minutes.
    """
    kept = request.state.person.reminders
    shown = [
        hit["id"]
        for action in request.state.conversation.choices.values()
        if (hit := _MOVES.match(action))
    ]
    if len(set(shown)) == 1:
        return next((one for one in kept if one.id == shown[0]), None)
    recent = [one for one in kept if request.event.at - one.asked_at <= IN_HAND]
    if recent and _is_of_reminders(request):
        return max(recent, key=lambda one: one.asked_at)
    return None


def _is_of_reminders(request: Request) -> bool:
    """Nothing that has a time of its own was answered since: a nudge, a sum, a form."""
    dialog = request.state.person.dialog
    return dialog is None or dialog.dialog == DIALOG


def _move(request: Request, one: Reminder, text: str) -> Line | None:
    change = amendment(text, local_now(request, one.zone), request.content.places)
    if change is None:
        return None
    return _line(request, one, change)


def _line(request: Request, one: Reminder, change: Amendment) -> Line | None:
    """`remind move`, with the whole time: nothing of it is left to be guessed."""
    said = change.said
    if said is not None and said.wrong:
        return Line(DIALOG, f"move {one.id} {said.said}")
    if said is not None and said.after is not None:
        return Line(DIALOG, f"move {one.id} {said.said}")
    place = change.zone.said if change.zone else ""
    clock = one.zone or local_now(request, "").tzinfo
    before = one.due_at.astimezone(zone(clock) if isinstance(clock, str) else clock)
    when = amended(change, before.replace(tzinfo=None))
    if change.zone and not change.zone.several:
        place = change.zone.zone
    return Line(DIALOG, f"move {one.id} {_as_typed(when)} {place}".strip())


def _as_typed(when: datetime) -> str:
    """With its half of the day, so that none of it is open any more."""
    return f"{when:%Y-%m-%d} {when:%I:%M%p}"


def _move_by_name(request: Request, rest: str) -> Line | None:
    """'The fee one to friday 5pm': which, then when."""
    for hit in _TO_WHEN.finditer(rest):
        named = _NAMED.fullmatch(rest[: hit.start()].strip())
        one = _by_words(request, named["which"]) if named else None
        if one is not None and (line := _move(request, one, f"move it {rest[hit.start() :]}")):
            return line
    return None


def _reminder_in_hand(request: Request, mine: Reminder | None, words: str) -> Reminder | None:
    """The reminder in hand, where the words are no more than 'that one';
    else the one that they name.
    """
    if _THAT.fullmatch(words):
        kept = request.state.person.reminders
        of_reminders = bool(re.search(r"\b(?:reminder|alarm)\b", words, re.IGNORECASE))
        return mine or (kept[0] if len(kept) == 1 and of_reminders else None)
    if re.fullmatch(r"the other(?: one| reminder)?", words, re.IGNORECASE) and (
        others := [one for one in request.state.person.reminders if one != mine]
    ):
        kept = request.state.person.reminders
        return others[0] if len(others) == 1 else kept[0] if len(kept) == 1 else None
    named = _NAMED.fullmatch(words)
    if not named:
        return None
    return _by_words(request, named["which"])


def _by_words(request: Request, which: str) -> Reminder | None:
    """By number, by its day or by words of its own; None where these are none's or several's."""
    kept = request.state.person.reminders
    which = which.strip().lower()
    number = ORDINALS.get(which, 0) or (
        int(which[:-2]) if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", which) else 0
    )
    if which == "last":
        number = len(kept)
    if number or which.isdecimal():
        return reminder_meant(request, str(number or which))
    words = set(re.findall(r"[\w']+", which)) - _BARE_WORDS
    named = [one for one in kept if words and words <= _words_of(one)]
    days = days_of(weekdays(which, asked=True))
    if not named and len(days) == 1:
        named = [one for one in kept if _day_of(one) == days[0]]
    return named[0] if len(named) == 1 else None


def _words_of(one: Reminder) -> set[str]:
    return set(re.findall(r"[\w']+", one.text.lower()))


def _day_of(one: Reminder) -> int:
    return one.due_at.astimezone(zone(one.zone or "UTC")).weekday()
