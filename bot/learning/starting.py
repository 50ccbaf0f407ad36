"""Beginning a plan and shaping it: hours, an end that somebody wishes for, background, a fresh start.

An end too soon is refused with the reason, and with what those weeks do hold.
"""

import re
from dataclasses import replace
from typing import Final

from bot import local, plan
from bot.asking import Ask
from bot.learning.shared import end_words, plan_named, plan_of, plan_or_trial, tap, week_note, with_progress, zone_name
from bot.learning.standing import offer_plan, overview
from bot.reply import Block, Choices, Note, Paragraph, Tap, Text, paragraph
from bot.state import Progress
from bot.turn import Turn
from content.plan import Plan

USUAL_HOURS_OFFERED: Final = (4, 8, 12)
SLICE_WEEKS: Final = 4
NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?![\d.]*\d)")
HOURS = re.compile(r"(?P<n>\d{1,3}(?:\.\d)?)\s*-?\s*(?:h|hrs?|hours?)\b", re.IGNORECASE)
WEEKS = re.compile(
    r"(?:\bweeks?\s+(?P<after>\d{1,3})|(?P<n>\d{1,3}|two|three|four|six|eight|a)\s*-?\s*(?P<unit>weeks?|months?))\b", re.IGNORECASE
)
_WORDS = {"a": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8}


def week_count(match: re.Match[str]) -> int:
    said = (match["after"] or match["n"]).lower()
    count = _WORDS.get(said) or int(said)
    return count * 4 if (match["unit"] or "").lower().startswith("month") else count


def start_plan(ask: Ask, rest: str) -> Turn:
    if (weeks := WEEKS.search(rest)) and not HOURS.search(rest):
        return in_weeks(ask, week_count(weeks))
    if ask.state.person.progress is not None:
        return _already(ask)
    return _begin(ask, rest)


def _begin(ask: Ask, rest: str, *, restarted: bool = False) -> Turn:
    person = ask.state.person
    key, mine = plan_named(ask, rest)
    said = HOURS.search(rest) or NUMBER.search(rest)
    hours = float(re.sub(r"[^\d.]", "", said[0])) if said else person.profile.hours or plan.USUAL_HOURS
    if not plan.LEAST_HOURS <= hours <= plan.MOST_HOURS:
        return _hours_refused(ask, said[0] if said else str(hours), plan.USUAL_HOURS)
    background = person.profile.background
    chosen = audited(ask, mine)
    progress = plan.begin(key, mine, local.today(person, ask.event), hours=hours, background=background, chosen=chosen)
    state = with_progress(ask.state, progress)
    laid = plan.weeks(mine, progress, progress.started_on, zone_name(ask))
    left = plan.hours_left(mine, progress)
    step = plan.mine(mine, progress)[0]
    units = len(plan.units(mine, progress))
    blocks: list[Block] = [paragraph(ask.say("plan_restarted"))] if restarted else []
    blocks.append(Paragraph(ask.line("plan_started", units=units, left=left, hours=local.hours(hours), end=end_words(ask, laid))))
    if chosen:
        blocks.append(Paragraph(ask.line("plan_chosen_by_audit", all=len(mine.units))))
    if progress.known_units:
        blocks.append(_known_line(ask, mine, progress, background))
    first = local.minutes(step.step.first_minutes)
    blocks.append(Paragraph(ask.line("plan_first", number=step.number, first=step.step.first, minutes=first)))
    blocks.append(paragraph(mine.promise))
    taps = [tap(ask, "done_step", f"done {step.number}", number=step.number)]
    if not background:
        blocks.append(paragraph(ask.say("plan_ask_background")))
        taps += [
            Tap(ask.say(f"background_{key}").capitalize(), f"plan background {key}") for key in ("software", "data", "business_analysis")
        ]
    else:
        taps += [tap(ask, "hours", f"plan hours {other}", hours=other) for other in USUAL_HOURS_OFFERED if other != hours]
    if not person.subscriptions:
        taps.append(tap(ask, "weekly_nudge", "subscribe"))
    return ask.answer(*blocks, Choices(tuple(taps)), personal=True, state=state)


def _known_line(ask: Ask, mine: Plan, progress: Progress, background: str) -> Paragraph:
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    named = ", ".join(f"{numbers[key]} ({mine.units[key].title})" for key in progress.known_units)
    words = {"background": ask.say(f"background_{background}"), "units": named, "number": numbers[progress.known_units[0]]}
    return Paragraph(ask.line("plan_known", **words))


def audited(ask: Ask, mine: Plan) -> tuple[str, ...]:
    """The units that the last self-audit picked, if there was one."""
    result = ask.state.person.results.get("audit", {})
    scores = {question: int(result[question]) for question in mine.audit.adds if result.get(question, "").isdecimal()}
    return plan.from_audit(mine, scores) if len(scores) == len(mine.audit.adds) else ()


def _already(ask: Ask) -> Turn:
    taps = (tap(ask, "show", "plan"), Tap(ask.say("tap_plan_restart"), "plan restart"))
    return ask.answer(Paragraph(ask.line("plan_already")), Choices(taps), personal=True)


def restart_plan(ask: Ask, rest: str) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return start_plan(ask, "")
    if rest.strip() != "yes":
        taps = (tap(ask, "restart_yes", "plan restart yes"), tap(ask, "keep_going", "plan"))
        return ask.answer(paragraph(ask.say("plan_restart_confirm", done=len(progress.done))), Choices(taps, yes_or_no=True), personal=True)
    return _begin(ask, f"{progress.hours:g}h", restarted=True)


def set_background(ask: Ask, rest: str) -> Turn:
    background = re.sub(r"\W+", "_", rest.strip()) or "other"
    progress = ask.state.person.progress
    mine = plan_of(ask, progress) if progress else plan_named(ask)[1]
    if background not in mine.known_from:
        return overview(ask)
    person = ask.state.person
    profile = replace(person.profile, background=background)
    progress = person.progress
    if progress is not None:
        open_before = [key for key in mine.known_from[background] if not _touched(mine, progress, key)]
        progress = replace(progress, known_units=tuple(open_before))
    state = replace(ask.state, person=replace(person, profile=profile, progress=progress))
    blocks: list[Block]
    named = ask.say(f"background_{background}")
    if progress and progress.known_units:
        blocks = [_known_line(ask, mine, progress, background)]
    else:
        key = "plan_background_nothing" if progress else "plan_background_done"
        blocks = [paragraph(ask.say(key, background=named))]
    return ask.answer(*blocks, Choices((tap(ask, "show", "plan"),)), personal=True, state=state)


def _touched(mine: Plan, progress: Progress, unit_key: str) -> bool:
    return any(plan.closed(progress, f"{unit_key}.{key}") for key in mine.units[unit_key].steps)


def set_hours(ask: Ask, rest: str) -> Turn:
    progress = ask.state.person.progress
    said = rest.strip()
    if progress is None:
        return start_plan(ask, f"{said}h") if said else offer_plan(ask)
    if not said:
        taps = tuple(tap(ask, "hours", f"plan hours {hours}", hours=hours) for hours in USUAL_HOURS_OFFERED)
        return ask.answer(Paragraph(ask.line("plan_hours_ask")), Choices(taps), personal=True)
    number = re.match(r"(\d{1,3}(?:\.\d)?)\s*(?:h|hrs?|hours?)?(?:\s*(?:a|per)\s*week)?$", said)
    if number is None or not plan.LEAST_HOURS <= float(number[1]) <= plan.MOST_HOURS:
        return _hours_refused(ask, said, progress.hours)
    return _new_hours(ask, progress, float(number[1]))


def _hours_refused(ask: Ask, said: str, hours: float) -> Turn:
    phrase = "plan_hours_wrong" if ask.state.person.progress else "plan_hours_wrong_new"
    return ask.answer(Paragraph(ask.line(phrase, said=said, hours=local.hours(hours))), personal=True, remember=False)


def _new_hours(ask: Ask, progress: Progress, hours: float) -> Turn:
    mine = plan_of(ask, progress)
    changed = replace(progress, hours=hours)
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), zone_name(ask))
    values = {"hours": local.hours(hours), "end": end_words(ask, laid), "weeks": local.weeks(len(laid))}
    blocks: list[Block] = [Paragraph(ask.line("plan_hours_set", **values))]
    if any(part.parts > 1 for week in laid for part in week.parts):
        blocks.append(paragraph(ask.say("plan_hours_split")))
    if laid:
        blocks.append(week_note(ask, changed, laid[0]))
    person = ask.state.person
    state = with_progress(replace(ask.state, person=replace(person, profile=replace(person.profile, hours=hours))), changed)
    return ask.answer(*blocks, Choices((tap(ask, "show", "plan"), tap(ask, "calendar", "calendar"))), personal=True, state=state)


def in_weeks(ask: Ask, weeks: int) -> Turn:
    """A wish for an end: the hours it takes, or, where nobody keeps that up, the reason and what those weeks do hold."""
    mine, progress = plan_or_trial(ask)
    hours = max(plan.LEAST_HOURS, plan.hours_for(mine, progress, max(weeks, 1)))
    if hours > plan.SUSTAINED_HOURS:
        return no_promise(ask, max(weeks, 1))
    if ask.state.person.progress is None:
        return _begin(ask, f"{hours}h")
    changed = replace(progress, hours=hours)
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), zone_name(ask))
    line = ask.line("plan_weeks_set", weeks=local.weeks(min(weeks, len(laid))), hours=local.hours(hours), end=end_words(ask, laid))
    return ask.answer(Paragraph(line), Choices((tap(ask, "show", "plan"),)), personal=True, state=with_progress(ask.state, changed))


def no_promise(ask: Ask, weeks: int, *, expert: bool = False) -> Turn:
    mine, progress = plan_or_trial(ask)
    left = plan.hours_left(mine, progress)
    asked = WEEKS.search(ask.words)
    weeks = week_count(asked) if asked else weeks
    units = len(plan.units(mine, progress))
    blocks: list[Block] = []
    if expert and not asked:
        blocks.append(paragraph(ask.say("plan_no_expert", promise=mine.promise)))
    else:
        values = {
            "units": units,
            "left": left,
            "weeks": local.weeks(weeks),
            "needed": local.hours(plan.hours_for(mine, progress, max(weeks, 1))),
            "promise": mine.promise,
        }
        blocks.append(paragraph(ask.say("plan_too_short", **values)))
    blocks += _slice(ask, mine, progress, weeks)
    taps = [tap(ask, "show", "plan") if ask.state.person.progress else tap(ask, "start", "plan start")]
    return ask.answer(*blocks, Choices((*taps, tap(ask, "units", "plan full"))))


def first_weeks(ask: Ask, rest: str) -> Turn:
    mine, progress = plan_or_trial(ask)
    count = int(rest) if rest.strip().isdecimal() else SLICE_WEEKS
    taps = [tap(ask, "show", "plan") if ask.state.person.progress else tap(ask, "start", "plan start")]
    return ask.answer(*_slice(ask, mine, progress, max(1, count)), Choices(tuple(taps)))


def _slice(ask: Ask, mine: Plan, progress: Progress, weeks: int) -> list[Block]:
    """What the first weeks really hold: the units that close in them, and the steps."""
    monday = local.today(ask.state.person, ask.event)
    laid = plan.weeks(mine, progress, monday)[:weeks]
    later = {part.numbered.key for week in plan.weeks(mine, progress, monday)[weeks:] for part in week.parts}
    inside = [part.numbered for week in laid for part in week.parts if part.part == 1]
    touched = dict.fromkeys(step.unit_key for step in inside)
    whole = [key for key in touched if all(f"{key}.{step}" not in later for step in mine.units[key].steps)]
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    values = {"weeks": local.weeks(min(weeks, len(laid))), "hours": local.hours(progress.hours) + " a week"}
    match whole:
        case []:
            line = ask.say("plan_slice_part", first=inside[0].unit_number if inside else 1, **values)
        case [only]:
            line = ask.say("plan_slice_one", first=numbers[only], **values)
        case [first, *_, last]:
            line = ask.say("plan_slice", first=numbers[first], last=numbers[last], **values)
    steps = tuple((Text(f"{step.number}. {step.step.title}"),) for step in inside)
    return [paragraph(line), Note(ask.say("plan_slice_title"), steps)]
