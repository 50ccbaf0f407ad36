"""The plan's units: one of them, all of them, and which are the person's."""

from dataclasses import replace

from bot import local, plan
from bot.asking import Ask
from bot.chart_specs import progress_chart
from bot.learning.shared import (
    MARKS,
    bar,
    end_words,
    lower_first,
    none_yet,
    plan_of,
    plan_or_trial,
    tap,
    unit_named,
    with_progress,
    zone_name,
)
from bot.plan import Numbered
from bot.reply import Block, Bullets, Choices, Heading, Link, Note, Paragraph, Tap, Text, paragraph
from bot.state import Progress
from bot.turn import Turn
from content.plan import Plan, Unit


def show_unit(ask: Ask, rest: str) -> Turn:
    mine, progress = plan_or_trial(ask)
    found = unit_named(mine, rest)
    if found is None:
        return ask.answer(paragraph(ask.say("plan_unit_unknown", units=len(mine.units), said=rest.strip() or "?")), remember=False)
    number, key, unit = found
    personal = ask.state.person.progress is not None
    blocks: list[Block] = [
        Heading(ask.say("plan_unit_title", number=number, units=len(mine.units), title=unit.title)),
        paragraph(ask.say("plan_unit_objective", objective=unit.objective, hours=unit.hours)),
    ]
    if state := _unit_state(ask, mine, progress, key, number):
        blocks.append(state)
    blocks.append(Bullets(tuple((Text(_unit_step(ask, progress, step)),) for step in plan.steps(mine) if step.unit_key == key)))
    blocks.append(paragraph(ask.say("plan_unit_evidence", evidence=lower_first(unit.evidence))))
    blocks += _unit_notes(ask, mine, unit)
    taps = [
        Tap(ask.say("tap_plan_unit", number=other), f"plan unit {other}")
        for other in (number - 1, number + 1)
        if 0 < other <= len(mine.units)
    ]
    return ask.answer(*blocks, Choices((*taps, tap(ask, "show", "plan"))), personal=personal)


def _unit_step(ask: Ask, progress: Progress, step: Numbered) -> str:
    mark = MARKS[step.key in progress.done]
    words = ask.say("plan_unit_step", mark=mark, number=step.number, do=step.step.do, minutes=local.minutes(step.step.minutes))
    link = progress.done.get(step.key, (None, ""))[1]
    return f"{words} {link}".rstrip()


def _unit_state(ask: Ask, mine: Plan, progress: Progress, key: str, number: int) -> Paragraph | None:
    if key in progress.known_units:
        return Paragraph(ask.line("plan_unit_known", number=number))
    if key not in plan.units(mine, progress):
        return Paragraph(ask.line("plan_unit_outside", number=number))
    return None


def _unit_notes(ask: Ask, mine: Plan, unit: Unit) -> list[Block]:
    blocks: list[Block] = []
    if unit.checkpoint:
        blocks.append(paragraph(ask.say("plan_unit_checkpoint", checkpoint=unit.checkpoint)))
    if unit.needs:
        blocks.append(paragraph(ask.say("plan_unit_needs", needs=", ".join(f"“{mine.units[key].title}”" for key in unit.needs))))
    if unit.resources:
        lines = []
        for key in unit.resources:
            resource = mine.resources[key]
            unchecked = (Text(ask.say("plan_resource_memory")),) if resource.status == "memory" else ()
            lines.append((Link(resource.title, resource.address), *unchecked))
        blocks.append(Note(ask.say("plan_unit_resources"), tuple(lines)))
    return blocks


def show_all(ask: Ask, _rest: str) -> Turn:
    mine, progress = plan_or_trial(ask)
    started = ask.state.person.progress is not None
    way = plan.units(mine, progress)
    lines = []
    for number, (key, unit) in enumerate(mine.units.items(), 1):
        keys = [f"{key}.{step}" for step in unit.steps]
        closed = sum(plan.closed(progress, step) for step in keys)
        state = ""
        if key in progress.known_units:
            state = ask.say("plan_full_known")
        elif key not in way:
            state = ask.say("plan_full_outside")
        elif 0 < closed < len(keys):
            state = ask.say("plan_full_partly", closed=closed, total=len(keys))
        mark = MARKS[closed == len(keys)]
        lines.append((Text(ask.say("plan_full_unit", mark=mark, number=number, title=unit.title, hours=unit.hours, state=state)),))
    current = plan.next_step(mine, progress)
    unit_number = current.unit_number if current else 1
    blocks: list[Block] = [Heading(ask.say("plan_full_title", units=len(mine.units))), Bullets(tuple(lines))]
    if started:
        blocks += [bar(ask, mine, progress), *_links(ask, mine, progress)]
    else:
        blocks.append(paragraph(mine.promise))
    start = tap(ask, "show", "plan") if started else tap(ask, "start", "plan start")
    return ask.answer(
        *blocks, Choices((start, Tap(ask.say("tap_plan_unit", number=unit_number), f"plan unit {unit_number}"))), personal=started
    )


def _links(ask: Ask, mine: Plan, progress: Progress) -> list[Block]:
    """The evidence so far."""
    lines = [
        (Text(f"{step.number}. {step.step.title}: "), Link(progress.done[step.key][1], progress.done[step.key][1]))
        for step in plan.steps(mine)
        if step.key in progress.done and progress.done[step.key][1]
    ]
    return [Note(ask.say("plan_links"), tuple(lines))] if lines else []


def need_unit(ask: Ask, rest: str) -> Turn:
    return _unit_switched(ask, rest, wanted=True)


def know_unit(ask: Ask, rest: str) -> Turn:
    return _unit_switched(ask, rest, wanted=False)


def _unit_switched(ask: Ask, rest: str, *, wanted: bool) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return none_yet(ask)
    mine = plan_of(ask, progress)
    found = unit_named(mine, rest)
    if found is None:
        return ask.answer(paragraph(ask.say("plan_unit_unknown", units=len(mine.units), said=rest.strip() or "?")), remember=False)
    number, key, unit = found
    known = [other for other in progress.known_units if other != key]
    extra = [other for other in progress.extra_units if other != key]
    if wanted and progress.chosen_units and key not in progress.chosen_units:
        extra.append(key)
    if not wanted:
        known.append(key)
    changed = replace(progress, known_units=tuple(known), extra_units=tuple(extra))
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), zone_name(ask))
    phrase = "plan_need_done" if wanted else "plan_know_done" if laid else "plan_know_all_done"
    opposite = (tap(ask, "undo", f"plan {'know' if wanted else 'need'} {number}"), tap(ask, "show", "plan"))
    line = ask.line(phrase, number=number, title=unit.title, end=end_words(ask, laid))
    return ask.answer(Paragraph(line), Choices(opposite), personal=True, state=with_progress(ask.state, changed))


def show_chart(ask: Ask, _rest: str) -> Turn:
    """Steps done by block, as a picture. What was left out is counted in neither."""
    progress = ask.state.person.progress
    if progress is None:
        return none_yet(ask)
    mine = plan_of(ask, progress)
    wanted = [step for step in plan.mine(mine, progress) if step.key not in progress.skipped]
    blocks = []
    for key, title in mine.blocks.items():
        steps = [step for step in wanted if mine.units[step.unit_key].block == key]
        if steps:
            blocks.append((title, sum(step.key in progress.done for step in steps), len(steps)))
    return ask.answer(progress_chart(ask, mine.title, tuple(blocks)), Choices((tap(ask, "show", "plan"),)), personal=True)
