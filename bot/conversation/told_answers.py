"""A turn with further answers: those of a message's other questions in their first words, and taps
for what else may have been meant.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.core.reply import Block, Choices, Paragraph, Tap
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.about import fact as facts

SHORT: Final = 160
"""An answer of so many characters is told with another one; a longer one is named by a tap."""


def told(request: Request, turn: Turn, others: tuple[str, ...], near: tuple[str, ...] = ()) -> Turn:
    """The turn with the further answers, in their first words where those are short,
    and with taps for what is near.
    """
    if not (others or near) or not turn.replies:
        return turn
    units = [request.content.answer_units[key] for key in others]
    blocks: list[Block] = []
    taps = [Tap(facts.name_of_unit(request.content, key), f"{facts.COMMAND} {key}") for key in near]
    for key, unit in zip(others, units, strict=True):
        say = facts.printed(request, unit, unit.answer.say)
        if len(say) <= SHORT and not unit.answer.declines:
            blocks.append(Paragraph(facts.marked_text(request.text("answer_also", say=say))))
        taps.append(Tap(facts.name_of_unit(request.content, key), f"{facts.COMMAND} {key}"))
    *before, last = turn.replies
    kept = tuple(block for block in last.blocks if not isinstance(block, Choices))
    offered = tuple(
        choice for block in last.blocks if isinstance(block, Choices) for choice in block.choices
    )
    choices = Choices((*taps, *offered[-1:]))
    blocks_all = (*kept, *blocks, choices)
    conversation = turn.state.conversation
    named: Mapping[str, str] = {**conversation.choices, **{tap.label: tap.action for tap in taps}}
    state = replace(turn.state, conversation=replace(conversation, choices=named))
    return replace(turn, state=state, replies=(*before, replace(last, blocks=blocks_all)))
