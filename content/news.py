"""News: what changed in the facts lately, in one sentence each, with the figures named as answers
name them.

Whoever keeps the content writes an item after looking at `pivotbot check --against OLD`: that is
the approval without which nobody is told of a change.
"""

from datetime import date

from pydantic import Field

from content.entry import Entry, Words


class NewsItem(Entry):
    """One change.

    Its key is remembered by those who were told: words may change, the key may not.
    """

    since: date = Field(description="Since when it is so.")
    about: tuple[Words, ...] = Field(min_length=1, description="What people call it, lower case.")
    say: Words = Field(description="One or two sentences; facts in braces, by where they stand.")
    corrects: tuple[Words, ...] = Field(
        default=(), description="Facts whose value changed here: who was shown one is told."
    )
