"""`share`: an answer that one person saw, shown to everyone in the channel. Only what is general and has its sources goes out.

The answer is made anew from its command line, so nothing of a person's state can travel with it.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.asking import Ask, Handler
from bot.commands import parse
from bot.reply import Reply, Sources, paragraph
from bot.state import Person, State
from bot.turn import Turn

GENERAL = ("pay", "visas", "work")
"""Groups of the command table whose answers can be for everyone."""


def sharing(handlers: Mapping[str, Handler]) -> Handler:
    """The handler of `share`, which answers through the others."""

    def share(ask: Ask) -> Turn:
        if not ask.event.chat.shared:
            return _refused(ask, "share_alone")
        again = _again(ask)
        if again is None:
            return _refused(ask, "share_nothing")
        if ask.content.commands[again.command].group not in GENERAL:
            return _refused(ask, "share_personal")
        # A stranger's state: what is shown to all must not depend on who asked.
        stranger = State(person=Person(id=0))
        replies = handlers[again.command](replace(again, state=stranger)).replies
        if not replies or any(reply.personal or not _sourced(reply) for reply in replies):
            return _refused(ask, "share_personal")
        return Turn(state=ask.state, replies=tuple(replace(reply, in_place=False) for reply in replies))

    return share


def _again(ask: Ask) -> Ask | None:
    """The question to answer again: the one named, else this chat's last."""
    if ask.words:
        line = parse(ask.content, ask.words)
        return replace(ask, command=line.command, words=line.words, entities={}) if line else None
    last = ask.state.conversation.last
    return replace(ask, command=last.command, words=last.words, entities=last.entities) if last else None


def _sourced(reply: Reply) -> bool:
    return any(isinstance(block, Sources) for block in reply.blocks)


def _refused(ask: Ask, phrase: str) -> Turn:
    return Turn(state=ask.state, replies=(Reply(blocks=(paragraph(ask.say(phrase)),), personal=True),))
