"""Acts on the nudges and the plan in people's own words: 'stop them for good', 'skip this sunday',
'put it in my calendar'.

Which words these are is content (content/language/acts.yaml). Here stands what each needs in order
to mean anything, and the command that it is; one that is denied, asked about or imagined is none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.conversation import asked_acts, topics
from bot.conversation.context import REMEMBERED
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.core.turn import Turn
from bot.extraction.times import days_of, weekdays
from bot.features import nudges, plan, questionnaires
from bot.features.nudges.rules import active
from bot.understanding.acts import Clause, Utterance

MOST_WORDS: Final = 14
LONGEST: Final = 200
"""Characters of a text that steers something."""
Run = Callable[[Line, None], Turn]
SCHEDULE: Final = frozenset(
    ["subscribe", "reminders", "resume", "pause", "snooze", "quiet", "timezone", "unsubscribe"]
)
PLAN: Final = frozenset(["plan", "done", "skip", "too-much", "stuck", "resources"])


def _has_nudges(request: Request) -> bool:
    return bool(active(request.state.person))


def _had_nudges(request: Request) -> bool:
    return bool(request.state.person.subscriptions)


def _has_something_set(request: Request) -> bool:
    """Something to show, or the word itself: 'what is on my list' asks for other things too."""
    is_named = re.search(r"\b(?:reminders?|nudges?|alarms?)\b|\bdown for\b", request.words.lower())
    return _had_nudges(request) or bool(request.state.person.reminders) or bool(is_named)


def _has_plan(request: Request) -> bool:
    return request.state.person.progress is not None


def _has_feed(request: Request) -> bool:
    return request.state.person.feed is not None


def talked_of(request: Request) -> str:
    """The command answered last, while a pronoun may mean it; '' after that."""
    last = request.state.conversation.last
    if last and request.event.at - last.at <= REMEMBERED:
        return last.command
    return ""


def _plan_shown(request: Request) -> bool:
    """A plan's length was told just now, or right before a question about it."""
    return not _has_plan(request) and _length_told(request) is not None


def _length_told(request: Request) -> LastAnswer | None:
    """The latest answer about the plan, where nothing but its length was asked since."""
    talk = request.state.conversation
    for one in (talk.last, *talk.topics):
        if one is None or request.event.at - one.at > REMEMBERED:
            return None
        if one.command == "plan":
            return one
        if one.words not in topics.OF_LENGTH:
            return None
    return None


def plan_talked_of(request: Request) -> bool:
    """Whether a plan, or how long one takes, is what was talked about last."""
    return _length_told(request) is not None or talked_of(request) in PLAN


def hours_told(request: Request) -> str:
    """The hours a week at which a plan's length was told just now; '' for none."""
    last = _length_told(request)
    if last is None or not last.words.startswith("at "):
        return ""
    numbers: list[str] = re.findall(r"\d{1,2}", last.words)
    return numbers[-1]


def _plan_spoken_of(request: Request) -> bool:
    """Steps were spoken of to somebody who has no plan."""
    return talked_of(request) in (*PLAN, "audit") and not _has_plan(request)


def _nothing_else_to_delete(request: Request) -> bool:
    """'Delete the lot' is about all that is held, unless reminders or a plan were spoken of just
    now. It asks once, as always.
    """
    return talked_of(request) not in (*SCHEDULE, *PLAN, "remind", "quiz", "evidence")


def _plan_in_hand(request: Request) -> bool:
    """There is a plan, and either it was spoken of just now or nothing else was."""
    return _has_plan(request) and talked_of(request) in (*PLAN, "")


_TICKS: Final = re.compile(
    r"\b(?:done|did|finish\w*|complet\w*|tick\w*|knock\w*|wrapped|nailed|smashed|sorted"
    r"|closed|skip\w*)\b"
)


def _asks_what_is_next(request: Request) -> bool:
    """With a plan in hand; 'finished it, what's next' ticks a step first,
    which names the next one.
    """
    return _plan_in_hand(request) and not _TICKS.search(request.words.lower())


def _plan_just_begun(request: Request) -> bool:
    last = request.state.conversation.last
    progress = request.state.person.progress
    is_start = last is not None and last.command == "plan" and last.words.startswith("start")
    return is_start and progress is not None and not progress.done


def _may_rest(request: Request) -> bool:
    """There are nudges; or they are named by somebody who has none, and is told so."""
    named = (
        r"\b(?:nudg\w+|reminders?|pings?|pinging|weekly|messag\w+|bugging|pestering|nagging"
        r"|hassling|bother\w*)\b"
    )
    return _has_nudges(request) or bool(re.search(named, request.words.lower()))


def _is_of_a_step(request: Request) -> bool:
    """A step was spoken of just now, or words of one stand in the text."""
    return talked_of(request) in (*PLAN, "evidence") or bool(plan.step_in_words(request))


def _nudge_in_hand(request: Request) -> bool:
    return _has_nudges(request) and talked_of(request) in (*SCHEDULE, *PLAN, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Steer:
    """An act of the content, what it needs, and the command line that it is.

    `told`: asking for it does no harm. `about`: the phrase that explains it, where the command's
    own would say something else.
    """

    act: str
    needs: Callable[[Request], bool]
    line: Line
    told: bool = False
    about: str = ""


STEERS: Final = (
    Steer(act="reminders_told", needs=_has_something_set, line=Line("reminders", ""), told=True),
    Steer(act="nudges_rest", needs=_may_rest, line=Line("pause", "")),
    Steer(act="nudges_end", needs=_has_nudges, line=Line("unsubscribe", "")),
    Steer(act="nudges_back", needs=_had_nudges, line=Line("resume", "")),
    Steer(act="nudge_next", needs=_nudge_in_hand, line=Line("reminders", ""), told=True),
    Steer(act="nudge_once", needs=_has_nudges, line=Line("snooze", "")),
    Steer(act="plan_begin", needs=_plan_shown, line=Line("plan", "start")),
    Steer(
        act="plan_again",
        needs=_plan_in_hand,
        line=Line("plan", "restart"),
        about="about_plan_again",
    ),
    Steer(act="plan_drop", needs=_plan_in_hand, line=Line("plan", "drop"), about="about_plan_drop"),
    Steer(act="plan_regret", needs=_plan_just_begun, line=Line("plan", "drop")),
    Steer(act="feed_end", needs=_has_feed, line=Line("calendar", "feed stop")),
    Steer(act="feed_new", needs=_has_feed, line=Line("calendar", "feed new")),
    Steer(act="plan_calendar", needs=_has_plan, line=Line("calendar", "")),
    Steer(act="step_big", needs=_is_of_a_step, line=Line("stuck", ""), told=True),
    Steer(act="plan_tick", needs=_plan_in_hand, line=Line("done", "")),
    Steer(act="plan_next", needs=_asks_what_is_next, line=Line("plan", ""), told=True),
    Steer(act="plan_ease", needs=_plan_spoken_of, line=Line("stuck", ""), told=True),
    Steer(act="erase_all", needs=_nothing_else_to_delete, line=Line("forget", "")),
    Steer(act="plan_ease", needs=_plan_in_hand, line=Line("too-much", "")),
)


def readings(request: Request, said: Utterance, run: Run) -> Iterator[Interpretation]:
    """The act that a short text is, and what it says of the clocks or of one nudge."""
    if len(said.text) > LONGEST or len(said.text.split()) > MOST_WORDS:
        return
    if questionnaires.waiting(request):
        return
    for clause in said.clauses:
        turn = _of_one_nudge(request, said, clause)
        if turn is not None:
            yield Interpretation(name="one nudge", score=0.985, decide=lambda turn=turn: turn)  # type: ignore[misc]
            return
        for one in STEERS:
            if clause.does(one.act) and one.needs(request):
                yield from _interpretations(request, said, clause, one, run)
                return


def _interpretations(
    request: Request, said: Utterance, clause: Clause, one: Steer, run: Run
) -> Iterator[Interpretation]:
    line = _line(request, one)
    if _is_meant(one, said, clause):
        yield Interpretation(
            name="an act in other words", score=0.98, decide=lambda: run(line, None)
        )
    elif one.about:
        yield Interpretation(
            name="an act asked about",
            score=0.975,
            decide=lambda: asked_acts.explained_as(request, one.about),
        )


def _is_meant(one: Steer, said: Utterance, clause: Clause) -> bool:
    if one.told:
        return True
    command = one.line.command
    if asked_acts.is_asked_about(command, said) or asked_acts.is_denied(command, said):
        return False
    return clause.mood == "stated" and clause.holder == "self"


_UNTIL: Final = re.compile(
    r"\b(?:until|till|til|for|while|before)\b(?! (?:me|good|ever)\b).{0,60}", re.IGNORECASE
)


def _line(request: Request, one: Steer) -> Line:
    """The command; a plan that is begun after its length was asked for begins with those hours."""
    if one.act == "reminders_told" and not _had_nudges(request) and request.state.person.reminders:
        return Line("remind", "list")
    if one.act == "plan_tick":
        return Line("done", plan.step_ticked(request))
    if one.act == "step_big":
        return Line("stuck", plan.step_in_words(request))
    end = None
    if one.act in ("nudges_rest", "nudges_end"):
        end = _UNTIL.search(request.words)
    if one.act == "nudges_rest" and (away := nudges.away(request)):
        return Line("pause", away)
    if end or one.act == "nudges_rest":
        return Line("pause", end[0] if end else "")
    if one.act == "plan_begin" and (hours := hours_told(request)):
        return Line("plan", f"start {hours} hours")
    return one.line


def _of_one_nudge(request: Request, said: Utterance, clause: Clause) -> Turn | None:
    """'Skip this sunday'; 'the clocks went back, is it 9 now?'"""
    nudge = _nudge_in_hand(request)
    if clause.does("nudge_clocks") and nudge:
        return nudges.keeps_clock(request)
    stated = clause.mood == "stated" and not asked_acts.is_asked_about("snooze", said)
    names_day = bool(days_of(weekdays(clause.text, asked=True)))
    if clause.does("nudge_skip") and stated and (nudge or (names_day and _has_nudges(request))):
        return nudges.skip_next(request)
    if clause.mood == "hypothetical" and _has_nudges(request):
        return nudges.elsewhere(request)
    return None


_PLANNED: Final = re.compile(r"\b(?:h|hrs?|hours?|units?)\b|\dh\b", re.IGNORECASE)
"""What a plan is given.

'Only 4 hrs a week, two kids' names others, and the hours are the speaker's.
"""


def plans_of_others(said: Utterance) -> bool:
    """Whether hours or units are somebody else's."""
    others = (clause for clause in said.clauses if clause.holder != "self")
    return any(_PLANNED.search(clause.text) for clause in others)


def planned(request: Request, said: Utterance) -> Line | None:
    """Hours and units that a text gives the plan: 'I only get 4 hrs', 'I know units 1 and 2
    already', 'how long at 12 hrs a week'.
    """
    if len(said.text) > LONGEST:
        return None
    if plans_of_others(said):
        return None
    asks = said.asks or any(clause.mood == "hypothetical" for clause in said.clauses)
    if asks:
        return plan.length_asked(request, talked_of(request) == "plan")
    if units := plan.units_known(request):
        return Line("plan", f"know {units}")
    hours = plan.hours_said(request)
    if not hours:
        return None
    return Line("plan", f"hours {hours}")
