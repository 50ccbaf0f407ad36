"""The self-audit's result: a place in the article's table, row by row; the units it adds; what
changed since the last time.

A 2 or 3 without evidence counts as 1, and that counted score is what is kept. No salary is shown
beside a score: nothing links them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.calculators import study_plan as planning
from bot.core.reply import Block, Bullets, Choices, Paragraph, Table, Tap, paragraph, spans
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import day
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.outcome import Outcome
from content.content import Content
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
            if claimed < NEEDS_EVIDENCE or shown:
                counted[key] = claimed
            else:
                counted[key] = WITHOUT_EVIDENCE
    return counted


def rows(content: Content, counted: Mapping[str, int]) -> tuple[Row, ...]:
    """The table's rows in order, lowest share first to read off the weakest."""
    groups: dict[str, list[int]] = {}
    for key, score in counted.items():
        groups.setdefault(content.questions[key].group or "", []).append(score)
    return tuple(Row(group, sum(points), MOST * len(points)) for group, points in groups.items())


def name_of(content: Content, group: str) -> str:
    """The row of the article's table that these questions belong to."""
    return next(each for each in content.occupations.values() if each.default).layers[group].feature


def weakest(content: Content, counted: Mapping[str, int]) -> str:
    """The row with the lowest share; the first of equals."""
    return min(rows(content, counted), key=lambda row: row.share).key


def outcome(request: Request, answers: Answers) -> Outcome:
    """The finished audit."""
    content = request.content
    counted = scores(content, answers)
    total = sum(counted.values())
    plan = _plan(request)
    band = next(band for band in plan.audit.bands if band.least <= total <= band.most)
    occupation = next(each for each in content.occupations.values() if each.default)
    table_rows = [
        (
            occupation.layers[row.key].feature,
            occupation.layers[row.key].api,
            occupation.layers[row.key].ml,
            request.text("audit_of", scored=row.scored, most=row.most),
        )
        for row in rows(content, counted)
    ]
    header = (
        request.text("audit_feature"),
        request.text("audit_api"),
        request.text("audit_ml"),
        request.text("audit_you"),
    )
    low = occupation.layers[weakest(content, counted)].feature
    blocks: list[Block] = [
        Paragraph(
            request.spans("audit_headline", total=total, most=MOST * len(counted), band=band.name)
        ),
        *_change(request, counted),
        Table(request.text("audit_caption"), header, tuple(table_rows)),
        paragraph(request.text("audit_weakest", feature=low)),
        *_unproven(request, answers, counted),
        *_units(request, plan, counted),
    ]
    kept = {key: str(score) for key, score in counted.items()} | {
        "result.total": str(total),
        "result.weakest": low,
    }
    return Outcome(blocks=tuple(blocks), taps=_taps(request), kept=kept)


def _change(request: Request, counted: Mapping[str, int]) -> tuple[Block, ...]:
    """Against the last audit, if there was one. A drop is allowed, and said to be."""
    before = request.state.person.results.get("audit", {})
    earlier = {key: int(before[key]) for key in counted if before.get(key, "").isdecimal()}
    if len(earlier) != len(counted) or "result.at" not in before:
        return ()
    then, now = sum(earlier.values()), sum(counted.values())
    values = {"day": day(_day(before["result.at"])), "before": then, "now": now}
    if now == then:
        words = request.text("audit_same", **values)
    else:
        words = request.text("audit_rose" if now > then else "audit_fell", **values)
    moved = [
        f"{request.content.questions[key].label} {earlier[key]} → {score}"
        for key, score in counted.items()
        if score != earlier[key]
    ]
    return (paragraph(words), *((Bullets(tuple(spans(item) for item in moved)),) if moved else ()))


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


def _unproven(request: Request, answers: Answers, counted: Mapping[str, int]) -> tuple[Block, ...]:
    lowered = [
        request.content.questions[key].label
        for key, score in counted.items()
        if answers[key].isdecimal() and int(answers[key]) > score
    ]
    if not lowered:
        return ()
    return (paragraph(request.text("audit_unproven", questions=", ".join(lowered))),)


def _units(request: Request, plan: Plan, counted: Mapping[str, int]) -> tuple[Block, ...]:
    chosen = planning.from_audit(plan, counted)
    if not chosen:
        return (paragraph(request.text("audit_all_units", count=len(plan.units))),)
    numbers = {key: number for number, key in enumerate(plan.units, 1)}
    items = tuple(
        spans(request.text("audit_unit", number=numbers[key], title=plan.units[key].title))
        for key in chosen
    )
    return (
        paragraph(request.text("audit_units", count=len(chosen), all=len(plan.units))),
        Bullets(items),
    )


_STEP: Final = "self_audit"


def band_turn(request: Request, total: int) -> Turn:
    """The band of a total that somebody reports; where the audit is a step that is open,
    a tap closes it.
    """
    plan = _plan(request)
    most = MOST * len(plan.audit.adds)
    band = next((one for one in plan.audit.bands if one.least <= total <= one.most), None)
    if band is None:
        return request.answer(paragraph(request.text("audit_most", most=most)), remember=False)
    span = f"{band.least}–{band.most}"
    line = request.spans("audit_told", total=total, most=most, band=band.name, span=span)
    taps = (*_closing_tap(request, plan), Tap(request.text("tap_audit"), "audit"))
    why = paragraph(request.text("audit_told_why"))
    return request.answer(Paragraph(line), why, Choices(taps), personal=True)


def _closing_tap(request: Request, plan: Plan) -> tuple[Tap, ...]:
    progress = request.state.person.progress
    step = next((one for one in planning.steps(plan) if one.key.endswith(_STEP)), None)
    if progress is None or step is None or step.key in progress.done:
        return ()
    label = request.text("tap_audit_done", number=step.number)
    return (Tap(label, f"done {step.number}"),)


def _taps(request: Request) -> tuple[Tap, ...]:
    if request.state.person.progress is None:
        return (
            Tap(request.text("tap_start_plan"), "plan start"),
            Tap(request.text("tap_change_answer"), "change"),
        )
    return (
        Tap(request.text("tap_apply_to_plan"), "audit apply"),
        Tap(request.text("tap_change_answer"), "change"),
    )


def apply(request: Request) -> Turn:
    """The last audit's units become the plan's. What is done stays done."""
    result, progress = request.state.person.results.get("audit", {}), request.state.person.progress
    plan = _plan(request)
    counted = {key: int(result[key]) for key in plan.audit.adds if result.get(key, "").isdecimal()}
    if len(counted) < len(plan.audit.adds):
        return request.answer(
            paragraph(request.text("audit_none_yet")),
            Choices((Tap(request.text("tap_audit"), "audit"),)),
            remember=False,
        )
    if progress is None:
        return request.answer(
            paragraph(request.text("audit_no_plan")),
            Choices((Tap(request.text("tap_start_plan"), "plan start"),)),
            remember=False,
        )
    chosen = planning.from_audit(plan, counted)
    progress = replace(progress, chosen_units=chosen)
    state = replace(request.state, person=replace(request.state.person, progress=progress))
    if chosen:
        words = request.text("audit_applied", count=len(chosen))
    else:
        words = request.text("audit_applied_all", count=len(plan.units))
    taps = (Tap(request.text("tap_plan"), "plan"), Tap(request.text("tap_full_plan"), "plan full"))
    return request.answer(paragraph(words), Choices(taps), state=state, personal=True)


def _plan(request: Request) -> Plan:
    progress = request.state.person.progress
    plans = request.content.plans
    if progress is not None and progress.plan in plans:
        return plans[progress.plan]
    return next(iter(plans.values()))
