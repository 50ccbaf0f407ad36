"""One measured figure and the table of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`beside` is the rival or bare library, measured in the same run; `aim` is in words.

    Higher is better when `more` is set.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    beside_value: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.beside_value if self.beside_value else None

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"ratio": self.ratio}


def as_markdown(figures: Sequence[Figure]) -> str:
    rows = ["| figure | ours | beside it | ratio | aim |", "|---|---|---|---|---|"]
    for one in figures:
        beside = (
            f"{one.beside}: {_number(one.beside_value)} {one.unit}"
            if one.beside_value is not None
            else "–"
        )
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else "–"
        rows.append(
            f"| {one.name} | {_number(one.value)} {one.unit} | {beside} | {ratio} | {one.aim or '–'} |"
        )
    return "\n".join(rows)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):  # a count
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
