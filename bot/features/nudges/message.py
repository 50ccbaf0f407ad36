"""What a nudge says when its slot comes: the task and its minutes, one page to read, what was
closed, and last why it came.

Whether it is still wanted is looked at again here, the moment before it goes out. A nudge never
counts weeks aloud and never reproaches.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.events import Due
from bot.core.reply import Block, Choices, Emphasis, Paragraph, Tap, Text
from bot.core.request import Request, marked
from bot.core.state import NudgeMemory, Person, Progress, Subscription
from bot.core.turn import Turn
from bot.features.about import news
from bot.features.learning import due_line
from bot.features.nudges import reminder_delivery
from bot.features.nudges.rules import slot_words
from bot.features.plan import bar, opening_tap, plan_of, read_line
from scheduler.civil_time import is_month, zone
from scheduler.recurrence import coming, is_paused_at, next_due

RECENT: Final = timedelta(hours=24)
"""A step ticked so lately is praised, and nothing is due."""
LIGHTER_AFTER: Final = 2
ASK_AFTER: Final = 3
MONTHLY_AFTER: Final = 4
SILENT_AFTER: Final = 6
"""Nudges in a row without any sign of life after which: a smaller bite, the question,
once a month, the last one.
"""
FADE_AFTER: Final = 6
"""Weeks with a step done after which a slower pace is offered."""
MOST_CLOSED: Final = 3
"""Steps named as closed since the last nudge; whoever closed more knows it."""
BREAK_BEGINS: Final = (12, 15)
BREAK_ENDS: Final = (1, 7)
"""Month and day: within these a pause is offered, once; it ends on the latter."""


def due(request: Request, event: Due) -> Turn:
    """The nudge or reminder for this occurrence, or nothing if it was stopped, paused,
    moved or sent meanwhile.
    """
    if once := reminder_delivery.told(request, event):
        return once
    person = request.state.person
    rule = next((one for one in person.subscriptions if one.id == event.subscription), None)
    if rule is None or not _is_wanted(rule, event, request.event.at):
        return Turn(state=request.state)
    situation = _situation(request, rule)
    group: Mapping[str, tuple[str, ...]] = getattr(request.content.nudges, situation)
    template = _in_turn(group, person.nudges.templates.get(situation, ""))
    sent = _after(request, rule, event, template)
    blanks = _blanks(request, rule)
    blocks: list[Block] = [_line(text, blanks) for text in group[template]]
    blocks += _about_plan(request, situation)
    question, taps = _afterthought(request, rule, sent, blanks)
    blocks += question
    told, following = news.under_nudge(request)
    blocks += told
    asked, quiz_taps = due_line(request)
    blocks += asked
    if rule.ends_on and next_due(sent, request.event.at) is None:
        blocks.append(Paragraph(request.spans("nudge_was_last")))
    nudges = request.content.nudges
    blocks.append(_small(nudges.why_again if event.resend else nudges.why, blanks))
    memory = _memory_after(request, rule, {situation: template}, question)
    after = replace(_with_rule(person, sent), nudges=memory, following=following)
    turn = request.answer(
        *blocks,
        Choices((*(taps or _taps(request)), *quiz_taps)),
        personal=True,
        state=replace(request.state, person=after),
        remember=False,
        in_place=False,
    )
    return replace(turn, sends_nudge=True)


def _memory_after(
    request: Request, rule: Subscription, said: Mapping[str, str], question: list[Block]
) -> NudgeMemory:
    """What is known of nudges sent: the words said last, and a break that was offered."""
    before = request.state.person.nudges
    memory = replace(before, last_at=request.event.at, templates={**before.templates, **said})
    if question and question == _break(request, rule)[0]:
        return replace(memory, break_offered=_season(_local_day(request, rule)))
    return memory


def seen(person: Person, now: datetime) -> Person:
    """The person wrote or tapped: nothing counts as unanswered any more,
    and what had fallen silent comes again.
    """
    if not any(one.ignored for one in person.subscriptions):
        return person
    if person.profile.skip_holidays:
        free = person.profile.region
    else:
        free = ""
    return replace(
        person, subscriptions=tuple(_awake(one, now, free) for one in person.subscriptions)
    )


def _awake(rule: Subscription, now: datetime, free: str) -> Subscription:
    """Out of silence it comes at the pace that was told last;
    'once a month' stays until the person says another.
    """
    rule = replace(rule, ignored=0)
    if rule.pace != "silent":
        return rule
    rule = replace(rule, pace="monthly")
    return replace(rule, next_due_at=coming(rule, now, holidays_of=free))


def _is_wanted(rule: Subscription, event: Due, now: datetime) -> bool:
    if not rule.active or is_paused_at(rule, now) or is_month(event.week) != bool(rule.nth):
        return False
    if event.resend:
        return rule.sent_week == event.week and rule.resend == event.resend
    return rule.sent_week < event.week


def _situation(request: Request, rule: Subscription) -> str:
    """The name of the templates that fit: a field of the content's nudges."""
    progress = request.state.person.progress
    if progress is None:
        return "no_plan"
    if study_plan.next_step(plan_of(request, progress), progress) is None:
        return "finished"
    if _has_worked_since(progress, request.event.at - RECENT):
        return "after_work"
    if rule.ignored >= LIGHTER_AFTER:
        return "light"
    return "going"


def _about_plan(request: Request, situation: str) -> list[Block]:
    """One page to read, what was closed since the last nudge, and how far along it is."""
    progress = request.state.person.progress
    if progress is None:
        return []
    mine = plan_of(request, progress)
    blocks: list[Block] = []
    step = study_plan.next_step(mine, progress)
    if step and situation in ("going", "light"):
        blocks.append(read_line(request, mine, step))
    blocks += _visas_closed(request, progress)
    return [*blocks, bar(request, mine, progress)]


def _visas_closed(request: Request, progress: Progress) -> list[Block]:
    last = request.state.person.nudges.last_at
    if last is None:
        return []
    closed = [
        request.text("nudge_closed_step", number=step.number, step=step.step.title)
        for step in study_plan.steps(plan_of(request, progress))
        if step.key in progress.done and progress.done[step.key][0] > last
    ]
    if not closed:
        return []
    words = request.content.nudges.closed_since
    return [_line(words, {"steps": " · ".join(closed[-MOST_CLOSED:])})]


def _has_worked_since(progress: Progress, since: datetime) -> bool:
    return any(when >= since for when, _ in progress.done.values())


def _in_turn(group: Mapping[str, tuple[str, ...]], last: str) -> str:
    """The template after the last one; the first where the last was of another situation."""
    names = tuple(group)
    if last in names:
        return names[(names.index(last) + 1) % len(names)]
    return names[0]


def _line(text: str, blanks: Mapping[str, object]) -> Paragraph:
    return Paragraph(marked(text, blanks))


def _small(text: str, blanks: Mapping[str, object]) -> Paragraph:
    """A line that is there for whoever looks for it."""
    spans = marked(text, blanks)
    return Paragraph(
        tuple(Emphasis(span.text) if isinstance(span, Text) else span for span in spans)
    )


def _blanks(request: Request, rule: Subscription) -> Mapping[str, object]:
    """What a template may speak of."""
    slot = f"{slot_words(request, rule)} {local_time.clock(rule.local_time)}"
    values: dict[str, object] = {"slot": slot, "pace": request.text(f"pace_name_{rule.pace}")}
    progress = request.state.person.progress
    if progress and (step := study_plan.next_step(plan_of(request, progress), progress)):
        keys = [f"{step.unit_key}.{key}" for key in step.unit.steps]
        values |= {
            "number": step.number,
            "step": step.step.title,
            "closed": sum(study_plan.is_closed(progress, key) for key in keys),
            "total": len(keys),
            "unit": step.unit.title,
            "minutes": local_time.minutes(step.step.first_minutes),
            "first": step.step.first,
            "smaller": step.step.smaller,
        }
    return values


def _after(request: Request, rule: Subscription, event: Due, template: str) -> Subscription:
    """The subscription once this nudge is out."""
    now = request.event.at
    progress = request.state.person.progress
    worked = progress is not None and _has_worked_since(progress, now - timedelta(days=7))
    if not worked or rule.good_weeks >= FADE_AFTER:
        good = 0
    else:
        good = rule.good_weeks + (event.resend == 0)
    sent = replace(
        rule,
        sent_week=max(rule.sent_week, event.week),
        resend=event.resend,
        snoozed_until=rule.snoozed_until
        if rule.snoozed_until and rule.snoozed_until > now
        else None,
        ignored=rule.ignored + 1,
        last_template=template,
        good_weeks=good,
    )
    pace = _pace(rule)
    if pace == rule.pace:
        return sent
    profile = request.state.person.profile
    sent = replace(sent, pace=pace)
    return replace(
        sent,
        next_due_at=next_due(
            sent, now, holidays_of=profile.region if profile.skip_holidays else ""
        ),
    )


def _pace(rule: Subscription) -> str:
    """Slower only after the question stood in a nudge and stayed unanswered;
    silent after two more.
    """
    if rule.ignored >= SILENT_AFTER:
        return "silent"
    if rule.ignored >= MONTHLY_AFTER and rule.pace != "monthly":
        return "monthly"
    return rule.pace


def _afterthought(
    request: Request, rule: Subscription, sent: Subscription, blanks: Mapping[str, object]
) -> tuple[list[Block], tuple[Tap, ...]]:
    """At most one more line: the question whether to slow down, what was slowed,
    or the offer to fade; with its own taps.
    """
    nudges = request.content.nudges
    slower = (
        _tap(request, "fortnightly", "reminders fortnightly"),
        _tap(request, "monthly", "reminders monthly"),
    )
    keep = (_tap(request, "weekly", "reminders weekly"), _tap(request, "stop", "stop"))
    if sent.pace != rule.pace:
        if sent.pace == "silent":
            text = nudges.silent
        else:
            text = nudges.slowed
        return [_line(text, blanks)], ()
    if rule.ignored == ASK_AFTER:
        return [_line(nudges.ask_slower, blanks)], (*slower, *keep)
    if (offer := _break(request, rule))[0]:
        return offer
    if sent.good_weeks >= FADE_AFTER and rule.pace == "weekly":
        return [_line(nudges.fade, blanks)], (*_taps(request)[:1], slower[0], *keep)
    return [], ()


def _break(request: Request, rule: Subscription) -> tuple[list[Block], tuple[Tap, ...]]:
    """The question whether to pause over the turn of the year, once a year,
    to those who have nudges in it.
    """
    today = _local_day(request, rule)
    season = _season(today)
    if not season or season == request.state.person.nudges.break_offered:
        return [], ()
    month, day = BREAK_ENDS
    until = date(today.year + (today.month > month), month, day)
    words = _line(request.content.nudges.over_holidays, {"until": local_time.day(until, today)})
    taps = (
        *_taps(request)[:1],
        _tap(request, "over_holidays", f"pause until {until:%Y-%m-%d}"),
        _tap(request, "keep_coming", "reminders"),
        _tap(request, "stop", "stop"),
    )
    return [words], taps


def _local_day(request: Request, rule: Subscription) -> date:
    return request.event.at.astimezone(zone(rule.zone)).date()


def _season(today: date) -> str:
    """'2026-27' where this day is around the turn of the year; else empty."""
    if (today.month, today.day) >= BREAK_BEGINS:
        first = today.year
    elif (today.month, today.day) < BREAK_ENDS:
        first = today.year - 1
    else:
        return ""
    return f"{first}-{(first + 1) % 100:02}"


def _taps(request: Request) -> tuple[Tap, ...]:
    progress = request.state.person.progress
    step = None
    if progress:
        step = study_plan.next_step(plan_of(request, progress), progress)
    rest = (
        _tap(request, "tomorrow", "snooze tomorrow"),
        _tap(request, "change", "reminders change"),
        _tap(request, "stop", "stop"),
    )
    if progress is None:
        return (_tap(request, "plan", "plan start"), *rest)
    if step is None:
        return rest
    return (
        *opening_tap(request, step),
        _tap(request, "done", f"done {step.number}"),
        _tap(request, "stuck", f"stuck {step.number}"),
        *rest,
    )


def _with_rule(person: Person, rule: Subscription) -> Person:
    return replace(
        person,
        subscriptions=tuple(rule if one.id == rule.id else one for one in person.subscriptions),
    )


def _tap(request: Request, name: str, action: str) -> Tap:
    return Tap(request.text(f"tap_nudge_{name}"), action)
