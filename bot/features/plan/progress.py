"""Done, skip, too much, and the checkpoints: everything that moves a plan on.

Each can be undone by a tap.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.calculators.study_plan import Numbered
from bot.core import local_time
from bot.core.reply import Block, Choices, Paragraph, Tap, buttons, paragraph
from bot.core.request import Request, with_reaction
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.features.plan.setup import audited
from bot.features.plan.shared import (
    bar,
    checkpoint_offer,
    checkpoint_question,
    checkpoint_taps,
    lower_first,
    none_yet,
    page_key,
    plan_named,
    plan_of,
    quiz_taps,
    reach_line,
    read_line,
    step_taps,
    tap,
    unit_named,
    upper_first,
    with_progress,
    zone_name,
)
from bot.features.plan.step_numbers import step_numbers
from content.plan import Plan
from scheduler.civil_time import zone

_LINK = re.compile(r"https?://\S+")
_UNIT: Final = re.compile(r"\bunit\s{1,3}(?P<n>\d{1,2})\b", re.IGNORECASE)
_IN_DOUBT: Final = re.compile(
    r"^\s{0,3}\?{1,9}\s{0,3}$|\b(?:all|everything)\W{0,5}$", re.IGNORECASE
)
"""'done?' and 'done all': a question, and more than anybody ticks unasked."""
_HAS_LETTERS: Final = re.compile(r"[a-z]", re.IGNORECASE)
_WITH_WORDS: Final = re.compile(
    r"(?:(?:step|number|task|no\.?)\s{0,3})?"
    r"(?P<numbers>\d{1,2}(?:\s{0,3}(?:,|&|\band\b)\s{0,3}\d{1,2}){0,60})\b(?!\.\d)"
    r"[\s:,–-]{1,6}(?P<shown>(?![\s:,–-]).{1,4000})",
    re.IGNORECASE | re.DOTALL,
)
_FILE: Final = re.compile(r"(?<![\w-])[\w-]{1,60}\.[a-z]\w{1,4}", re.IGNORECASE)
LONGEST_EVIDENCE: Final = 200
_GOES_ON: Final = frozenset(
    """
    but not or and to except until till through of in from plus unit week as
    """.split()
)
"""What follows a number before more about steps, and not before words on what shows the work."""
_WHOLE_OF_IT: Final = re.compile(r"\ball of (?:it|this|that)\b")
"""The step in hand, and no more: 'all' alone is another matter."""
_EMPTY_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the it it's its this that is was i i've ive have has my me of to and with for "
        "step steps task one"
        " thanks thank you cheers great good at today's morning tonight night"
        " next current last latest done finished finish complete completed ticked tick off "
        "mark marked as please yep yes ok just today yesterday now",
    )
)
"""Words that say 'finished' without saying what."""


def done(request: Request) -> Turn:
    """`done`, `done 8`, `done 8 https://…`, `done 1 and 2`, `done 8 undo`."""
    progress = request.state.person.progress
    if progress is None:
        return _first_done(request)
    mine = plan_of(request, progress)
    link = _LINK.search(request.words)
    words = _LINK.sub(" ", request.words)
    told = _WITH_WORDS.fullmatch(words.strip())
    if not (told and _HAS_LETTERS.search(told["shown"])):
        told = None
    if told and shows_work(told["shown"], beside_link=link is not None):
        return _keep_evidence_words(request, mine, progress, told)
    numbers = step_numbers(words)
    if numbers is None or _IN_DOUBT.search(words):
        return _ask_which(request, mine, progress, words)
    steps = {step.number: step for step in study_plan.steps(mine)}
    unknown = [number for number in numbers if number not in steps]
    if unknown:
        return _no_such_step(request, unknown, steps)
    if not numbers:
        return _tick_next(
            request, mine, progress, words or request.sentence(), link[0] if link else ""
        )
    if re.search(r"\bundo\b|\bnot\b|\bundone\b", words.lower()):
        return _untick(request, mine, progress, steps[numbers[0]])
    return _tick(
        request, mine, progress, tuple(steps[number] for number in numbers), link[0] if link else ""
    )


def shows_work(words: str, *, beside_link: bool = False) -> bool:
    """Whether the words name something that shows work: a link, a file,
    or a sentence of its own.
    """
    first, *_ = words.lower().split()
    if first in _GOES_ON:
        return False
    return beside_link or len(_about(words)) > 1 or bool(_FILE.search(words))


def _keep_evidence_words(
    request: Request, mine: Plan, progress: Progress, told: re.Match[str]
) -> Turn:
    """'done 3 report.pdf', 'done 3 cut the latency to 220 ms': the steps and what shows them."""
    steps = {step.number: step for step in study_plan.steps(mine)}
    numbers = [int(number) for number in re.findall(r"\d+", told["numbers"])]
    unknown = [number for number in numbers if number not in steps]
    if unknown:
        return _no_such_step(request, unknown, steps)
    link = _LINK.search(request.words)
    if link:
        shown = link[0]
    else:
        shown = told["shown"].strip()[:LONGEST_EVIDENCE]
    return _tick(request, mine, progress, tuple(steps[number] for number in numbers), shown)


def _tick_next(request: Request, mine: Plan, progress: Progress, words: str, link: str) -> Turn:
    """No number: the step that is next, unless the words are about some other one;
    then the choice is the person's.
    """
    open_steps = study_plan.open_steps(mine, progress)
    if not open_steps:
        return request.answer(
            paragraph(request.text("done_nothing_open")),
            Choices((tap(request, "show", "plan"),)),
            personal=True,
        )
    about = _about(words)
    shared = {step.key: _overlap(about, step) for step in open_steps}
    likely = sorted(open_steps, key=lambda step: -shared[step.key])
    most = shared[likely[0].key]
    if not about or (likely[0] is open_steps[0] and list(shared.values()).count(most) == 1):
        return _tick(request, mine, progress, open_steps[:1], link)
    nearest = [step for step in likely if shared[step.key] == most]
    in_hand = [step for step in nearest if step.unit_key == open_steps[0].unit_key]
    if link and (not most or len(nearest) == 1 or len(in_hand) == 1):
        return _tick(request, mine, progress, tuple((in_hand or nearest)[:1]), link)
    return _which(request, likely[:3])


def _overlap(about: set[str], step: Numbered) -> int:
    """How much of these words a step has: its title counts twice."""
    title = about & _about(step.step.title)
    return len(title) + len(about & _about(f"{step.step.title} {step.unit.title} {step.step.do}"))


def _ask_which(request: Request, mine: Plan, progress: Progress, words: str) -> Turn:
    """Numbers that name no step: the open steps of the unit that is named,
    else those that are next.
    """
    open_steps = study_plan.open_steps(mine, progress)
    named = _UNIT.search(words)
    of_unit = [step for step in open_steps if named and step.unit_number == int(named["n"])]
    return _which(request, (of_unit or open_steps)[:3])


def _which(request: Request, steps: Sequence[Numbered]) -> Turn:
    offered = sorted(steps, key=lambda step: step.number)
    taps = tuple(
        Tap(f"{step.number}. {step.step.title}", f"done {step.number}") for step in offered
    )
    return request.answer(
        paragraph(request.text("done_which")), Choices(taps), personal=True, remember=False
    )


def _first_done(request: Request) -> Turn:
    """'done' without a plan, after a nudge that suggested the first step: the plan begins,
    and that step is ticked.
    """
    person = request.state.person
    if request.words.strip() or not any(
        one.last_template in request.content.nudges.no_plan for one in person.subscriptions
    ):
        return none_yet(request)
    key, mine = plan_named(request)
    hours = person.profile.hours or study_plan.USUAL_HOURS
    chosen = audited(request, mine)
    today = local_time.today(person, request.event)
    begun = study_plan.begin(
        key, mine, today, hours=hours, background=person.profile.background, chosen=chosen
    )
    values = {
        "units": len(study_plan.units(mine, begun)),
        "left": study_plan.hours_left(mine, begun),
        "hours": local_time.hours(hours),
    }
    turn = _tick(request, mine, begun, study_plan.open_steps(mine, begun)[:1], "")
    reply = turn.replies[0]
    return replace(
        turn,
        replies=(
            replace(
                reply,
                blocks=(Paragraph(request.spans("plan_begun_by_done", **values)), *reply.blocks),
            ),
        ),
    )


def _about(words: str) -> set[str]:
    told = _WHOLE_OF_IT.sub("it", words.lower())
    return {word for word in re.findall(r"[a-z']{2,}", told) if word not in _EMPTY_WORDS}


def _tick(
    request: Request, mine: Plan, progress: Progress, steps: tuple[Numbered, ...], link: str
) -> Turn:
    fresh = tuple(step for step in steps if step.key not in progress.done)
    changed = progress
    for step in steps:
        changed = study_plan.tick(changed, step.key, request.event.at, link)
    blocks: list[Block] = []
    if not fresh and not link:
        step = steps[0]
        ticked_on = local_time.day(
            progress.done[step.key][0].astimezone(zone(zone_name(request))).date()
        )
        blocks.append(
            paragraph(
                request.text(
                    "done_already", number=step.number, step=step.step.title, day=ticked_on
                )
            )
        )
    if len(fresh) == 1:
        blocks.append(
            Paragraph(
                request.spans(
                    "done_ticked", number=fresh[0].number, step=upper_first(fresh[0].step.title)
                )
            )
        )
    if len(fresh) > 1:
        blocks.append(
            Paragraph(
                request.spans(
                    "done_ticked_many", numbers=", ".join(str(step.number) for step in fresh)
                )
            )
        )
    if link:
        if _LINK.match(link):
            phrase = "done_link_kept"
        else:
            phrase = "done_words_kept"
        blocks.append(paragraph(request.text(phrase, number=steps[0].number, shown=link)))
    if fresh:
        blocks += _after_step(request, mine, changed, fresh[-1], ask_for_link=not link)
    turn = _went_on(request, mine, changed, blocks, undo=fresh[-1] if fresh else None)
    if fresh:
        return with_reaction(turn)
    return turn


def _after_step(
    request: Request, mine: Plan, progress: Progress, step: Numbered, *, ask_for_link: bool
) -> list[Block]:
    """What closing a step brings about: a unit closed, evidence asked for, a checkpoint,
    an audit.
    """
    if not study_plan.unit_closed(mine, progress, step.unit_key):
        return []
    blocks: list[Block] = [
        paragraph(request.text("done_unit", number=step.unit_number, title=step.unit.title))
    ]
    if ask_for_link:
        blocks.append(
            Paragraph(
                request.spans(
                    "done_evidence", evidence=lower_first(step.unit.evidence), number=step.number
                )
            )
        )
    if step.unit.audit_again:
        blocks.append(paragraph(request.text("done_reaudit")))
    return blocks


def _went_on(
    request: Request, mine: Plan, progress: Progress, blocks: list[Block], *, undo: Numbered | None
) -> Turn:
    """The end of every answer that moved the plan: the checkpoint if one waits,
    else the next step; progress; taps.
    """
    step = study_plan.next_step(mine, progress)
    checkpoint = study_plan.pending_checkpoint(mine, progress)
    if undo:
        back = _back_taps(request, mine, progress, undo)
    else:
        back = ()
    if checkpoint and checkpoint not in progress.checkpoints:
        return _checkpoint_put(request, mine, progress, blocks, back)
    state = with_progress(request.state, progress)
    offer = checkpoint_offer(request, mine, progress)
    if step is None:
        words = request.text(
            "plan_finished",
            done=len(progress.done),
            skipped=len(progress.skipped),
            promise=mine.promise,
        )
        blocks += [paragraph(words), bar(request, mine, progress)]
        return request.answer(
            *blocks,
            Choices((*offer, tap(request, "units", "plan full"), *back)),
            personal=True,
            state=state,
        )
    first = local_time.minutes(step.step.first_minutes)
    blocks += [
        Paragraph(
            request.spans(
                "done_next",
                number=step.number,
                step=step.step.title,
                minutes=first,
                first=step.step.first,
            )
        ),
        read_line(request, mine, step),
        bar(request, mine, progress),
    ]
    return request.answer(
        *blocks,
        Choices((*step_taps(request, step), *offer, *back)),
        personal=True,
        state=state,
        sources=(page_key(request, mine, step.step.resource),),
    )


def _back_taps(request: Request, mine: Plan, progress: Progress, step: Numbered) -> tuple[Tap, ...]:
    """What looks back at the step just closed: questions on its unit once that is closed too,
    and undoing it.
    """
    undo = tap(request, "undo", f"done {step.number} undo")
    asked = study_plan.unit_closed(mine, progress, step.unit_key)
    if asked:
        return (*quiz_taps(request, step.unit_key, step.unit_number), undo)
    return (undo,)


def _checkpoint_put(
    request: Request,
    mine: Plan,
    progress: Progress,
    blocks: list[Block],
    back: tuple[Tap, ...],
) -> Turn:
    """The question of the checkpoint that waits, once: after that it is a tap beside others."""
    unit_key = study_plan.pending_checkpoint(mine, progress)
    blocks = [*blocks, *checkpoint_question(request, mine, unit_key), bar(request, mine, progress)]
    return request.answer(
        *blocks,
        Choices((*checkpoint_taps(request), *back), yes_or_no=True),
        personal=True,
        state=with_progress(request.state, study_plan.note_checkpoint(progress, unit_key)),
    )


def put_checkpoint(request: Request, _rest: str) -> Turn:
    """`plan checkpoint`: the one that waits, asked for by the person."""
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    if not study_plan.pending_checkpoint(mine, progress):
        return _no_checkpoint(request)
    return _checkpoint_put(request, mine, progress, [], ())


def _no_checkpoint(request: Request) -> Turn:
    return request.answer(
        paragraph(request.text("checkpoint_none")),
        Choices((tap(request, "show", "plan"),)),
        personal=True,
    )


def _untick(request: Request, mine: Plan, progress: Progress, step: Numbered) -> Turn:
    if study_plan.is_closed(progress, step.key):
        phrase = "done_undone"
    else:
        phrase = "done_was_open"
    changed = study_plan.untick(progress, step.key)
    blocks: list[Block] = [
        paragraph(request.text(phrase, number=step.number, step=step.step.title)),
        bar(request, mine, changed),
    ]
    return request.answer(
        *blocks,
        Choices((*step_taps(request, step), tap(request, "show", "plan"))),
        personal=True,
        state=with_progress(request.state, changed),
    )


def skip(request: Request) -> Turn:
    """`skip` leaves the next step out, `skip 8` that one, `skip 8-10` all three."""
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    numbers = step_numbers(request.words)
    if numbers is None:
        return _skip_which(request, mine, progress)
    steps = {step.number: step for step in study_plan.steps(mine)}
    following = study_plan.next_step(mine, progress)
    meant = tuple(steps.get(number) for number in numbers) or (following,)
    chosen = tuple(step for step in meant if step is not None)
    if len(chosen) < len(meant):
        return _no_such_step(request, [number for number in numbers if number not in steps], steps)
    fresh = tuple(step for step in chosen if not study_plan.is_closed(progress, step.key))
    if not fresh:
        number, title = chosen[0].number, chosen[0].step.title
        return request.answer(
            paragraph(request.text("skip_already", number=number, step=title)),
            personal=True,
            remember=False,
        )
    return _leave_out(request, mine, progress, fresh)


def _leave_out(request: Request, mine: Plan, progress: Progress, fresh: Sequence[Numbered]) -> Turn:
    changed = progress
    for step in fresh:
        changed = study_plan.skip(changed, step.key)
    last = fresh[-1]
    numbers = ", ".join(str(step.number) for step in fresh)
    if len(fresh) == 1:
        phrase = "skip_done"
    else:
        phrase = "skip_done_many"
    said = request.spans(phrase, number=last.number, step=last.step.title, numbers=numbers)
    blocks: list[Block] = [Paragraph(said)]
    blocks += _after_step(request, mine, changed, last, ask_for_link=False)
    return _went_on(request, mine, changed, blocks, undo=last)


def _no_such_step(request: Request, unknown: Sequence[int], steps: Mapping[int, Numbered]) -> Turn:
    if unknown:
        phrase = "done_unknown"
    else:
        phrase = "done_nothing_open"
    said = next(iter(unknown), "")
    return request.answer(
        Paragraph(request.spans(phrase, said=said, last=len(steps))),
        personal=True,
        remember=False,
    )


def _skip_which(request: Request, mine: Plan, progress: Progress) -> Turn:
    """'skip 2 days', 'skip until 12/12': a step to leave out, or the reminders to put off."""
    step = study_plan.next_step(mine, progress)
    leave: tuple[Tap, ...] = ()
    if step:
        leave = (Tap(request.text("tap_skip_step", number=step.number), f"skip {step.number}"),)
    later = buttons(
        [(request.text("tap_snooze_words", words=request.words), f"snooze {request.words}")]
    )
    return request.answer(
        paragraph(request.text("skip_which")),
        Choices((*leave, *later)),
        personal=True,
        remember=False,
    )


def too_much(request: Request) -> Turn:
    """A quarter less a week; the rest of the plan is laid out anew."""
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    changed = study_plan.ease(progress)
    if changed.hours >= progress.hours:
        taps = (
            tap(request, "skip", "skip"),
            Tap(request.text("tap_plan_pause"), "pause"),
            tap(request, "show", "plan"),
        )
        return request.answer(Paragraph(request.spans("ease_least")), Choices(taps), personal=True)
    laid = study_plan.weeks(
        mine, changed, local_time.today(request.state.person, request.event), zone_name(request)
    )
    before, after = local_time.hours(progress.hours), local_time.hours(changed.hours)
    blocks: list[Block] = [
        Paragraph(request.spans("ease_done", hours=after, before=before)),
        reach_line(request, mine, laid),
    ]
    if step := study_plan.next_step(mine, changed):
        minutes = local_time.minutes(step.step.first_minutes)
        blocks.append(paragraph(request.text("ease_next", minutes=minutes, first=step.step.first)))
    undo = tap(request, "undo", f"plan hours {progress.hours:g}")
    return request.answer(
        *blocks,
        Choices((undo, tap(request, "show", "plan"))),
        personal=True,
        state=with_progress(request.state, changed),
    )


def passed(request: Request, _rest: str) -> Turn:
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    checkpoint = study_plan.pending_checkpoint(mine, progress)
    if not checkpoint:
        return _no_checkpoint(request)
    changed = replace(progress, checkpoints={**progress.checkpoints, checkpoint: "passed"})
    return _went_on(
        request, mine, changed, [paragraph(request.text("checkpoint_passed"))], undo=None
    )


def not_yet(request: Request, _rest: str) -> Turn:
    progress = request.state.person.progress
    if progress:
        checkpoint = study_plan.pending_checkpoint(plan_of(request, progress), progress)
    else:
        checkpoint = ""
    if progress is None or not checkpoint:
        return _no_checkpoint(request)
    mine = plan_of(request, progress)
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    taps = tuple(
        Tap(f"{numbers[key]}. {mine.units[key].title}", f"plan repeat {numbers[key]}")
        for key in study_plan.weakest(mine, progress, checkpoint)[:4]
    )
    return request.answer(
        paragraph(request.text("checkpoint_repeat")), Choices(taps), personal=True
    )


def repeat_unit(request: Request, rest: str) -> Turn:
    progress = request.state.person.progress
    if progress is None:
        return none_yet(request)
    mine = plan_of(request, progress)
    found = unit_named(mine, rest)
    if found is None:
        return not_yet(request, "")
    number, key, unit = found
    changed = study_plan.repeat(mine, progress, key)
    steps = ", ".join(str(step.number) for step in study_plan.steps(mine) if step.unit_key == key)
    blocks: list[Block] = [
        paragraph(
            request.text("checkpoint_repeating", number=number, title=unit.title, steps=steps)
        )
    ]
    return _went_on(request, mine, changed, blocks, undo=None)
