"""The commands of the learning plan: plan, done, skip, too much, stuck, resources.

What they say; the arithmetic is bot.calculators.study_plan's.

Every step is named by the number printed beside it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.numbers import with_digits
from bot.features.plan.opening import hours_beside, opening
from bot.features.plan.overview import first_step, overview
from bot.features.plan.progress import (
    done,
    not_yet,
    passed,
    put_checkpoint,
    repeat_unit,
    skip,
    too_much,
)
from bot.features.plan.setup import (
    HOURS,
    SLICE_WEEKS,
    WEEKS,
    at_hours,
    begin_briefly,
    drop_plan,
    first_weeks,
    hours_named,
    hours_said,
    hours_to_spare,
    hours_weighed,
    in_weeks,
    length_asked,
    no_promise,
    restart_plan,
    set_background,
    set_hours,
    start_plan,
    units_known,
    week_count,
    weeks_named,
)
from bot.features.plan.shared import (
    bar,
    opening_tap,
    plan_of,
    plan_or_trial,
    read_line,
    tap,
    unit_named,
    upper_first,
)
from bot.features.plan.step_numbers import step_numbers
from bot.features.plan.steps import (
    knows_step,
    knows_topic,
    resources,
    show_step,
    step_in_words,
    step_ticked,
    stuck,
)
from bot.features.plan.units import know_unit, need_unit, show_all, show_chart, show_unit

__all__ = [
    "GRAMMARS",
    "HANDLERS",
    "bar",
    "begin_briefly",
    "done",
    "hours_beside",
    "hours_named",
    "hours_said",
    "hours_to_spare",
    "hours_weighed",
    "length_asked",
    "opening",
    "opening_tap",
    "plan_of",
    "plan_or_trial",
    "read_line",
    "step_in_words",
    "step_numbers",
    "step_ticked",
    "tap",
    "unit_named",
    "units_known",
    "upper_first",
    "weeks_named",
    "wished_end",
]


def show(request: Request) -> Turn:
    """`plan …`: the first word after it decides; without one, where the person stands."""
    words = with_digits(request.words.strip().lower())
    if re.search(r"\bexpert|\bmaster(?:y)?\b|\bguru\b", words):
        return no_promise(request, SLICE_WEEKS, expert=True)
    for pattern, handler in _ROADS:
        if match := pattern.match(words):
            return handler(request, match.group(1) or "")
    if hours := HOURS.search(words):
        if request.state.person.progress:
            return set_hours(request, hours["n"])
        return start_plan(request, hours[0])
    if weeks := WEEKS.search(words):
        return in_weeks(request, week_count(weeks))
    return overview(request)


_WISH = re.compile(
    r"\b(?:expert|guru|master|job[ -]ready|ml engineer|machine learning engineer|learn (?:ml"
    r"|machine learning|ai))\b"
    r".{0,40}\b(?:in|within|under)\s+(?:just |only )?(?P<end>(?:\d{1,2}|a"
    r"|one)\s*-?\s*(?:weeks?|months?))\b",
    re.IGNORECASE,
)


def wished_end(request: Request) -> Turn | None:
    """'Make me an expert in four weeks': what that would take, and what those weeks do hold.

    None for anything else.
    """
    wish = _WISH.search(with_digits(request.words))
    if not wish:
        return None
    return show(replace(request, command="plan", words=f"expert in {wish['end']}"))


_ROADS: Final[tuple[tuple[re.Pattern[str], Callable[[Request, str], Turn]], ...]] = (
    (re.compile(r"start\b(.*)"), start_plan),
    (re.compile(r"restart\b(.*)"), restart_plan),
    (re.compile(r"drop\b(.{0,60})"), drop_plan),
    (re.compile(r"at\s{1,3}(\d.{0,60})"), at_hours),
    (re.compile(r"(?:unit|week)\s+(\S.*)"), show_unit),
    (re.compile(r"step\s+(\d{1,2})\b"), show_step),
    (re.compile(r"(?:full|all|units)\b(.*)"), show_all),
    (re.compile(r"hours?\b(.*)"), set_hours),
    (re.compile(r"first step()\b"), first_step),
    (re.compile(r"first\s+(\d+)"), first_weeks),
    (re.compile(r"need\s+(?:unit\s+)?(\S.*)"), need_unit),
    (re.compile(r"know\s+(?:unit\s+)?(\S.*)"), know_unit),
    (re.compile(r"background\s+(\S.*)"), set_background),
    (re.compile(r"checkpoint()\b"), put_checkpoint),
    (re.compile(r"passed()\b"), passed),
    (re.compile(r"not yet()\b"), not_yet),
    (re.compile(r"repeat\s*(?:unit\s+)?(.*)"), repeat_unit),
    (re.compile(r"chart\b(.*)"), show_chart),
)

HANDLERS: Final[dict[str, Handler]] = {
    "plan": show,
    "done": done,
    "skip": skip,
    "too-much": too_much,
    "stuck": stuck,
    "resources": resources,
}
GRAMMARS: Final[dict[str, Grammar]] = {"stuck": knows_step, "resources": knows_topic}
