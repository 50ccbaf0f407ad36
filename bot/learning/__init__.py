"""The commands of the learning plan: plan, done, skip, too much. What they say; the arithmetic is bot.plan's.

Every step is named by the number printed beside it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.asking import Ask, Handler
from bot.learning.shared import bar, plan_of
from bot.learning.standing import overview
from bot.learning.starting import (
    HOURS,
    SLICE_WEEKS,
    WEEKS,
    first_weeks,
    in_weeks,
    no_promise,
    restart_plan,
    set_background,
    set_hours,
    start_plan,
    week_count,
)
from bot.learning.ticking import done, not_yet, passed, repeat_unit, skip, too_much
from bot.learning.units import know_unit, need_unit, show_all, show_chart, show_unit
from bot.turn import Turn

__all__ = ["HANDLERS", "bar", "plan_of", "wished_end"]


def show(ask: Ask) -> Turn:
    """`plan …`: the first word after it decides; without one, where the person stands."""
    words = ask.words.strip().lower()
    if re.search(r"\bexpert|\bmaster(?:y)?\b|\bguru\b", words):
        return no_promise(ask, SLICE_WEEKS, expert=True)
    for pattern, handler in _ROADS:
        if match := pattern.match(words):
            return handler(ask, match.group(1) or "")
    if hours := HOURS.search(words):
        return set_hours(ask, hours["n"]) if ask.state.person.progress else start_plan(ask, hours[0])
    if weeks := WEEKS.search(words):
        return in_weeks(ask, week_count(weeks))
    return overview(ask)


_WISH = re.compile(
    r"\b(?:expert|guru|master|job[ -]ready|ml engineer|machine learning engineer|learn (?:ml|machine learning|ai))\b"
    r".{0,40}\b(?:in|within|under)\s+(?:just |only )?(?P<end>(?:\d{1,2}|a|one|two|three|four|six|eight)\s*-?\s*(?:weeks?|months?))\b",
    re.IGNORECASE,
)


def wished_end(ask: Ask) -> Turn | None:
    """'Make me an expert in four weeks': what that would take, and what those weeks do hold. None for anything else."""
    wish = _WISH.search(ask.words)
    return show(replace(ask, command="plan", words=f"expert in {wish['end']}")) if wish else None


_ROADS: Final[tuple[tuple[re.Pattern[str], Callable[[Ask, str], Turn]], ...]] = (
    (re.compile(r"start\b(.*)"), start_plan),
    (re.compile(r"restart\b(.*)"), restart_plan),
    (re.compile(r"(?:unit|week)\s+(\S.*)"), show_unit),
    (re.compile(r"(?:full|all|units)\b(.*)"), show_all),
    (re.compile(r"hours?\b(.*)"), set_hours),
    (re.compile(r"first\s+(\d+)"), first_weeks),
    (re.compile(r"need\s+(?:unit\s+)?(\S.*)"), need_unit),
    (re.compile(r"know\s+(?:unit\s+)?(\S.*)"), know_unit),
    (re.compile(r"background\s+(\S.*)"), set_background),
    (re.compile(r"passed()\b"), passed),
    (re.compile(r"not yet()\b"), not_yet),
    (re.compile(r"repeat\s*(?:unit\s+)?(.*)"), repeat_unit),
    (re.compile(r"chart\b(.*)"), show_chart),
)

HANDLERS: Final[dict[str, Handler]] = {"plan": show, "done": done, "skip": skip, "too-much": too_much}
