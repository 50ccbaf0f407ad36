"""Times as people type them: a small closed grammar over whole messages, nothing guessed.

Each function scans a text and returns what it spotted, in order, with its place. What cannot be a time or date (25:00,
31 February) is reported as `Impossible`.
"""

from bot.when.calendar_days import dates
from bot.when.clocks import half_named, times
from bot.when.days import DAY_NAMES, days_of, weekdays
from bot.when.lapses import Lapse, durations
from bot.when.places import OFFSET, Zone, nearest_places, zones
from bot.when.spotted import Impossible, Spotted

__all__ = [
    "DAY_NAMES",
    "OFFSET",
    "Impossible",
    "Lapse",
    "Spotted",
    "Zone",
    "dates",
    "days_of",
    "durations",
    "half_named",
    "nearest_places",
    "times",
    "weekdays",
    "zones",
]
