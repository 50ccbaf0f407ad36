"""The command line. It parses arguments, calls one function, and turns errors into exit codes.

0 well, 1 failed, 2 wrong usage or settings, 3 content invalid. What a program reads goes to
standard output, everything else to standard error. Heavy modules are imported by the command that
needs them.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol

from bot.calculators.json_fields import InputError
from bot.runtime.settings import Settings, SettingsError, database_fault, read
from content.library import ContentError, load

FAILED, USAGE, CONTENT = 1, 2, 3
MOST_WEEKS = 520
"""Ten years: more is a slip."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # one short text at a time: more threads only wait for each other
    options = _parser().parse_args(arguments)
    try:
        settings = read()
        return int(options.run(options, settings))
    except SettingsError as error:
        return _fail(str(error), USAGE)
    except ContentError as error:
        return _fail(str(error), CONTENT)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED


class _Command(Protocol):
    """Adds a subcommand: its name, what runs it, what it is for. The parser for its options."""

    def __call__(
        self, name: str, run: Callable[[argparse.Namespace, Settings], int], summary: str
    ) -> argparse.ArgumentParser: ...


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pivotbot",
        description="A messaging bot for people who move into machine-learning engineering.",
    )
    parser.add_argument("--version", action="version", version=f"pivotbot {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, Settings], int], summary: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(run=run)
        return sub

    # In the order in which --help lists them.
    _add_run(command)
    _add_chat(command)
    _add_check(command)
    _add_preview(command)
    command(
        "understand", _understand, 'Read {"text": "..."} lines, answer intent, entities, confidence'
    )
    command("points", _points, "Read JSON lines of facts, answer the points test")
    command("takehome", _takehome, "Read JSON lines of pay, answer what is left")
    command("migrate", _migrate, "Bring the database to this version's tables")
    command(
        "doctor",
        _doctor,
        "Name what is wrong with tokens, database, clock and zones, and how to mend it",
    )
    _add_manifest(command)
    _add_backup_and_restore(command)
    _add_simulate(command)
    command("stats", _stats, "Figures of the database")
    return parser


def _add_run(command: _Command) -> None:
    sub = command("run", _run, "Serve Slack and Telegram, whichever have tokens")
    sub.add_argument(
        "--or-chat",
        action="store_true",
        help="without any token, chat on standard input instead of refusing",
    )


def _add_chat(command: _Command) -> None:
    sub = command("chat", _chat, "Talk here; reads standard input when that is no terminal")
    sub.add_argument("--as", dest="user", default="you", metavar="USER", help="who is talking")
    sub.add_argument("--database", type=_database, metavar="URL", help="default: a throw-away one")
    sub.add_argument(
        "--at",
        type=_instant,
        metavar="INSTANT",
        help="a virtual clock's start, such as 2026-10-04T01:30+10:00",
    )
    sub.add_argument(
        "--json", action="store_true", help="one JSON line of replies for each line of input"
    )


def _add_check(command: _Command) -> None:
    sub = command("check", _check, "Is the content whole?")
    sub.add_argument(
        "--against", type=Path, metavar="OLD", help="also list the keys that an older folder had"
    )
    sub.add_argument("--draw", metavar="DIALOG", help="print a dialog's flow as a Mermaid diagram")


def _add_preview(command: _Command) -> None:
    sub = command(
        "preview",
        _preview,
        "Write a page that shows the answers to some lines as each platform would",
    )
    sub.add_argument(
        "lines", nargs="+", metavar="LINE", help="what a person says, such as 'salary senior'"
    )
    sub.add_argument(
        "--out",
        type=Path,
        default=Path("preview.html"),
        metavar="FILE",
        help="where the page goes (preview.html)",
    )


def _add_manifest(command: _Command) -> None:
    sub = command("manifest", _manifest, "Print the Slack app manifest")
    sub.add_argument("--single-command", action="store_true", help="register only /pivot")
    sub.add_argument(
        "--token-rotation",
        action="store_true",
        help="for many workspaces: tokens end after 12 hours; there is no way back",
    )


def _add_backup_and_restore(command: _Command) -> None:
    sub = command("backup", _backup, "Write the whole database to a file")
    sub.add_argument(
        "file", type=Path, metavar="FILE", help="where to; compressed if it ends in .gz"
    )
    sub = command("restore", _restore, "Fill an empty database from a backup")
    sub.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")


def _add_simulate(command: _Command) -> None:
    sub = command("simulate", _simulate, "Weeks of nudges on a virtual clock")
    sub.add_argument(
        "--weeks", type=_weeks, default=8, metavar="N", help=f"how many (8), up to {MOST_WEEKS}"
    )
    sub.add_argument(
        "--zone",
        type=_zone,
        default="Australia/Sydney",
        metavar="ZONE",
        help="where the person lives (Australia/Sydney)",
    )
    sub.add_argument(
        "--person",
        choices=("ignoring", "steady", "busy"),
        default="steady",
        help="who never answers, does two steps a week (the default), or snoozes, eases and pauses",
    )
    sub.add_argument("--at", type=_instant, metavar="INSTANT", help="when the first week starts")


def _version() -> str:
    try:
        return version("pivotbot")
    except PackageNotFoundError:
        return "(not installed)"


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from bot.runtime import logs

    if not settings.telegram and settings.slack == "off":
        if not options.or_chat and not sys.stdin.isatty():
            return _fail(
                "TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN or "
                "SLACK_SIGNING_SECRET: none is set",
                USAGE,
            )
        logs.configure(
            "WARNING" if settings.log_level == "INFO" else settings.log_level, settings.log_format
        )
        print(_CONNECT, file=sys.stderr)
        return _talk(
            settings, user="you", database_url=settings.database_url, start=None, json_lines=False
        )
    logs.configure(settings.log_level, settings.log_format)
    from bot.runtime import service
    from bot.tools.progress import progress

    shown = progress if sys.stderr.isatty() else None
    return asyncio.run(service.run(settings, progress=shown))


_CONNECT = """No platform is connected, so this is a chat on your terminal. To connect one, set and run again:
  Telegram   TELEGRAM_BOT_TOKEN
  Slack      SLACK_BOT_TOKEN and SLACK_APP_TOKEN (Socket Mode), or SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (HTTP)
"""


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from bot.runtime import logs

    logs.configure(
        "WARNING" if settings.log_level == "INFO" else settings.log_level, settings.log_format
    )
    return _talk(
        settings,
        user=options.user,
        database_url=options.database,
        start=options.at,
        json_lines=options.json,
    )


def _talk(
    settings: Settings,
    *,
    user: str,
    database_url: str | None,
    start: datetime | None,
    json_lines: bool,
) -> int:
    from bot.tools import terminal

    return _on_database(
        lambda: asyncio.run(
            terminal.chat(
                settings, user=user, database_url=database_url, start=start, json_lines=json_lines
            )
        )
    )


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from bot.tools import checking
    from content.checks.dialogs import diagram, keys_gone

    content = load(settings.pivotbot_content)
    if options.draw:
        if options.draw not in content.dialogs:
            return _fail(
                f"--draw {options.draw}: no such dialog; there are {', '.join(content.dialogs)}",
                USAGE,
            )
        print(diagram(content, options.draw))
        return 0
    problems = checking.problems(content)
    if problems:
        raise ContentError(problems)
    if options.against:
        before = load(options.against)
        for key in keys_gone(before, content):
            print(f"gone: {key}")
        for line in checking.changes(before, content):
            print(line)
    print(checking.summary(content))
    for line in checking.stale(content):
        print(line)
    return 0


def _preview(options: argparse.Namespace, settings: Settings) -> int:
    from bot.tools.preview import page

    options.out.write_text(page(load(settings.pivotbot_content), options.lines), encoding="utf-8")
    print(options.out)
    return 0


def _understand(options: argparse.Namespace, settings: Settings) -> int:
    from bot.conversation.advice import advice_asked
    from bot.conversation.care import care_of
    from bot.understanding import understand

    content = load(settings.pivotbot_content)

    def answer(given: Mapping[str, object]) -> Mapping[str, object]:
        care = care_of(content, _text(given, "text"))
        if care and not care.asks:
            return _CARE
        reading = understand(
            content, _text(given, "text"), prev=_text(given, "prev", needed=False) or None
        )
        advice = advice_asked(content, _text(given, "text"))
        return {
            "intent": reading.intent,
            "entities": dict(reading.entities),
            "confidence": round(reading.confidence, 4),
            "action": "reject" if advice else reading.action,
            "candidates": [] if advice else list(reading.candidates),
            "reason": "advice" if advice else reading.reason,
            "asks": reading.asks,
            "acts": [],
        }

    return _json_lines(answer)


_CARE = {
    "intent": "out_of_scope",
    "entities": {},
    "confidence": 1.0,
    "action": "answer",
    "candidates": [],
    "reason": "care",
    "asks": False,
    "acts": [],
}
"""What distress is read as: it has an answer of its own."""


def _points(options: argparse.Namespace, settings: Settings) -> int:
    from bot.calculators.points import assess

    content = load(settings.pivotbot_content)
    return _json_lines(lambda given: assess(content, given))


def _takehome(options: argparse.Namespace, settings: Settings) -> int:
    from bot.calculators.take_home import takehome

    content = load(settings.pivotbot_content)
    return _json_lines(lambda given: takehome(content, given))


def _migrate(options: argparse.Namespace, settings: Settings) -> int:
    from adapters.storage.sql.schema import migrate
    from bot.runtime import logs

    logs.configure(settings.log_level, settings.log_format)
    from bot.tools.progress import progress

    def bring() -> None:
        with progress("bringing the tables up to date"):
            said = migrate(settings.database_url)
        print(said)

    return _on_database(bring)


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from bot.tools import doctor

    findings = asyncio.run(doctor.examine(settings, doctor.questions(settings)))
    for finding in findings:
        print(finding)
    if any(finding.bad for finding in findings):
        return FAILED
    return 0


def _manifest(options: argparse.Namespace, settings: Settings) -> int:
    from adapters.slack.manifest import manifest

    if options.token_rotation and settings.slack_bot_token is not None:
        return _fail(
            "--token-rotation: SLACK_BOT_TOKEN is one token, which nobody can renew; set "
            "SLACK_CLIENT_ID instead",
            USAGE,
        )
    content = load(settings.pivotbot_content)
    made = manifest(
        content,
        public_url=settings.public_url,
        single_command=options.single_command,
        socket_mode=settings.slack == "socket",
        rotation=options.token_rotation,
    )
    print(json.dumps(made, indent=2, ensure_ascii=False))
    return 0


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    from adapters.storage.maintenance.backup import backup
    from bot.tools.progress import progress

    def write() -> None:
        with progress("rows written") as told:
            said = backup(settings.database_url, options.file, told)
        print(said)

    return _on_database(write)


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from adapters.storage.maintenance.backup import restore
    from bot.tools.progress import progress

    def fill() -> None:
        with progress("rows restored") as told:
            said = restore(settings.database_url, options.file, told)
        print(said)

    return _on_database(fill)


def _simulate(options: argparse.Namespace, settings: Settings) -> int:
    from bot.runtime import logs
    from bot.tools.simulation import simulate

    logs.configure("WARNING", settings.log_format)
    transcript = simulate(
        settings, weeks=options.weeks, zone=options.zone, person=options.person, start=options.at
    )
    print(transcript)
    return 0


def _stats(options: argparse.Namespace, settings: Settings) -> int:
    from bot.runtime import wiring

    def show() -> None:
        for name, value in asyncio.run(wiring.stats(settings)).items():
            print(f"{name:<32}{value:>14,.0f}")

    return _on_database(show)


def _on_database(action: Callable[[], None]) -> int:
    """What the database, or a file beside it, does not let us do is a sentence, not a traceback."""
    from adapters.storage.maintenance.backup import BackupRefused
    from adapters.storage.sql.database import PoolerBetweenError
    from adapters.storage.sql.host_lock import AnotherHost
    from bot.core.ports import StoreGone

    try:
        action()
    except (BackupRefused, AnotherHost, PoolerBetweenError, StoreGone) as error:
        return _fail(str(error), FAILED)
    return 0


def _json_lines(
    answer: Callable[[Mapping[str, object]], Mapping[str, object]],
    lines: Iterable[str] | None = None,
) -> int:
    """One JSON line for each line read, flushed at once.

    A wrong line is answered on its own line and the rest goes on.
    """
    code = 0
    for line in lines if lines is not None else _standard_input():
        try:
            result = answer(_object(line))
        except InputError as error:
            result, code = {"error": str(error), "field": error.field}, FAILED
        print(_json(result), flush=True)
    return code


def _standard_input() -> Iterable[str]:
    """Lines as UTF-8 whatever the locale; a byte that is none makes a wrong line, not a crash."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return sys.stdin


def _json(result: Mapping[str, object]) -> str:
    """One line. Half a surrogate pair, which JSON can carry and UTF-8 cannot, is escaped again."""
    line = json.dumps(result, ensure_ascii=False)
    if line.isprintable():
        return line
    return json.dumps(result)


def _object(line: str) -> Mapping[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("", "not a JSON line") from error
    if not isinstance(value, dict):
        raise InputError("", "a JSON object is wanted")
    return value


def _text(given: Mapping[str, object], field: str, *, needed: bool = True) -> str:
    value = given.get(field)
    if isinstance(value, str):
        return value
    if value is None and not needed:
        return ""
    raise InputError(field, f"{field} is wanted, a text")


def _instant(text: str) -> datetime:
    with suppress(ValueError):
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant
    raise argparse.ArgumentTypeError(
        f"{text!r} should read like 2026-10-04T01:30+10:00, with the offset"
    )


def _weeks(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= MOST_WEEKS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} should be a whole number from 1 to {MOST_WEEKS}")


def _database(text: str) -> str:
    if fault := database_fault(text):
        raise argparse.ArgumentTypeError(fault)
    return text


def _zone(text: str) -> str:
    from scheduler.civil_time import zone_names

    if text in zone_names():
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} should be the name of a time zone, such as Australia/Perth"
    )


def _fail(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
