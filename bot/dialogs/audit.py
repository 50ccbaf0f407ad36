"""The self-audit's result: a place in the article's table, row by row; the units it adds; what changed since the last time.

A 2 or 3 without evidence counts as 1, and that counted score is what is kept. No salary is shown beside a score: nothing links them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import plan as planning
from bot.answers.printing import day
from bot.asking import Ask
from bot.dialogs.outcome import Outcome
from bot.questionnaire import Answers
from bot.reply import Block, Bullets, Choices, Paragraph, Table, Tap, paragraph, spans
from bot.turn import Turn
from content.library import Content
from content.plan import Plan

NEEDS_EVIDENCE = 2
WITHOUT_EVIDENCE = 1
MOST = 3
"""Points a question can bring."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the article's table with the points reached in it."""

    key: str
    scored: int
    most: int

    @property
    def share(self) -> float:
        return self.scored / self.most


def scores(content: Content, answers: Answers) -> dict[str, int]:
    """What each question counts: 0 to 3, and 1 for a claim without evidence."""
    counted = {}
    for key, answer in answers.items():
        if content.questions[key].group and answer.isdecimal():
            claimed = int(answer)
            shown = bool(answers.get(f"{key}_evidence"))
            counted[key] = claimed if claimed < NEEDS_EVIDENCE or shown else WITHOUT_EVIDENCE
    return counted


def rows(content: Content, counted: Mapping[str, int]) -> tuple[Row, ...]:
    """The table's rows in order, lowest share first to read off the weakest."""
    groups: dict[str, list[int]] = {}
    for key, score in counted.items():
        groups.setdefault(content.questions[key].group or "", []).append(score)
    return tuple(Row(group, sum(points), MOST * len(points)) for group, points in groups.items())


def name_of(content: Content, group: str) -> str:
    """The row of the article's table that these questions belong to."""
    return next(iter(content.occupations.values())).layers[group].feature


def weakest(content: Content, counted: Mapping[str, int]) -> str:
    """The row with the lowest share; the first of equals."""
    return min(rows(content, counted), key=lambda row: row.share).key


def outcome(ask: Ask, answers: Answers) -> Outcome:
    """The finished audit."""
    content = ask.content
    counted = scores(content, answers)
    total = sum(counted.values())
    plan = _plan(ask)
    band = next(band for band in plan.audit.bands if band.least <= total <= band.most)
    occupation = next(iter(content.occupations.values()))
    table_rows = [
        (
            occupation.layers[row.key].feature,
            occupation.layers[row.key].api,
            occupation.layers[row.key].ml,
            ask.say("audit_of", scored=row.scored, most=row.most),
        )
        for row in rows(content, counted)
    ]
    header = (ask.say("audit_feature"), ask.say("audit_api"), ask.say("audit_ml"), ask.say("audit_you"))
    low = occupation.layers[weakest(content, counted)].feature
    blocks: list[Block] = [
        Paragraph(ask.line("audit_headline", total=total, most=MOST * len(counted), band=band.name)),
        *_change(ask, counted),
        Table(ask.say("audit_caption"), header, tuple(table_rows)),
        paragraph(ask.say("audit_weakest", feature=low)),
        *_unproven(ask, answers, counted),
        *_units(ask, plan, counted),
    ]
    kept = {key: str(score) for key, score in counted.items()} | {"result.total": str(total), "result.weakest": low}
    return Outcome(blocks=tuple(blocks), taps=_taps(ask), kept=kept)


def _change(ask: Ask, counted: Mapping[str, int]) -> tuple[Block, ...]:
    """Against the last audit, if there was one. A drop is allowed, and said to be."""
    before = ask.state.person.results.get("audit", {})
    earlier = {key: int(before[key]) for key in counted if before.get(key, "").isdecimal()}
    if len(earlier) != len(counted) or "result.at" not in before:
        return ()
    then, now = sum(earlier.values()), sum(counted.values())
    values = {"day": day(_day(before["result.at"])), "before": then, "now": now}
    words = ask.say("audit_rose" if now > then else "audit_fell" if now < then else "audit_same", **values)
    moved = [f"{ask.content.questions[key].label} {earlier[key]} → {score}" for key, score in counted.items() if score != earlier[key]]
    return (paragraph(words), *((Bullets(tuple(spans(item) for item in moved)),) if moved else ()))


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


def _unproven(ask: Ask, answers: Answers, counted: Mapping[str, int]) -> tuple[Block, ...]:
    lowered = [ask.content.questions[key].label for key, score in counted.items() if answers[key].isdecimal() and int(answers[key]) > score]
    return (paragraph(ask.say("audit_unproven", questions=", ".join(lowered))),) if lowered else ()


def _units(ask: Ask, plan: Plan, counted: Mapping[str, int]) -> tuple[Block, ...]:
    chosen = planning.from_audit(plan, counted)
    if not chosen:
        return (paragraph(ask.say("audit_all_units", count=len(plan.units))),)
    numbers = {key: number for number, key in enumerate(plan.units, 1)}
    items = tuple(spans(ask.say("audit_unit", number=numbers[key], title=plan.units[key].title)) for key in chosen)
    return (paragraph(ask.say("audit_units", count=len(chosen), all=len(plan.units))), Bullets(items))


def _taps(ask: Ask) -> tuple[Tap, ...]:
    if ask.state.person.progress is None:
        return (Tap(ask.say("tap_start_plan"), "plan start"), Tap(ask.say("tap_change_answer"), "change"))
    return (Tap(ask.say("tap_apply_to_plan"), "audit apply"), Tap(ask.say("tap_change_answer"), "change"))


def apply(ask: Ask) -> Turn:
    """The last audit's units become the plan's. What is done stays done."""
    result, progress = ask.state.person.results.get("audit", {}), ask.state.person.progress
    plan = _plan(ask)
    counted = {key: int(result[key]) for key in plan.audit.adds if result.get(key, "").isdecimal()}
    if len(counted) < len(plan.audit.adds):
        return ask.answer(paragraph(ask.say("audit_none_yet")), Choices((Tap(ask.say("tap_audit"), "audit"),)), remember=False)
    if progress is None:
        return ask.answer(paragraph(ask.say("audit_no_plan")), Choices((Tap(ask.say("tap_start_plan"), "plan start"),)), remember=False)
    chosen = planning.from_audit(plan, counted)
    progress = replace(progress, chosen_units=chosen)
    state = replace(ask.state, person=replace(ask.state.person, progress=progress))
    words = ask.say("audit_applied", count=len(chosen)) if chosen else ask.say("audit_applied_all", count=len(plan.units))
    taps = (Tap(ask.say("tap_plan"), "plan"), Tap(ask.say("tap_full_plan"), "plan full"))
    return ask.answer(paragraph(words), Choices(taps), state=state, personal=True)


def _plan(ask: Ask) -> Plan:
    progress = ask.state.person.progress
    plans = ask.content.plans
    return plans[progress.plan] if progress is not None and progress.plan in plans else next(iter(plans.values()))
