"""The workspaces that installed the bot: one row each, its tokens encrypted, looked up through a
short memory.

A workspace that revokes or uninstalls is forgotten at once, its tokens with it; other replicas
follow within a minute. A row of an organisation that installed the bot everywhere serves all of its
workspaces. Which database it is, wiring says.
"""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from adapters.slack.secret_box import SecretBox
from adapters.slack.token_source import Grant
from bot.core.ports import Clock

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 60.0
REMEMBERED = 1000

CLAIM = timedelta(seconds=30)
"""How long a process that renews a token keeps the others from it.

Its one request takes a third of that at most.
"""

CLOCKS_APART = timedelta(seconds=1)
"""Slack tells the time of an event in whole seconds."""

THE_BOT = ""
"""The row's user: tokens of people are never asked for, so there is only the bot's own row."""

T = TypeVar("T")


class Transact(Protocol):
    """Runs a function in one transaction of the database, off the event loop."""

    async def __call__(self, function: Callable[[sa.Connection], T]) -> T: ...


class Watcher(Protocol):
    """Told what becomes of workspaces: those that wait for a token, or have lost theirs,
    are somebody else's rows.
    """

    async def on_installed(self, workspace: str) -> None: ...

    async def on_ended(self, workspace: str, why: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A refresh token that nobody else may spend for now.

    `installed_at` tells this installation from a later one.
    """

    refresh_token: str = field(repr=False)
    installed_at: datetime


class Installations(AsyncInstallationStore):
    """Grants for many workspaces, and where Slack's SDK keeps what an installation brought."""

    def __init__(
        self,
        *,
        transact: Transact,
        table: sa.Table,
        leases: sa.Table,
        box: SecretBox,
        clock: Clock,
        watcher: Watcher | None = None,
    ) -> None:
        self._transact = transact
        self._table = table
        self._leases = leases
        self._box = box
        self._clock = clock
        self._watcher = watcher
        self._known: OrderedDict[str, tuple[float, Grant]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Grant | None]] = {}

    # --- grants -----------------------------------------------------------------------------------

    async def find(self, workspace: str) -> Grant | None:
        """What the row says. However many ask at the same time, the database is asked once."""
        known = self._known.get(workspace)
        if known and time.monotonic() < known[0]:
            return known[1]
        task = self._asking.get(workspace)
        if task is None:
            task = self._asking[workspace] = asyncio.create_task(self._look_up(workspace))
            task.add_done_callback(
                lambda done: (
                    self._asking.pop(workspace) if self._asking.get(workspace) is done else None
                )
            )
        return await asyncio.shield(task)

    async def read_again(self, workspace: str) -> Grant | None:
        """What the row says now: another process may have written it."""
        self._forget(workspace)
        return await self.find(workspace)

    async def revoke(self, workspace: str, *, said_at: datetime | None = None) -> None:
        """Delete the row and with it the tokens.

        What is being looked up meanwhile is not believed. An uninstall that Slack tells of late
        (`said_at`) takes nothing from an installation that came after it; one told twice finds
        nothing left to do.
        """
        newest = (
            sa.select(self._table.c.installed_at)
            .where(self._is(workspace))
            .order_by(self._table.c.installed_at.desc())
            .limit(1)
        )
        installed_at = await self._transact(lambda connection: connection.execute(newest).scalar())
        if installed_at is None or (said_at is not None and installed_at >= said_at + CLOCKS_APART):
            log.info("slack %s: an uninstall of nothing that is installed now", workspace)
            return
        self._forget(workspace)
        if self._watcher:  # first: if the database goes away in between, Slack tells us again
            await self._watcher.on_ended(workspace, "uninstalled")
        gone = sa.delete(self._table).where(
            self._is(workspace), self._table.c.installed_at <= installed_at
        )
        await self._transact(lambda connection: connection.execute(gone))
        self._forget(workspace)
        log.warning(
            "slack %s: uninstalled; its token is deleted and nothing is sent there", workspace
        )

    async def _look_up(self, workspace: str) -> Grant | None:
        grant = await self._transact(lambda connection: self._read(connection, workspace))
        if grant is not None and asyncio.current_task() is self._asking.get(workspace):
            self._remember(workspace, grant)
        return grant

    def _read(self, connection: sa.Connection, workspace: str) -> Grant | None:
        row = self._row_of(connection, workspace)
        if row is None:
            return None
        return self._grant(connection, workspace, row)

    def _row_of(self, connection: sa.Connection, workspace: str) -> sa.Row[Any] | None:
        """The workspace's newest row, locked: what is decided by it here is
        decided by nobody else at the same time.
        """
        statement = (
            sa.select(self._table)
            .where(self._is(workspace))
            .order_by(self._table.c.installed_at.desc())
            .limit(1)
        )
        return connection.execute(statement.with_for_update()).one_or_none()

    def _grant(self, connection: sa.Connection, workspace: str, row: sa.Row[Any]) -> Grant | None:
        if row.bot_token_encrypted is None:
            return None
        try:
            token, aged = self._box.decrypt(row.bot_token_encrypted)
            refresh, _ = self._box.decrypt(row.bot_refresh_token_encrypted or self._box.encrypt(""))
        except InvalidToken:
            log.error(  # noqa: TRY400
                "slack %s: no secret in SECRET_KEY opens its token; add the former one, or "
                "install again",
                workspace,
            )
            return None
        if aged:
            self._change(connection, row, **self._token_columns(token, refresh))
        return Grant(
            token=token,
            bot_user=row.bot_user_id or "",
            bot_id=row.bot_id or "",
            team=row.team_id,
            enterprise=row.enterprise_id,
            ends_at=row.bot_token_expires_at,
        )

    async def reseal(self) -> int:
        """Every token under the first secret of SECRET_KEY, however long its workspace has said
        nothing, so that the former secret can be dropped. Returns how many were not.
        """
        aged = await self._transact(self._aged)
        for workspace in aged:
            await self._transact(partial(self._read, workspace=workspace))
        if aged:
            log.info("slack: %d tokens are under the present SECRET_KEY now", len(aged))
        return len(aged)

    def _aged(self, connection: sa.Connection) -> tuple[str, ...]:
        found = connection.execute(
            sa.select(self._table).where(self._table.c.bot_token_encrypted.is_not(None))
        )
        return tuple(
            row.enterprise_id if row.is_enterprise_install else row.team_id
            for row in found
            if self._box.state_of(row.bot_token_encrypted) == "aged"
        )

    def _token_columns(self, token: str, refresh: str) -> dict[str, str | None]:
        return {
            "bot_token_encrypted": self._box.encrypt(token),
            "bot_refresh_token_encrypted": self._box.encrypt(refresh) if refresh else None,
        }

    def _change(self, connection: sa.Connection, row: sa.Row[Any], **values: Any) -> None:
        # SQLAlchemy's public name.
        key = (column == row._mapping[column] for column in self._table.primary_key)  # noqa: SLF001
        connection.execute(sa.update(self._table).where(*key).values(values))

    def _is(self, workspace: str) -> sa.ColumnElement[bool]:
        """A workspace's own row, or the row of the organisation
        that installed the bot everywhere.
        """
        columns = self._table.c
        everywhere = sa.and_(columns.enterprise_id == workspace, columns.is_enterprise_install)
        return sa.or_(sa.and_(columns.team_id == workspace, columns.team_id != ""), everywhere)

    def _remember(self, workspace: str, grant: Grant) -> None:
        self._known[workspace] = (time.monotonic() + REMEMBER_SECONDS, grant)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _forget(self, workspace: str) -> None:
        self._known.pop(workspace, None)
        self._asking.pop(workspace, None)

    # --- renewing a token (see adapters.slack.token_rotation) -------------------------------------

    async def claim_renewal(
        self, workspace: str, spent: str
    ) -> Renewal | Grant | Literal["busy"] | None:
        """The refresh token, for this process alone for a while.

        A Grant: somebody renewed it already. None: it cannot be renewed.
        """

        def claim(connection: sa.Connection) -> Renewal | Grant | Literal["busy"] | None:
            row = self._row_of(connection, workspace)
            grant = None
            if row is not None:
                grant = self._grant(connection, workspace, row)
            if row is None or grant is None or grant.token != spent:
                return grant
            if row.bot_refresh_token_encrypted is None:
                return None
            now = self._clock.now()
            held_until = connection.execute(
                sa.select(self._leases.c.until).where(self._leases.c.name == _claim(workspace))
            ).scalar()
            if held_until is not None and held_until > now:
                return "busy"
            self._let_go(connection, workspace)
            connection.execute(
                sa.insert(self._leases).values(name=_claim(workspace), owner="", until=now + CLAIM)
            )
            return Renewal(
                refresh_token=self._box.decrypt(row.bot_refresh_token_encrypted)[0],
                installed_at=row.installed_at,
            )

        return await self._transact(claim)

    async def save_renewal(
        self,
        workspace: str,
        renewal: Renewal,
        *,
        token: str,
        refresh_token: str,
        ends_at: datetime | None,
    ) -> Grant | None:
        """Keep what Slack gave for the refresh token.

        The grant that holds from now on: another one if it was installed anew meanwhile.
        """

        def keep(connection: sa.Connection) -> tuple[Grant | None, bool]:
            row = self._row_of(connection, workspace)
            if row is not None and row.installed_at == renewal.installed_at:
                self._change(
                    connection,
                    row,
                    bot_token_expires_at=ends_at,
                    **self._token_columns(token, refresh_token),
                )
            self._let_go(connection, workspace)
            return self._read(
                connection, workspace
            ), row is not None and row.bot_token_encrypted is None

        grant, was_ended = await self._transact(keep)
        self._forget(workspace)
        if (
            was_ended and self._watcher
        ):  # by a process that found the refresh token spent, while this one held the new one
            await self._watcher.on_installed(workspace)
        return grant

    async def give_up_claim(self, workspace: str) -> None:
        """The renewal came to nothing, and the refresh token may be used again."""
        await self._transact(lambda connection: self._let_go(connection, workspace))

    async def end(self, workspace: str, renewal: Renewal, why: str) -> Grant | None:
        """Slack takes the refresh token no more: the tokens are deleted, the row stays to say so.

        A Grant: somebody had renewed it.
        """

        def close(connection: sa.Connection) -> Grant | None:
            row = self._row_of(connection, workspace)
            held = (
                row
                and row.bot_refresh_token_encrypted
                and self._box.decrypt(row.bot_refresh_token_encrypted)[0]
            )
            self._let_go(connection, workspace)
            if row is None or held != renewal.refresh_token:
                return self._read(connection, workspace)
            self._change(
                connection,
                row,
                bot_token_encrypted=None,
                bot_refresh_token_encrypted=None,
                bot_token_expires_at=None,
            )
            return None

        grant = await self._transact(close)
        self._forget(workspace)
        if grant is None:
            log.error(
                "slack %s: Slack does not renew its token (%s); nothing is sent there until "
                "it is installed again",
                workspace,
                why,
            )
            if self._watcher:
                await self._watcher.on_ended(workspace, why)
        return grant

    def _let_go(self, connection: sa.Connection, workspace: str) -> None:
        connection.execute(sa.delete(self._leases).where(self._leases.c.name == _claim(workspace)))

    # --- what the SDK's OAuth flow calls ----------------------------------------------------------

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_save(self, installation: Installation) -> None:
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """Replace the workspace's row.

        Names of workspace and organisation are all that is kept beside what sending needs.
        """
        row = self._row(bot)
        if row["is_enterprise_install"]:
            workspace = row["enterprise_id"]
        else:
            workspace = row["team_id"]

        def write(connection: sa.Connection) -> None:
            connection.execute(sa.delete(self._table).where(self._is(workspace)))
            connection.execute(sa.insert(self._table).values(row))
            self._let_go(connection, workspace)

        await self._transact(write)
        self._forget(workspace)
        log.info("slack %s: installed", workspace)
        if self._watcher:
            await self._watcher.on_installed(workspace)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """A workspace's own installation comes before its organisation's."""
        candidates = [enterprise_id]
        if not is_enterprise_install:
            candidates.insert(0, team_id)
        for workspace in candidates:
            grant = None
            if workspace:
                grant = await self.find(workspace)
            if grant is not None:
                return Bot(
                    enterprise_id=grant.enterprise or None,
                    team_id=grant.team or None,
                    bot_token=grant.token,
                    bot_id=grant.bot_id,
                    bot_user_id=grant.bot_user,
                    is_enterprise_install=not grant.team,
                    installed_at=self._clock.now().timestamp(),
                )
        return None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.revoke(team_id or enterprise_id or "")

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.revoke(team_id or enterprise_id or "")

    def _row(self, bot: Bot) -> dict[str, Any]:
        ends_at = bot.bot_token_expires_at
        return {
            "enterprise_id": bot.enterprise_id or "",
            "team_id": "" if bot.is_enterprise_install else bot.team_id or "",
            "user_id": THE_BOT,
            "is_enterprise_install": bool(bot.is_enterprise_install),
            "app_id": bot.app_id,
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "bot_scopes": ",".join(bot.bot_scopes) if bot.bot_scopes else "",
            "bot_token_expires_at": None
            if ends_at is None
            else datetime.fromtimestamp(ends_at, UTC),
            "installed_at": self._clock.now(),
            "body": json.dumps(
                {"team": bot.team_name or "", "enterprise": bot.enterprise_name or ""}
            ),
            **self._token_columns(bot.bot_token, bot.bot_refresh_token or ""),
        }


def _claim(workspace: str) -> str:
    """The lease's name."""
    return f"slack renewal {workspace}"
