"""Weeks of nudges on a virtual clock, as a transcript: what a person of some habit would read over
two months.

The whole bot runs, with the console as its platform, on a throw-away database; only the clock and
the person are made up.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from adapters.console.transport import Shown
from bot.core import local_time
from bot.runtime.settings import Settings
from bot.tools.terminal import console_chat
from scheduler.civil_time import zone

USER: Final = "someone"
BEGIN: Final = time(7)
"""The virtual day starts before the nudge, which is set for 9:00 on Mondays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What somebody does: at the start, and in each week (taken in turn) by day of the week,
    in the evening of that day.
    """

    opening: tuple[str, ...]
    weeks: tuple[Mapping[int, tuple[str, ...]], ...]


HABITS: Final[Mapping[str, Habit]] = {
    "ignoring": Habit(opening=("plan start",), weeks=({},)),
    "steady": Habit(
        opening=("plan start 6h", "plan background software"), weeks=({1: ("done",), 5: ("done",)},)
    ),
    "busy": Habit(
        opening=("plan start 4h",),
        weeks=(
            {0: ("snooze tomorrow",), 3: ("done",)},
            {0: ("too much",)},
            {},
            {0: ("pause 10 days",)},
            {2: ("resume", "done")},
        ),
    ),
}


def simulate(
    settings: Settings, *, weeks: int, zone: str, person: str, start: datetime | None = None
) -> str:
    """The transcript.

    `person` is a habit's name; without `start` it begins on this week's Monday.
    """
    return asyncio.run(
        _transcript(settings, weeks=weeks, zone_name=zone, habit=HABITS[person], start=start)
    )


async def _transcript(
    settings: Settings, *, weeks: int, zone_name: str, habit: Habit, start: datetime | None
) -> str:
    place = zone(zone_name)
    first = (start or datetime.now(UTC)).astimezone(place).date()
    monday = first - timedelta(days=first.weekday())
    lines: list[str] = []
    begin = datetime.combine(monday, BEGIN, place)
    async with console_chat(settings, user=USER, database_url=None, start=begin) as chat:

        async def say(text: str) -> None:
            lines.append(
                f"\n── {local_time.moment(chat.now(), zone_name, chat.now())}\n{USER}> {text}"
            )
            lines.extend(_lines_of(await chat.line(text)))

        async def until(instant: datetime) -> None:
            """Day by day, so that each nudge stands under its own date."""
            gap = instant - chat.now()
            if gap > timedelta():
                shown = await chat.line(f":wait {int(gap.total_seconds() // 60)}m")
                if shown:
                    lines.append(f"\n── by {local_time.moment(chat.now(), zone_name, chat.now())}")
                    lines.extend(_lines_of(shown))

        for text in (*habit.opening, f"subscribe monday 9am {zone_name}"):
            await say(text)
        for week in range(weeks):
            doing = habit.weeks[week % len(habit.weeks)]
            for day in range(7):
                today = monday + timedelta(days=7 * week + day)
                await until(datetime.combine(today, time(10), place))
                await until(datetime.combine(today, time(18), place))
                for text in doing.get(day, ()):
                    await say(text)
        await say("reminders")
        await say("plan")
    return "\n".join(lines).strip()


def _lines_of(shown: tuple[Shown, ...]) -> list[str]:
    return ["\n".join(part for part in (one.text, one.buttons) if part) for one in shown]
