"""`plan` by itself: where the person stands, or what a plan would be."""

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.reply import Block, Choices, Heading, Paragraph, paragraph
from bot.core.request import Request
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.features.plan.shared import (
    bar,
    checkpoint_offer,
    lower_first,
    opening_tap,
    page_key,
    plan_named,
    plan_of,
    plan_or_trial,
    reach_line,
    read_line,
    step_taps,
    tap,
    week_note,
    whats_next,
    where,
    zone_name,
)
from content.plan import Plan


def overview(request: Request) -> Turn:
    progress = request.state.person.progress
    if progress is None:
        return offer_plan(request)
    mine = plan_of(request, progress)
    step = study_plan.next_step(mine, progress)
    if step is None:
        return _end_page(request, mine, progress)
    blocks: list[Block] = [
        Heading(mine.title),
        where(request, progress, step),
        whats_next(request, step),
        read_line(request, mine, step),
        bar(request, mine, progress),
    ]
    laid = study_plan.weeks(
        mine, progress, local_time.today(request.state.person, request.event), zone_name(request)
    )
    blocks += [week_note(request, progress, laid[0]), reach_line(request, mine, laid)]
    blocks.append(
        Choices(
            (
                *step_taps(request, step),
                *checkpoint_offer(request, mine, progress),
                tap(request, "units", "plan full"),
                tap(request, "calendar", "calendar"),
            )
        )
    )
    sources = (page_key(request, mine, step.step.resource),)
    return request.answer(*blocks, personal=True, sources=sources)


def first_step(request: Request, _rest: str) -> Turn:
    """`plan first step`: where to begin, with its page and its minutes; with a plan under way, the
    step that is next.
    """
    mine, progress = plan_or_trial(request)
    step = study_plan.next_step(mine, progress)
    if step is None:
        return _end_page(request, mine, progress)
    if request.state.person.progress is not None:
        blocks: tuple[Block, ...] = (where(request, progress, step), whats_next(request, step))
        choices = step_taps(request, step)
    else:
        words = request.spans(
            "plan_where_to_start",
            number=step.number,
            unit=step.unit.title,
            first=step.step.first,
            minutes=local_time.minutes(step.step.first_minutes),
        )
        blocks = (Paragraph(words),)
        choices = (
            tap(request, "start", "plan start"),
            *opening_tap(request, step),
            tap(request, "units", "plan full"),
        )
    return request.answer(*blocks, read_line(request, mine, step), Choices(choices), personal=True)


def offer_plan(request: Request) -> Turn:
    key, offered = plan_named(request)
    trial = study_plan.begin(
        key,
        offered,
        local_time.today(request.state.person, request.event),
        hours=study_plan.USUAL_HOURS,
    )
    laid = study_plan.weeks(offered, trial, trial.started_on)
    total = sum(unit.hours for unit in offered.units.values())
    blocks = ", ".join(lower_first(title) for title in offered.blocks.values())
    usual = local_time.hours(study_plan.USUAL_HOURS)
    return request.answer(
        Heading(request.text("plan_offer_title", title=offered.title)),
        paragraph(
            request.text(
                "plan_offer",
                units=len(offered.units),
                hours=total,
                blocks=blocks,
                usual=usual,
                weeks=local_time.weeks(len(laid)),
            )
        ),
        paragraph(offered.promise),
        Choices(
            (
                tap(request, "start", "plan start"),
                tap(request, "units", "plan full"),
                tap(request, "audit", "audit"),
            )
        ),
    )


def _end_page(request: Request, mine: Plan, progress: Progress) -> Turn:
    words = request.text(
        "plan_finished",
        done=len(progress.done),
        skipped=len(progress.skipped),
        promise=mine.promise,
    )
    blocks: list[Block] = [Heading(mine.title), paragraph(words)]
    blocks += [bar(request, mine, progress), Paragraph(request.spans("plan_finished_next"))]
    taps = (
        *checkpoint_offer(request, mine, progress),
        tap(request, "units", "plan full"),
        tap(request, "audit", "audit"),
    )
    return request.answer(*blocks, Choices(taps), personal=True)
