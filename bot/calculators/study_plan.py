"""The arithmetic of a learning plan: whose units, which step next, how many calendar weeks at so
many hours.

A schedule is always laid out anew from today, so there is never a backlog. Pure; words are the
business of bot.features.plan.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.core.state import Progress
from content.plan import Plan, Step, Unit
from scheduler.civil_time import zone

LEAST_HOURS: Final = 2.0
MOST_HOURS: Final = 40.0
USUAL_HOURS: Final = 8.0
SUSTAINED_HOURS: Final = 20.0
"""Beside other duties nobody keeps more than this up;
a shorter deadline is answered with what it can hold.
"""
EASED: Final = 0.75
ASKED: Final = "asked"
"""A checkpoint that was put once and waits for an answer; from then on it is only offered."""
SLIVER: Final = 30
"""A week's last minutes, when fewer than this, stay free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A step with the number printed beside it, counted through the whole plan.

    `key` is 'unit.step', stable under edits.
    """

    number: int
    key: str
    unit_key: str
    unit_number: int
    unit: Unit
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a step falls into one week: `part` of `parts` when the week's hours cut it."""

    numbered: Numbered
    minutes: int
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    monday: date
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


_latest: list[tuple[Plan, tuple[Numbered, ...]]] = []


def steps(plan: Plan) -> tuple[Numbered, ...]:
    """Every step of the plan, numbered from 1.

    Kept for the plan asked for last: one nudge asks half a dozen times.
    """
    kept = _latest[0] if _latest else None
    if kept is None or kept[0] is not plan:
        kept = plan, _steps(plan)
        _latest[:] = [kept]
    return kept[1]


def _steps(plan: Plan) -> tuple[Numbered, ...]:
    pairs = [
        (unit_number, unit_key, unit, step_key, step)
        for unit_number, (unit_key, unit) in enumerate(plan.units.items(), 1)
        for step_key, step in unit.steps.items()
    ]
    return tuple(
        Numbered(
            number=number,
            key=f"{unit_key}.{step_key}",
            unit_key=unit_key,
            unit_number=unit_number,
            unit=unit,
            step=step,
        )
        for number, (unit_number, unit_key, unit, step_key, step) in enumerate(pairs, 1)
    )


def units(plan: Plan, progress: Progress) -> tuple[str, ...]:
    """The units on this person's way, in the plan's order."""
    if progress.chosen_units:
        chosen = {*progress.chosen_units, *progress.extra_units}
    else:
        chosen = set(plan.units)
    return tuple(key for key in plan.units if key in chosen and key not in progress.known_units)


def mine(plan: Plan, progress: Progress) -> tuple[Numbered, ...]:
    """The steps of this person's units."""
    wanted = set(units(plan, progress))
    return tuple(numbered for numbered in steps(plan) if numbered.unit_key in wanted)


def open_steps(plan: Plan, progress: Progress) -> tuple[Numbered, ...]:
    """Neither done nor skipped, in order."""
    return tuple(
        numbered for numbered in mine(plan, progress) if not is_closed(progress, numbered.key)
    )


def is_closed(progress: Progress, key: str) -> bool:
    return key in progress.done or key in progress.skipped


def next_step(plan: Plan, progress: Progress) -> Numbered | None:
    return next(
        (numbered for numbered in mine(plan, progress) if not is_closed(progress, numbered.key)),
        None,
    )


def unit_closed(plan: Plan, progress: Progress, unit_key: str) -> bool:
    return all(
        is_closed(progress, f"{unit_key}.{step_key}") for step_key in plan.units[unit_key].steps
    )


def hours_left(plan: Plan, progress: Progress) -> float:
    return sum(numbered.step.minutes for numbered in open_steps(plan, progress)) / 60


def weeks(plan: Plan, progress: Progress, today: date, zone_name: str = "UTC") -> tuple[Week, ...]:
    """What is still open, laid over calendar weeks from this one (from Friday on: the next).

    No week holds more than the hours.
    """
    monday = today - timedelta(days=today.weekday())
    spent = _minutes_done(plan, progress, monday, zone_name)
    if today.weekday() > 3:
        monday, spent = monday + timedelta(days=7), 0
    capacity = int(progress.hours * 60)
    left = capacity - spent
    laid: list[Week] = []
    now: list[Part] = []
    for numbered in open_steps(plan, progress):
        remaining = numbered.step.minutes
        while remaining:
            if left < min(SLIVER, remaining):
                laid.append(Week(monday=monday, parts=tuple(now)))
                monday, now, left = monday + timedelta(days=7), [], capacity
            minutes = min(left, remaining)
            now.append(Part(numbered=numbered, minutes=minutes))
            left -= minutes
            remaining -= minutes
    if now:
        laid.append(Week(monday=monday, parts=tuple(now)))
    return _number_weeks(laid)


def _number_weeks(laid: list[Week]) -> tuple[Week, ...]:
    """Number the parts of steps that were cut; a first week that
    was used up already is left out.
    """
    total: dict[str, int] = {}
    for week in laid:
        for part in week.parts:
            total[part.numbered.key] = total.get(part.numbered.key, 0) + 1
    seen: dict[str, int] = {}
    counted = []
    for week in laid:
        parts = []
        for part in week.parts:
            key = part.numbered.key
            seen[key] = seen.get(key, 0) + 1
            parts.append(replace(part, part=seen[key], parts=total[key]))
        if parts:
            counted.append(replace(week, parts=tuple(parts)))
    return tuple(counted)


def _minutes_done(plan: Plan, progress: Progress, monday: date, zone_name: str) -> int:
    """Minutes of the steps ticked since this week's Monday."""
    minutes = {numbered.key: numbered.step.minutes for numbered in steps(plan)}
    place = zone(zone_name)
    return sum(
        minutes.get(key, 0)
        for key, (when, _) in progress.done.items()
        if when.astimezone(place).date() >= monday
    )


def ends_on(laid: tuple[Week, ...]) -> date | None:
    """The Sunday of the last week; None when nothing is open."""
    if not laid:
        return None
    return laid[-1].monday + timedelta(days=6)


def milestone(plan: Plan, laid: tuple[Week, ...]) -> tuple[str, date] | None:
    """The block that closes next, and the Sunday of the week in which it does;
    None when nothing is open.
    """
    if not laid:
        return None
    block = laid[0].parts[0].numbered.unit.block
    closing = max(
        week.monday
        for week in laid
        for part in week.parts
        if plan.units[part.numbered.unit_key].block == block
    )
    return block, closing + timedelta(days=6)


def hours_for(plan: Plan, progress: Progress, week_count: int) -> float:
    """The hours a week that finish in `week_count` weeks, to the half hour above."""
    return math.ceil(hours_left(plan, progress) / week_count * 2) / 2


def begin(
    plan_key: str,
    plan: Plan,
    today: date,
    *,
    hours: float,
    background: str = "",
    chosen: tuple[str, ...] = (),
) -> Progress:
    known = tuple(plan.known_from.get(background, ()))
    return Progress(
        plan=plan_key, started_on=today, hours=hours, known_units=known, chosen_units=chosen
    )


def ease(progress: Progress) -> Progress:
    """A quarter less a week, to the half hour, never under two hours."""
    hours = max(LEAST_HOURS, math.floor(progress.hours * EASED * 2) / 2)
    return replace(progress, hours=hours, eased=progress.eased + 1)


def tick(progress: Progress, key: str, at: datetime, link: str = "") -> Progress:
    """Tick a step. A link given later is added; one given before stays unless a new one comes."""
    when, kept = progress.done.get(key, (at, ""))
    ticked = {**progress.done, key: (when, link or kept)}
    return replace(
        progress, done=ticked, skipped=tuple(other for other in progress.skipped if other != key)
    )


def untick(progress: Progress, key: str) -> Progress:
    ticked = {other: value for other, value in progress.done.items() if other != key}
    return replace(
        progress, done=ticked, skipped=tuple(other for other in progress.skipped if other != key)
    )


def skip(progress: Progress, key: str) -> Progress:
    if is_closed(progress, key):
        return progress
    return replace(progress, skipped=(*progress.skipped, key))


def repeat(plan: Plan, progress: Progress, unit_key: str) -> Progress:
    """Open a unit's steps again.

    Evidence links are kept until new ones replace them, in the step's note.
    """
    for step_key in plan.units[unit_key].steps:
        progress = untick(progress, f"{unit_key}.{step_key}")
    settled = {key: said for key, said in progress.checkpoints.items() if said != ASKED}
    return replace(progress, checkpoints=settled)


def pending_checkpoint(plan: Plan, progress: Progress) -> str:
    """The unit whose checkpoint waits for an answer: every unit up to it is closed and nobody has
    said how it went. '' for none.
    """
    for unit_key in units(plan, progress):
        if not unit_closed(plan, progress, unit_key):
            return ""
        said = progress.checkpoints.get(unit_key, ASKED)
        if plan.units[unit_key].checkpoint and said == ASKED:
            return unit_key
    return ""


def note_checkpoint(progress: Progress, unit_key: str) -> Progress:
    """The checkpoint of this unit has been put."""
    return replace(progress, checkpoints={**progress.checkpoints, unit_key: ASKED})


def weakest(plan: Plan, progress: Progress, checkpoint: str) -> tuple[str, ...]:
    """Units since the checkpoint before, weakest first: fewest steps with evidence, most skipped;
    in order among equals.
    """
    since: list[str] = []
    for unit_key in units(plan, progress):
        since.append(unit_key)
        if unit_key == checkpoint:
            break
        if plan.units[unit_key].checkpoint:
            since.clear()
    return tuple(sorted(since, key=lambda unit_key: _strength(plan, progress, unit_key)))


def _strength(plan: Plan, progress: Progress, unit_key: str) -> float:
    keys = [f"{unit_key}.{step_key}" for step_key in plan.units[unit_key].steps]
    shown = sum(bool(progress.done[key][1]) for key in keys if key in progress.done)
    left_out = sum(key in progress.skipped for key in keys)
    return (shown - left_out) / len(keys)


def from_audit(plan: Plan, scores: Mapping[str, int]) -> tuple[str, ...]:
    """The units that a self-audit asks for, in order; empty for all of them.

    `scores`: question key to 0–3.
    """
    total = sum(scores.values())
    band = next(band for band in plan.audit.bands if band.least <= total <= band.most)
    if not band.core:
        return ()
    wanted = set(band.core)
    for question, adds in plan.audit.adds.items():
        if scores.get(question, 3) <= 1:
            wanted.update(adds)
    return tuple(key for key in plan.units if key in wanted)
