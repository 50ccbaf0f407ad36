"""The person's home page, for surfaces that show one: what the bot is, their plan, reminders and
results, what is kept.

It says next to nothing of its own: each part is the answer that the same command gives in the chat,
so page and chat never differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.events import Account, Chat, Due, Event, Found, OpenedHome, Surface
from bot.core.local_time import HOME, known_zone
from bot.core.reply import Block, Choice, Choices, Heading, Paragraph, Reply, Tap
from bot.core.request import Handler, Request, taps
from bot.core.state import Person, State
from bot.core.turn import Forget, JoinPeople, Turn, Unlink
from bot.features import right_to_work
from bot.features.figures import day
from scheduler.civil_time import zone

RESULTS = ("points", "audit")
FORMS = {
    line: f"form {name}"
    for line, name in (
        ("points", "points"),
        ("audit", "audit"),
        ("subscribe", "subscribe"),
        ("profile fill", "profile"),
    )
}
"""What asks one question after the other in a chat.

A page is no chat: where there are forms, a tap on it opens one.
"""


def page(request: Request, handlers: Mapping[str, Handler]) -> Reply:
    """The page as this person's state has it now: what is theirs first, once there is something."""
    settings = Choices(
        (
            Tap(request.text("home_profile"), "profile"),
            Tap(request.text("home_timezone"), "timezone"),
            Tap(request.text("home_privacy"), "privacy"),
            Tap(request.text("home_everything"), "mydata"),
            Tap(request.text("home_erase"), "forget"),
        )
    )
    person = request.state.person
    theirs = _once(
        request,
        *_answer(request, handlers, "plan"),
        *_section(request.text("home_nudges"), _answer(request, handlers, "reminders")),
        Heading(request.text("home_results")),
        *_results(request),
    )
    introduction = _once(request, *_answer(request, handlers, "start"), beside=theirs)
    is_known = bool(
        person.progress or person.subscriptions or any(key in person.results for key in RESULTS)
    )
    if is_known:
        ordered = (*theirs, Heading(request.text("home_ask")), *introduction)
    else:
        ordered = (*introduction, *theirs)
    blocks = (*ordered, Heading(request.text("home_you")), settings)
    return Reply(blocks=blocks, personal=True)


def _once(request: Request, *blocks: Block, beside: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    """Each tap where it stands last, and none that stands `beside` these blocks
    or leads to what the page shows anyway.
    """
    seen = {"plan", *taps(beside).values()}
    kept: list[Block] = []
    for block in reversed(blocks):
        if not isinstance(block, Choices):
            kept.append(block)
            continue
        choices = tuple(_on_a_page(request, one) for one in block.choices)
        new = tuple(one for one in choices if not (isinstance(one, Tap) and one.action in seen))
        seen |= {one.action for one in new if isinstance(one, Tap)}
        kept += [Choices(new)] if new else []
    return tuple(reversed(kept))


def _on_a_page(request: Request, choice: Choice) -> Choice:
    if not isinstance(choice, Tap) or not request.event.surface.forms:
        return choice
    return replace(choice, action=FORMS.get(choice.action, choice.action))


def changed(
    before: State,
    turn: Turn,
    event: Event,
    surfaces: Mapping[str, Surface],
    page_of: Callable[[State, Event], Reply],
) -> Iterator[tuple[Event, Reply]]:
    """The pages that look different after this turn, wherever it happened, each with the event by
    which its reader would open it.
    """
    leaves = any(isinstance(effect, Forget | Unlink) for effect in turn.effects)
    if leaves:
        after = State(person=Person(id=0))
    else:
        after = turn.state
    # What moved before the turn cannot be compared: two people became one; a nudge was booked, and
    # the next one with it.
    certain = leaves or _is_joined(event) or (isinstance(event.body, Due) and bool(turn.replies))
    if isinstance(event.body, OpenedHome) or not (
        certain or _page_inputs(before.person) != _page_inputs(after.person)
    ):
        return
    for account in _readers(before, turn, event):
        surface = surfaces.get(account.platform)
        if surface is not None and surface.home:
            chat = Chat(platform=account.platform, workspace=account.workspace, id=account.user)
            opened = replace(
                event,
                account=account,
                chat=chat,
                surface=surface,
                body=OpenedHome(),
                token=None,
                zone_hint="",
            )
            yield opened, page_of(after, opened)


def _readers(before: State, turn: Turn, event: Event) -> tuple[Account, ...]:
    """Every account of the person, as it was if the person is gone; one's own if it leaves the
    others. An outsider has no page here.
    """
    mine, chat = event.account, event.chat
    if Forget() in turn.effects:
        accounts = (*before.person.accounts, mine)
    elif any(isinstance(effect, Unlink) for effect in turn.effects):
        accounts = (mine,)
    else:
        accounts = (*turn.state.person.accounts, mine)
    is_outsider = mine.platform == chat.platform and mine.workspace != chat.workspace
    return tuple(one for one in dict.fromkeys(accounts) if not (is_outsider and one == mine))


def _is_joined(event: Event) -> bool:
    return isinstance(event.body, Found) and event.body.effect == JoinPeople.__name__


def _page_inputs(person: Person) -> tuple[object, ...]:
    """What the page is made of. Cheap to compare: it is asked after every event."""
    rules = tuple(
        replace(one, ignored=0, last_template="", good_weeks=0) for one in person.subscriptions
    )
    profile = replace(person.profile, answers={}, told_who_reads=False)
    need = right_to_work.of(person.profile)
    return person.progress, rules, profile, need, *(person.results.get(key) for key in RESULTS)


def _answer(request: Request, handlers: Mapping[str, Handler], command: str) -> tuple[Block, ...]:
    turn = handlers[command](replace(request, command=command, words="", entities={}))
    return tuple(block for reply in turn.replies for block in reply.blocks)


def _section(title: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    if isinstance(blocks[0], Heading):
        return blocks
    return (Heading(title), *blocks)


def _results(request: Request) -> Iterator[Block]:
    """The last sums as they stood on their day; a tap reckons anew."""
    results = request.state.person.results
    points, audit = results.get("points", {}), results.get("audit", {})
    visas = " · ".join(
        f"{visa}: {points[key]}"
        for key in sorted(points)
        if (visa := key.removeprefix("result.")) in request.content.visas
    )
    if visas and not right_to_work.is_local(request):
        yield Paragraph(request.spans("home_points", day=_day(request, points), points=visas))
    if audit:
        yield Paragraph(
            request.spans("home_audit", day=_day(request, audit), total=audit["result.total"])
        )
    whole: tuple[Tap, ...] = ()
    if visas:
        whole = (Tap(request.text("home_tap_result"), "points result"),)
    taps = (
        *whole,
        Tap(request.text("home_tap_points"), "points"),
        Tap(request.text("home_tap_audit"), "audit"),
    )
    yield Choices(right_to_work.concerning(request, taps))


def _day(request: Request, result: Mapping[str, str]) -> str:
    place = zone(known_zone(request.state.person, request.event) or HOME)
    return day(datetime.fromisoformat(result["result.at"]).astimezone(place).date())
