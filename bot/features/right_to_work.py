"""Whether somebody needs a visa to work here, as they said it, and what that leaves out of answers.

Asked once where it matters, kept with the profile's answers, taken back with `undo`. Nobody's need
is guessed: while nothing was said, both halves stand.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeVar

from bot.core.command_line import parse
from bot.core.reply import Choice, Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.state import Profile
from bot.core.turn import Turn
from content.content import Content

QUESTION: Final = "status"
LOCAL: Final = "local"
VISA: Final = "visa"
ASKED: Final = "asked"
_EARLIER: Final = {"yes": VISA, "no": LOCAL}
"""How an older version kept it, in a field of its own."""
_GROUP: Final = "visas"
"""Of commands: what a local has no use for."""
TAPS: Final = (("tap_needs_visa", "visa needed yes"), ("tap_needs_no_visa", "visa needed no"))

Offered = TypeVar("Offered", bound=Choice)


def of(profile: Profile) -> str:
    """'local', 'visa', or '' while nobody said."""
    return profile.answers.get(QUESTION, "") or _EARLIER.get(profile.needs_visa, "")


def is_local(request: Request) -> bool:
    """Who said that they need no visa."""
    return of(request.state.person.profile) == LOCAL


def is_migrant(request: Request) -> bool:
    """Who said that they need one."""
    return of(request.state.person.profile) == VISA


def is_to_ask(request: Request) -> bool:
    """Nobody said, and it was not asked yet."""
    return not of(request.state.person.profile) and not request.state.person.profile.needs_visa


def noted(profile: Profile, status: str) -> Profile:
    """The profile with what was said, or taken back with ''."""
    answers = {key: said for key, said in profile.answers.items() if key != QUESTION}
    if status:
        kept = {**answers, QUESTION: status}
    else:
        kept = answers
    return replace(profile, answers=kept, needs_visa=ASKED)


def asked(turn: Turn) -> Turn:
    """The turn in which the question was put: once, answered or not."""
    person = turn.state.person
    profile = replace(person.profile, needs_visa=person.profile.needs_visa or ASKED)
    return replace(turn, state=replace(turn.state, person=replace(person, profile=profile)))


def told(request: Request, need: str) -> Turn:
    """`visa needed yes` or `no`: kept, said back, and taken back with `undo`."""
    person = request.state.person
    status, before = _EARLIER[need], of(person.profile)
    state = replace(
        request.state,
        person=replace(person, profile=noted(person.profile, status)),
        conversation=replace(
            request.state.conversation,
            changed={QUESTION: before} if before != status else {},
        ),
    )
    taps = Choices((Tap(request.text("tap_wrong"), "undo"),))
    return request.answer(
        paragraph(request.text(f"visa_needed_{need}")),
        taps,
        state=state,
        personal=True,
        remember=False,
        in_place=False,
    )


def concerning(request: Request, taps: Iterable[Offered]) -> tuple[Offered, ...]:
    """Those of the buttons that are this person's concern: a local gets none of the visa pages'."""
    if not is_local(request):
        return tuple(taps)
    return tuple(tap for tap in taps if not _leads_to_visas(request.content, tap))


def _leads_to_visas(content: Content, choice: Choice) -> bool:
    line = None
    if isinstance(choice, Tap):
        line = parse(content, choice.action)
    return line is not None and is_of_visas(content, line.command)


def is_of_visas(content: Content, command: str) -> bool:
    """Whether the command is about visas, codes or points."""
    return command in content.commands and content.commands[command].group == _GROUP
