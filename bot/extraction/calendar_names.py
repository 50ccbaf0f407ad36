"""Names of days and months as people write them, short ones and common misspellings too:
the only table of each.
"""

from typing import Final

DAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _misspelt(name: str) -> set[str]:
    """One swap of neighbours or one letter missing inside: 'sunady', 'thusday'."""
    swaps = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    gaps = {name[:i] + name[i + 1 :] for i in range(1, len(name) - 1)}
    return (swaps | gaps) - set(DAY_NAMES)


_SHORT: Final = {
    "tue": 1,
    "tues": 1,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "weds": 2,
    "mon": 0,
    "mons": 0,
    "wed": 2,
    "sat": 5,
    "sats": 5,
    "sun": 6,
}

ENGLISH_TOO: Final = frozenset({"mon", "mons", "wed", "weds", "sat", "sats", "sun"})

DAYS: Final = {
    **{wrong: number for number, name in enumerate(DAY_NAMES) for wrong in _misspelt(name)},
    "wensday": 2,
    "wednsday": 2,
    "wendsday": 2,
    "saterday": 5,
    "teusday": 1,
    "thurday": 3,
    **_SHORT,
    **{name: number for number, name in enumerate(DAY_NAMES)},
}

SHORT_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}

MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
"""A month's name, for a pattern; the longest first."""
