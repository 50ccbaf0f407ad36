"""What the bot says about itself: start, help, limits, privacy. All from the command table, the surface and the content."""

from typing import get_args

from bot.answers.abilities import abilities
from bot.answers.occupations import echoed
from bot.answers.printing import day
from bot.asking import Ask, Handler, Knows
from bot.matching import corrected, nearest
from bot.reply import Bullets, Choices, Code, Line, Note, Paragraph, Strong, Tap, Text, paragraph, spans
from bot.turn import Turn
from bot.understanding import model
from content.commands import Command, Group
from content.library import Content

LIMITS = ("limits_program", "limits_scope", "limits_advice", "limits_figures", "limits_jobs", "limits_language")
KEPT = (
    "privacy_profile",
    "privacy_answers",
    "privacy_dialogs",
    "privacy_messages",
    "privacy_events",
    "privacy_failures",
    "privacy_unreachable",
    "privacy_workspace",
)
STALE = "stale"
"""What an adapter says for a button whose data this version does not understand."""

READERS = ("privacy_operator", "privacy_platform")


def start(ask: Ask) -> Turn:
    return ask.answer(
        Paragraph((Strong(ask.say("start_title")),)),
        paragraph(ask.say("start_purpose", occupations=_covered(ask))),
        paragraph(ask.say("start_care")),
        Choices(
            (
                Tap(ask.say("tap_salary"), "salary"),
                Tap(ask.say("tap_visas"), "visa"),
                Tap(ask.say("tap_my_plan"), "plan"),
                Tap(ask.say("tap_self_audit"), "audit"),
                Tap(ask.say("tap_all_commands"), "help"),
            )
        ),
        remember=False,
    )


def help_(ask: Ask) -> Turn:
    """Every command, or one of them; what is no command is answered with the nearest ones."""
    typed = ask.words.lower().removeprefix("/").strip()
    if not typed:
        return _overview(ask)
    if typed == STALE:
        return ask.answer(
            paragraph(ask.say("help_stale")), Choices((Tap(ask.say("tap_all_commands"), "help"),)), remember=False, in_place=False
        )
    known = _known(ask.content)
    command = corrected(typed, known) or corrected(typed.split(maxsplit=1)[0], known)
    if command is None:
        return _no_command(ask, typed, tuple(known))
    taken = (
        ()
        if known.get(typed) or known.get(typed.split(maxsplit=1)[0])
        else (paragraph(ask.say("taken_as", typed=echoed(typed), meant=command)),)
    )
    entry = ask.content.commands[command]
    usage = f"{command} {entry.usage}".strip()
    related = tuple(Tap(ask.say("help_about", command=key), f"help {key}") for key in entry.related[:3])
    details = (paragraph(entry.details),) if entry.details else ()
    return ask.answer(
        *taken,
        Paragraph((Strong(f"{command}: {entry.summary}"),)),
        Paragraph((Text(ask.say("help_usage")), Code(usage))),
        *details,
        Paragraph((Text(ask.say("help_example")), Code(entry.example))),
        Choices((Tap(entry.example, entry.example), *related, Tap(ask.say("tap_all_commands"), "help"))),
        remember=False,
    )


def _overview(ask: Ask) -> Turn:
    shown = {key: command for key, command in ask.content.commands.items() if not command.hidden}
    first = tuple(_line(key, command) for key, command in shown.items() if command.menu)
    rest = tuple(
        Note(ask.say(f"help_group_{group}"), lines)
        for group in get_args(Group)
        if (lines := tuple(_line(key, command) for key, command in shown.items() if command.group == group and not command.menu))
    )
    fewer_wordings = (paragraph(ask.say("rules_only")),) if model.RULES_ONLY else ()
    return ask.answer(
        Paragraph((Strong(ask.say("help_title")),)),
        *fewer_wordings,
        Bullets(first),
        *rest,
        Paragraph((Text(ask.say("help_prefix")), Code(f"{ask.event.surface.prefix}salary senior"))),
        Choices((Tap(ask.say("tap_salary"), "salary"), Tap(ask.say("tap_visas"), "visa"), Tap(ask.say("tap_my_plan"), "plan"))),
        remember=False,
    )


def _line(key: str, command: Command) -> Line:
    """The example stands for the command, unless it is a line of other words."""
    is_its_own = command.example.startswith((key, key.replace("-", " ")))
    return spans(Code(command.example if is_its_own else key), f": {command.summary}")


def _known(content: Content) -> dict[str, str]:
    """Every name of every command that people may ask about."""
    return {name: key for key, command in content.commands.items() if not command.hidden for name in (key, *command.aliases)}


def _no_command(ask: Ask, typed: str, names: tuple[str, ...]) -> Turn:
    commands = dict.fromkeys(_known(ask.content)[name] for name in nearest(typed.split(maxsplit=1)[0], names))
    taps = tuple(Tap(key, key) for key in commands)
    said = ask.say("help_unknown_nearest" if taps else "help_unknown", typed=echoed(typed))
    return ask.answer(paragraph(said), Choices((*taps, Tap(ask.say("tap_all_commands"), "help"))), remember=False)


def limits(ask: Ask) -> Turn:
    """In general, and on this platform."""
    surface = ask.event.surface
    newest = max(source.read_on for source in ask.content.sources.values())
    general = tuple(spans(ask.say(key, occupations=_covered(ask), newest=day(newest))) for key in LIMITS)
    here = tuple(spans(ask.say(key)) for key in surface.cannot)
    on_platform = (paragraph(ask.say("limits_here", platform=surface.name.capitalize())), Bullets(here)) if here else ()
    return ask.answer(
        Paragraph((Strong(ask.say("limits_title")),)),
        Bullets(general),
        *on_platform,
        abilities(ask),
        Choices((Tap(ask.say("tap_limits_privacy"), "privacy"), Tap(ask.say("tap_all_commands"), "help"))),
        remember=False,
    )


def privacy(ask: Ask) -> Turn:
    surface = ask.event.surface
    readers = (*READERS, *(("privacy_owners",) if surface.workspace_owners_may_read else ()))
    return ask.answer(
        Paragraph((Strong(ask.say("privacy_title")),)),
        Bullets(tuple(spans(ask.say(key)) for key in KEPT)),
        paragraph(ask.say("privacy_usual")),
        paragraph(ask.say("privacy_who")),
        Bullets(tuple(spans(ask.say(key, platform=surface.name.capitalize())) for key in readers)),
        paragraph(ask.say("privacy_rights")),
        Choices((Tap(ask.say("tap_all_held"), "mydata"), Tap(ask.say("tap_erase_all"), "forget"))),
        remember=False,
    )


def _covered(ask: Ask) -> str:
    return ask.say("list_join").join(occupation.plural for occupation in ask.content.occupations.values())


def knows_command(content: Content, _command: str, words: str) -> bool:
    """Whether these words after `help` name a command, a slip or two aside."""
    return corrected(words.lower().removeprefix("/").strip(), _known(content)) is not None


HANDLERS: dict[str, Handler] = {"start": start, "help": help_, "limits": limits, "privacy": privacy}
KNOWS: dict[str, Knows] = {"help": knows_command}
