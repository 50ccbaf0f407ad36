"""Which of the values that were spotted belong to an intent, under the names everybody uses, and
the words they make.

"$1000 daily" is no daily reminder and "190k" no visa: an intent takes only the values its row in
intents.yaml names. Words are the typed command's own grammar, so that a sentence and a slash
command meet in one handler.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.understanding.entities import Values
from bot.understanding.normalise import Written
from content.language import EntityName, Intent

Entities = Mapping[str, object]

_BLANK: Final = re.compile(r"{(\w+)}")


def stated(intent: Intent, values: Values, *, talk_of_points: bool) -> dict[str, object]:
    """The entities of one reading; only values that the message states."""
    found: dict[str, object] = {}
    for name in intent.entities:
        value = _value(name, values, talk_of_points=talk_of_points)
        if value not in (None, "", []):
            found[name] = value
    if "days" in found and "until" in found:
        del found["days"]
    return found


def _value(name: EntityName, values: Values, *, talk_of_points: bool) -> object:
    steps = values.steps or values.small_numbers
    every: dict[EntityName, object] = {
        "subclass": list(values.subclasses),
        "weekday": list(values.weekdays),
        "time": f"{values.time:%H:%M}" if values.time else None,
        "step": list(steps) if len(steps) > 1 else next(iter(steps), None),
        "amount": _number(next(iter(values.amounts), None)),
        "day_rate": _number(next(iter(values.day_rates), None)),
        "points": _number(_points(values, talk_of_points=talk_of_points)),
        "years": _number(values.years),
        "days": _number(values.work_days if values.day_rates else values.days),
        "hours": _number(values.hours),
        "level": values.level,
        "zone": values.zone,
        "until": values.until,
    }
    return every[name]


_TOPIC = re.compile(r"\b(?:on|for|about) (?:the |my |this )?((?:\S+ ){0,2}\S+)$")
"""What pages are asked for about: up to three words at the end."""
_UNIT = re.compile(r"\bunit (\d{1,2})\b")


def _points(values: Values, *, talk_of_points: bool) -> float | None:
    """Points that are called so; while points are talked of, a bare score as well."""
    if values.points is None and talk_of_points:
        return values.score
    return values.points


def words(intent: Intent, entities: Entities, written: Written, values: Values) -> str:
    """What to hand to the command: the first of the intent's lines of
    which at least one blank is known.
    """
    text = written.text
    return line_filled(
        intent,
        entities,
        {
            "hourly": f"{values.hour_rate:g}" if values.hour_rate is not None else "",
            "basis": values.basis,
            "year": values.income_year,
            "help_debt": "help-debt" if values.help_debt else "",
            "occupation": values.occupations[0] if values.occupations else "",
            "plan": _plan_words(text),
            "shift": shift[0] if (shift := re.search(r"\b(?:earlier|later)\b", text)) else "",
            "text": written.plain,
            "topic": topic[1] if (topic := _TOPIC.search(text)) else "",
            "unit": unit[1] if (unit := _UNIT.search(text)) else "",
        },
    )


def line_filled(
    intent: Intent, entities: Entities, more: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The first line of `intent.words` of which a blank is known, or which has none."""
    known = {name: _spelt(value) for name, value in entities.items()} | dict(more)
    known["pay"] = _pay(known)
    for line in intent.words:
        blanks = _BLANK.findall(line)
        if not blanks or any(known.get(blank) for blank in blanks):
            return " ".join(_BLANK.sub(lambda match: known.get(match[1], ""), line).split())
    return ""


def _pay(known: Mapping[str, str]) -> str:
    """The one pay that was named, with its unit."""
    if known.get("day_rate"):
        return f"{known['day_rate']}/day" + (f" {known['days']} days" if known.get("days") else "")
    if known.get("hourly"):
        return f"{known['hourly']}/hour"
    return known.get("amount", "")


def _plan_words(text: str) -> str:
    """Hours a week, a unit, a number of weeks, start, restart: what `plan` takes."""
    for pattern, said in _PLAN:
        if match := pattern.search(text):
            return said.format(*match.groups())
    return ""


_PLAN: Final = (
    (re.compile(r"\b(\d{1,2}) ?(?:hours|hour|h)\b.{0,20}\bweek"), "hours {0}"),
    (re.compile(r"\bunit (\d{1,2})\b"), "unit {0}"),
    (re.compile(r"\b(?:restart|reset)\b"), "restart"),
    (re.compile(r"\b(?:in|over|within) (\d{1,2}) weeks\b"), "{0} weeks"),
    (re.compile(r"\b(?:full|whole|entire|all the (?:steps|weeks|units))\b"), "full"),
    (
        re.compile(
            r"\b(?:start|begin|make|create|build|give) (?:me |us )?(?:with )?(?:a|the|my"
            r"|learning|study)\b"
        ),
        "start",
    ),
)


def _number(value: float | None) -> float | None:
    """Whole numbers as such: 7, not 7.0."""
    if value is None:
        return None
    if value == int(value):
        return int(value)
    return round(value, 2)


def _spelt(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return str(value)
