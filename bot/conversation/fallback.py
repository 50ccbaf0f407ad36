"""What the bot says when it does not simply answer: did you mean, beyond me, hello.

Words are content's.

Each offers what it can do, as taps; after the first miss in a row only the list of everything, so
that nobody is asked twice in vain.
"""

from dataclasses import replace

from bot.conversation.context import Clarify, OutOfScope, SmallTalk
from bot.conversation.other_languages import in_their_language
from bot.core.reply import Block, Choices, Reply, Tap, paragraph
from bot.core.request import Request, question, taps, with_reaction
from bot.core.turn import Turn
from bot.features import right_to_work
from bot.features.about import fact
from bot.features.visas.migration import visa_list
from bot.features.work.occupations import echoed

_FIRST = ("salary", "visa", "points", "plan")
"""What most people come for."""


MOST_OFFERED = 3


def which_answer(request: Request, keys: tuple[str, ...]) -> Turn:
    """Answers that may be meant, where nothing else was understood."""
    return ask_back(request, Clarify(intents=(), offers=()), keys)


def ask_back(request: Request, meaning: Clarify, keys: tuple[str, ...] = ()) -> Turn:
    """At most three candidates and a way out: answers that are near (`keys`) before pages."""
    intents = request.content.intents
    near = [Tap(fact.name_of_unit(request.content, key), f"{fact.COMMAND} {key}") for key in keys]
    pages = [
        Tap(intents[intent].says, offer)
        for intent, offer in zip(meaning.intents, meaning.offers, strict=True)
        if not intents[intent].sure
    ]
    none = Tap(request.text("none_of_these"), "help")
    offered = _distinct((*near, *pages), none.action)[:MOST_OFFERED]
    if not offered or (request.state.conversation.misses and not keys):
        return no_reading(request)
    if not keys and (meaning.is_far or len(offered) == 1):
        return no_reading(request, tuple(pages))
    words = request.text("did_you_mean_one" if len(offered) == 1 else "did_you_mean")
    return _count_miss(request, (paragraph(words),), (*offered, none), yes_or_no=len(offered) == 1)


def _distinct(offered: tuple[Tap, ...], way_out: str = "help") -> tuple[Tap, ...]:
    """No two that do or say the same; and none that does what the way out does."""
    kept: dict[str, Tap] = {}
    for tap in offered:
        if tap.action != way_out and tap.label not in {one.label for one in kept.values()}:
            kept.setdefault(tap.action, tap)
    return tuple(kept.values())


def beyond(request: Request, meaning: OutOfScope) -> Turn:
    """Why not, and what instead."""
    if meaning.reason == "language" and (turn := in_their_language(request)):
        return turn
    blocks = (
        paragraph(
            request.text(f"beyond_{meaning.reason or 'unknown'}", visas=visa_list(request.content))
        ),
        paragraph(request.text("can_do")),
    )
    return _count_miss(request, blocks, _doors(request, _FIRST))


def word(request: Request, meaning: SmallTalk) -> Turn:
    if meaning.intent == "thanks":
        return with_reaction(request.answer(paragraph(request.text("thanks_back")), remember=False))
    return request.answer(
        paragraph(request.text("hello_back")), Choices(_doors(request, _FIRST)), remember=False
    )


def name_other(request: Request, turn: Turn, other: str) -> Turn:
    """A mixed message got one answer; the other is a tap away."""
    label = next(
        (intent.says for intent in request.content.intents.values() if intent.command == other), ""
    )
    if not turn.replies or not label:
        return turn
    *before, last = turn.replies
    tail: tuple[Block, ...] = (paragraph(request.text("also_asked")), Choices((Tap(label, other),)))
    conversation = turn.state.conversation
    state = replace(
        turn.state,
        conversation=replace(conversation, choices={**conversation.choices, label: other}),
    )
    return replace(
        turn, state=state, replies=(*before, replace(last, blocks=(*last.blocks, *tail)))
    )


def no_reading(request: Request, near: tuple[Tap, ...] = ()) -> Turn:
    """Names what was not understood, in the text's own words, with what may help: `near`, what was
    talked about, and what most people come for; the second time in a row, where all of it is
    listed.
    """
    again = request.state.conversation.misses > 0
    said = echoed(" ".join(request.words.split()))
    words = request.text("no_reading_again" if again else "no_reading", said=said)
    near = (*near, *_of_the_topic(request))
    if again:
        way_out = Tap(request.text("tap_all_commands"), "help")
        taps_near = _distinct(near)[: MOST_OFFERED - 1]
        return _count_miss(request, (paragraph(words),), (*taps_near, way_out))
    every = _distinct((*near, *_doors(request, _FIRST)))
    return _count_miss(request, (paragraph(words),), every[:MOST_OFFERED])


def _of_the_topic(request: Request) -> tuple[Tap, ...]:
    """What is offered after the fact that was told last."""
    last = request.state.conversation.last
    units = request.content.answer_units
    if last is None or last.command != fact.COMMAND or last.words not in units:
        return ()
    answer = units[last.words].answer
    lines = (*answer.taps, *((answer.more,) if answer.more else ()))
    return tuple(Tap(fact.label_of(request, line), line) for line in lines)


def _count_miss(
    request: Request,
    blocks: tuple[Block, ...],
    choices: tuple[Tap, ...],
    *,
    yes_or_no: bool = False,
) -> Turn:
    """A miss is counted, and what was talked about stays what was talked about."""
    blocks = (*blocks, Choices(choices, yes_or_no=yes_or_no))
    conversation = replace(
        request.state.conversation,
        choices=taps(blocks),
        question=question(blocks, request.event.at),
        misses=request.state.conversation.misses + 1,
    )
    return Turn(
        state=replace(request.state, conversation=conversation), replies=(Reply(blocks=blocks),)
    )


def _doors(request: Request, commands: tuple[str, ...]) -> tuple[Tap, ...]:
    labels = {
        intent.command: intent.says for intent in reversed(tuple(request.content.intents.values()))
    }
    offered = [
        Tap(labels.get(command, request.content.commands[command].summary), command)
        for command in commands
    ]
    return right_to_work.concerning(request, offered)
