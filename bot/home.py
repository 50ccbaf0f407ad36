"""The person's home page, for surfaces that show one: what the bot is, their plan, their reminders, what is kept.

It says nothing of its own: each part is the answer that the same command gives in the chat, so page and chat never differ.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.asking import Ask, Handler
from bot.reply import Block, Choices, Reply, Tap
from bot.state import Person

PARTS = ("start", "plan", "reminders")


def page(ask: Ask, handlers: Mapping[str, Handler]) -> Reply:
    """The page as this person's state has it now."""
    blocks = [block for command in PARTS for block in _answer(ask, handlers, command)]
    settings = Choices(
        (
            Tap(ask.say("home_profile"), "profile"),
            Tap(ask.say("home_timezone"), "timezone"),
            Tap(ask.say("home_privacy"), "privacy"),
            Tap(ask.say("home_everything"), "mydata"),
            Tap(ask.say("home_erase"), "forget"),
        )
    )
    return Reply(blocks=(*blocks, settings), personal=True)


def shows(before: Person, after: Person) -> bool:
    """Whether the page may look different now. Cheap: it is asked after every event."""
    return (before.progress, before.subscriptions, before.profile) != (after.progress, after.subscriptions, after.profile)


def _answer(ask: Ask, handlers: Mapping[str, Handler], command: str) -> tuple[Block, ...]:
    turn = handlers[command](replace(ask, command=command, words="", entities={}))
    return tuple(block for reply in turn.replies for block in reply.blocks)
