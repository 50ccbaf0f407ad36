"""What every answer about the plan shares: whose plan, where one stands, the next step, the bar, the taps."""

from dataclasses import replace
from typing import Final

from bot import local, plan
from bot.asking import Ask
from bot.plan import Numbered
from bot.reply import Bar, Block, Choices, Note, Paragraph, Tap, Text
from bot.state import Progress, State
from bot.turn import Turn
from content.plan import Plan, Unit

MARKS: Final = {True: "✓ ", False: ""}


def plan_of(ask: Ask, progress: Progress) -> Plan:
    """The plan that the progress belongs to; the first one if that plan's file is gone."""
    return ask.content.plans.get(progress.plan, plan_named(ask)[1])


def plan_named(ask: Ask, words: str = "") -> tuple[str, Plan]:
    """The plan whose key stands among the words, else the first: adding a plan is adding a file."""
    plans = ask.content.plans
    key = next((key for key in plans if key in words.lower().replace("-", "_").split()), next(iter(plans)))
    return key, plans[key]


def plan_or_trial(ask: Ask) -> tuple[Plan, Progress]:
    """The person's plan, or the one they would start."""
    if progress := ask.state.person.progress:
        return plan_of(ask, progress), progress
    key, mine = plan_named(ask, ask.words)
    hours = ask.state.person.profile.hours or plan.USUAL_HOURS
    return mine, plan.begin(key, mine, local.today(ask.state.person, ask.event), hours=hours)


def with_progress(state: State, progress: Progress) -> State:
    return replace(state, person=replace(state.person, progress=progress))


def zone_name(ask: Ask) -> str:
    return local.known_zone(ask.state.person, ask.event) or local.HOME


def where(ask: Ask, progress: Progress, step: Numbered) -> Paragraph:
    """'You are at step 8: split without leakage (1 of 4 steps closed in “Evaluate honestly”).'"""
    keys = [f"{step.unit_key}.{key}" for key in step.unit.steps]
    closed = sum(plan.closed(progress, key) for key in keys)
    values = {"number": step.number, "step": step.step.title, "closed": closed, "total": len(keys), "unit": step.unit.title}
    return Paragraph(ask.line("plan_stopped_at", **values))


def whats_next(ask: Ask, step: Numbered) -> Paragraph:
    return Paragraph(ask.line("plan_next", minutes=local.minutes(step.step.first_minutes), first=step.step.first))


def bar(ask: Ask, mine: Plan, progress: Progress) -> Bar:
    """Progress in words first: steps done of this person's steps, and the unit they are in."""
    steps = plan.mine(mine, progress)
    done = sum(step.key in progress.done for step in steps)
    skipped = sum(step.key in progress.skipped for step in steps)
    current = plan.next_step(mine, progress)
    unit = current.unit_number if current else len(mine.units)
    key = "plan_bar_skipped" if skipped else "plan_bar"
    words = ask.say(key, done=done, skipped=skipped, total=len(steps), unit=unit, units=len(mine.units))
    return Bar(words=words, done=done + skipped, total=len(steps))


def week_note(ask: Ask, progress: Progress, week: plan.Week) -> Note:
    today = local.today(ask.state.person, ask.event)
    key = "plan_this_week" if week.monday <= today else "plan_next_week"
    title = ask.say(key, monday=local.day(week.monday, today), used=f"{week.minutes / 60:g}", hours=local.hours(progress.hours))
    return Note(title, tuple((Text(_part(ask, part)),) for part in week.parts))


def _part(ask: Ask, part: plan.Part) -> str:
    key = "plan_week_part" if part.parts == 1 else "plan_week_part_of"
    step = part.numbered
    return ask.say(key, number=step.number, step=step.step.title, minutes=local.minutes(part.minutes), part=part.part, parts=part.parts)


def end_line(ask: Ask, progress: Progress, laid: tuple[plan.Week, ...]) -> Paragraph:
    return Paragraph(ask.line("plan_end", hours=local.hours(progress.hours), end=end_words(ask, laid)))


def end_words(ask: Ask, laid: tuple[plan.Week, ...]) -> str:
    ends = plan.ends_on(laid)
    today = local.today(ask.state.person, ask.event)
    return local.day(ends or today, today)


_NUMBERS: Final = {
    word: str(number)
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1)
}


def unit_named(mine: Plan, rest: str) -> tuple[int, str, Unit] | None:
    said = rest.strip()
    said = _NUMBERS.get(said, said)
    for number, (key, unit) in enumerate(mine.units.items(), 1):
        if said == str(number) or (said and said in unit.title.lower()):
            return number, key, unit
    return None


def checkpoint_question(ask: Ask, mine: Plan, unit_key: str) -> list[Block]:
    return [Paragraph(ask.line("checkpoint_ask", checkpoint=mine.units[unit_key].checkpoint or ""))]


def checkpoint_taps(ask: Ask) -> tuple[Tap, ...]:
    return (tap(ask, "passed", "plan passed"), tap(ask, "not_yet", "plan not yet"))


def none_yet(ask: Ask) -> Turn:
    taps = (tap(ask, "start", "plan start"), tap(ask, "units", "plan full"))
    return ask.answer(Paragraph(ask.line("plan_none")), Choices(taps), remember=False)


def step_taps(ask: Ask, step: Numbered) -> tuple[Tap, ...]:
    """Done names its step, so that a second tap on an old message ticks nothing else."""
    return (
        tap(ask, "done_step", f"done {step.number}", number=step.number),
        tap(ask, "skip", f"skip {step.number}"),
        tap(ask, "too_much", "too much"),
    )


def tap(ask: Ask, name: str, action: str, **values: object) -> Tap:
    return Tap(ask.say(f"tap_plan_{name}", **values), action)


def lower_first(text: str) -> str:
    """A sentence's words inside another sentence: 'A report' → 'a report', 'CV bullets' stays."""
    return text[0].lower() + text[1:] if len(text) > 1 and not text[1].isupper() else text


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
