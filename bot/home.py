"""The person's home page, for surfaces that show one: what the bot is, their plan, reminders and results, what is kept.

It says next to nothing of its own: each part is the answer that the same command gives in the chat, so page and chat never differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.answers.printing import day
from bot.asking import Ask, Handler
from bot.local import HOME, known_zone
from bot.recurrence import zone
from bot.reply import Block, Choices, Heading, Paragraph, Reply, Tap
from bot.state import Person


def page(ask: Ask, handlers: Mapping[str, Handler]) -> Reply:
    """The page as this person's state has it now."""
    settings = Choices(
        (
            Tap(ask.say("home_profile"), "profile"),
            Tap(ask.say("home_timezone"), "timezone"),
            Tap(ask.say("home_privacy"), "privacy"),
            Tap(ask.say("home_everything"), "mydata"),
            Tap(ask.say("home_erase"), "forget"),
        )
    )
    blocks = (
        *_answer(ask, handlers, "start"),
        *_answer(ask, handlers, "plan"),
        *_headed(ask.say("home_nudges"), _answer(ask, handlers, "reminders")),
        Heading(ask.say("home_results")),
        *_results(ask),
        Heading(ask.say("home_you")),
        settings,
    )
    return Reply(blocks=tuple(_with_forms(ask, block) for block in blocks), personal=True)


FORMS = {
    line: f"form {name}"
    for line, name in (("points", "points"), ("audit", "audit"), ("subscribe", "subscribe"), ("profile fill", "profile"))
}
"""What asks one question after the other in a chat. A page is no chat: where there are forms, a tap on it opens one."""


def _with_forms(ask: Ask, block: Block) -> Block:
    if not isinstance(block, Choices) or not ask.event.surface.forms:
        return block
    return Choices(tuple(replace(tap, action=FORMS.get(tap.action, tap.action)) if isinstance(tap, Tap) else tap for tap in block.choices))


def shows(before: Person, after: Person) -> bool:
    """Whether the page may look different now. Cheap: it is asked after every event."""
    return _shown(before) != _shown(after)


def _shown(person: Person) -> tuple[object, ...]:
    return person.progress, person.subscriptions, person.profile, person.results


def _answer(ask: Ask, handlers: Mapping[str, Handler], command: str) -> tuple[Block, ...]:
    turn = handlers[command](replace(ask, command=command, words="", entities={}))
    return tuple(block for reply in turn.replies for block in reply.blocks)


def _headed(title: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return blocks if isinstance(blocks[0], Heading) else (Heading(title), *blocks)


def _results(ask: Ask) -> Iterator[Block]:
    """The last sums as they stood on their day; a tap reckons anew."""
    results = ask.state.person.results
    points, audit = results.get("points", {}), results.get("audit", {})
    visas = " · ".join(f"{visa}: {points[key]}" for key in sorted(points) if (visa := key.removeprefix("result.")) in ask.content.visas)
    if visas:
        yield Paragraph(ask.line("home_points", day=_day(ask, points), points=visas))
    if audit:
        yield Paragraph(ask.line("home_audit", day=_day(ask, audit), total=audit["result.total"]))
    again = Tap(ask.say("home_tap_result"), "points result") if visas else Tap(ask.say("home_tap_points"), "points")
    yield Choices((again, Tap(ask.say("home_tap_audit"), "audit")))


def _day(ask: Ask, result: Mapping[str, str]) -> str:
    place = zone(known_zone(ask.state.person, ask.event) or HOME)
    return day(datetime.fromisoformat(result["result.at"]).astimezone(place).date())
