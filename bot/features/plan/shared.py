"""What every answer about the plan shares: whose plan, where one stands, the next step, the bar,
the taps.
"""

from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.calculators.study_plan import Numbered
from bot.core import local_time
from bot.core.reply import Bar, Block, Choices, Line, Link, Note, Paragraph, Tap, Text
from bot.core.request import Request
from bot.core.state import Progress, State
from bot.core.turn import Turn
from bot.extraction.numbers import with_digits
from content.plan import Plan, Resource, Unit

MARKS: Final = {True: "✓ ", False: ""}
FAR: Final = 26
"""Weeks: an end farther off than this says nothing to anybody, the next milestone does."""


def plan_of(request: Request, progress: Progress) -> Plan:
    """The plan that the progress belongs to; the first one if that plan's file is gone."""
    return request.content.plans.get(progress.plan, plan_named(request)[1])


def plan_named(request: Request, words: str = "") -> tuple[str, Plan]:
    """The plan whose key stands among the words, else the first: adding a plan is adding a file."""
    plans = request.content.plans
    key = next(
        (key for key in plans if key in words.lower().replace("-", "_").split()), next(iter(plans))
    )
    return key, plans[key]


def plan_or_trial(request: Request) -> tuple[Plan, Progress]:
    """The person's plan, or the one they would start."""
    if progress := request.state.person.progress:
        return plan_of(request, progress), progress
    key, mine = plan_named(request, request.words)
    hours = request.state.person.profile.hours or study_plan.USUAL_HOURS
    return mine, study_plan.begin(
        key, mine, local_time.today(request.state.person, request.event), hours=hours
    )


def with_progress(state: State, progress: Progress) -> State:
    return replace(state, person=replace(state.person, progress=progress))


def zone_name(request: Request) -> str:
    return local_time.known_zone(request.state.person, request.event) or local_time.HOME


def where(request: Request, progress: Progress, step: Numbered) -> Paragraph:
    """'You are at step 8: split without leakage (1 of 4 steps closed in “Evaluate honestly”).'"""
    keys = [f"{step.unit_key}.{key}" for key in step.unit.steps]
    closed = sum(study_plan.is_closed(progress, key) for key in keys)
    values = {
        "number": step.number,
        "step": step.step.title,
        "closed": closed,
        "total": len(keys),
        "unit": step.unit.title,
    }
    return Paragraph(request.spans("plan_stopped_at", **values))


def whats_next(request: Request, step: Numbered) -> Paragraph:
    return Paragraph(
        request.spans(
            "plan_next", minutes=local_time.minutes(step.step.first_minutes), first=step.step.first
        )
    )


def bar(request: Request, mine: Plan, progress: Progress) -> Bar:
    """Progress in words first: steps done of this person's steps, and the unit they are in."""
    steps = study_plan.mine(mine, progress)
    done = sum(step.key in progress.done for step in steps)
    skipped = sum(step.key in progress.skipped for step in steps)
    current = study_plan.next_step(mine, progress)
    if current:
        unit = current.unit_number
    else:
        unit = len(mine.units)
    key = "plan_bar_skipped" if skipped else "plan_bar"
    words = request.text(
        key, done=done, skipped=skipped, total=len(steps), unit=unit, units=len(mine.units)
    )
    return Bar(words=words, done=done + skipped, total=len(steps))


def week_note(request: Request, progress: Progress, week: study_plan.Week) -> Note:
    today = local_time.today(request.state.person, request.event)
    if week.monday <= today:
        key = "plan_this_week"
    else:
        key = "plan_next_week"
    title = request.text(
        key,
        monday=local_time.day(week.monday, today),
        used=f"{week.minutes / 60:g}",
        hours=local_time.hours(progress.hours),
    )
    return Note(title, tuple((Text(_part(request, part)),) for part in week.parts))


def _part(request: Request, part: study_plan.Part) -> str:
    if part.parts == 1:
        key = "plan_week_part"
    else:
        key = "plan_week_part_of"
    step = part.numbered
    return request.text(
        key,
        number=step.number,
        step=step.step.title,
        minutes=local_time.minutes(part.minutes),
        part=part.part,
        parts=part.parts,
    )


def reach_line(request: Request, mine: Plan, laid: tuple[study_plan.Week, ...]) -> Paragraph:
    """Where the plan leads at this pace: its end where that is near,
    else what can be done once the next block is closed.
    """
    closing = study_plan.milestone(mine, laid)
    if closing is None or len(laid) <= FAR:
        weeks = local_time.weeks(len(laid))
        return Paragraph(request.spans("plan_end", end=end_words(request, laid), weeks=weeks))
    block, sunday = closing
    today = local_time.today(request.state.person, request.event)
    return Paragraph(
        request.spans(
            "plan_milestone",
            end=local_time.day(sunday, today),
            block=mine.blocks[block],
            milestone=mine.milestones[block],
        )
    )


def page_key(request: Request, mine: Plan, name: str) -> str:
    """Where a page of the plan stands in the content:
    what `sources` is told that an answer names.
    """
    plan_key = next(key for key, one in request.content.plans.items() if one is mine)
    return f"plans.{plan_key}.resources.{name}"


def page_link(request: Request, page: Resource) -> Line:
    """A page to learn from, with whoever publishes it, unless its title says so."""
    if page.publisher.lower() in page.title.lower():
        return (Link(page.title, page.address),)
    publisher = request.text("plan_publisher", publisher=page.publisher)
    return (Link(page.title, page.address), Text(publisher))


def read_line(request: Request, mine: Plan, step: Numbered) -> Paragraph:
    """The one page to open for this step."""
    page = mine.resources[step.step.resource]
    return Paragraph((Text(request.text("plan_read")), *page_link(request, page)))


def end_words(request: Request, laid: tuple[study_plan.Week, ...]) -> str:
    ends = study_plan.ends_on(laid)
    today = local_time.today(request.state.person, request.event)
    return local_time.day(ends or today, today)


def unit_named(mine: Plan, rest: str) -> tuple[int, str, Unit] | None:
    said = rest.strip()
    said = with_digits(said)
    for number, (key, unit) in enumerate(mine.units.items(), 1):
        if said == str(number) or (said and said in unit.title.lower()):
            return number, key, unit
    return None


def checkpoint_question(request: Request, mine: Plan, unit_key: str) -> list[Block]:
    return [
        Paragraph(request.spans("checkpoint_ask", checkpoint=mine.units[unit_key].checkpoint or ""))
    ]


def quiz_taps(request: Request, unit_key: str, number: int) -> tuple[Tap, ...]:
    """A tap to the unit's questions, where it has some."""
    if unit_key not in request.content.quizzes:
        return ()
    return (Tap(request.text("tap_quiz_me"), f"quiz {number}"),)


def checkpoint_offer(request: Request, mine: Plan, progress: Progress) -> tuple[Tap, ...]:
    """A tap to the checkpoint that waits, if one does: it was put once,
    and is not put again unasked.
    """
    if not study_plan.pending_checkpoint(mine, progress):
        return ()
    return (tap(request, "checkpoint", "plan checkpoint"),)


def checkpoint_taps(request: Request) -> tuple[Tap, ...]:
    return (tap(request, "passed", "plan passed"), tap(request, "not_yet", "plan not yet"))


def none_yet(request: Request) -> Turn:
    taps = (tap(request, "start", "plan start"), tap(request, "units", "plan full"))
    return request.answer(Paragraph(request.spans("plan_none")), Choices(taps), remember=False)


def step_taps(request: Request, step: Numbered) -> tuple[Tap, ...]:
    """Done names its step, so that a second tap on an old message ticks nothing else."""
    return (
        *opening_tap(request, step),
        tap(request, "done_step", f"done {step.number}", number=step.number),
        tap(request, "stuck", f"stuck {step.number}"),
        tap(request, "skip", f"skip {step.number}"),
        tap(request, "too_much", "too much"),
    )


def opening_tap(request: Request, step: Numbered) -> tuple[Tap, ...]:
    """The button that does the step, where the bot itself has what it asks for."""
    if step.step.opens is None:
        return ()
    dialog = request.content.dialogs[step.step.opens]
    return (Tap(dialog.title, dialog.command),)


def tap(request: Request, name: str, action: str, **values: object) -> Tap:
    return Tap(request.text(f"tap_plan_{name}", **values), action)


def lower_first(text: str) -> str:
    """A sentence's words inside another sentence: 'A report' → 'a report', 'CV bullets' stays."""
    if len(text) > 1 and not text[1].isupper():
        return text[0].lower() + text[1:]
    return text


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
