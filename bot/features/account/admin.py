"""For those named in PIVOTBOT_ADMINS: figures, a message to everyone, content read again. Nobody else learns that it exists."""

from dataclasses import replace

from bot.core.events import Found
from bot.core.reply import Choices, Heading, Reply, Strong, Table, Tap, paragraph
from bot.core.request import Handler, Request
from bot.core.state import State
from bot.core.turn import Broadcast, CountPeople, ReloadContent, Turn

BROADCAST_CHARACTERS = 1500
SEND = "admin send"
"""Good only while the dry run is the last thing that was shown."""


def admin(request: Request) -> Turn:
    """`admin stats`, `admin broadcast TEXT` (a dry run first), `admin send`, `admin reload`."""
    if not request.event.admin:
        return request.answer(paragraph(request.text("admin_refused")), remember=False)
    word, _, rest = request.words.strip().partition(" ")
    match word.lower():
        case "stats":
            return Turn(state=request.state, effects=(CountPeople(),))
        case "broadcast" if 0 < len(rest.strip()) <= BROADCAST_CHARACTERS:
            waiting = replace(
                request.state, conversation=replace(request.state.conversation, asked=rest.strip())
            )
            return Turn(state=waiting, effects=(CountPeople(),))
        case "send" if (
            request.state.conversation.asked and SEND in request.state.conversation.choices.values()
        ):
            return _send(request)
        case "leave":
            return request.answer(
                paragraph(request.text("broadcast_left")),
                state=_put_away(request),
                personal=True,
                remember=False,
            )
        case "reload":
            return Turn(state=request.state, effects=(ReloadContent(),))
        case _:
            return request.answer(
                paragraph(request.text("admin_usage", characters=BROADCAST_CHARACTERS)),
                personal=True,
                remember=False,
            )


def counted(request: Request, found: Found) -> Turn:
    """Figures, or the head-count of a broadcast's dry run."""
    if request.words.lower().startswith("broadcast"):
        text = request.state.conversation.asked
        return request.answer(
            paragraph(
                Strong(request.text("broadcast_dry_run", people=found.get("reachable", "0")))
            ),
            paragraph(text),
            Choices(
                (
                    Tap(request.text("tap_send"), SEND),
                    Tap(request.text("tap_leave_it"), "admin leave"),
                ),
                yes_or_no=True,
            ),
            personal=True,
            remember=False,
        )
    rows = tuple((name.replace("_", " "), value) for name, value in found.values)
    return request.answer(
        Heading(request.text("stats_title")),
        Table(request.text("stats_title"), ("", ""), rows),
        personal=True,
        remember=False,
    )


def reloaded(request: Request, found: Found) -> Turn:
    phrase = "content_reloaded" if found.get("outcome") == "reloaded" else "content_kept"
    return request.answer(
        paragraph(request.text(phrase, errors=found.get("errors"))), personal=True, remember=False
    )


def broadcast_booked(request: Request, found: Found) -> Turn:
    return request.answer(
        paragraph(request.text("broadcast_booked", people=found.get("people", "0"))),
        personal=True,
        remember=False,
    )


def _send(request: Request) -> Turn:
    text = request.state.conversation.asked
    audit = f"broadcast of {len(text)} characters by {request.event.account.platform} admin"
    reply = Reply(blocks=(paragraph(text), paragraph(request.text("broadcast_footer"))))
    return Turn(state=_put_away(request), effects=(Broadcast(reply=reply, audit=audit),))


def _put_away(request: Request) -> State:
    return replace(request.state, conversation=replace(request.state.conversation, asked=""))


HANDLERS: dict[str, Handler] = {"admin": admin}
FOUND = {"CountPeople": counted, "ReloadContent": reloaded, "Broadcast": broadcast_booked}
