"""What a nudge says when its slot comes: why it came, where the person stopped, one next step with its minutes.

Whether it is still wanted is looked at again here, the moment before it goes out. A nudge never counts weeks aloud and never reproaches.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import local, plan
from bot.asking import Ask, marked
from bot.events import Due
from bot.learning import bar, plan_of
from bot.recurrence import coming, next_due, zone
from bot.reply import Block, Choices, Paragraph, Tap
from bot.state import Person, Progress, Subscription
from bot.turn import Turn

RECENT: Final = timedelta(hours=24)
"""A step ticked so lately is praised, and nothing is due."""
LIGHTER_AFTER: Final = 2
ASK_AFTER: Final = 3
MONTHLY_AFTER: Final = 4
SILENT_AFTER: Final = 6
"""Nudges in a row without any sign of life after which: a smaller bite, the question, once a month, the last one."""
FADE_AFTER: Final = 6
"""Weeks with a step done after which a slower pace is offered."""


def due(ask: Ask, event: Due) -> Turn:
    """The nudge for this occurrence, or nothing if it was stopped, paused, moved or sent meanwhile."""
    person = ask.state.person
    rule = next((one for one in person.subscriptions if one.id == event.subscription), None)
    if rule is None or not _wanted(rule, event, ask.event.at):
        return Turn(state=ask.state)
    group = _situation(ask, rule)
    template = _in_turn(group, _said_last(person))
    sent = _after(ask, rule, event, template)
    blanks = _blanks(ask, rule)
    blocks: list[Block] = [_line(ask.content.nudges.why_again if event.resend else ask.content.nudges.why, blanks)]
    blocks += [_line(text, blanks) for text in group[template]]
    if person.progress:
        blocks.append(bar(ask, plan_of(ask, person.progress), person.progress))
    question, taps = _afterthought(ask, rule, sent, blanks)
    blocks += question
    state = replace(ask.state, person=_with_rule(person, sent))
    turn = ask.answer(*blocks, Choices(taps or _taps(ask)), personal=True, state=state, remember=False, in_place=False)
    return replace(turn, sends_nudge=True)


def seen(person: Person, now: datetime) -> Person:
    """The person wrote or tapped: nothing counts as unanswered any more, and a pace slowed by silence is what it was."""
    if not any(one.ignored or one.slowed_from for one in person.subscriptions):
        return person
    free = person.profile.region if person.profile.skip_holidays else ""
    return replace(person, subscriptions=tuple(_awake(one, now, free) for one in person.subscriptions))


def _awake(rule: Subscription, now: datetime, free: str) -> Subscription:
    rule = replace(rule, ignored=0)
    if not rule.slowed_from:
        return rule
    rule = replace(rule, slowed_from="", pace=rule.slowed_from)
    return replace(rule, next_due_at=coming(rule, now, holidays_of=free))


def _wanted(rule: Subscription, event: Due, now: datetime) -> bool:
    paused = rule.paused_until is not None and now.astimezone(zone(rule.zone)).date() < rule.paused_until
    if not rule.active or paused:
        return False
    if event.resend:
        return rule.sent_week == event.week and rule.resend == event.resend
    return rule.sent_week < event.week


def _said_last(person: Person) -> str:
    """The template of the nudge before this one, whichever day's it was."""
    last = max(person.subscriptions, key=lambda one: (one.sent_week, one.weekday))
    return last.last_template


def _situation(ask: Ask, rule: Subscription) -> Mapping[str, tuple[str, ...]]:
    nudges = ask.content.nudges
    progress = ask.state.person.progress
    if progress is None:
        return nudges.no_plan
    if plan.next_step(plan_of(ask, progress), progress) is None:
        return nudges.finished
    if _worked_since(progress, ask.event.at - RECENT):
        return nudges.after_work
    return nudges.light if rule.ignored >= LIGHTER_AFTER else nudges.going


def _worked_since(progress: Progress, since: datetime) -> bool:
    return any(when >= since for when, _ in progress.done.values())


def _in_turn(group: Mapping[str, tuple[str, ...]], last: str) -> str:
    """The template after the last one; the first where the last was of another situation."""
    names = tuple(group)
    return names[(names.index(last) + 1) % len(names)] if last in names else names[0]


def _line(text: str, blanks: Mapping[str, object]) -> Paragraph:
    return Paragraph(marked(text, blanks))


def _blanks(ask: Ask, rule: Subscription) -> Mapping[str, object]:
    """What a template may speak of."""
    slot = f"{local.DAYS[rule.weekday]}s {local.clock(rule.local_time)}"
    values: dict[str, object] = {"slot": slot, "pace": ask.say(f"pace_name_{rule.pace}")}
    progress = ask.state.person.progress
    if progress and (step := plan.next_step(plan_of(ask, progress), progress)):
        keys = [f"{step.unit_key}.{key}" for key in step.unit.steps]
        values |= {
            "number": step.number,
            "step": step.step.title,
            "closed": sum(plan.closed(progress, key) for key in keys),
            "total": len(keys),
            "unit": step.unit.title,
            "minutes": local.minutes(step.step.first_minutes),
            "first": step.step.first,
        }
    return values


def _after(ask: Ask, rule: Subscription, event: Due, template: str) -> Subscription:
    """The subscription once this nudge is out."""
    now = ask.event.at
    progress = ask.state.person.progress
    worked = progress is not None and _worked_since(progress, now - timedelta(days=7))
    good = 0 if not worked or rule.good_weeks >= FADE_AFTER else rule.good_weeks + (event.resend == 0)
    sent = replace(
        rule,
        sent_week=max(rule.sent_week, event.week),
        resend=event.resend,
        snoozed_until=rule.snoozed_until if rule.snoozed_until and rule.snoozed_until > now else None,
        ignored=rule.ignored + 1,
        last_template=template,
        good_weeks=good,
    )
    pace = _pace(rule)
    if pace == rule.pace:
        return sent
    profile = ask.state.person.profile
    sent = replace(sent, pace=pace, slowed_from=rule.slowed_from or rule.pace)
    return replace(sent, next_due_at=next_due(sent, now, holidays_of=profile.region if profile.skip_holidays else ""))


def _pace(rule: Subscription) -> str:
    """Slower only after the question stood in a nudge and stayed unanswered; silent after two more."""
    if rule.ignored >= SILENT_AFTER:
        return "silent"
    if rule.ignored >= MONTHLY_AFTER and rule.pace != "monthly":
        return "monthly"
    return rule.pace


def _afterthought(ask: Ask, rule: Subscription, sent: Subscription, blanks: Mapping[str, object]) -> tuple[list[Block], tuple[Tap, ...]]:
    """At most one more line: the question whether to slow down, what was slowed, or the offer to fade; with its own taps."""
    nudges = ask.content.nudges
    slower = (_tap(ask, "fortnightly", "reminders fortnightly"), _tap(ask, "monthly", "reminders monthly"))
    keep = (_tap(ask, "weekly", "reminders weekly"), _tap(ask, "stop", "stop"))
    if sent.pace != rule.pace:
        text = nudges.silent if sent.pace == "silent" else nudges.slowed
        return [_line(text, blanks)], ()
    if rule.ignored == ASK_AFTER:
        return [_line(nudges.ask_slower, blanks)], (*slower, *keep)
    if sent.good_weeks >= FADE_AFTER and rule.pace == "weekly":
        return [_line(nudges.fade, blanks)], (*_taps(ask)[:1], slower[0], *keep)
    return [], ()


def _taps(ask: Ask) -> tuple[Tap, ...]:
    progress = ask.state.person.progress
    step = plan.next_step(plan_of(ask, progress), progress) if progress else None
    rest = (_tap(ask, "tomorrow", "snooze tomorrow"), _tap(ask, "change", "reminders change"), _tap(ask, "stop", "stop"))
    if progress is None:
        return (_tap(ask, "plan", "plan start"), *rest)
    if step is None:
        return rest
    return (_tap(ask, "done", f"done {step.number}"), _tap(ask, "too_much", "too much"), *rest)


def _with_rule(person: Person, rule: Subscription) -> Person:
    return replace(person, subscriptions=tuple(rule if one.id == rule.id else one for one in person.subscriptions))


def _tap(ask: Ask, name: str, action: str) -> Tap:
    return Tap(ask.say(f"tap_nudge_{name}"), action)
