"""What the bot says when it does not simply answer: did you mean, beyond me, hello. Words are content's.

Each offers what it can do, as taps; every second miss in a row shows the whole menu, so that nobody is stuck.
"""

from dataclasses import replace

from bot.asking import Ask, nodded, question, taps
from bot.reply import Block, Choices, Reply, Tap, paragraph
from bot.turn import Turn
from bot.understanding.context import MISSES, AskBack, Beyond, Word

_FIRST = ("salary", "visa", "points", "plan")
"""What most people come for."""


def ask_back(ask: Ask, meaning: AskBack) -> Turn:
    """At most three candidates and a way out."""
    intents = ask.content.intents
    offered = [Tap(intents[intent].says, offer) for intent, offer in zip(meaning.intents, meaning.offers, strict=True)]
    none = Tap(ask.say("none_of_these"), "help")
    words = ask.say("did_you_mean_one" if len(offered) == 1 else "did_you_mean")
    return _missed(ask, (paragraph(words),), (*offered, none), yes_or_no=len(offered) == 1)


def beyond(ask: Ask, meaning: Beyond) -> Turn:
    """Why not, and what instead."""
    blocks = (paragraph(ask.say(f"beyond_{meaning.reason or 'unknown'}")), paragraph(ask.say("can_do")))
    return _missed(ask, blocks, _doors(ask, _FIRST))


def word(ask: Ask, meaning: Word) -> Turn:
    if meaning.intent == "thanks":
        return nodded(ask.answer(paragraph(ask.say("thanks_back")), remember=False))
    return ask.answer(paragraph(ask.say("hello_back")), Choices(_doors(ask, _FIRST)), remember=False)


def nothing_asked(ask: Ask) -> Turn:
    """A bare yes or no, and nothing that it could answer: what was asked a while ago is not done on the strength of it."""
    return ask.answer(paragraph(ask.say("nothing_asked")), Choices(_doors(ask, _FIRST)), remember=False)


def name_other(ask: Ask, turn: Turn, other: str) -> Turn:
    """A mixed message got one answer; the other is a tap away."""
    label = next((intent.says for intent in ask.content.intents.values() if intent.command == other), "")
    if not turn.replies or not label:
        return turn
    *before, last = turn.replies
    tail: tuple[Block, ...] = (paragraph(ask.say("also_asked")), Choices((Tap(label, other),)))
    conversation = turn.state.conversation
    state = replace(turn.state, conversation=replace(conversation, choices={**conversation.choices, label: other}))
    return replace(turn, state=state, replies=(*before, replace(last, blocks=(*last.blocks, *tail))))


def _missed(ask: Ask, blocks: tuple[Block, ...], choices: tuple[Tap, ...], *, yes_or_no: bool = False) -> Turn:
    misses = ask.state.conversation.misses + 1
    if misses >= MISSES:
        shown = {choice.action for choice in choices}
        menu = tuple(key for key, command in ask.content.commands.items() if command.menu and key not in shown)
        blocks = (*blocks, paragraph(ask.say("the_menu")))
        choices = (*(choice for choice in choices if yes_or_no or choice.action != "help"), *_doors(ask, menu))
    blocks = (*blocks, Choices(choices, yes_or_no=yes_or_no))
    conversation = replace(ask.state.conversation, choices=taps(blocks), question=question(blocks, ask.event.at), misses=misses % MISSES)
    return Turn(state=replace(ask.state, conversation=conversation), replies=(Reply(blocks=blocks),))


def _doors(ask: Ask, commands: tuple[str, ...]) -> tuple[Tap, ...]:
    labels = {intent.command: intent.says for intent in reversed(tuple(ask.content.intents.values()))}
    return tuple(Tap(labels.get(command, ask.content.commands[command].summary), command) for command in commands)
