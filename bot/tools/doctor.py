"""`pivotbot doctor`: looks at what a running bot needs, and says of each fault how to mend it.

It asks the platforms one harmless question each, with the tokens that are set, and changes nothing.
"""

import asyncio
import errno
import shutil
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import tzdata

from adapters import platform_probe
from adapters.platform_probe import Introduction
from adapters.storage.outbox.workspaces import overview_of_workspaces, read_sealed_tokens
from adapters.storage.sql.address import database_address
from adapters.storage.sql.schema import reachable
from bot.core.ports import StoreGone
from bot.runtime.settings import Settings, plain_http
from content.library import ContentError, load

ZONES_OLD_DAYS = 120
"""Zone rules change several times a year, at weeks' notice."""

CLOCK_SECONDS = 30.0
"""Signed requests are refused by Slack beyond five minutes; nudges are promised to the minute."""

QUESTION_SECONDS = 10.0
LITTLE_DISK = 100 * 10**6

DATABASE_MENDS = {
    "must name a file": "make that folder, or name another file; whoever runs the bot must be able to write there",
    "file is not a database": "name another file, or restore a backup into a new one",
    "another host": "stop the bot there, or use PostgreSQL, which serves several hosts",
    "refused": "start the server, or correct host and port in DATABASE_URL",
    "resolve": "correct the host in DATABASE_URL",
    "translate host": "correct the host in DATABASE_URL",
    "password authentication": (
        "correct user and password in DATABASE_URL; characters like @ and / are written %40 and "
        "%2F there"
    ),
    "does not exist": "create that database or role on the server: createdb, createuser",
    "permission denied": "give this user the right to create tables: GRANT CREATE ON SCHEMA public",
    "pooler": "name PostgreSQL itself in DATABASE_URL, or a pool with pool_mode = session",
    "unsupported startup parameter": "a pooler (pgbouncer) stands between: name PostgreSQL itself in DATABASE_URL",
    "locked": "another program holds the file; stop it",
    "invalid literal": "the port in DATABASE_URL is no number",
}
"""By a word of what the database says."""
ADDRESS_MEND = "check the network, the proxy and the platform's API address"
SCOPES_MEND = "compare the app with `pivotbot manifest` and install it again"
TOKEN_MENDS = {
    "Telegram": "ask @BotFather for a new token (/token) and set TELEGRAM_BOT_TOKEN",
    "Telegram webhook": "ask @BotFather for a new token (/token) and set TELEGRAM_BOT_TOKEN",
    "Slack": "install the app again (OAuth & Permissions) and set SLACK_BOT_TOKEN",
    "Slack app token": (
        "make one with connections:write (Basic Information, App-Level Tokens), switch Socket "
        "Mode on, and set SLACK_APP_TOKEN"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `mend` is empty when all is well."""

    what: str
    state: str
    mend: str = ""
    bad: bool = False

    def __str__(self) -> str:
        mark = "!" if self.mend else "✓"
        if self.bad:
            mark = "✗"
        return f"{mark} {self.what}: {self.state}" + (
            f"\n    mend: {self.mend}" if self.mend else ""
        )


Question = Callable[[], Awaitable[Introduction]]


def questions(settings: Settings) -> dict[str, Question]:
    """One for each platform that has a token."""
    asked: dict[str, Question] = {}
    if (token := settings.telegram_bot_token) is not None:
        asked["Telegram"] = partial(
            platform_probe.telegram, token.get_secret_value(), settings.telegram_api_url
        )
        if settings.telegram_webhook_url:
            asked["Telegram webhook"] = partial(
                platform_probe.telegram_webhook, token.get_secret_value(), settings.telegram_api_url
            )
    if (token := settings.slack_bot_token) is not None:
        asked["Slack"] = partial(
            platform_probe.slack, token.get_secret_value(), settings.slack_api_url
        )
    if (token := settings.slack_app_token) is not None:
        asked["Slack app token"] = partial(
            platform_probe.slack_app, token.get_secret_value(), settings.slack_api_url
        )
    return asked


async def examine(
    settings: Settings, asked: dict[str, Question], today: date | None = None
) -> tuple[Finding, ...]:
    """Every finding, in the order of a start."""
    now = datetime.now(UTC)
    database = await asyncio.to_thread(_database, settings)
    findings = [_content(settings), database, *_disk(settings), _zones(today or now.date())]
    findings += [*_address(settings), *_traces(settings)]
    findings += [
        Finding(name, "plain http", "use https unless that host is near", bad=False)
        for name in plain_http(settings)
    ]
    findings += [] if database.bad else await _tokens(settings)
    if not asked and settings.slack != "workspaces":
        findings.append(
            Finding(
                "platforms",
                "no token is set",
                "set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN",
            )
        )
    if settings.slack in {"http", "workspaces"} and not settings.public_url:
        findings.append(
            Finding(
                "PUBLIC_URL",
                "not set",
                "set it to the https address that Slack reaches this bot by, for the "
                "manifest and OAuth",
            )
        )
    for platform, question in asked.items():
        findings += await _platform(platform, question, settings)
    return tuple(findings)


def _content(settings: Settings) -> Finding:
    try:
        content = load(settings.pivotbot_content)
    except ContentError as error:
        return Finding(
            "content", f"problems: {len(error.problems)}", "run `pivotbot check`", bad=True
        )
    return Finding(
        "content", f"whole ({len(content.commands)} commands, {len(content.sources)} sources)"
    )


def _database(settings: Settings) -> Finding:
    fault = reachable(settings.database_url)
    if fault:
        mend = next(
            (mend for words, mend in DATABASE_MENDS.items() if words in fault), "check DATABASE_URL"
        )
        return Finding("database", fault, mend, bad=True)
    return Finding("database", "answers")


def _disk(settings: Settings) -> list[Finding]:
    """SQLite's disk: a full one stops the bot until there is room."""
    file = database_address(settings.database_url).file
    folder = Path(file).parent
    if not file or not folder.is_dir() or (free := shutil.disk_usage(folder).free) >= LITTLE_DISK:
        return []
    return [
        Finding(
            "disk",
            f"{free // 10**6} MB free where the database is",
            "make room, or the bot stops answering",
            bad=True,
        )
    ]


def _address(settings: Settings) -> list[Finding]:
    """Can the web server listen? A bot that runs already is the usual reason why not."""
    where = f"{settings.host}:{settings.port}"
    try:
        with socket.create_server((settings.host, settings.port)):
            return []
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return [
                Finding(
                    where,
                    "in use",
                    "nothing to do if that is this bot running; else set PORT to a free one",
                )
            ]
        return [
            Finding(
                where,
                str(error.strerror),
                "set HOST to an address of this machine (0.0.0.0 for all) and PORT to a free one",
                bad=True,
            )
        ]


def _traces(settings: Settings) -> list[Finding]:
    if not settings.otel_exporter_otlp_endpoint or find_spec("opentelemetry") is not None:
        return []
    return [
        Finding(
            "traces",
            "a collector is set and the library is missing",
            "pip install 'pivotbot[traces]'",
            bad=True,
        )
    ]


async def _tokens(settings: Settings) -> list[Finding]:
    """Workspaces that the bot cannot write to. That one removed it is its own wish."""
    try:
        installed, ended = await overview_of_workspaces(settings.database_url)
    except (StoreGone, ValueError):
        return []  # said above
    findings = []
    if settings.slack == "workspaces":
        removed = sum(one.is_removal for one in ended)
        findings.append(
            Finding(
                "Slack workspaces",
                f"{installed} have it installed" + (f", {removed} removed it" if removed else ""),
            )
        )
        findings += await _check_sealed(settings)
    again = f"install it there again, at {settings.public_url or 'PUBLIC_URL'}/slack/install"
    for one in ended:
        if not one.is_removal:
            if settings.slack == "workspaces" and one.token.startswith("slack:"):
                mend = again
            else:
                mend = "make a new token, set it and start again"
            findings.append(
                Finding(
                    one.token,
                    f"nothing is sent since {one.since:%d %B %Y}: {one.why}",
                    mend,
                    bad=True,
                )
            )
    return findings


async def _check_sealed(settings: Settings) -> list[Finding]:
    """Tokens that not the first secret of SECRET_KEY opens: a former one must stay, or nothing is
    left to do but to install again.
    """
    # A bot without Slack loads none of Slack.
    from adapters.slack.secret_box import SecretBox  # noqa: PLC0415

    if settings.secret_key:
        key = settings.secret_key.get_secret_value()
    else:
        key = ""
    box = SecretBox(key)
    states = Counter(box.state_of(one) for one in await read_sealed_tokens(settings.database_url))
    findings = []
    if aged := states["aged"]:
        findings.append(
            Finding(
                "SECRET_KEY",
                f"workspaces' tokens under a former secret: {aged}",
                "keep that secret in SECRET_KEY and start the bot: it encrypts them anew",
            )
        )
    if lost := states["lost"]:
        findings.append(
            Finding(
                "SECRET_KEY",
                f"workspaces' tokens that no secret in it opens: {lost}",
                "add the former secret after a comma, or have the bot installed there again",
                bad=True,
            )
        )
    return findings


def _zones(today: date) -> Finding:
    year, letter = tzdata.IANA_VERSION[:4], tzdata.IANA_VERSION[4:]
    released = date(int(year), min(12, 1 + 2 * (ord(letter) - ord("a"))), 1)
    if (today - released).days > ZONES_OLD_DAYS:
        return Finding(
            "time zones",
            f"tzdata {tzdata.IANA_VERSION}",
            "upgrade the tzdata package; zone rules have changed since",
        )
    return Finding("time zones", f"tzdata {tzdata.IANA_VERSION}")


async def _platform(platform: str, question: Question, settings: Settings) -> list[Finding]:
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            answered = await question()
    except TimeoutError:
        return [
            Finding(platform, f"no answer within {QUESTION_SECONDS:.0f} s", ADDRESS_MEND, bad=True)
        ]
    except OSError as error:
        return [Finding(platform, f"no answer ({error})", ADDRESS_MEND, bad=True)]
    if answered.refusal:
        return [
            Finding(
                platform,
                f"refuses the token ({answered.refusal})",
                TOKEN_MENDS.get(platform, ""),
                bad=True,
            )
        ]
    if platform == "Telegram webhook":
        return [_webhook(answered, settings)]
    findings = [
        Finding(
            platform, f"the token is {answered.name}'s" if answered.name else "the token is good"
        )
    ]
    if answered.scopes and (lacking := scopes_lacking(answered.scopes)):
        findings.append(
            Finding("Slack scopes", f"missing: {', '.join(lacking)}", SCOPES_MEND, bad=True)
        )
    if answered.clock is not None:
        off = abs((datetime.now(UTC) - answered.clock) / timedelta(seconds=1))
        if off > CLOCK_SECONDS:
            findings.append(
                Finding("clock", f"{off:.0f} s off {platform}'s", "set the clock by NTP", bad=True)
            )
        else:
            findings.append(Finding("clock", f"within {CLOCK_SECONDS:.0f} s of {platform}'s"))
    return findings


def _webhook(answered: Introduction, settings: Settings) -> Finding:
    if answered.name != settings.telegram_webhook_url:
        if answered.name:
            state = "Telegram delivers elsewhere"
        else:
            state = "Telegram does not deliver yet"
        return Finding("Telegram webhook", state, "start the bot: it tells Telegram the address")
    if answered.trouble:
        mend = (
            "Telegram must reach TELEGRAM_WEBHOOK_URL with a certificate it trusts, on port 443, "
            "80, 88 or 8443, and a proxy must pass its headers on"
        )
        return Finding(
            "Telegram webhook", f"the last delivery failed: {answered.trouble}", mend, bad=True
        )
    return Finding("Telegram webhook", "Telegram delivers here")


def scopes_lacking(scopes: frozenset[str]) -> tuple[str, ...]:
    # A bot without Slack loads none of Slack.
    from adapters.slack.manifest import SCOPES  # noqa: PLC0415

    return tuple(sorted(SCOPES.keys() - scopes))
