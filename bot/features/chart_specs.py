"""Charts as plain JSON: what is drawn, with every figure also in words.

Drawing is bot.runtime.charts, on demand and elsewhere.

A spec is the whole picture: equal specs are equal pictures, so a platform that kept one need not be
sent it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.reply import Picture
from bot.core.request import Request
from bot.features.figures import money, span_of
from content.visa import Subclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PayBand:
    """One level's pay in AUD a year, and the years of experience it is for, in words."""

    label: str
    note: str
    low: float
    high: float


def pay_chart(
    request: Request, bands: tuple[PayBand, ...], *, origin: str, you: float | None = None
) -> Picture:
    """Pay by level as ranges, with a line at the person's own pay when it is known.

    `origin` names the source and its date.
    """
    spec: dict[str, object] = {
        "kind": "ranges",
        "title": request.text("chart_pay_title"),
        "subtitle": request.text("chart_pay_subtitle"),
        "origin": origin,
        "rows": [
            {
                "label": band.label,
                "note": band.note,
                "low": band.low,
                "high": band.high,
                "text": span_of(money(band.low), money(band.high)),
            }
            for band in bands
        ],
    }
    listed = "; ".join(
        request.text(
            "chart_pay_row",
            label=band.label,
            note=band.note,
            range=span_of(money(band.low), money(band.high)),
        )
        for band in bands
    )
    alt = request.text("chart_pay_alt", rows=listed, origin=origin)
    if you is not None:
        spec["you"] = {"value": you, "text": request.text("chart_you", amount=money(you))}
        alt = f"{alt} {request.text('chart_you_alt', amount=money(you))}"
    return Picture(spec, alt)


def points_chart(
    request: Request,
    parts: tuple[tuple[str, int, int], ...],
    totals: Mapping[Subclass, int],
    mark: int,
    *,
    origin: str,
) -> Picture:
    """The totals with the pass mark, then points by factor, each of the most that it brings;
    largest first as given.
    """
    most = max((mark, *totals.values()))
    rows: list[dict[str, object]] = [
        {
            "label": request.text("chart_points_sum", visa=visa),
            "value": total,
            "most": most,
            "mark": mark,
            "text": str(total),
        }
        for visa, total in totals.items()
    ]
    rows += [
        {"label": label, "value": value, "most": ceiling, "text": _of(request, value, ceiling)}
        for label, value, ceiling in parts
    ]
    spec: dict[str, object] = {
        "kind": "bars",
        "title": request.text("chart_points_title"),
        "subtitle": request.text("chart_points_subtitle", mark=mark),
        "origin": origin,
        "rows": rows,
    }
    listed = "; ".join(f"{label} {_of(request, value, ceiling)}" for label, value, ceiling in parts)
    summed = ", ".join(f"{visa} {total}" for visa, total in totals.items())
    return Picture(
        spec,
        request.text("chart_points_alt", parts=listed, totals=summed, mark=mark, origin=origin),
    )


def _of(request: Request, value: int, most: int) -> str:
    return request.text("chart_points_of", value=value, most=most)


def progress_chart(
    request: Request, title: str, blocks: tuple[tuple[str, int, int], ...]
) -> Picture:
    """A plan's progress: for each block of units its name, steps done and steps in all."""
    done, total = sum(part[1] for part in blocks), sum(part[2] for part in blocks)
    spec: dict[str, object] = {
        "kind": "progress",
        "title": title,
        "subtitle": request.text("chart_plan_subtitle", done=done, total=total),
        "origin": "",
        "rows": [
            {
                "label": label,
                "done": part,
                "total": whole,
                "text": request.text("chart_plan_row", done=part, total=whole),
            }
            for label, part, whole in blocks
        ],
    }
    listed = "; ".join(
        request.text("chart_plan_alt_row", label=label, done=part, total=whole)
        for label, part, whole in blocks
    )
    return Picture(
        spec, request.text("chart_plan_alt", title=title, done=done, total=total, rows=listed)
    )
