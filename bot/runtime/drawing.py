"""Charts drawn with matplotlib. Loaded in the child process of bot.runtime.charts alone.

One card, 1080 pixels wide, so that text is as large on a phone as the message around it. Its own
light ground reads on a dark and a light screen alike. Colours are from Okabe and Ito's palette,
which colour-blind people can tell apart; nothing is said by colour alone.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon
from matplotlib.patheffects import withStroke

mpl.use("Agg")

WIDTH, MARGIN, DPI = 1080, 64, 100
GROUND, TRACK = "#EDECE7", "#D6D4CC"
"""Dimmer than paper, so that it does not glare on a dark screen."""
INK, SOFT = "#1D2329", "#535C65"
BLUE, ORANGE, RUST = "#0072B2", "#D55E00", "#9E4300"
"""`RUST` is orange for words: 4.5 to 1 on the ground, which small letters need."""
TITLE, SUBTITLE, LABEL, SMALL = 50, 32, 35, 29
"""Text heights in pixels.

On a phone a third of it remains, about what the message's own text has.
"""
SMALLEST = 22
HALO = 5
"""Ground around letters, so that a line behind them does not cross them."""


@dataclass(frozen=True, slots=True)
class Card:
    """The drawing surface: pixels from the top left."""

    figure: Figure
    axes: Axes

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        align: str = "left",
        room: float = 0,
    ) -> float:
        """Write, with the baseline at `y`; shrink into `room` pixels if it is given.

        Returns the width in pixels.
        """
        weight = "bold" if bold else "normal"
        while True:
            written = self.axes.text(
                x,
                y,
                words,
                fontsize=size * 72 / DPI,
                color=colour,
                weight=weight,
                ha=align,
                va="baseline",
                zorder=3,
                parse_math=False,  # two dollar signs are money here
                path_effects=[withStroke(linewidth=HALO, foreground=GROUND)],
            )
            width = float(written.get_window_extent().width)
            if not room or width <= room or size <= SMALLEST:
                return width
            written.remove()
            size -= 1

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A bar with round ends, its top left at (x, y)."""
        if width <= 0:
            return
        radius = min(height, width) / 2
        shape = f"round,pad=0,rounding_size={radius}"
        self.axes.add_patch(
            FancyBboxPatch((x, y), width, height, boxstyle=shape, facecolor=colour, linewidth=0)
        )

    def mark(self, x: float, top: float, bottom: float) -> None:
        """A mark of the scale beside a bar, never through words."""
        self.axes.plot([x, x], [top, bottom], color=TRACK, linewidth=1.5, zorder=0)

    def line(self, x: float, top: float, bottom: float, colour: str) -> None:
        """A line over the bars and under the words, set off from both by the ground's colour."""
        self.axes.plot(
            [x, x],
            [top, bottom],
            color=colour,
            linewidth=4,
            solid_capstyle="butt",
            zorder=2,
            path_effects=[withStroke(linewidth=9, foreground=GROUND)],
        )


def png(spec: Mapping[str, Any]) -> bytes:
    """The picture of a spec (bot.features.chart_specs).

    Raises ValueError for a kind that is not known.
    """
    match spec.get("kind"):
        case "ranges":
            card = _ranges(spec)
        case "bars":
            card = _bars(spec)
        case "progress":
            card = _progress(spec)
        case kind:
            raise ValueError(f"no chart of kind {kind!r}")
    file = io.BytesIO()
    card.figure.savefig(file, format="png", dpi=DPI, facecolor=GROUND, metadata={"Software": None})
    return file.getvalue()


def _card(spec: Mapping[str, Any], height: int) -> Card:
    """An empty card with its heading, and its origin at the foot."""
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    card = Card(figure, axes)
    room = WIDTH - 2 * MARGIN
    card.text(MARGIN, 100, str(spec["title"]), TITLE, bold=True, room=room)
    card.text(MARGIN, 152, str(spec["subtitle"]), SUBTITLE, colour=SOFT, room=room)
    if spec["origin"]:
        card.text(MARGIN, height - 44, str(spec["origin"]), SMALL - 3, colour=SOFT, room=room)
    return card


HEAD = 200
"""Where the rows begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """The common scale of a picture's ranges: from `low` to `high`, a tick every `step`."""

    low: float
    high: float
    step: float

    def across(self, value: float) -> float:
        return MARGIN + (value - self.low) / (self.high - self.low) * (WIDTH - 2 * MARGIN)

    def ticks(self) -> range:
        return range(int(self.low), int(self.high) + 1, int(self.step))


def _ranges(spec: Mapping[str, Any]) -> Card:
    """A row a level: its name, its range in figures, and the range on a common scale."""
    rows: Sequence[Mapping[str, Any]] = spec["rows"]
    you: Mapping[str, Any] | None = spec.get("you")
    beside = all(_fits(row) for row in rows)
    each, top = 152, HEAD
    if beside:
        each = 118
    if you:
        top += 70
    bottom = top + each * len(rows)
    card = _card(spec, bottom + 150)
    axis = _axis(rows, you)
    _name_ticks(card, axis, bottom + 42)
    for index, row in enumerate(rows):
        baseline = top + index * each + 44
        _caption_row(card, row, baseline, beside=beside)
        _draw_range(card, axis, row, you, over=baseline + (18 if beside else 54))
    if you:
        _marker(card, axis.across(you["value"]), you["text"], top)
    return card


def _axis(rows: Sequence[Mapping[str, Any]], you: Mapping[str, Any] | None) -> _Axis:
    values = [row[end] for row in rows for end in ("low", "high")]
    if you:
        values.append(you["value"])
    low, high, step = _scale(min(values), max(values))
    return _Axis(low=low, high=high, step=step)


def _name_ticks(card: Card, axis: _Axis, baseline: float) -> None:
    ends = {int(axis.low): "left", int(axis.high): "right"}
    for tick in axis.ticks():
        card.text(
            axis.across(tick),
            baseline,
            f"${tick // 1000}k",
            SMALL - 2,
            colour=SOFT,
            align=ends.get(tick, "center"),
        )


def _caption_row(card: Card, row: Mapping[str, Any], baseline: float, *, beside: bool) -> None:
    """The level's name and its figures; its note `beside` the name, else below it."""
    figures = card.text(WIDTH - MARGIN - 4, baseline, row["text"], LABEL - 3, align="right")
    room = WIDTH - 2 * MARGIN - figures - 30
    name = card.text(MARGIN, baseline, row["label"], LABEL, bold=True, room=room)
    if beside:
        card.text(MARGIN + name + 16, baseline, row["note"], SMALL, colour=SOFT)
    else:
        card.text(MARGIN, baseline + 38, row["note"], SMALL, colour=SOFT)


def _draw_range(
    card: Card, axis: _Axis, row: Mapping[str, Any], you: Mapping[str, Any] | None, *, over: float
) -> None:
    for tick in axis.ticks():
        card.mark(axis.across(tick), over - 7, over + 33)
    card.bar(MARGIN, over, WIDTH - 2 * MARGIN, 26, TRACK)
    if you:
        card.line(axis.across(you["value"]), over - 9, over + 35, ORANGE)
    left, right = axis.across(row["low"]), axis.across(row["high"])
    # A range of one value would be no bar at all: at least as wide as it is high.
    card.bar(left, over, max(right - left, 26), 26, BLUE)


def _fits(row: Mapping[str, Any]) -> bool:
    """Whether name, note and figures stand on one line, by the average width of letters."""
    taken = (
        len(row["label"]) * LABEL * 0.69
        + len(row["note"]) * SMALL * 0.6
        + len(row["text"]) * (LABEL - 3) * 0.63
    )
    return taken + 50 <= WIDTH - 2 * MARGIN


def _marker(card: Card, x: float, words: str, top: float) -> None:
    """A pointed label above the lines across the bars: told by shape and words,
    not by colour alone.
    """
    card.axes.add_patch(
        Polygon(
            [(x - 15, top - 26), (x + 15, top - 26), (x, top - 2)],
            closed=True,
            facecolor=ORANGE,
            linewidth=0,
        )
    )
    half = len(words) * LABEL * 0.3
    if x - half < MARGIN:
        align = "left"
    elif x + half > WIDTH - MARGIN:
        align = "right"
    else:
        align = "center"
    card.text(
        {"left": MARGIN, "right": WIDTH - MARGIN}.get(align, x),
        top - 42,
        words,
        LABEL,
        colour=RUST,
        bold=True,
        align=align,
    )


def _bars(spec: Mapping[str, Any]) -> Card:
    """A row a factor: its name, a bar to the most that it can be, its figure,
    and a mark to reach where there is one.
    """
    rows: Sequence[Mapping[str, Any]] = spec["rows"]
    each = 100
    card = _card(spec, HEAD + each * len(rows) + 110)
    figures = 170
    room = WIDTH - 2 * MARGIN - figures
    for index, row in enumerate(rows):
        baseline = HEAD + index * each + 40
        card.text(MARGIN, baseline, row["label"], LABEL - 2, room=WIDTH - 2 * MARGIN)
        card.bar(MARGIN, baseline + 16, room, 28, TRACK)
        card.bar(MARGIN, baseline + 16, max(room * row["value"] / row["most"], 28), 28, BLUE)
        if mark := row.get("mark"):
            card.line(MARGIN + room * mark / row["most"], baseline + 8, baseline + 52, ORANGE)
        card.text(WIDTH - MARGIN, baseline + 42, row["text"], LABEL, bold=True, align="right")
    return card


def _progress(spec: Mapping[str, Any]) -> Card:
    """A row a block: what is done of it. A finished one is ticked in words as well."""
    rows: Sequence[Mapping[str, Any]] = spec["rows"]
    each = 106
    card = _card(spec, HEAD + each * len(rows) + 60)
    room = WIDTH - 2 * MARGIN
    for index, row in enumerate(rows):
        baseline = HEAD + index * each + 42
        done = row["done"] >= row["total"] > 0
        figures = card.text(
            WIDTH - MARGIN,
            baseline,
            f"✓ {row['text']}" if done else row["text"],
            LABEL,
            bold=True,
            align="right",
        )
        card.text(MARGIN, baseline, row["label"], LABEL - 1, room=room - figures - 30)
        card.bar(MARGIN, baseline + 18, room, 28, TRACK)
        if row["done"] and row["total"]:
            card.bar(MARGIN, baseline + 18, max(room * row["done"] / row["total"], 28), 28, BLUE)
    return card


def _scale(least: float, most: float) -> tuple[float, float, float]:
    """A scale of round steps that holds both ends: (from, to, step), with at most seven marks."""
    span = max(most - least, 1.0)
    step = next(
        (
            float(size)
            for size in (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
            if span / size <= 5
        ),
        1_000_000.0,
    )
    return step * (least // step), step * -(-most // step), step
