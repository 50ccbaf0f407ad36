"""The plan's units: one of them, all of them, and which are the person's."""

import re
from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.calculators.study_plan import Numbered
from bot.core import local_time
from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Heading,
    Line,
    Link,
    Note,
    Paragraph,
    Tap,
    Text,
    paragraph,
)
from bot.core.request import Request
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.features.chart_specs import progress_chart
from bot.features.plan.shared import (
    MARKS,
    bar,
    end_words,
    lower_first,
    none_yet,
    page_key,
    page_link,
    plan_of,
    plan_or_trial,
    quiz_taps,
    tap,
    unit_named,
    with_progress,
    zone_name,
)
from content.plan import Plan, Unit


def show_unit(request: Request, rest: str) -> Turn:
    mine, progress = plan_or_trial(request)
    found = unit_named(mine, rest)
    if found is None:
        return request.answer(
            paragraph(
                request.text("plan_unit_unknown", units=len(mine.units), said=rest.strip() or "?")
            ),
            remember=False,
        )
    number, key, unit = found
    personal = request.state.person.progress is not None
    blocks: list[Block] = [
        Heading(
            request.text("plan_unit_title", number=number, units=len(mine.units), title=unit.title)
        ),
        paragraph(request.text("plan_unit_objective", objective=unit.objective, hours=unit.hours)),
    ]
    if state := _unit_state(request, mine, progress, key, number):
        blocks.append(state)
    blocks.append(
        Bullets(
            tuple(
                _unit_step(request, mine, progress, step)
                for step in study_plan.steps(mine)
                if step.unit_key == key
            )
        )
    )
    blocks.append(
        paragraph(request.text("plan_unit_evidence", evidence=lower_first(unit.evidence)))
    )
    blocks += _unit_notes(request, mine, unit)
    taps = [
        Tap(request.text("tap_plan_unit", number=other), f"plan unit {other}")
        for other in (number - 1, number + 1)
        if 0 < other <= len(mine.units)
    ]
    return request.answer(
        *blocks,
        Choices((*taps, *quiz_taps(request, key, number), tap(request, "show", "plan"))),
        personal=personal,
        sources=_pages(request, mine, key),
    )


def _pages(request: Request, mine: Plan, unit_key: str) -> tuple[str, ...]:
    """The pages that a unit's answer names, for `sources`."""
    unit = mine.units[unit_key]
    names = (*(step.resource for step in unit.steps.values()), *unit.resources)
    return tuple(dict.fromkeys(page_key(request, mine, name) for name in names))


def _unit_step(request: Request, mine: Plan, progress: Progress, step: Numbered) -> Line:
    mark = MARKS[step.key in progress.done]
    words = request.text(
        "plan_unit_step",
        mark=mark,
        number=step.number,
        do=step.step.do,
        minutes=local_time.minutes(step.step.minutes),
    )
    shown = progress.done.get(step.key, (None, ""))[1]
    page = mine.resources[step.step.resource]
    return (Text(f"{words} "), Link(page.title, page.address), Text(f" {shown}".rstrip()))


def _unit_state(
    request: Request, mine: Plan, progress: Progress, key: str, number: int
) -> Paragraph | None:
    if key in progress.known_units:
        return Paragraph(request.spans("plan_unit_known", number=number))
    if key not in study_plan.units(mine, progress):
        return Paragraph(request.spans("plan_unit_outside", number=number))
    return None


def _unit_notes(request: Request, mine: Plan, unit: Unit) -> list[Block]:
    blocks: list[Block] = []
    if unit.checkpoint:
        blocks.append(paragraph(request.text("plan_unit_checkpoint", checkpoint=unit.checkpoint)))
    if unit.needs:
        blocks.append(
            paragraph(
                request.text(
                    "plan_unit_needs",
                    needs=", ".join(f"“{mine.units[key].title}”" for key in unit.needs),
                )
            )
        )
    if unit.resources:
        lines = tuple(page_link(request, mine.resources[key]) for key in unit.resources)
        blocks.append(Note(request.text("plan_unit_resources"), lines))
    return blocks


def show_all(request: Request, _rest: str) -> Turn:
    mine, progress = plan_or_trial(request)
    started = request.state.person.progress is not None
    way = study_plan.units(mine, progress)
    lines = []
    for number, (key, unit) in enumerate(mine.units.items(), 1):
        keys = [f"{key}.{step}" for step in unit.steps]
        closed = sum(study_plan.is_closed(progress, step) for step in keys)
        state = ""
        if key in progress.known_units:
            state = request.text("plan_full_known")
        elif key not in way:
            state = request.text("plan_full_outside")
        elif 0 < closed < len(keys):
            state = request.text("plan_full_partly", closed=closed, total=len(keys))
        mark = MARKS[closed == len(keys)]
        lines.append(
            (
                Text(
                    request.text(
                        "plan_full_unit",
                        mark=mark,
                        number=number,
                        title=unit.title,
                        hours=unit.hours,
                        state=state,
                    )
                ),
            )
        )
    current = study_plan.next_step(mine, progress)
    unit_number = current.unit_number if current else 1
    blocks: list[Block] = [
        Heading(request.text("plan_full_title", units=len(mine.units))),
        Bullets(tuple(lines)),
    ]
    if started:
        blocks += [bar(request, mine, progress), *_links(request, mine, progress)]
    else:
        blocks.append(paragraph(mine.promise))
    if started:
        start = tap(request, "show", "plan")
    else:
        start = tap(request, "start", "plan start")
    return request.answer(
        *blocks,
        Choices(
            (
                start,
                Tap(request.text("tap_plan_unit", number=unit_number), f"plan unit {unit_number}"),
            )
        ),
        personal=started,
    )


def _links(request: Request, mine: Plan, progress: Progress) -> list[Block]:
    """The evidence so far."""
    lines = [
        (
            Text(f"{step.number}. {step.step.title}: "),
            Link(progress.done[step.key][1], progress.done[step.key][1]),
        )
        for step in study_plan.steps(mine)
        if step.key in progress.done and progress.done[step.key][1]
    ]
    if not lines:
        return []
    return [Note(request.text("plan_links"), tuple(lines))]


def need_unit(request: Request, rest: str) -> Turn:
    return _unit_switched(request, rest, wanted=True)


def know_unit(request: Request, rest: str) -> Turn:
    """`plan know 3`, `plan know 1 and 2`."""
    if _LIST.fullmatch(rest.strip()):
        numbers = _NUMBERS.findall(rest)
    else:
        numbers = []
    if len(numbers) < _SEVERAL:
        return _unit_switched(request, rest, wanted=False)
    turn = _unit_switched(request, numbers[0], wanted=False)
    for number in numbers[1:]:
        after = replace(request, state=turn.state)
        turn = _unit_switched(after, number, wanted=False)
    progress = turn.state.person.progress
    if progress is None:
        return turn
    mine = plan_of(request, progress)
    laid = _lay_weeks(request, mine, progress)
    line = request.spans(
        "plan_know_several", numbers=", ".join(numbers), end=end_words(request, laid)
    )
    opposite = (
        *(tap(request, "need", f"plan need {number}", number=number) for number in numbers),
        tap(request, "show", "plan"),
    )
    return request.answer(Paragraph(line), Choices(opposite), personal=True, state=turn.state)


_LIST: Final = re.compile(
    r"(?:units? )?\d{1,2}(?:(?:\s{0,3}(?:,|&|\+|and|plus)\s{0,3}|\s{1,3})\d{1,2}){0,20}"
)
_NUMBERS: Final = re.compile(r"\d{1,2}")
_SEVERAL: Final = 2


def _lay_weeks(request: Request, mine: Plan, progress: Progress) -> tuple[study_plan.Week, ...]:
    today = local_time.today(request.state.person, request.event)
    return study_plan.weeks(mine, progress, today, zone_name(request))


def _unit_switched(request: Request, rest: str, *, wanted: bool) -> Turn:
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    found = unit_named(mine, rest)
    if found is None:
        return request.answer(
            paragraph(
                request.text("plan_unit_unknown", units=len(mine.units), said=rest.strip() or "?")
            ),
            remember=False,
        )
    number, key, unit = found
    known = [other for other in progress.known_units if other != key]
    extra = [other for other in progress.extra_units if other != key]
    if wanted and progress.chosen_units and key not in progress.chosen_units:
        extra.append(key)
    if not wanted:
        known.append(key)
    changed = replace(progress, known_units=tuple(known), extra_units=tuple(extra))
    laid = _lay_weeks(request, mine, changed)
    if laid:
        phrase = "plan_know_done"
    else:
        phrase = "plan_know_all_done"
    if wanted:
        phrase = "plan_need_done"
    opposite = (
        tap(request, "undo", f"plan {'know' if wanted else 'need'} {number}"),
        tap(request, "show", "plan"),
    )
    line = request.spans(phrase, number=number, title=unit.title, end=end_words(request, laid))
    return request.answer(
        Paragraph(line),
        Choices(opposite),
        personal=True,
        state=with_progress(request.state, changed),
    )


def show_chart(request: Request, _rest: str) -> Turn:
    """Steps done by block, as a picture. What was left out is counted in neither."""
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    wanted = [step for step in study_plan.mine(mine, progress) if step.key not in progress.skipped]
    blocks = []
    for key, title in mine.blocks.items():
        steps = [step for step in wanted if mine.units[step.unit_key].block == key]
        if steps:
            blocks.append((title, sum(step.key in progress.done for step in steps), len(steps)))
    return request.answer(
        progress_chart(request, mine.title, tuple(blocks)),
        Choices((tap(request, "show", "plan"),)),
        personal=True,
    )
