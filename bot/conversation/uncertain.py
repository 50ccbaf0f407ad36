"""Messages of which nobody knows whether they arrived: named with the next thing that their person
reads.

They are not sent again, since that might be a third copy; silence about them would be a loss that
nobody notices.
"""

from dataclasses import replace

from bot.core import local_time
from bot.core.events import Event, OpenedHome
from bot.core.reply import Block, Choices, Paragraph, Reply
from bot.core.request import Request
from bot.core.turn import Forget, Turn
from content.content import Content


def told(content: Content, turn: Turn, event: Event) -> Turn:
    """The turn, with a line for each such message at the end of what is said;
    in a chat of the person's own only.
    """
    person = turn.state.person
    unheard = event.chat.shared or isinstance(event.body, OpenedHome) or Forget() in turn.effects
    if not person.uncertain or not turn.replies or unheard:
        return turn
    request = Request(content=content, state=turn.state, event=event, command="reminders")
    *others, last = turn.replies
    state = replace(turn.state, person=replace(person, uncertain=()))
    return replace(turn, state=state, replies=(*others, _before_taps(last, _lines(request))))


def _lines(request: Request) -> tuple[Block, ...]:
    person = request.state.person
    zone = local_time.known_zone(person, request.event) or local_time.HOME
    return tuple(
        Paragraph(
            request.spans(
                f"uncertain_{one.kind}",
                at=local_time.moment(one.at, zone, request.event.at),
            )
        )
        for one in person.uncertain
    )


def _before_taps(reply: Reply, lines: tuple[Block, ...]) -> Reply:
    words = tuple(block for block in reply.blocks if not isinstance(block, Choices))
    taps = tuple(block for block in reply.blocks if isinstance(block, Choices))
    return replace(reply, blocks=(*words, *lines, *taps))
