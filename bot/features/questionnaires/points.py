"""The points test in the chat: the breakdown for three visas at once, each gate beside it with its
source, what the sum leaves open.

Adding up is bot.calculators.points. Here nothing is called enough, likely or qualified: a total
stands beside the pass mark, the age limit, the English level, the lists and the rounds, each with
where it comes from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.calculators import points
from bot.calculators.points import Applicant, Score
from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Line,
    Note,
    Paragraph,
    Picture,
    Strong,
    Table,
    Tap,
    paragraph,
    spans,
)
from bot.core.request import Request
from bot.extraction import slots
from bot.features.chart_specs import points_chart
from bot.features.figures import Cited, day, figure
from bot.features.questionnaires import engine
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.outcome import Outcome, shown
from bot.features.visas.migration import rounds_blocks, rounds_facts
from content.content import Content

FACTORS = (
    ("age", "age"),
    ("english", "english"),
    ("overseas_years", "overseas_employment_raw"),
    ("australian_years", "australian_employment_raw"),
    ("education", "education"),
    ("australian_study", "australian_study"),
    ("regional_study", "regional_study"),
    ("specialist_education", "specialist_education"),
    ("professional_year", "professional_year"),
    ("ccl", "community_language"),
    ("partner", "partner"),
)
"""Question and the line of the breakdown that it decides, in the order of the dialog."""

UNASKED_AGE = 0


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Answers, who they make, and the sum."""

    person: Applicant
    score: Score


def reckon(content: Content, answers: Answers, day_of: date) -> Reckoned:
    """The sum of these answers on a day. What was not answered yet counts nothing."""
    person = Applicant(
        age=slots.age_of(answers["age"], day_of)[0] if "age" in answers else UNASKED_AGE,
        english=slots.level_of(answers.get("english", "below_competent")),
        overseas_years=Decimal(answers.get("overseas_years", "0")),
        australian_years=Decimal(answers.get("australian_years", "0")),
        education=answers.get("education", "none"),
        partner=answers.get("partner", "partner_none_of_these"),
        specialist_education=answers.get("specialist_education") == "yes",
        australian_study=answers.get("australian_study") == "yes",
        professional_year=answers.get("professional_year") == "yes",
        ccl=answers.get("ccl") == "yes",
        regional_study=answers.get("regional_study") == "yes",
    )
    return Reckoned(person, points.score(content.points, person))


def so_far(request: Request, answers: Answers) -> str:
    """'So far 45 points before nomination.' Nothing while the test is switched off,
    or before the first answer.
    """
    if not answers or not request.content.points.available:
        return ""
    reckoned = reckon(request.content, {"english": "competent"} | dict(answers), request.today)
    if "age" in answers and tuple(ending(request, reckoned)):
        return ""
    before = reckoned.score.breakdown.before_nomination
    totals = reckoned.score.totals.items()
    nominated = " · ".join(f"{visa}: {total}" for visa, total in totals if total != before)
    return request.text("points_so_far", points=before, with_nomination=nominated)


def summed(request: Request, answers: Answers) -> tuple[Block, ...]:
    """What these answers come to, row by row, and what is open; nothing where age or English end
    the matter, or there is no table.
    """
    base = {"english": "competent"} | dict(answers)
    if not request.content.points.available:
        return ()
    reckoned = reckon(request.content, base, request.today)
    if "age" in answers and tuple(ending(request, reckoned)):
        return ()
    totals = {f"total_{visa}": total for visa, total in reckoned.score.totals.items()}
    words = request.spans(
        "points_sum",
        points=reckoned.score.breakdown.before_nomination,
        rows=rows_in_short(request, answers),
        **totals,
    )
    dialog = request.content.dialogs["points"]
    left = (key for key in engine.path(dialog, answers) if key not in answers)
    names = ", ".join(request.content.questions[key].label for key in left)
    still: tuple[Paragraph, ...] = ()
    if names:
        still = (paragraph(request.text("points_still_open", open=names)),)
    return Paragraph(words), *still


def rows_in_short(request: Request, answers: Answers) -> str:
    """'Age 30 · English 20 · Work overseas 5': every row that was answered, with what it brings,
    and what the cap takes.
    """
    breakdown = reckon(request.content, answers, request.today).score.breakdown
    label = request.content.questions
    parts = [
        f"{label[question].label} {getattr(breakdown, line)}"
        for question, line in FACTORS
        if question in answers and (getattr(breakdown, line) or question in ALWAYS_SHOWN)
    ]
    raw = breakdown.overseas_employment_raw + breakdown.australian_employment_raw
    over = raw - breakdown.employment_awarded
    parts += [f"{request.text('points_cap')} −{over}"] if over else []
    return " · ".join(parts)


def brings(request: Request, key: str, answer: str) -> int:
    """What an answer brings where what it needs beside it is there:
    regional study counts as study in Australia.
    """
    base = {"english": "competent", "australian_study": "yes"}
    reckoned = reckon(request.content, {**base, key: answer}, request.today)
    return int(getattr(reckoned.score.breakdown, dict(FACTORS)[key]))


ALWAYS_SHOWN = ("age", "english", "partner")
"""Rows that are named even where they bring nothing."""


def in_short(request: Request, answers: Answers) -> Block | None:
    """The totals alone, after a change of a result that was shown before;
    None where there are none to show.
    """
    reckoned = reckon(request.content, answers, request.today)
    if tuple(ending(request, reckoned)):
        return None
    totals = " · ".join(f"{visa}: {total}" for visa, total in reckoned.score.totals.items())
    return Paragraph(request.spans("points_short", totals=totals))


def notices(request: Request, before: Answers, answers: Answers) -> tuple[Block, ...]:
    """An age or a level of English that ends the matter is said when it is answered,
    not after eight more questions.
    """
    if not request.content.points.available or not engine.first_open(
        request.content.dialogs["points"], answers
    ):
        return ()
    reached = {
        key: answers[key]
        for key in ("age", "english")
        if key in answers and answers[key] != before.get(key)
    }
    reckoned = reckon(
        request.content, {"age": "25-32", "english": "competent"} | reached, request.today
    )
    ends = tuple(ending(request, reckoned))
    if not ends:
        return ()
    return (*ends, paragraph(request.text("points_go_on_or_cancel")))


def outcome(request: Request, answers: Answers) -> Outcome:
    """The finished test."""
    table = request.content.points
    if not table.available:
        return Outcome(blocks=(paragraph(table.unavailable),), cited=(table.source,))
    today = request.today
    reckoned = reckon(request.content, answers, today)
    blocked = tuple(ending(request, reckoned))
    blocks = (
        *_contradictions(request, reckoned),
        *(blocked or (_headline(request, reckoned),)),
        paragraph(_in_short(request, answers, reckoned)),
        *(() if blocked else _with_and_without(request, answers, reckoned)),
        *(paragraph(sentence) for sentence in next_band(request, answers)),
        paragraph(figure(request.content.migration.rounds.summary[0])),
    )
    rest = (
        _breakdown(request, answers, reckoned, totals=not blocked),
        *_gates(request, answers),
        Note(request.text("points_left_open"), tuple(_open_points(request, answers, reckoned))),
        Note(request.text("points_rounds_title"), tuple(_rounds(request))),
        paragraph(figure(table.reform)),
        Choices(
            (
                Tap(request.text("tap_points_chart"), "points chart"),
                Tap(request.text("tap_rounds"), "points rounds"),
                Tap(request.text("tap_codes"), "code"),
            )
        ),
    )
    kept = {f"result.{visa}": str(total) for visa, total in reckoned.score.totals.items()}
    return Outcome(
        blocks=blocks,
        rest=rest,
        cited=tuple(_sources_of(request, reckoned)),
        taps=_taps(request, reckoned),
        kept=kept,
    )


# ---- parts of the result


def _headline(request: Request, reckoned: Reckoned) -> Block:
    totals = " · ".join(f"{visa}: {total}" for visa, total in reckoned.score.totals.items())
    return Paragraph(
        request.spans("points_headline", totals=totals, day=day(request.content.points.as_at))
    )


def ending(request: Request, reckoned: Reckoned) -> Iterator[Block]:
    """Age and English first, where they decide everything: no total is shown as hope."""
    table = request.content.points
    if "not_invitable" in reckoned.score.flags:
        yield Paragraph(request.spans("points_too_old", age=table.too_old))
    if "under_age" in reckoned.score.flags:
        yield Paragraph(request.spans("points_too_young", age=table.youngest))
    if "english_below_competent" in reckoned.score.flags:
        yield Paragraph(request.spans("points_no_english"))


def _contradictions(request: Request, reckoned: Reckoned) -> Iterator[Block]:
    """Answers that cannot all be right."""
    person = reckoned.person
    if (
        "employment_window_exceeded" in reckoned.score.flags
        or "work_longer_than_adult_life" in reckoned.score.flags
    ):
        values = {
            "overseas": f"{person.overseas_years:g}",
            "australian": f"{person.australian_years:g}",
            "window": request.content.points.work_window,
        }
        yield paragraph(
            request.text(
                "points_window",
                **values,
                total=f"{person.overseas_years + person.australian_years:g}",
            )
        )
        yield Choices(
            (
                Tap(request.text("tap_change_overseas"), "change overseas years"),
                Tap(request.text("tap_change_australian"), "change australian years"),
            )
        )


def _in_short(request: Request, answers: Answers, reckoned: Reckoned) -> str:
    """'Age 30 · English 20 · Work overseas 5': what brought points, and what a cap took."""
    breakdown = reckoned.score.breakdown
    given = (
        (request.content.questions[question].label, getattr(breakdown, line))
        for question, line in FACTORS
        if question in answers
    )
    parts = [f"{label} {points}" for label, points in given if points]
    raw = breakdown.overseas_employment_raw + breakdown.australian_employment_raw
    over = raw - request.content.points.work_cap
    if over > 0:
        why = request.text("points_cap_why", cap=request.content.points.work_cap, raw=raw)
        cap = request.text("points_cap")
        parts.append(request.text("points_in_short_cap", cap=cap, over=over, why=why))
    nomination = request.content.points.nomination
    return request.text(
        "points_in_short",
        parts=" · ".join(parts),
        **{f"visa_{visa}": str(points) for visa, points in nomination.items()},
    )


def _breakdown(request: Request, answers: Answers, reckoned: Reckoned, *, totals: bool) -> Table:
    table, breakdown = request.content.points, reckoned.score.breakdown
    rows = []
    for question, line in FACTORS:
        if question in answers:
            rows.append(
                (
                    request.content.questions[question].label,
                    shown(request, question, answers[question]),
                    str(getattr(breakdown, line)),
                )
            )
    raw = breakdown.overseas_employment_raw + breakdown.australian_employment_raw
    if raw > table.work_cap:
        rows.append(
            (
                request.text("points_cap"),
                request.text("points_cap_why", cap=table.work_cap, raw=raw),
                f"−{raw - table.work_cap}",
            )
        )
    if totals:
        rows.append(
            (request.text("points_before_nomination"), "", str(breakdown.before_nomination))
        )
        for visa in table.nomination:
            nomination = request.text(f"points_nomination_{visa}", points=table.nomination[visa])
            rows.append(
                (
                    request.text("points_total", visa=visa),
                    nomination,
                    str(reckoned.score.totals[visa]),
                )
            )
    header = (
        request.text("points_factor"),
        request.text("points_answer"),
        request.text("points_points"),
    )
    return Table(request.text("points_caption", day=day(table.as_at)), header, tuple(rows))


def _with_and_without(request: Request, answers: Answers, reckoned: Reckoned) -> Iterator[Block]:
    """A pivoter's earlier years may not count: both totals."""
    if reckoned.score.breakdown.employment_awarded == 0:
        return
    bare = reckon(
        request.content, {**answers, "overseas_years": "0", "australian_years": "0"}, request.today
    )
    totals = " · ".join(f"{visa}: {total}" for visa, total in bare.score.totals.items())
    yield Paragraph(request.spans("points_without_work", totals=totals))


def _gates(request: Request, answers: Answers) -> Iterator[Block]:
    """What stands beside the points, each as the source has it, and what was answered.

    No verdict.
    """
    table = request.content.points
    lists = request.content.migration.lists
    items: list[Line] = [
        request.spans("points_gate_pass_mark", mark=figure(table.pass_mark)),
        request.spans(
            "points_gate_age",
            age=table.too_old,
            said=shown(request, "age", answers["age"]) if "age" in answers else "–",
        ),
        request.spans(
            "points_gate_english",
            said=shown(request, "english", answers["english"]) if "english" in answers else "–",
        ),
    ]
    routes = "; ".join(
        request.text(
            "points_gate_route",
            visa=route.label,
            lists=" + ".join(lists[key].name for key in route.lists),
        )
        for route in request.content.migration.routes.values()
        if route.visa in request.content.points.nomination
    )
    items.append(request.spans("points_gate_list", routes=routes))
    items.append(request.spans("points_gate_assessment"))
    yield paragraph(Strong(request.text("points_gates_title")))
    yield Bullets(tuple(items))


def _open_points(request: Request, answers: Answers, reckoned: Reckoned) -> Iterator[Line]:
    """What other calculators leave out."""
    conditions, flags = request.content.points.conditions, reckoned.score.flags
    yield from (spans(sentence) for sentence in next_band(request, answers))
    if "work_only_in_nominated_occupation" in flags:
        yield spans(figure(conditions["work"]))
        yield spans(figure(conditions["work_clock"]))
    if "single_judged_at_decision" in flags:
        yield spans(figure(conditions["single"]))
    if answers.get("education") == "doctorate" or answers.get("specialist_education") == "yes":
        yield spans(figure(conditions["specialist"]))
    if answers.get("regional_study") == "yes":
        yield spans(figure(conditions["regional"]))
    if answers.get("professional_year") == "yes":
        yield spans(figure(conditions["professional_year"]))
    if answers.get("partner", "single") not in ("single", "partner_au_citizen_or_pr"):
        yield spans(figure(conditions["partner"]))
    yield spans(request.text("points_65_is_no_more"))


def next_band(request: Request, answers: Answers) -> tuple[str, ...]:
    """When age starts to bring something else: with a date of birth to the day,
    with years by the age.
    """
    table, today = request.content.points, request.today
    if "age" not in answers:
        return ()
    age = slots.age_of(answers["age"], today)[0]
    following = points.next_band(table, age)
    if following is None:
        return ()
    next_age, brings = following
    values = {"age": next_age, "points": brings, "now": points.in_band(table.age, age)}
    born = slots.born_on(answers["age"])
    if born is None:
        return (request.text("points_next_band_by_age", **values),)
    return (request.text("points_next_band", **values, day=day(points.birthday(born, next_age))),)


def _sources_of(request: Request, reckoned: Reckoned) -> Iterator[Cited]:
    table = request.content.points
    yield table.source
    yield table.nomination_source
    yield table.pass_mark
    yield request.content.english.source
    points_routes = [
        route
        for route in request.content.migration.routes.values()
        if route.visa in request.content.points.nomination
    ]
    yield from (
        request.content.migration.lists[key].made_by
        for route in points_routes
        for key in route.lists
    )
    yield from rounds_facts(request.content)
    yield table.reform
    if reckoned.person.overseas_years or reckoned.person.australian_years:
        yield table.conditions["work_clock"]


def _taps(request: Request, reckoned: Reckoned) -> tuple[Tap, ...]:
    if "not_invitable" in reckoned.score.flags:
        return (
            Tap(request.text("tap_visa_482"), "visa 482"),
            Tap(request.text("tap_visa_186"), "visa 186"),
            Tap(request.text("tap_change_age"), "change age"),
            Tap(request.text("tap_more"), "points result more"),
        )
    better = next(
        (
            level
            for level in ("competent", "proficient", "superior")
            if level == _next_level(reckoned.person.english)
        ),
        "",
    )
    if better:
        taps = [
            Tap(
                request.text(
                    "tap_what_if_english",
                    level=request.content.questions["english"].options[better].label,
                ),
                f"what if {better}",
            )
        ]
    else:
        taps = []
    taps.append(Tap(request.text("tap_what_if_year"), "what if I wait a year"))
    taps.append(Tap(request.text("tap_change_answer"), "change"))
    taps.append(Tap(request.text("tap_more"), "points result more"))
    return tuple(taps)


def _next_level(level: str) -> str:
    order: Sequence[str] = points.ENGLISH
    place = order.index(level)
    if place + 1 < len(order):
        return order[place + 1]
    return ""


def _rounds(request: Request) -> Iterator[Line]:
    """One line a round: the lowest score invited by code, or that no software code was listed."""
    rounds = request.content.migration.rounds
    for held in rounds.rounds:
        lowest = ", ".join(
            f"{code} {held.lowest[code]}" for code in rounds.codes if code in held.lowest
        )
        yield spans(
            request.text(
                "points_round",
                day=day(held.held_on),
                visa=held.visa,
                lowest=lowest or request.text("rounds_not_listed"),
            )
        )
    yield spans(figure(rounds.not_listed))


def rounds(request: Request) -> Outcome:
    """Everything known about the rounds."""
    return Outcome(blocks=rounds_blocks(request), cited=rounds_facts(request.content))


def closed(request: Request, answers: Answers) -> tuple[Block, ...]:
    """What ends the matter before any total: age or English. Empty when neither does."""
    return tuple(ending(request, reckon(request.content, answers, request.today)))


def chart(request: Request, answers: Answers) -> Picture:
    """Points by factor, as a picture."""
    reckoned = reckon(request.content, answers, request.today)
    breakdown = reckoned.score.breakdown
    table = request.content.points
    cap = (request.text("points_cap_label"), breakdown.employment_awarded, table.work_cap)
    if breakdown.employment_awarded:
        parts = [cap]
    else:
        parts = []
    for question, line in FACTORS:
        if question not in ("overseas_years", "australian_years") and getattr(breakdown, line):
            label = request.content.questions[question].label
            parts.append((label, getattr(breakdown, line), table.most(question)))
    parts.sort(key=lambda part: -part[1])
    origin = request.text("points_chart_origin", day=day(request.content.points.as_at))
    return points_chart(
        request,
        tuple(parts),
        reckoned.score.totals,
        points.pass_mark(request.content.points),
        origin=origin,
    )
