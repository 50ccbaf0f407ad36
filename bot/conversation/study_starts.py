"""A message that begins the plan and wishes something else besides: 'begin at 6h, ping me
mondays 7am'. The plan begins first; what else is wished is read for itself, and both are told.
"""

import re
from typing import Final

from bot.conversation import steering
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.turn import Turn
from bot.extraction.times import weekdays
from bot.features import nudges, plan, questionnaires

_ELSEWHERE: Final = ("points", "audit", "quiz", "profile")
"""What else may be started, where it stands on the screen."""
_PLAN_TAPS: Final = ("plan start", "plan hours")


def begun(heard: Heard) -> tuple[Turn, str] | None:
    """The plan begun, and the rest of the message; None where the message begins none."""
    if heard.state.person.progress is not None or questionnaires.waiting(heard.words):
        return None
    if heard.state.conversation.question or heard.utterance.does("someone_else"):
        return None
    found = plan.opening(heard.text)
    if found is None or _is_typed(heard, found.rest):
        return None
    if not (found.is_named or _is_of_the_plan(heard, found.hours, found.rest)):
        return None
    hours = found.hours or steering.hours_told(heard.words)
    request = heard.request("plan", f"start {hours} hours" if hours else "start")
    if not found.rest:
        return plan.HANDLERS["plan"](request), ""
    return plan.begin_briefly(request, hours), found.rest


_NEW_HOURS: Final = re.compile(
    r"\A(?:\W|ok|okay|pls|please|can you|now|and|so){0,5}(?P<verb>(?:change|chng|set|make|put|drop|bump|raise|lower|cut)\s)?(?:it |me |my |the )?"
    r"(?:(?:hours?|hrs?)(?: a week| weekly)?(?: to| down to| up to)?\s(?P<after>\d{1,2})|(?P<to>to )?(?P<n>\d{1,2}) ?(?:h|hours?|hrs?)"
    r"(?P<weekly> a week| weekly| pw)?)[ ,;]{1,3}(?:and|nd|n|&|also|then|plus)\s(?P<rest>.{3,80})\Z",
    re.IGNORECASE,
)


def hours_changed(heard: Heard) -> tuple[Turn, str] | None:
    """'Change hours to 8 and move it to friday': the hours of a plan that runs, and the rest."""
    hit = _NEW_HOURS.match(heard.text)
    if hit is None or heard.state.person.progress is None or "?" in heard.text:
        return None
    is_wish = hit["after"] or hit["verb"] or hit["to"] or hit["weekly"]
    if not is_wish:  # '3 hours and I still don't get it'
        return None
    if questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return None
    turn = heard.run(Line("plan", f"hours {hit['after'] or hit['n']}"), None)
    begins_with_day = bool(weekdays(hit["rest"].split()[0], asked=True))
    return turn, f"change {hit['rest']}" if begins_with_day else hit["rest"]


def _is_typed(heard: Heard, rest: str) -> bool:
    """A command as it stands, but for 'start' while a plan is talked about."""
    line = parse(heard.content, heard.text)
    return line is not None and not rest and (line.command != "start" or bool(line.words))


def _is_of_the_plan(heard: Heard, hours: str, rest: str) -> bool:
    """Whether 'start it' is about the plan: nothing else on the screen can start, and the plan was
    talked about, or hours or days to study are named.
    """
    actions = heard.state.conversation.choices.values()
    if any(action.startswith(_PLAN_TAPS) for action in actions):
        return True
    knows_hours = heard.state.person.profile.hours is not None
    if any(action.split(" ")[0] in _ELSEWHERE for action in actions):
        is_talked_of = steering.plan_talked_of(heard.words) or knows_hours
        return bool(hours) or (is_talked_of and bool(rest))
    if steering.plan_talked_of(heard.words) or hours:
        return True
    is_talking = bool(steering.talked_of(heard.words))
    return (knows_hours and is_talking) or bool(weekdays(rest, asked=True))


_NUDGE: Final = re.compile(
    r"\A(?:(?:please|pls|plz|kindly|can|could|you|u|and|also|maybe|then|just|send|set|give|get|want|i|me"
    r"|a|an|weekly)\b[\s,]{0,3}){0,6}"
    r"(?:remind(?:er)?s?|nudges?|pings?|message|msg|text|buzz|poke|hit)\b(?: me)?(?: up)?",
    re.IGNORECASE,
)
_PING_LAST: Final = re.compile(
    r"\ba (?:ping|nudge|reminder|buzz|poke|message)\W{0,3}\Z", re.IGNORECASE
)
_ONCE: Final = re.compile(
    r"\bto \w|\b(?:this|next|once|tomorrow|tmrw|today|tonight|in \d)\b", re.IGNORECASE
)


_LEFT_OUT: Final = re.compile(
    r"\A(?:skip|leave out|without|no|not|minus|drop|forget) (?:the |my )?(?:self[- ]?)?audit\W{0,3}\Z"
    r"|\Askip (?:the )?(?:first|1st) (?:step|one|bit)\W{0,3}\Z",
    re.IGNORECASE,
)


def first_left_out(heard: Heard) -> Turn | None:
    """'But skip the audit' beside a beginning: the first step, which is that, is left out."""
    return heard.run(Line("skip", "1"), None) if _LEFT_OUT.match(heard.text) else None


def nudge_wished(heard: Heard) -> Turn | None:
    """The schedule that the rest of such a message names, with its day: 'ping me fridays 6pm',
    'saturday 10am'. None for anything else, and for something that comes once.
    """
    text = heard.text
    is_named = bool(_NUDGE.match(text) or _PING_LAST.search(text))
    if _ONCE.search(text) or heard.text.endswith("?"):
        return None
    words = _PING_LAST.sub("", _NUDGE.sub("", text)).strip(" ,.:")
    return nudges.schedule_wished(heard.words, words, is_named=is_named)
