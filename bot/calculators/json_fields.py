"""Values that programs and forms hand in: what each must be, and an error that names the field.

Only shapes are checked here (a number, a day, one of these words). What a value means belongs to
the sums.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from math import isfinite

Given = Mapping[str, object]


class InputError(Exception):
    """A value that cannot be used. `field` names it, or is empty when no single one is at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def refuse_unknown(given: Given, known: Collection[str]) -> None:
    """A misspelt field is an error, never a silent default."""
    for field in given:
        if field not in known:
            raise InputError(
                field, f"{field} is no field of this line; known are: {', '.join(known)}"
            )


def number(
    given: Given, field: str, low: float, high: float, default: float | None = None
) -> Decimal:
    """A number from `low` to `high`.

    Left out or null, the default counts; without one it is wanted.
    """
    value = given.get(field)
    if value is None:
        if default is None:
            raise InputError(field, f"{field} is wanted: a number from {low:,.6g} to {high:,.6g}")
        return Decimal(str(default))
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not isfinite(value)
        or not low <= value <= high
    ):
        raise InputError(
            field, f"{field} is a number from {low:,.9g} to {high:,.9g}, not {value!r:.60}"
        )
    return Decimal(str(value))


def truth(given: Given, field: str) -> bool:
    """True or false; left out is false."""
    value = given.get(field)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise InputError(field, f"{field} is true or false, not {value!r:.60}")


def one_of(given: Given, field: str, options: Collection[str]) -> str:
    """One of these words; it may not be left out."""
    value = given.get(field)
    if isinstance(value, str) and value in options:
        return value
    if value is None:
        what = "wanted"
    else:
        what = f"not {value!r:.60}"
    raise InputError(field, f"{field} is {what}; it is one of: {', '.join(options)}")


def day(given: Given, field: str) -> date | None:
    """A day written 1992-03-14, or None when left out."""
    value = given.get(field)
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise InputError(field, f"{field} is a day like 1992-03-14, not {value!r:.60}") from error


def text(given: Given, field: str) -> str:
    """A text, or empty when left out."""
    value = given.get(field)
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    raise InputError(field, f"{field} is a text, not {value!r:.60}")
