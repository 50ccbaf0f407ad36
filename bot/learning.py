"""The commands of the learning plan: plan, done, skip, too much. What they say; the arithmetic is bot.plan's.

Every step is named by the number printed beside it. Ticking, skipping and easing can each be undone by a tap.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot import local, plan
from bot.asking import Ask, Handler
from bot.chart_specs import progress_chart
from bot.plan import Numbered
from bot.recurrence import zone
from bot.reply import Bar, Block, Bullets, Choices, Heading, Link, Note, Paragraph, Tap, Text, paragraph
from bot.state import Progress, State
from bot.turn import Turn
from content.plan import Plan, Unit

THE_PLAN: Final = "ml_engineer"
"""The plan offered to those who have none: there is one occupation."""
USUAL_HOURS_OFFERED: Final = (4, 8, 12)
SLICE_WEEKS: Final = 4
AUDIT_AGAIN_AFTER: Final = ("data_for_inference", "capstone_show")
MARKS: Final = {True: "✓ ", False: ""}

_LINK = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?![\d.]*\d)")
_HOURS = re.compile(r"(?P<n>\d{1,3}(?:\.\d)?)\s*-?\s*(?:h|hrs?|hours?)\b", re.IGNORECASE)
_WEEKS = re.compile(
    r"(?:\bweeks?\s+(?P<after>\d{1,3})|(?P<n>\d{1,3}|two|three|four|six|eight|a)\s*-?\s*(?P<unit>weeks?|months?))\b", re.IGNORECASE
)
_WORDS = {"a": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8}


def show(ask: Ask) -> Turn:
    """`plan …`: the first word after it decides; without one, where the person stands."""
    words = ask.words.strip().lower()
    if re.search(r"\bexpert|\bmaster(?:y)?\b|\bguru\b", words):
        return _no_promise(ask, SLICE_WEEKS, expert=True)
    for pattern, handler in _ROADS:
        if match := pattern.match(words):
            return handler(ask, match.group(1) or "")
    if hours := _HOURS.search(words):
        return _hours(ask, hours["n"]) if ask.state.person.progress else _start(ask, hours[0])
    if weeks := _WEEKS.search(words):
        return _in_weeks(ask, _week_count(weeks))
    return _overview(ask)


def _week_count(match: re.Match[str]) -> int:
    said = (match["after"] or match["n"]).lower()
    count = _WORDS.get(said) or int(said)
    return count * 4 if (match["unit"] or "").lower().startswith("month") else count


# --- where the person stands ----------------------------------------------------------------------------------------


def _overview(ask: Ask) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return _offer(ask)
    mine = plan_of(ask, progress)
    step = plan.next_step(mine, progress)
    if step is None:
        return _finished(ask, mine, progress)
    checkpoint = plan.pending_checkpoint(mine, progress)
    blocks: list[Block] = [Heading(mine.title)]
    if checkpoint:
        blocks += [*_checkpoint_question(ask, mine, checkpoint)]
    blocks += [where(ask, progress, step), whats_next(ask, step), bar(ask, mine, progress)]
    laid = plan.weeks(mine, progress, local.today(ask.state.person, ask.event), _zone(ask))
    blocks += [_week_note(ask, progress, laid[0]), _end_line(ask, progress, laid)]
    blocks.append(Choices((*_step_taps(ask, step), _tap(ask, "units", "plan full"), _tap(ask, "calendar", "calendar"))))
    return ask.answer(*blocks, personal=True)


def _offer(ask: Ask) -> Turn:
    offered = ask.content.plans[THE_PLAN]
    trial = plan.begin(THE_PLAN, offered, local.today(ask.state.person, ask.event), hours=plan.USUAL_HOURS)
    laid = plan.weeks(offered, trial, trial.started_on)
    total = sum(unit.hours for unit in offered.units.values())
    return ask.answer(
        Heading(ask.say("plan_offer_title", title=offered.title)),
        paragraph(ask.say("plan_offer", units=len(offered.units), hours=total, weeks=len(laid))),
        paragraph(offered.promise),
        Choices((_tap(ask, "start", "plan start"), _tap(ask, "units", "plan full"), _tap(ask, "audit", "audit"))),
    )


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


def _week_note(ask: Ask, progress: Progress, week: plan.Week) -> Note:
    today = local.today(ask.state.person, ask.event)
    key = "plan_this_week" if week.monday <= today else "plan_next_week"
    title = ask.say(key, monday=local.day(week.monday, today), used=f"{week.minutes / 60:g}", hours=local.hours(progress.hours))
    return Note(title, tuple((Text(_part(ask, part)),) for part in week.parts))


def _part(ask: Ask, part: plan.Part) -> str:
    key = "plan_week_part" if part.parts == 1 else "plan_week_part_of"
    step = part.numbered
    return ask.say(key, number=step.number, step=step.step.title, minutes=local.minutes(part.minutes), part=part.part, parts=part.parts)


def _end_line(ask: Ask, progress: Progress, laid: tuple[plan.Week, ...]) -> Paragraph:
    return Paragraph(ask.line("plan_end", hours=local.hours(progress.hours), end=_end(ask, laid)))


def _end(ask: Ask, laid: tuple[plan.Week, ...]) -> str:
    ends = plan.ends_on(laid)
    today = local.today(ask.state.person, ask.event)
    return local.day(ends or today, today)


def _finished(ask: Ask, mine: Plan, progress: Progress) -> Turn:
    words = ask.say("plan_finished", done=len(progress.done), skipped=len(progress.skipped), promise=mine.promise)
    blocks: list[Block] = [Heading(mine.title), paragraph(words)]
    if checkpoint := plan.pending_checkpoint(mine, progress):
        blocks += _checkpoint_question(ask, mine, checkpoint)
    blocks += [bar(ask, mine, progress), Paragraph(ask.line("plan_finished_next"))]
    taps = (_tap(ask, "units", "plan full"), _tap(ask, "audit", "audit"))
    return ask.answer(*blocks, Choices(taps), personal=True)


# --- starting and changing -------------------------------------------------------------------------------------------


def _start(ask: Ask, rest: str) -> Turn:
    if (weeks := _WEEKS.search(rest)) and not _HOURS.search(rest):
        return _in_weeks(ask, _week_count(weeks))
    if ask.state.person.progress is not None:
        return _already(ask)
    return _begin(ask, rest)


def _begin(ask: Ask, rest: str, *, restarted: bool = False) -> Turn:
    person = ask.state.person
    mine = ask.content.plans[THE_PLAN]
    said = _HOURS.search(rest) or _NUMBER.search(rest)
    hours = float(re.sub(r"[^\d.]", "", said[0])) if said else person.profile.hours or plan.USUAL_HOURS
    if not plan.LEAST_HOURS <= hours <= plan.MOST_HOURS:
        return _hours_refused(ask, said[0] if said else str(hours), plan.USUAL_HOURS)
    background = person.profile.background
    chosen = _audited(ask, mine)
    progress = plan.begin(THE_PLAN, mine, local.today(person, ask.event), hours=hours, background=background, chosen=chosen)
    state = _with(ask.state, progress)
    laid = plan.weeks(mine, progress, progress.started_on, _zone(ask))
    left = plan.hours_left(mine, progress)
    step = plan.mine(mine, progress)[0]
    units = len(plan.units(mine, progress))
    blocks: list[Block] = [paragraph(ask.say("plan_restarted"))] if restarted else []
    blocks.append(Paragraph(ask.line("plan_started", units=units, left=left, hours=local.hours(hours), end=_end(ask, laid))))
    if chosen:
        blocks.append(Paragraph(ask.line("plan_chosen_by_audit")))
    if progress.known_units:
        blocks.append(_known_line(ask, mine, progress, background))
    first = local.minutes(step.step.first_minutes)
    blocks.append(Paragraph(ask.line("plan_first", number=step.number, first=step.step.first, minutes=first)))
    blocks.append(paragraph(mine.promise))
    taps = [_tap(ask, "done_step", f"done {step.number}", number=step.number)]
    if not background:
        blocks.append(paragraph(ask.say("plan_ask_background")))
        taps += [
            Tap(ask.say(f"background_{key}").capitalize(), f"plan background {key}") for key in ("software", "data", "business_analysis")
        ]
    else:
        taps += [_tap(ask, "hours", f"plan hours {other}", hours=other) for other in USUAL_HOURS_OFFERED if other != hours]
    if not person.subscriptions:
        taps.append(_tap(ask, "weekly_nudge", "subscribe"))
    return ask.answer(*blocks, Choices(tuple(taps)), personal=True, state=state)


def _known_line(ask: Ask, mine: Plan, progress: Progress, background: str) -> Paragraph:
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    named = ", ".join(f"{numbers[key]} ({mine.units[key].title})" for key in progress.known_units)
    words = {"background": ask.say(f"background_{background}"), "units": named, "number": numbers[progress.known_units[0]]}
    return Paragraph(ask.line("plan_known", **words))


def _audited(ask: Ask, mine: Plan) -> tuple[str, ...]:
    """The units that the last self-audit picked, if there was one."""
    result = ask.state.person.results.get("audit", {})
    scores = {question: int(result[question]) for question in mine.audit.adds if result.get(question, "").isdecimal()}
    return plan.from_audit(mine, scores) if len(scores) == len(mine.audit.adds) else ()


def _already(ask: Ask) -> Turn:
    taps = (_tap(ask, "show", "plan"), Tap(ask.say("tap_plan_restart"), "plan restart"))
    return ask.answer(Paragraph(ask.line("plan_already")), Choices(taps), personal=True)


def _restart(ask: Ask, rest: str) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return _start(ask, "")
    if rest.strip() != "yes":
        taps = (_tap(ask, "restart_yes", "plan restart yes"), _tap(ask, "keep_going", "plan"))
        return ask.answer(paragraph(ask.say("plan_restart_confirm", done=len(progress.done))), Choices(taps), personal=True)
    return _begin(ask, f"{progress.hours:g}h", restarted=True)


def _background(ask: Ask, rest: str) -> Turn:
    background = re.sub(r"\W+", "_", rest.strip()) or "other"
    mine = ask.content.plans[THE_PLAN]
    if background not in mine.known_from:
        return _overview(ask)
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
    return ask.answer(*blocks, Choices((_tap(ask, "show", "plan"),)), personal=True, state=state)


def _touched(mine: Plan, progress: Progress, unit_key: str) -> bool:
    return any(plan.closed(progress, f"{unit_key}.{key}") for key in mine.units[unit_key].steps)


def _hours(ask: Ask, rest: str) -> Turn:
    progress = ask.state.person.progress
    said = rest.strip()
    if progress is None:
        return _start(ask, f"{said}h") if said else _offer(ask)
    if not said:
        taps = tuple(_tap(ask, "hours", f"plan hours {hours}", hours=hours) for hours in USUAL_HOURS_OFFERED)
        return ask.answer(Paragraph(ask.line("plan_hours_ask")), Choices(taps), personal=True)
    number = re.match(r"(\d{1,3}(?:\.\d)?)\s*(?:h|hrs?|hours?)?(?:\s*(?:a|per)\s*week)?$", said)
    if number is None or not plan.LEAST_HOURS <= float(number[1]) <= plan.MOST_HOURS:
        return _hours_refused(ask, said, progress.hours)
    return _new_hours(ask, progress, float(number[1]))


def _hours_refused(ask: Ask, said: str, hours: float) -> Turn:
    return ask.answer(Paragraph(ask.line("plan_hours_wrong", said=said, hours=local.hours(hours))), personal=True, remember=False)


def _new_hours(ask: Ask, progress: Progress, hours: float) -> Turn:
    mine = plan_of(ask, progress)
    changed = replace(progress, hours=hours)
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), _zone(ask))
    blocks: list[Block] = [Paragraph(ask.line("plan_hours_set", hours=local.hours(hours), end=_end(ask, laid), weeks=len(laid)))]
    if any(part.parts > 1 for week in laid for part in week.parts):
        blocks.append(paragraph(ask.say("plan_hours_split")))
    if laid:
        blocks.append(_week_note(ask, changed, laid[0]))
    person = ask.state.person
    state = _with(replace(ask.state, person=replace(person, profile=replace(person.profile, hours=hours))), changed)
    return ask.answer(*blocks, Choices((_tap(ask, "show", "plan"), _tap(ask, "calendar", "calendar"))), personal=True, state=state)


def _in_weeks(ask: Ask, weeks: int) -> Turn:
    """A wish for an end: the hours it takes, or, where nobody keeps that up, the reason and what those weeks do hold."""
    mine, progress = _or_trial(ask)
    hours = max(plan.LEAST_HOURS, plan.hours_for(mine, progress, max(weeks, 1)))
    if hours > plan.SUSTAINED_HOURS:
        return _no_promise(ask, max(weeks, 1))
    if ask.state.person.progress is None:
        return _begin(ask, f"{hours}h")
    changed = replace(progress, hours=hours)
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), _zone(ask))
    line = ask.line("plan_weeks_set", weeks=weeks, hours=local.hours(hours), end=_end(ask, laid))
    return ask.answer(Paragraph(line), Choices((_tap(ask, "show", "plan"),)), personal=True, state=_with(ask.state, changed))


def _no_promise(ask: Ask, weeks: int, *, expert: bool = False) -> Turn:
    mine, progress = _or_trial(ask)
    left = plan.hours_left(mine, progress)
    asked = _WEEKS.search(ask.words)
    weeks = _week_count(asked) if asked else weeks
    units = len(plan.units(mine, progress))
    blocks: list[Block] = []
    if expert and not asked:
        blocks.append(paragraph(ask.say("plan_no_expert", promise=mine.promise)))
    else:
        values = {
            "units": units,
            "left": left,
            "weeks": weeks,
            "needed": local.hours(plan.hours_for(mine, progress, max(weeks, 1))),
            "promise": mine.promise,
        }
        blocks.append(paragraph(ask.say("plan_too_short", **values)))
    blocks += _slice(ask, mine, progress, weeks)
    taps = [_tap(ask, "show", "plan") if ask.state.person.progress else _tap(ask, "start", "plan start")]
    return ask.answer(*blocks, Choices((*taps, _tap(ask, "units", "plan full"))))


def _first_weeks(ask: Ask, rest: str) -> Turn:
    mine, progress = _or_trial(ask)
    count = int(rest) if rest.strip().isdecimal() else SLICE_WEEKS
    taps = [_tap(ask, "show", "plan") if ask.state.person.progress else _tap(ask, "start", "plan start")]
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
    values = {"weeks": weeks, "hours": local.hours(progress.hours) + " a week"}
    match whole:
        case []:
            line = ask.say("plan_slice_part", first=inside[0].unit_number if inside else 1, **values)
        case [only]:
            line = ask.say("plan_slice_one", first=numbers[only], **values)
        case [first, *_, last]:
            line = ask.say("plan_slice", first=numbers[first], last=numbers[last], **values)
    steps = tuple((Text(f"{step.number}. {step.step.title}"),) for step in inside)
    return [paragraph(line), Note(ask.say("tap_plan_first_weeks", weeks=weeks), steps)]


def _or_trial(ask: Ask) -> tuple[Plan, Progress]:
    """The person's plan, or the one they would start."""
    if progress := ask.state.person.progress:
        return plan_of(ask, progress), progress
    mine = ask.content.plans[THE_PLAN]
    hours = ask.state.person.profile.hours or plan.USUAL_HOURS
    return mine, plan.begin(THE_PLAN, mine, local.today(ask.state.person, ask.event), hours=hours)


# --- units -----------------------------------------------------------------------------------------------------------


def _unit(ask: Ask, rest: str) -> Turn:
    mine, progress = _or_trial(ask)
    found = _unit_named(mine, rest)
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
    blocks.append(paragraph(ask.say("plan_unit_evidence", evidence=_lower_first(unit.evidence))))
    blocks += _unit_notes(ask, mine, unit)
    taps = [
        Tap(ask.say("tap_plan_unit", number=other), f"plan unit {other}")
        for other in (number - 1, number + 1)
        if 0 < other <= len(mine.units)
    ]
    return ask.answer(*blocks, Choices((*taps, _tap(ask, "show", "plan"))), personal=personal)


def _unit_named(mine: Plan, rest: str) -> tuple[int, str, Unit] | None:
    said = rest.strip()
    for number, (key, unit) in enumerate(mine.units.items(), 1):
        if said == str(number) or (said and said in unit.title.lower()):
            return number, key, unit
    return None


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


def _full(ask: Ask, _rest: str) -> Turn:
    mine, progress = _or_trial(ask)
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
    start = _tap(ask, "show", "plan") if started else _tap(ask, "start", "plan start")
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


def _need(ask: Ask, rest: str) -> Turn:
    return _unit_switched(ask, rest, wanted=True)


def _know(ask: Ask, rest: str) -> Turn:
    return _unit_switched(ask, rest, wanted=False)


def _unit_switched(ask: Ask, rest: str, *, wanted: bool) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return _none_yet(ask)
    mine = plan_of(ask, progress)
    found = _unit_named(mine, rest)
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
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), _zone(ask))
    phrase = "plan_need_done" if wanted else "plan_know_done" if laid else "plan_know_all_done"
    opposite = (_tap(ask, "undo", f"plan {'know' if wanted else 'need'} {number}"), _tap(ask, "show", "plan"))
    line = ask.line(phrase, number=number, title=unit.title, end=_end(ask, laid))
    return ask.answer(Paragraph(line), Choices(opposite), personal=True, state=_with(ask.state, changed))


# --- done, skip, too much --------------------------------------------------------------------------------------------


def done(ask: Ask) -> Turn:
    """`done`, `done 8`, `done 8 https://…`, `done 1 and 2`, `done 8 undo`."""
    progress = ask.state.person.progress
    if progress is None:
        return _first_done(ask)
    mine = plan_of(ask, progress)
    link = _LINK.search(ask.words)
    words = _LINK.sub(" ", ask.words)
    numbers = tuple(dict.fromkeys(int(number) for number in _NUMBER.findall(words)))
    steps = {step.number: step for step in plan.steps(mine)}
    unknown = [number for number in numbers if number not in steps]
    if unknown:
        return ask.answer(Paragraph(ask.line("done_unknown", said=unknown[0], last=len(steps))), personal=True, remember=False)
    if not numbers:
        return _done_next(ask, mine, progress, words or ask.sentence(), link[0] if link else "")
    if re.search(r"\bundo\b|\bnot\b|\bundone\b", words.lower()):
        return _undone(ask, mine, progress, steps[numbers[0]])
    return _ticked(ask, mine, progress, tuple(steps[number] for number in numbers), link[0] if link else "")


def _first_done(ask: Ask) -> Turn:
    """'done' without a plan, after a nudge that suggested the first step: the plan begins, and that step is ticked."""
    person = ask.state.person
    if ask.words.strip() or not any(one.last_template in ask.content.nudges.no_plan for one in person.subscriptions):
        return _none_yet(ask)
    mine = ask.content.plans[THE_PLAN]
    hours = person.profile.hours or plan.USUAL_HOURS
    chosen = _audited(ask, mine)
    today = local.today(person, ask.event)
    begun = plan.begin(THE_PLAN, mine, today, hours=hours, background=person.profile.background, chosen=chosen)
    values = {"units": len(plan.units(mine, begun)), "left": plan.hours_left(mine, begun), "hours": local.hours(hours)}
    turn = _ticked(ask, mine, begun, plan.open_steps(mine, begun)[:1], "")
    reply = turn.replies[0]
    return replace(turn, replies=(replace(reply, blocks=(Paragraph(ask.line("plan_begun_by_done", **values)), *reply.blocks)),))


def _done_next(ask: Ask, mine: Plan, progress: Progress, words: str, link: str) -> Turn:
    """No number: the step that is next, unless the words are about some other one; then the choice is the person's."""
    open_steps = plan.open_steps(mine, progress)
    if not open_steps:
        return ask.answer(paragraph(ask.say("done_nothing_open")), Choices((_tap(ask, "show", "plan"),)), personal=True)
    about = _about(words)
    shared = {step.key: len(about & _about(f"{step.step.title} {step.unit.title} {step.step.do}")) for step in open_steps}
    likely = sorted(open_steps, key=lambda step: -shared[step.key])
    most = shared[likely[0].key]
    if not about or (likely[0] is open_steps[0] and list(shared.values()).count(most) == 1):
        return _ticked(ask, mine, progress, open_steps[:1], link)
    offered = sorted(likely[:3], key=lambda step: step.number)
    taps = tuple(Tap(f"{step.number}. {step.step.title}", f"done {step.number}") for step in offered)
    return ask.answer(paragraph(ask.say("done_which")), Choices(taps), personal=True, remember=False)


_EMPTY_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the it it's its this that is was i i've ive have has my me of to and with for step steps task unit one ones week all"
        " done finished finish complete completed ticked tick off mark marked as please yep yes ok just today yesterday now",
    )
)
"""Words that say 'finished' without saying what."""


def _about(words: str) -> set[str]:
    return {word for word in re.findall(r"[a-z']{2,}", words.lower()) if word not in _EMPTY_WORDS}


def _ticked(ask: Ask, mine: Plan, progress: Progress, steps: tuple[Numbered, ...], link: str) -> Turn:
    fresh = tuple(step for step in steps if step.key not in progress.done)
    changed = progress
    for step in steps:
        changed = plan.done(changed, step.key, ask.event.at, link)
    blocks: list[Block] = []
    if not fresh:
        step = steps[0]
        ticked_on = local.day(progress.done[step.key][0].astimezone(zone(_zone(ask))).date())
        blocks.append(paragraph(ask.say("done_already", number=step.number, step=step.step.title, day=ticked_on)))
    elif len(fresh) == 1:
        blocks.append(Paragraph(ask.line("done_ticked", number=fresh[0].number, step=_upper_first(fresh[0].step.title))))
    else:
        blocks.append(Paragraph(ask.line("done_ticked_many", numbers=", ".join(str(step.number) for step in fresh))))
    if link:
        blocks.append(paragraph(ask.say("done_link_kept", number=steps[0].number)))
    blocks += _after_step(ask, mine, changed, steps[-1], ask_for_link=not link and bool(fresh))
    return _went_on(ask, mine, changed, blocks, undo=fresh[-1] if fresh else None)


def _after_step(ask: Ask, mine: Plan, progress: Progress, step: Numbered, *, ask_for_link: bool) -> list[Block]:
    """What closing a step brings about: a unit closed, evidence asked for, a checkpoint, an audit."""
    if not plan.unit_closed(mine, progress, step.unit_key):
        return []
    blocks: list[Block] = [paragraph(ask.say("done_unit", number=step.unit_number, title=step.unit.title))]
    if ask_for_link:
        blocks.append(Paragraph(ask.line("done_evidence", evidence=_lower_first(step.unit.evidence), number=step.number)))
    if step.unit_key in AUDIT_AGAIN_AFTER:
        blocks.append(paragraph(ask.say("done_reaudit")))
    return blocks


def _went_on(ask: Ask, mine: Plan, progress: Progress, blocks: list[Block], *, undo: Numbered | None) -> Turn:
    """The end of every answer that moved the plan: the checkpoint if one waits, else the next step; progress; taps."""
    step = plan.next_step(mine, progress)
    checkpoint = plan.pending_checkpoint(mine, progress)
    state = _with(ask.state, progress)
    back = (_tap(ask, "undo", f"done {undo.number} undo"),) if undo else ()
    if checkpoint:
        blocks += [*_checkpoint_question(ask, mine, checkpoint), bar(ask, mine, progress)]
        return ask.answer(*blocks, Choices((*_checkpoint_taps(ask), *back)), personal=True, state=state)
    if step is None:
        words = ask.say("plan_finished", done=len(progress.done), skipped=len(progress.skipped), promise=mine.promise)
        blocks += [paragraph(words), bar(ask, mine, progress)]
        return ask.answer(*blocks, Choices((_tap(ask, "units", "plan full"), *back)), personal=True, state=state)
    first = local.minutes(step.step.first_minutes)
    blocks += [
        Paragraph(ask.line("done_next", number=step.number, step=step.step.title, minutes=first, first=step.step.first)),
        bar(ask, mine, progress),
    ]
    return ask.answer(*blocks, Choices((*_step_taps(ask, step), *back)), personal=True, state=state)


def _undone(ask: Ask, mine: Plan, progress: Progress, step: Numbered) -> Turn:
    phrase = "done_undone" if plan.closed(progress, step.key) else "done_was_open"
    changed = plan.undone(progress, step.key)
    blocks: list[Block] = [paragraph(ask.say(phrase, number=step.number, step=step.step.title)), bar(ask, mine, changed)]
    return ask.answer(*blocks, Choices((*_step_taps(ask, step), _tap(ask, "show", "plan"))), personal=True, state=_with(ask.state, changed))


def skip(ask: Ask) -> Turn:
    """`skip` leaves the next step out, `skip 8` that one."""
    progress = ask.state.person.progress
    if progress is None:
        return _none_yet(ask)
    mine = plan_of(ask, progress)
    number = _NUMBER.search(ask.words)
    steps = {step.number: step for step in plan.steps(mine)}
    step = steps.get(int(number[0])) if number else plan.next_step(mine, progress)
    if step is None:
        phrase = "done_unknown" if number else "done_nothing_open"
        said = number[0] if number else ""
        return ask.answer(Paragraph(ask.line(phrase, said=said, last=len(steps))), personal=True, remember=False)
    if plan.closed(progress, step.key):
        return ask.answer(paragraph(ask.say("skip_already", number=step.number, step=step.step.title)), personal=True, remember=False)
    changed = plan.skipped(progress, step.key)
    blocks: list[Block] = [Paragraph(ask.line("skip_done", number=step.number, step=step.step.title))]
    blocks += _after_step(ask, mine, changed, step, ask_for_link=False)
    return _went_on(ask, mine, changed, blocks, undo=step)


def too_much(ask: Ask) -> Turn:
    """A quarter less a week; the rest of the plan is laid out anew."""
    progress = ask.state.person.progress
    if progress is None:
        return _none_yet(ask)
    mine = plan_of(ask, progress)
    changed = plan.eased(progress)
    if changed.hours >= progress.hours:
        taps = (_tap(ask, "skip", "skip"), Tap(ask.say("tap_plan_pause"), "pause"), _tap(ask, "show", "plan"))
        return ask.answer(Paragraph(ask.line("ease_least")), Choices(taps), personal=True)
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), _zone(ask))
    before, after = local.hours(progress.hours), local.hours(changed.hours)
    blocks: list[Block] = [Paragraph(ask.line("ease_done", hours=after, before=before, end=_end(ask, laid)))]
    if step := plan.next_step(mine, changed):
        minutes = local.minutes(step.step.first_minutes)
        blocks.append(paragraph(ask.say("ease_next", minutes=minutes, first=step.step.first)))
    undo = _tap(ask, "undo", f"plan hours {progress.hours:g}")
    return ask.answer(*blocks, Choices((undo, _tap(ask, "show", "plan"))), personal=True, state=_with(ask.state, changed))


# --- checkpoints -----------------------------------------------------------------------------------------------------


def _checkpoint_question(ask: Ask, mine: Plan, unit_key: str) -> list[Block]:
    return [Paragraph(ask.line("checkpoint_ask", checkpoint=mine.units[unit_key].checkpoint or ""))]


def _checkpoint_taps(ask: Ask) -> tuple[Tap, ...]:
    return (_tap(ask, "passed", "plan passed"), _tap(ask, "not_yet", "plan not yet"))


def _passed(ask: Ask, _rest: str) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return _none_yet(ask)
    mine = plan_of(ask, progress)
    checkpoint = plan.pending_checkpoint(mine, progress)
    if not checkpoint:
        return ask.answer(paragraph(ask.say("checkpoint_none")), Choices((_tap(ask, "show", "plan"),)), personal=True)
    changed = replace(progress, checkpoints={**progress.checkpoints, checkpoint: "passed"})
    return _went_on(ask, mine, changed, [paragraph(ask.say("checkpoint_passed"))], undo=None)


def _not_yet(ask: Ask, _rest: str) -> Turn:
    progress = ask.state.person.progress
    checkpoint = plan.pending_checkpoint(plan_of(ask, progress), progress) if progress else ""
    if progress is None or not checkpoint:
        return ask.answer(paragraph(ask.say("checkpoint_none")), Choices((_tap(ask, "show", "plan"),)), personal=True)
    mine = plan_of(ask, progress)
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    taps = tuple(
        Tap(f"{numbers[key]}. {mine.units[key].title}", f"plan repeat {numbers[key]}")
        for key in plan.weakest(mine, progress, checkpoint)[:4]
    )
    return ask.answer(paragraph(ask.say("checkpoint_repeat")), Choices(taps), personal=True)


def _repeat(ask: Ask, rest: str) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return _none_yet(ask)
    mine = plan_of(ask, progress)
    found = _unit_named(mine, rest)
    if found is None:
        return _not_yet(ask, "")
    number, key, unit = found
    changed = plan.repeated(mine, progress, key)
    steps = ", ".join(str(step.number) for step in plan.steps(mine) if step.unit_key == key)
    blocks: list[Block] = [paragraph(ask.say("checkpoint_repeating", number=number, title=unit.title, steps=steps))]
    return _went_on(ask, mine, changed, blocks, undo=None)


# --- a picture -------------------------------------------------------------------------------------------------------


def _chart(ask: Ask, _rest: str) -> Turn:
    """Steps done by block, as a picture. What was left out is counted in neither."""
    progress = ask.state.person.progress
    if progress is None:
        return _none_yet(ask)
    mine = plan_of(ask, progress)
    wanted = [step for step in plan.mine(mine, progress) if step.key not in progress.skipped]
    blocks = []
    for key, title in mine.blocks.items():
        steps = [step for step in wanted if mine.units[step.unit_key].block == key]
        if steps:
            blocks.append((title, sum(step.key in progress.done for step in steps), len(steps)))
    return ask.answer(progress_chart(ask, mine.title, tuple(blocks)), Choices((_tap(ask, "show", "plan"),)), personal=True)


# --- shared ----------------------------------------------------------------------------------------------------------


def plan_of(ask: Ask, progress: Progress) -> Plan:
    """The plan that the progress belongs to; the shipped one if that plan's file is gone."""
    return ask.content.plans.get(progress.plan, ask.content.plans[THE_PLAN])


def _with(state: State, progress: Progress) -> State:
    return replace(state, person=replace(state.person, progress=progress))


def _none_yet(ask: Ask) -> Turn:
    taps = (_tap(ask, "start", "plan start"), _tap(ask, "units", "plan full"))
    return ask.answer(Paragraph(ask.line("plan_none")), Choices(taps), remember=False)


def _step_taps(ask: Ask, step: Numbered) -> tuple[Tap, ...]:
    """Done names its step, so that a second tap on an old message ticks nothing else."""
    return (
        _tap(ask, "done_step", f"done {step.number}", number=step.number),
        _tap(ask, "skip", f"skip {step.number}"),
        _tap(ask, "too_much", "too much"),
    )


def _tap(ask: Ask, name: str, action: str, **values: object) -> Tap:
    return Tap(ask.say(f"tap_plan_{name}", **values), action)


def _zone(ask: Ask) -> str:
    return local.known_zone(ask.state.person, ask.event) or local.HOME


def _lower_first(text: str) -> str:
    """A sentence's words inside another sentence: 'A report' → 'a report', 'CV bullets' stays."""
    return text[0].lower() + text[1:] if len(text) > 1 and not text[1].isupper() else text


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


_ROADS: Final[tuple[tuple[re.Pattern[str], Callable[[Ask, str], Turn]], ...]] = (
    (re.compile(r"start\b(.*)"), _start),
    (re.compile(r"restart\b(.*)"), _restart),
    (re.compile(r"(?:unit|week)\s+(\S.*)"), _unit),
    (re.compile(r"(?:full|all|units)\b(.*)"), _full),
    (re.compile(r"hours?\b(.*)"), _hours),
    (re.compile(r"first\s+(\d+)"), _first_weeks),
    (re.compile(r"need\s+(?:unit\s+)?(\S.*)"), _need),
    (re.compile(r"know\s+(?:unit\s+)?(\S.*)"), _know),
    (re.compile(r"background\s+(\S.*)"), _background),
    (re.compile(r"passed()\b"), _passed),
    (re.compile(r"not yet()\b"), _not_yet),
    (re.compile(r"repeat\s*(?:unit\s+)?(.*)"), _repeat),
    (re.compile(r"chart\b(.*)"), _chart),
)

HANDLERS: Final[dict[str, Handler]] = {"plan": show, "done": done, "skip": skip, "too-much": too_much}
