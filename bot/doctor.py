"""`pivotbot doctor`: looks at what a running bot needs, and says of each fault how to mend it.

It asks the platforms one harmless question each, with the tokens that are set, and changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import tzdata

from adapters import introductions
from adapters.introductions import Introduction
from adapters.storage.schema import reachable
from adapters.storage.workspaces import looked_over
from bot.ports import StoreGone
from bot.settings import Settings, plain_http
from content.library import ContentError, load

ZONES_OLD_DAYS = 120
"""Zone rules change several times a year, at weeks' notice."""

CLOCK_SECONDS = 30.0
"""Signed requests are refused by Slack beyond five minutes; nudges are promised to the minute."""

QUESTION_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `mend` is empty when all is well."""

    what: str
    state: str
    mend: str = ""
    bad: bool = False

    def __str__(self) -> str:
        mark = "✗" if self.bad else ("!" if self.mend else "✓")
        return f"{mark} {self.what}: {self.state}" + (f"\n    mend: {self.mend}" if self.mend else "")


Question = Callable[[], Awaitable[Introduction]]


def questions(settings: Settings) -> dict[str, Question]:
    """One for each platform that has a token."""
    asked: dict[str, Question] = {}
    if (token := settings.telegram_bot_token) is not None:
        asked["Telegram"] = partial(introductions.telegram, token.get_secret_value(), settings.telegram_api_url)
    if (token := settings.slack_bot_token) is not None:
        asked["Slack"] = partial(introductions.slack, token.get_secret_value(), settings.slack_api_url)
    return asked


async def examine(settings: Settings, asked: dict[str, Question], today: date | None = None) -> tuple[Finding, ...]:
    """Every finding, in the order of a start."""
    now = datetime.now(UTC)
    findings = [_content(settings), await asyncio.to_thread(_database, settings), _zones(today or now.date())]
    findings += [Finding(name, "plain http", "use https unless that host is near", bad=False) for name in plain_http(settings)]
    findings += await _tokens(settings)
    if not asked and settings.slack != "workspaces":
        findings.append(Finding("platforms", "no token is set", "set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN"))
    for platform, question in asked.items():
        findings += await _platform(platform, question)
    return tuple(findings)


def _content(settings: Settings) -> Finding:
    try:
        content = load(settings.pivotbot_content)
    except ContentError as error:
        return Finding("content", f"{len(error.problems)} problems", "run `pivotbot check`", bad=True)
    return Finding("content", f"whole ({len(content.commands)} commands, {len(content.sources)} sources)")


def _database(settings: Settings) -> Finding:
    fault = reachable(settings.database_url)
    if fault:
        return Finding("database", fault, "check DATABASE_URL, that the server runs, and that this user may create tables", bad=True)
    return Finding("database", "answers")


async def _tokens(settings: Settings) -> list[Finding]:
    """Workspaces that the bot cannot write to. That one removed it is its own wish."""
    try:
        installed, ended = await looked_over(settings.database_url)
    except (StoreGone, ValueError):
        return []  # said above
    findings = []
    if settings.slack == "workspaces":
        removed = sum(one.is_removal for one in ended)
        findings.append(Finding("Slack workspaces", f"{installed} have it installed" + (f", {removed} removed it" if removed else "")))
    again = f"install it there again, at {settings.public_url or 'PUBLIC_URL'}/slack/install"
    for one in ended:
        if not one.is_removal:
            mend = (
                again if settings.slack == "workspaces" and one.token.startswith("slack:") else "make a new token, set it and start again"
            )
            findings.append(Finding(one.token, f"nothing is sent since {one.since:%d %B %Y}: {one.why}", mend, bad=True))
    return findings


def _zones(today: date) -> Finding:
    year, letter = tzdata.IANA_VERSION[:4], tzdata.IANA_VERSION[4:]
    released = date(int(year), min(12, 1 + 2 * (ord(letter) - ord("a"))), 1)
    if (today - released).days > ZONES_OLD_DAYS:
        return Finding("time zones", f"tzdata {tzdata.IANA_VERSION}", "upgrade the tzdata package; zone rules have changed since")
    return Finding("time zones", f"tzdata {tzdata.IANA_VERSION}")


async def _platform(platform: str, question: Question) -> list[Finding]:
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            answered = await question()
    except (TimeoutError, OSError) as error:
        return [
            Finding(platform, f"no answer ({type(error).__name__})", "check the network, proxy and the platform's API address", bad=True)
        ]
    if answered.refusal:
        return [Finding(platform, f"refuses the token ({answered.refusal})", "make a new token and set it", bad=True)]
    findings = [Finding(platform, f"the token is {answered.name}'s")]
    if answered.clock is not None:
        off = abs((datetime.now(UTC) - answered.clock) / timedelta(seconds=1))
        if off > CLOCK_SECONDS:
            findings.append(Finding("clock", f"{off:.0f} s off {platform}'s", "set the clock by NTP", bad=True))
        else:
            findings.append(Finding("clock", f"within {CLOCK_SECONDS:.0f} s of {platform}'s"))
    return findings
