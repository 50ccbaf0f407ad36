"""What the bot says about itself: start, help, limits, privacy.

All from the command table, the surface and the content.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Code,
    Line,
    Note,
    Paragraph,
    Strong,
    Tap,
    Text,
    paragraph,
    spans,
)
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.spelling import corrected, nearest
from bot.features import right_to_work
from bot.features.about.abilities import abilities
from bot.features.figures import day
from bot.features.page import opened, page
from bot.features.visas.migration import visa_list
from bot.features.work.occupations import echoed
from bot.understanding import model
from content.commands import Command
from content.content import Content

LIMITS = (
    "limits_program",
    "limits_scope",
    "limits_advice",
    "limits_figures",
    "limits_jobs",
    "limits_language",
)
KEPT = tuple(
    """
    privacy_profile privacy_answers privacy_dialogs privacy_messages privacy_events
    privacy_failures privacy_unreachable privacy_workspace
    """.split()
)
FIRST_KEPT = 2
"""What concerns everybody; the rest is behind *More*."""

STALE = "stale"
"""What an adapter says for a button whose data this version does not understand."""

READERS = ("privacy_operator", "privacy_platform")


def start(request: Request) -> Turn:
    return request.answer(
        Paragraph((Strong(request.text("start_title")),)),
        paragraph(request.text("start_purpose", occupations=_occupation_names(request))),
        paragraph(request.text("start_care")),
        Choices(
            right_to_work.concerning(
                request,
                (
                    Tap(request.text("tap_salary"), "salary"),
                    Tap(request.text("tap_visas"), "visa"),
                    Tap(request.text("tap_my_plan"), "plan"),
                    Tap(request.text("tap_self_audit"), "audit"),
                    _all_commands(request),
                ),
            )
        ),
        remember=False,
    )


def help_(request: Request) -> Turn:
    """Every command, or one of them; what is no command is answered with the nearest ones."""
    request, more = opened(request)
    typed = request.words.lower().removeprefix("/").strip()
    if not typed:
        return _overview(request, more=more)
    if typed == STALE:
        return request.answer(
            paragraph(request.text("help_stale")),
            Choices((_all_commands(request),)),
            remember=False,
            in_place=False,
        )
    known = _names_of_commands(request.content)
    first_word = typed.split(maxsplit=1)[0]
    command = corrected(typed, known) or corrected(first_word, known)
    if command is None:
        return _no_command(request, typed, tuple(known))
    lead: list[Block] = []
    if not (known.get(typed) or known.get(first_word)):
        words = request.text("taken_as", typed=echoed(typed), meant=command)
        lead.append(paragraph(words))
    return _about_command(request, command, lead)


def _about_command(request: Request, command: str, lead: Iterable[Block]) -> Turn:
    """What a command does, how it is written, an example to tap, and what is near it."""
    entry = request.content.commands[command]
    usage = f"{command} {entry.usage}".strip()
    blocks: list[Block] = [
        *lead,
        Paragraph((Strong(f"{command}: {entry.summary}"),)),
        Paragraph((Text(request.text("help_usage")), Code(usage))),
    ]
    if entry.details:
        blocks.append(paragraph(entry.details))
    blocks.append(Paragraph((Text(request.text("help_example")), Code(entry.example))))
    related = (
        Tap(request.text("help_about", command=key), f"help {key}") for key in entry.related[:3]
    )
    taps = (Tap(entry.example, entry.example), *related, _all_commands(request))
    return request.answer(*blocks, Choices(taps), remember=False)


def _all_commands(request: Request) -> Tap:
    return Tap(request.text("tap_all_commands"), "help")


def _overview(request: Request, *, more: bool) -> Turn:
    """Every command that concerns the person: those of the menu first, the others by group."""
    local = right_to_work.is_local(request)
    shown = _commands_shown(request, local=local)
    blocks: list[Block] = [Paragraph((Strong(request.text("help_title")),))]
    if model.COMMANDS_ONLY:
        blocks.append(paragraph(request.text("commands_only")))
    blocks.append(Bullets(tuple(_line(key, one) for key, one in shown.items() if one.menu)))
    if local:
        blocks.append(Paragraph(request.spans("help_local")))
    example = Code(f"{request.event.surface.prefix}salary senior")
    blocks.append(Paragraph((Text(request.text("help_prefix")), example)))
    taps = (
        Tap(request.text("tap_salary"), "salary"),
        Tap(request.text("tap_visas"), "visa"),
        Tap(request.text("tap_my_plan"), "plan"),
    )
    return page(
        replace(request, words=""),
        *blocks,
        rest=tuple(_groups(request, shown)),
        taps=right_to_work.concerning(request, taps),
        more=more,
        remember=False,
    )


def _commands_shown(request: Request, *, local: bool) -> dict[str, Command]:
    """Those that are not hidden; of visas none for somebody who needs none."""
    return {
        key: command
        for key, command in request.content.commands.items()
        if not command.hidden and not (local and right_to_work.is_of_visas(request.content, key))
    }


def _groups(request: Request, shown: Mapping[str, Command]) -> Iterator[Note]:
    for name, group in request.content.groups.items():
        others = [key for key, one in shown.items() if one.group == name and not one.menu]
        if others:
            yield Note(group.title, tuple(_line(key, shown[key]) for key in others))


def _line(key: str, command: Command) -> Line:
    """The example stands for the command, unless it is a line of other words."""
    is_its_own = command.example.startswith((key, key.replace("-", " ")))
    return spans(Code(command.example if is_its_own else key), f": {command.summary}")


def _names_of_commands(content: Content) -> dict[str, str]:
    """Every name of every command that people may ask about."""
    return {
        name: key
        for key, command in content.commands.items()
        if not command.hidden
        for name in (key, *command.aliases)
    }


def _no_command(request: Request, typed: str, names: tuple[str, ...]) -> Turn:
    commands = dict.fromkeys(
        _names_of_commands(request.content)[name]
        for name in nearest(typed.split(maxsplit=1)[0], names)
    )
    taps = tuple(Tap(key, key) for key in commands)
    said = request.text("help_unknown_nearest" if taps else "help_unknown", typed=echoed(typed))
    return request.answer(
        paragraph(said),
        Choices((*taps, _all_commands(request))),
        remember=False,
    )


def limits(request: Request) -> Turn:
    """In general, and on this platform."""
    request, more = opened(request)
    surface = request.event.surface
    newest = max(source.read_on for source in request.content.sources.values())
    fills = {
        "occupations": _occupation_names(request),
        "visas": visa_list(request.content),
        "newest": day(newest),
    }
    general = tuple(spans(request.text(key, **fills)) for key in LIMITS)
    here = tuple(spans(request.text(key)) for key in surface.cannot)
    on_platform: tuple[Paragraph | Bullets, ...] = ()
    if here:
        on_platform = (
            paragraph(request.text("limits_here", platform=surface.name.capitalize())),
            Bullets(here),
        )
    taps = (
        Tap(request.text("tap_limits_privacy"), "privacy"),
        _all_commands(request),
    )
    return page(
        request,
        Paragraph((Strong(request.text("limits_title")),)),
        Bullets(general),
        rest=(*on_platform, abilities(request)),
        taps=taps,
        more=more,
        remember=False,
    )


def privacy(request: Request) -> Turn:
    """What is kept and who may read it; how long each thing is kept is the second half."""
    request, more = opened(request)
    surface = request.event.surface
    readers = (*READERS, *(("privacy_owners",) if surface.workspace_owners_may_read else ()))
    kept = tuple(spans(request.text(key)) for key in KEPT)
    who = Bullets(
        tuple(spans(request.text(key, platform=surface.name.capitalize())) for key in readers)
    )
    return page(
        request,
        Paragraph((Strong(request.text("privacy_title")),)),
        Bullets(kept[:FIRST_KEPT]),
        paragraph(request.text("privacy_who")),
        who,
        paragraph(request.text("privacy_rights")),
        rest=(Bullets(kept[FIRST_KEPT:]), paragraph(request.text("privacy_usual"))),
        taps=(
            Tap(request.text("tap_all_held"), "mydata"),
            Tap(request.text("tap_erase_all"), "forget"),
        ),
        more=more,
        remember=False,
    )


def _occupation_names(request: Request) -> str:
    return request.text("list_join").join(
        occupation.plural for occupation in request.content.occupations.values()
    )


def knows_command(content: Content, _command: str, words: str) -> bool:
    """Whether these words after `help` name a command, a slip or two aside."""
    return (
        corrected(words.lower().removeprefix("/").strip(), _names_of_commands(content)) is not None
    )


HANDLERS: dict[str, Handler] = {"start": start, "help": help_, "limits": limits, "privacy": privacy}
GRAMMARS: dict[str, Grammar] = {"help": knows_command}
