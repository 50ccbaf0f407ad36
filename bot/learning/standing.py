"""`plan` by itself: where the person stands, or what a plan would be."""

from bot import local, plan
from bot.asking import Ask
from bot.learning.shared import (
    bar,
    checkpoint_question,
    end_line,
    lower_first,
    plan_named,
    plan_of,
    step_taps,
    tap,
    week_note,
    whats_next,
    where,
    zone_name,
)
from bot.reply import Block, Choices, Heading, Paragraph, paragraph
from bot.state import Progress
from bot.turn import Turn
from content.plan import Plan


def overview(ask: Ask) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return offer_plan(ask)
    mine = plan_of(ask, progress)
    step = plan.next_step(mine, progress)
    if step is None:
        return _finished(ask, mine, progress)
    checkpoint = plan.pending_checkpoint(mine, progress)
    blocks: list[Block] = [Heading(mine.title)]
    if checkpoint:
        blocks += [*checkpoint_question(ask, mine, checkpoint)]
    blocks += [where(ask, progress, step), whats_next(ask, step), bar(ask, mine, progress)]
    laid = plan.weeks(mine, progress, local.today(ask.state.person, ask.event), zone_name(ask))
    blocks += [week_note(ask, progress, laid[0]), end_line(ask, progress, laid)]
    blocks.append(Choices((*step_taps(ask, step), tap(ask, "units", "plan full"), tap(ask, "calendar", "calendar"))))
    return ask.answer(*blocks, personal=True)


def offer_plan(ask: Ask) -> Turn:
    key, offered = plan_named(ask)
    trial = plan.begin(key, offered, local.today(ask.state.person, ask.event), hours=plan.USUAL_HOURS)
    laid = plan.weeks(offered, trial, trial.started_on)
    total = sum(unit.hours for unit in offered.units.values())
    blocks = ", ".join(lower_first(title) for title in offered.blocks.values())
    usual = local.hours(plan.USUAL_HOURS)
    return ask.answer(
        Heading(ask.say("plan_offer_title", title=offered.title)),
        paragraph(ask.say("plan_offer", units=len(offered.units), hours=total, blocks=blocks, usual=usual, weeks=local.weeks(len(laid)))),
        paragraph(offered.promise),
        Choices((tap(ask, "start", "plan start"), tap(ask, "units", "plan full"), tap(ask, "audit", "audit"))),
    )


def _finished(ask: Ask, mine: Plan, progress: Progress) -> Turn:
    words = ask.say("plan_finished", done=len(progress.done), skipped=len(progress.skipped), promise=mine.promise)
    blocks: list[Block] = [Heading(mine.title), paragraph(words)]
    if checkpoint := plan.pending_checkpoint(mine, progress):
        blocks += checkpoint_question(ask, mine, checkpoint)
    blocks += [bar(ask, mine, progress), Paragraph(ask.line("plan_finished_next"))]
    taps = (tap(ask, "units", "plan full"), tap(ask, "audit", "audit"))
    return ask.answer(*blocks, Choices(taps), personal=True)
