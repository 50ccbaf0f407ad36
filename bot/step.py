"""The conversation's one decision: (content, state, event) → Turn. Pure; everything else in `bot` serves or runs it.

A typed text, a slash command, a tap and an understood sentence all become a command of the table and the words after
it; from there nobody knows which one it was. What an open dialog or the last answer make of a text is decided here.
"""

from collections.abc import Callable
from dataclasses import replace

from bot import admin, answers, people
from bot.asking import Ask, Handler
from bot.commands import Line, parse, tidy
from bot.events import ChatMovedTo, Due, Event, Found, Joined, Left, Located, OpenedHome, Pressed, Said, Submitted
from bot.reply import Reply, paragraph
from bot.state import State
from bot.turn import MoveChat, Turn
from content.library import Content

HANDLERS: dict[str, Handler] = {**answers.HANDLERS, **people.HANDLERS, **admin.HANDLERS}
FOUND: dict[str, Callable[[Ask, Found], Turn]] = {**people.FOUND, **admin.FOUND}


def step(content: Content, state: State, event: Event) -> Turn:
    """Decide one event. Raises only for a defect; whatever a person types has an answer."""
    match event.body:
        case Said(text=text):
            return _said(content, state, event, text)
        case Pressed(action=action):
            return _run(content, state, event, parse(content, action) or Line("help", action))
        case ChatMovedTo(new_id=new_id):
            return Turn(state=state, effects=(MoveChat(old=event.chat, new=replace(event.chat, id=new_id)),))
        case Found(effect=effect) as found:
            return FOUND[effect](_cause(content, state, event, found), found)
        case Submitted() | Located() | OpenedHome() | Joined() | Left() | Due():
            return Turn(state=state)


def apology(content: Content, state: State, reference: str) -> Turn:
    """What the sender reads when an event could not be handled: one sentence with a reference number."""
    sentence = content.phrases["set_aside"].format(reference=reference)
    return Turn(state=state, replies=(Reply(blocks=(paragraph(sentence),)),))


def _said(content: Content, state: State, event: Event, text: str) -> Turn:
    line = parse(content, text)
    if line is None:
        typed = tidy(text).lower()
        for label, action in state.conversation.choices.items():
            if label.lower() == typed:
                line = parse(content, action)
    return _run(content, state, event, line or Line("help", ""))


def _cause(content: Content, state: State, event: Event, found: Found) -> Ask:
    """The question that an effect was to help answer, asked again now that the effect found something out."""
    match found.cause:
        case Pressed(action=text):
            line = parse(content, text)
        case Said(text=text, reading=reading):
            line = parse(content, text) or (Line(reading.command, reading.arguments) if reading else None)
        case _:
            line = None
    line = line or Line("help", "")
    return Ask(content=content, state=state, event=event, command=line.command, words=line.words)


def _run(content: Content, state: State, event: Event, line: Line) -> Turn:
    ask = Ask(content=content, state=state, event=event, command=line.command, words=line.words)
    return HANDLERS[line.command](ask)
