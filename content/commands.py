"""The command table's model: one entry a command, from which help texts,
menus and manifests are made.
"""

from typing import Literal

from content.entry import Entry, Key, Words


class CommandGroup(Entry):
    """`tells`: only shows what is known: answering one too many does no harm, and others may read
    along. `general`: figures about nobody, with their sources. `computes`: adds up again what was
    said, and changes nothing.
    """

    title: Words
    tells: bool = False
    general: bool = False
    computes: bool = False


class Command(Entry):
    """`usage` is what may follow the name; `example` is a whole line to type;
    `summary` at most 60 characters.
    """

    summary: Words
    usage: str = ""
    example: Words
    aliases: tuple[Words, ...] = ()
    group: Key
    """A key of groups.yaml."""
    hidden: bool = False
    """Left out of help and menus: words that only mean something inside a dialog or on a button."""
    details: Words | None = None
    """One or two sentences more, for `help COMMAND`."""
    menu: bool = False
    """Among the few that a platform's menu shows first."""
    menu_later: bool = False
    """Behind them in a menu that one person alone sees."""
    own_slash: bool = False
    """Where commands stand under one name for all, registered by its own as well."""
    related: tuple[Key, ...] = ()
    reversible: Literal["no", "undo"] | None = None
    """Of a command that changes what is kept: can it be taken back?

    From a sentence that does not speak for it in every word it is asked about first
    (bot.understanding.acting).
    """
    from_link: Literal["no", "name", "words"] = "no"
    """What a link from outside may run: nothing, the bare command, or the command with words.

    Only what shows and asks, never what acts: anybody can write a link for somebody else to tap.
    """
