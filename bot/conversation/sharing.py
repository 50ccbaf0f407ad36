"""`share`: an answer that one person saw, shown to everyone in the channel.

Only what is general and has its sources goes out.

The answer is made anew from its command line, so nothing of a person's state can travel with it.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.command_line import parse
from bot.core.reply import Reply, Sources, paragraph
from bot.core.request import Handler, Request
from bot.core.state import Person, State
from bot.core.turn import Turn


def sharing(handlers: Mapping[str, Handler]) -> Handler:
    """The handler of `share`, which answers through the others."""

    def share(request: Request) -> Turn:
        if not request.event.chat.shared:
            return _refuse(request, "share_alone")
        again = _again(request)
        if again is None:
            return _refuse(request, "share_nothing")
        group = request.content.group_of(again.command)
        if group is None or not group.general:
            return _refuse(request, "share_personal")
        # A stranger's state: what is shown to all must not depend on who asked.
        stranger = State(person=Person(id=0))
        replies = handlers[again.command](replace(again, state=stranger)).replies
        if not replies or any(reply.personal or not _has_sources(reply) for reply in replies):
            return _refuse(request, "share_personal")
        return Turn(
            state=request.state, replies=tuple(replace(reply, in_place=False) for reply in replies)
        )

    return share


def _again(request: Request) -> Request | None:
    """The question to answer again: the one named, else this chat's last."""
    if request.words:
        line = parse(request.content, request.words)
        if not line:
            return None
        return replace(request, command=line.command, words=line.words, entities={})
    last = request.state.conversation.last
    if not last:
        return None
    return replace(request, command=last.command, words=last.words, entities=last.entities)


def _has_sources(reply: Reply) -> bool:
    return any(isinstance(block, Sources) for block in reply.blocks)


def _refuse(request: Request, phrase: str) -> Turn:
    return Turn(
        state=request.state,
        replies=(Reply(blocks=(paragraph(request.text(phrase)),), personal=True),),
    )
