"""Done, skip, too much, and the checkpoints: everything that moves a plan on. Each can be undone by a tap."""

import re
from dataclasses import replace
from typing import Final

from bot import local, plan
from bot.asking import Ask, nodded
from bot.learning.shared import (
    bar,
    checkpoint_question,
    checkpoint_taps,
    end_words,
    lower_first,
    none_yet,
    plan_named,
    plan_of,
    step_taps,
    tap,
    unit_named,
    upper_first,
    with_progress,
    zone_name,
)
from bot.learning.starting import NUMBER, audited
from bot.plan import Numbered
from bot.recurrence import zone
from bot.reply import Block, Choices, Paragraph, Tap, paragraph
from bot.state import Progress
from bot.turn import Turn
from content.plan import Plan

_LINK = re.compile(r"https?://\S+")
_NUMBERED: Final = {
    word: number
    for number, names in enumerate(
        (
            *(
                "one first",
                "two second",
                "three third",
                "four fourth",
                "five fifth",
                "six sixth",
                "seven seventh",
                "eight eighth",
                "nine ninth",
            ),
            *("ten tenth", "eleven eleventh", "twelve twelfth"),
        ),
        1,
    )
    for word in names.split()
}
_WORDED: Final = re.compile(rf"(?:(?:the|step|number|task|no\.?) )*(?P<number>{'|'.join(_NUMBERED)})(?: (?:step|task|one))?", re.IGNORECASE)
_EMPTY_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the it it's its this that is was i i've ive have has my me of to and with for step steps task unit one ones week all"
        " next current last latest done finished finish complete completed ticked tick off mark marked as please yep yes ok just today yesterday now",
    )
)
"""Words that say 'finished' without saying what."""


def done(ask: Ask) -> Turn:
    """`done`, `done 8`, `done 8 https://…`, `done 1 and 2`, `done 8 undo`."""
    progress = ask.state.person.progress
    if progress is None:
        return _first_done(ask)
    mine = plan_of(ask, progress)
    link = _LINK.search(ask.words)
    words = _LINK.sub(" ", ask.words)
    numbers = _numbers(words)
    steps = {step.number: step for step in plan.steps(mine)}
    unknown = [number for number in numbers if number not in steps]
    if unknown:
        return ask.answer(Paragraph(ask.line("done_unknown", said=unknown[0], last=len(steps))), personal=True, remember=False)
    if not numbers:
        return _done_next(ask, mine, progress, words or ask.sentence(), link[0] if link else "")
    if re.search(r"\bundo\b|\bnot\b|\bundone\b", words.lower()):
        return _undone(ask, mine, progress, steps[numbers[0]])
    return _ticked(ask, mine, progress, tuple(steps[number] for number in numbers), link[0] if link else "")


def _numbers(words: str) -> tuple[int, ...]:
    """The step numbers in these words: figures anywhere, a word or an ordinal where it stands alone ('done two', 'skip the first')."""
    if figures := tuple(dict.fromkeys(int(number) for number in NUMBER.findall(words))):
        return figures
    parts = [part.strip() for part in re.split(r",|&|\band\b", words.strip().lower()) if part.strip()]
    worded = [_WORDED.fullmatch(part) for part in parts]
    return tuple(_NUMBERED[hit["number"]] for hit in worded if hit) if all(worded) else ()


def _done_next(ask: Ask, mine: Plan, progress: Progress, words: str, link: str) -> Turn:
    """No number: the step that is next, unless the words are about some other one; then the choice is the person's."""
    open_steps = plan.open_steps(mine, progress)
    if not open_steps:
        return ask.answer(paragraph(ask.say("done_nothing_open")), Choices((tap(ask, "show", "plan"),)), personal=True)
    about = _about(words)
    shared = {step.key: len(about & _about(f"{step.step.title} {step.unit.title} {step.step.do}")) for step in open_steps}
    likely = sorted(open_steps, key=lambda step: -shared[step.key])
    most = shared[likely[0].key]
    if not about or (likely[0] is open_steps[0] and list(shared.values()).count(most) == 1):
        return _ticked(ask, mine, progress, open_steps[:1], link)
    offered = sorted(likely[:3], key=lambda step: step.number)
    taps = tuple(Tap(f"{step.number}. {step.step.title}", f"done {step.number}") for step in offered)
    return ask.answer(paragraph(ask.say("done_which")), Choices(taps), personal=True, remember=False)


def _first_done(ask: Ask) -> Turn:
    """'done' without a plan, after a nudge that suggested the first step: the plan begins, and that step is ticked."""
    person = ask.state.person
    if ask.words.strip() or not any(one.last_template in ask.content.nudges.no_plan for one in person.subscriptions):
        return none_yet(ask)
    key, mine = plan_named(ask)
    hours = person.profile.hours or plan.USUAL_HOURS
    chosen = audited(ask, mine)
    today = local.today(person, ask.event)
    begun = plan.begin(key, mine, today, hours=hours, background=person.profile.background, chosen=chosen)
    values = {"units": len(plan.units(mine, begun)), "left": plan.hours_left(mine, begun), "hours": local.hours(hours)}
    turn = _ticked(ask, mine, begun, plan.open_steps(mine, begun)[:1], "")
    reply = turn.replies[0]
    return replace(turn, replies=(replace(reply, blocks=(Paragraph(ask.line("plan_begun_by_done", **values)), *reply.blocks)),))


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
        ticked_on = local.day(progress.done[step.key][0].astimezone(zone(zone_name(ask))).date())
        blocks.append(paragraph(ask.say("done_already", number=step.number, step=step.step.title, day=ticked_on)))
    elif len(fresh) == 1:
        blocks.append(Paragraph(ask.line("done_ticked", number=fresh[0].number, step=upper_first(fresh[0].step.title))))
    else:
        blocks.append(Paragraph(ask.line("done_ticked_many", numbers=", ".join(str(step.number) for step in fresh))))
    if link:
        blocks.append(paragraph(ask.say("done_link_kept", number=steps[0].number)))
    if fresh:
        blocks += _after_step(ask, mine, changed, fresh[-1], ask_for_link=not link)
    turn = _went_on(ask, mine, changed, blocks, undo=fresh[-1] if fresh else None)
    return nodded(turn) if fresh else turn


def _after_step(ask: Ask, mine: Plan, progress: Progress, step: Numbered, *, ask_for_link: bool) -> list[Block]:
    """What closing a step brings about: a unit closed, evidence asked for, a checkpoint, an audit."""
    if not plan.unit_closed(mine, progress, step.unit_key):
        return []
    blocks: list[Block] = [paragraph(ask.say("done_unit", number=step.unit_number, title=step.unit.title))]
    if ask_for_link:
        blocks.append(Paragraph(ask.line("done_evidence", evidence=lower_first(step.unit.evidence), number=step.number)))
    if step.unit.audit_again:
        blocks.append(paragraph(ask.say("done_reaudit")))
    return blocks


def _went_on(ask: Ask, mine: Plan, progress: Progress, blocks: list[Block], *, undo: Numbered | None) -> Turn:
    """The end of every answer that moved the plan: the checkpoint if one waits, else the next step; progress; taps."""
    step = plan.next_step(mine, progress)
    checkpoint = plan.pending_checkpoint(mine, progress)
    state = with_progress(ask.state, progress)
    back = (tap(ask, "undo", f"done {undo.number} undo"),) if undo else ()
    if checkpoint:
        blocks += [*checkpoint_question(ask, mine, checkpoint), bar(ask, mine, progress)]
        return ask.answer(*blocks, Choices((*checkpoint_taps(ask), *back), yes_or_no=True), personal=True, state=state)
    if step is None:
        words = ask.say("plan_finished", done=len(progress.done), skipped=len(progress.skipped), promise=mine.promise)
        blocks += [paragraph(words), bar(ask, mine, progress)]
        return ask.answer(*blocks, Choices((tap(ask, "units", "plan full"), *back)), personal=True, state=state)
    first = local.minutes(step.step.first_minutes)
    blocks += [
        Paragraph(ask.line("done_next", number=step.number, step=step.step.title, minutes=first, first=step.step.first)),
        bar(ask, mine, progress),
    ]
    return ask.answer(*blocks, Choices((*step_taps(ask, step), *back)), personal=True, state=state)


def _undone(ask: Ask, mine: Plan, progress: Progress, step: Numbered) -> Turn:
    phrase = "done_undone" if plan.closed(progress, step.key) else "done_was_open"
    changed = plan.undone(progress, step.key)
    blocks: list[Block] = [paragraph(ask.say(phrase, number=step.number, step=step.step.title)), bar(ask, mine, changed)]
    return ask.answer(
        *blocks, Choices((*step_taps(ask, step), tap(ask, "show", "plan"))), personal=True, state=with_progress(ask.state, changed)
    )


def skip(ask: Ask) -> Turn:
    """`skip` leaves the next step out, `skip 8` that one."""
    progress = ask.state.person.progress
    if progress is None:
        return none_yet(ask)
    mine = plan_of(ask, progress)
    number = next(iter(_numbers(ask.words)), None)
    steps = {step.number: step for step in plan.steps(mine)}
    step = steps.get(number) if number is not None else plan.next_step(mine, progress)
    if step is None:
        phrase = "done_unknown" if number is not None else "done_nothing_open"
        said = number if number is not None else ""
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
        return none_yet(ask)
    mine = plan_of(ask, progress)
    changed = plan.eased(progress)
    if changed.hours >= progress.hours:
        taps = (tap(ask, "skip", "skip"), Tap(ask.say("tap_plan_pause"), "pause"), tap(ask, "show", "plan"))
        return ask.answer(Paragraph(ask.line("ease_least")), Choices(taps), personal=True)
    laid = plan.weeks(mine, changed, local.today(ask.state.person, ask.event), zone_name(ask))
    before, after = local.hours(progress.hours), local.hours(changed.hours)
    blocks: list[Block] = [Paragraph(ask.line("ease_done", hours=after, before=before, end=end_words(ask, laid)))]
    if step := plan.next_step(mine, changed):
        minutes = local.minutes(step.step.first_minutes)
        blocks.append(paragraph(ask.say("ease_next", minutes=minutes, first=step.step.first)))
    undo = tap(ask, "undo", f"plan hours {progress.hours:g}")
    return ask.answer(*blocks, Choices((undo, tap(ask, "show", "plan"))), personal=True, state=with_progress(ask.state, changed))


def passed(ask: Ask, _rest: str) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return none_yet(ask)
    mine = plan_of(ask, progress)
    checkpoint = plan.pending_checkpoint(mine, progress)
    if not checkpoint:
        return ask.answer(paragraph(ask.say("checkpoint_none")), Choices((tap(ask, "show", "plan"),)), personal=True)
    changed = replace(progress, checkpoints={**progress.checkpoints, checkpoint: "passed"})
    return _went_on(ask, mine, changed, [paragraph(ask.say("checkpoint_passed"))], undo=None)


def not_yet(ask: Ask, _rest: str) -> Turn:
    progress = ask.state.person.progress
    checkpoint = plan.pending_checkpoint(plan_of(ask, progress), progress) if progress else ""
    if progress is None or not checkpoint:
        return ask.answer(paragraph(ask.say("checkpoint_none")), Choices((tap(ask, "show", "plan"),)), personal=True)
    mine = plan_of(ask, progress)
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    taps = tuple(
        Tap(f"{numbers[key]}. {mine.units[key].title}", f"plan repeat {numbers[key]}")
        for key in plan.weakest(mine, progress, checkpoint)[:4]
    )
    return ask.answer(paragraph(ask.say("checkpoint_repeat")), Choices(taps), personal=True)


def repeat_unit(ask: Ask, rest: str) -> Turn:
    progress = ask.state.person.progress
    if progress is None:
        return none_yet(ask)
    mine = plan_of(ask, progress)
    found = unit_named(mine, rest)
    if found is None:
        return not_yet(ask, "")
    number, key, unit = found
    changed = plan.repeated(mine, progress, key)
    steps = ", ".join(str(step.number) for step in plan.steps(mine) if step.unit_key == key)
    blocks: list[Block] = [paragraph(ask.say("checkpoint_repeating", number=number, title=unit.title, steps=steps))]
    return _went_on(ask, mine, changed, blocks, undo=None)
