"""Times as people type them: a small closed grammar over whole messages, nothing guessed.

Each function scans a text and returns what it spotted, in order, with its place. What cannot be a
time or date (25:00, 31 February) is reported as `InvalidTime`.
"""

from bot.extraction.calendar_names import DAY_NAMES
from bot.extraction.times.clock_times import half_named, times
from bot.extraction.times.dates import dates
from bot.extraction.times.durations import Duration, durations
from bot.extraction.times.match import InvalidTime, Match
from bot.extraction.times.weekdays import days_of, weekdays
from bot.extraction.times.zones import NAMED_OFFSET, OFFSET, Zone, nearest_places, zones

__all__ = [
    "DAY_NAMES",
    "NAMED_OFFSET",
    "OFFSET",
    "Duration",
    "InvalidTime",
    "Match",
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
