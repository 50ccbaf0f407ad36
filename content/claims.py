"""Statements of the source documents that the bot does not repeat, each with the reason.

Every statement has an id; it is either a `claims:` of something the bot says, or an entry here. A
test walks them all.
"""

from content.entry import Entry, Words


class NotRepeated(Entry):
    """`statement` in a few words, so that the file can be read alone;
    `reason` why the bot doesn't say it.
    """

    statement: Words
    reason: Words
