"""For those named in PIVOTBOT_ADMINS: figures, a message to everyone, content read again. Nobody else learns that it exists."""

from dataclasses import replace

from bot.asking import Ask, Handler
from bot.events import Found
from bot.reply import Choices, Heading, Reply, Strong, Table, Tap, paragraph
from bot.state import State
from bot.turn import Broadcast, CountPeople, ReloadContent, Turn

BROADCAST_CHARACTERS = 1500
SEND = "admin send"
"""Good only while the dry run is the last thing that was shown."""


def admin(ask: Ask) -> Turn:
    """`admin stats`, `admin broadcast TEXT` (a dry run first), `admin send`, `admin reload`."""
    if not ask.event.admin:
        return ask.answer(paragraph(ask.say("admin_refused")), remember=False)
    word, _, rest = ask.words.strip().partition(" ")
    match word.lower():
        case "stats":
            return Turn(state=ask.state, effects=(CountPeople(),))
        case "broadcast" if 0 < len(rest.strip()) <= BROADCAST_CHARACTERS:
            waiting = replace(ask.state, conversation=replace(ask.state.conversation, asked=rest.strip()))
            return Turn(state=waiting, effects=(CountPeople(),))
        case "send" if ask.state.conversation.asked and SEND in ask.state.conversation.choices.values():
            return _send(ask)
        case "leave":
            return ask.answer(paragraph(ask.say("broadcast_left")), state=_put_away(ask), personal=True, remember=False)
        case "reload":
            return Turn(state=ask.state, effects=(ReloadContent(),))
        case _:
            return ask.answer(paragraph(ask.say("admin_usage", characters=BROADCAST_CHARACTERS)), personal=True, remember=False)


def counted(ask: Ask, found: Found) -> Turn:
    """Figures, or the head-count of a broadcast's dry run."""
    if ask.words.lower().startswith("broadcast"):
        text = ask.state.conversation.asked
        return ask.answer(
            paragraph(Strong(ask.say("broadcast_dry_run", people=found.get("reachable", "0")))),
            paragraph(text),
            Choices((Tap(ask.say("tap_send"), SEND), Tap(ask.say("tap_leave_it"), "admin leave")), yes_or_no=True),
            personal=True,
            remember=False,
        )
    rows = tuple((name.replace("_", " "), value) for name, value in found.values)
    return ask.answer(Heading(ask.say("stats_title")), Table(ask.say("stats_title"), ("", ""), rows), personal=True, remember=False)


def reloaded(ask: Ask, found: Found) -> Turn:
    phrase = "content_reloaded" if found.get("outcome") == "reloaded" else "content_kept"
    return ask.answer(paragraph(ask.say(phrase, errors=found.get("errors"))), personal=True, remember=False)


def broadcast_booked(ask: Ask, found: Found) -> Turn:
    return ask.answer(paragraph(ask.say("broadcast_booked", people=found.get("people", "0"))), personal=True, remember=False)


def _send(ask: Ask) -> Turn:
    text = ask.state.conversation.asked
    audit = f"broadcast of {len(text)} characters by {ask.event.account.platform} admin"
    reply = Reply(blocks=(paragraph(text), paragraph(ask.say("broadcast_footer"))))
    return Turn(state=_put_away(ask), effects=(Broadcast(reply=reply, audit=audit),))


def _put_away(ask: Ask) -> State:
    return replace(ask.state, conversation=replace(ask.state.conversation, asked=""))


HANDLERS: dict[str, Handler] = {"admin": admin}
FOUND = {"CountPeople": counted, "ReloadContent": reloaded, "Broadcast": broadcast_booked}
