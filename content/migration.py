"""What all visas share: lists and which visa they open, thresholds, invitation rounds, places, the
coming reform.

Everything here changes on a date, so every entry carries one. Which facts an answer shows, and in
which order, is decided in the core; a single visa's own facts stand in its own file.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from content.code import CodeNumber
from content.entry import Entry, Fact, Key, Words
from content.visa import Subclass


class OccupationList(Entry):
    """`name` is the short name people know; `made_by` holds the full name, the instrument that
    makes the list, and its date.
    """

    name: Words
    made_by: Fact


class Route(Entry):
    """One way to a visa: an occupation on any of `lists` meets this way's list criterion."""

    visa: Subclass
    label: Words
    lists: tuple[Key, ...] = Field(min_length=1)


class ListColumn(Entry):
    """One column of the overview of codes."""

    label: Words
    lists: tuple[Key, ...] = Field(min_length=1)


class ThresholdYear(Entry):
    """What sources say from `since` on.

    More than one fact means that they disagree; the first one leads.
    """

    since: date
    facts: tuple[Fact, ...] = Field(min_length=1)


class Threshold(Entry):
    """An income threshold, its years oldest first."""

    name: Words
    label: Words
    years: tuple[ThresholdYear, ...] = Field(min_length=1)

    def on(self, day: date) -> ThresholdYear | None:
        """The year that a nomination lodged on this day falls in; None before the first."""
        return next((year for year in reversed(self.years) if year.since <= day), None)


class InvitationRound(Entry):
    """One round of one visa.

    `lowest`: the lowest score invited, by code; a code that is missing was not listed.

    `others`: further titles worth naming, with their score.
    """

    visa: Subclass
    held_on: date
    program_year: Words
    invited: int | None = None
    lowest: Mapping[CodeNumber, int] = Field(default_factory=dict)
    others: Mapping[Words, int] = Field(default_factory=dict)


class Rounds(Entry):
    """`codes`: which codes the table shows, in order.

    `not_listed` says what the official table means by a missing code.
    """

    source: Key
    codes: tuple[CodeNumber, ...] = Field(min_length=1)
    rounds: tuple[InvitationRound, ...] = Field(min_length=1)
    not_listed: Fact
    summary: tuple[Fact, ...]
    no_national_cut_off: tuple[Fact, ...]


class PlanningLevel(Entry):
    """Places in a program year beside those of the year before."""

    label: Words
    now: Fact
    before: Fact | None = None


class Migration(Entry):
    """`rows` are the comparison's rows in order, key to label; `core_rows` those shown when many
    visas stand side by side.
    """

    facts: Mapping[Key, Fact]
    rows: Mapping[Key, Words]
    core_rows: tuple[Key, ...]
    own_lines: tuple[Key, ...]
    """Rows that stand on a line of their own in a visa's answer, where our sources have them."""
    income_row: Key
    """The row that is made of thresholds."""
    lists: Mapping[Key, OccupationList]
    routes: Mapping[Key, Route]
    list_columns: tuple[ListColumn, ...]
    thresholds: Mapping[Key, Threshold]
    rounds: Rounds
    planning_year: Words
    planning: tuple[PlanningLevel, ...]
    reform: tuple[Fact, ...]
    asides: Mapping[Key, tuple[Words, ...]]
    """Words after `visa` that ask for something else than one visa: steps, compare, rounds,
    places, reform, english.
    """
    passed_over: tuple[Words, ...]
    """Words after `visa` that ask for nothing."""
    titles_without_code: tuple[Words, ...]
    """Job titles that no code carries, lower case."""
    assessment: tuple[Key, ...]
    """What there is to know about a skills assessment: keys of `facts`, in order."""
    edition_rule: Fact
    """Which edition of the classification the law uses for which visa."""
    state_lists: Fact
    """States without a fixed list; its source is where every code's state listings were read."""
    who_decides: tuple[Fact, ...]
    """What the answer about codes says first: no such title, whose decision it is."""
