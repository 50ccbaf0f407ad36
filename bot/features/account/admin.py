"""For those named in PIVOTBOT_ADMINS: figures, a message to everyone, content read again.

Nobody else learns that it exists.
"""

from dataclasses import replace

from bot.core.events import Found
from bot.core.reply import Choices, Heading, Reply, Strong, Table, Tap, paragraph
from bot.core.request import Handler, Request
from bot.core.state import State
from bot.core.turn import Broadcast, CountPeople, CountTexts, CountUse, ReloadContent, Turn

BROADCAST_CHARACTERS = 1500
SEND = "admin send"
"""Good only while the dry run is the last thing that was shown."""


def admin(request: Request) -> Turn:
    """`admin stats`, `admin queues`, `admin broadcast TEXT` (to oneself first), `admin send`,
    `admin reload`.
    """
    if not request.event.admin:
        return request.answer(paragraph(request.text("admin_refused")), remember=False)
    word, _, rest = request.words.strip().partition(" ")
    match word.lower():
        case "stats":
            return Turn(state=request.state, effects=(CountUse(), CountTexts()))
        case "queues":
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


def figures_found(request: Request, found: Found) -> Turn:
    """Figures of the queues, or what a broadcast would be, with its head-count."""
    if request.words.lower().startswith("broadcast"):
        return _dry_run(request, int(found.get("reachable", "0")))
    rows = tuple((name.replace("_", " "), value) for name, value in found.values)
    return _table(request, "queues_title", rows)


def _dry_run(request: Request, people: int) -> Turn:
    """First the message, as everybody would see it; then to how many, and whether."""
    asked = request.answer(
        paragraph(Strong(_many(request, "broadcast_dry_run", people))),
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
    shown = replace(_message(request), personal=True)
    return replace(asked, replies=(shown, *asked.replies))


def used(request: Request, found: Found) -> Turn:
    """How many people there are and what they do."""
    value = {name: int(number) for name, number in found.values}
    rows = (
        (request.text("stats_people"), str(value["people"])),
        (request.text("stats_active"), str(value["active"])),
        (request.text("stats_plans"), str(value["plans"])),
        (
            request.text("stats_nudges"),
            _share(request, value["nudges_answered"], value["nudges"]),
        ),
    )
    return _table(request, "stats_title", rows)


def texts_counted(request: Request, found: Found) -> Turn:
    """How much was not understood, and of what kind, since this process began."""
    value = {name: int(number) for name, number in found.values}
    missed = {
        name.removeprefix(_MISSED): count
        for name, count in value.items()
        if name.startswith(_MISSED)
    }
    rows = (
        (
            request.text("stats_missed"),
            _share(request, sum(missed.values()), value.get("texts", 0)),
        ),
        *((_kind(request, kind), str(missed[kind])) for kind in list(missed)[:MOST_KINDS]),
    )
    return _table(request, "stats_texts_title", rows)


_MISSED = "missed:"
MOST_KINDS = 8


def _kind(request: Request, kind: str) -> str:
    intent = request.content.intents.get(kind)
    if intent:
        return intent.says
    return kind.replace("_", " ")


def _share(request: Request, part: int, whole: int) -> str:
    if not whole:
        return request.text("stats_none")
    return request.text("stats_share", part=part, whole=whole, percent=round(100 * part / whole))


def _table(request: Request, title: str, rows: tuple[tuple[str, str], ...]) -> Turn:
    heads = (request.text("stats_what"), request.text("stats_count"))
    return request.answer(
        Heading(request.text(title)),
        Table(request.text(title), heads, rows),
        personal=True,
        remember=False,
    )


def _many(request: Request, phrase: str, count: int) -> str:
    return request.text(f"{phrase}_one" if count == 1 else phrase, people=count)


def reload_found(request: Request, found: Found) -> Turn:
    if found.get("outcome") == "reloaded":
        phrase = "content_reloaded"
    else:
        phrase = "content_kept"
    return request.answer(
        paragraph(request.text(phrase, errors=found.get("errors"))), personal=True, remember=False
    )


def broadcast_booked(request: Request, found: Found) -> Turn:
    return request.answer(
        paragraph(_many(request, "broadcast_booked", int(found.get("people", "0")))),
        personal=True,
        remember=False,
    )


def _message(request: Request) -> Reply:
    """What everybody reads."""
    text = request.state.conversation.asked
    return Reply(blocks=(paragraph(text), paragraph(request.text("broadcast_footer"))))


def _send(request: Request) -> Turn:
    characters = len(request.state.conversation.asked)
    audit = f"broadcast of {characters} characters by {request.event.account.platform} admin"
    return Turn(
        state=_put_away(request), effects=(Broadcast(reply=_message(request), audit=audit),)
    )


def _put_away(request: Request) -> State:
    return replace(request.state, conversation=replace(request.state.conversation, asked=""))


HANDLERS: dict[str, Handler] = {"admin": admin}
FOUND = {
    "CountPeople": figures_found,
    "CountUse": used,
    "CountTexts": texts_counted,
    "ReloadContent": reload_found,
    "Broadcast": broadcast_booked,
}
