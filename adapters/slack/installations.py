"""The workspaces that installed the bot: one row each, its tokens encrypted, looked up through a
short memory.

A workspace that revokes or uninstalls is forgotten at once, its tokens with it; other replicas
follow within a minute. A row of an organisation that installed the bot everywhere serves all of its
workspaces. The rows are storage's, behind bot.core.token_store; what is sealed is opened here alone.
"""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal, Protocol

from cryptography.fernet import InvalidToken
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from adapters.slack.secret_box import SecretBox
from adapters.slack.token_source import Grant
from bot.core.ports import Clock
from bot.core.token_store import SealedInstallation, TokenRows, TokenStore

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 60.0
REMEMBERED = 1000

CLAIM = timedelta(seconds=30)
"""How long a process that renews a token keeps the others from it.

Its one request takes a third of that at most.
"""

CLOCKS_APART = timedelta(seconds=1)
"""Slack tells the time of an event in whole seconds."""


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
        store: TokenStore,
        box: SecretBox,
        clock: Clock,
        watcher: Watcher | None = None,
    ) -> None:
        self._store = store
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
        installed_at = await self._store.run(lambda rows: rows.installed_at(workspace))
        if installed_at is None or (said_at is not None and installed_at >= said_at + CLOCKS_APART):
            log.info("slack %s: an uninstall of nothing that is installed now", workspace)
            return
        self._forget(workspace)
        if self._watcher:  # first: if the database goes away in between, Slack tells us again
            await self._watcher.on_ended(workspace, "uninstalled")
        await self._store.run(lambda rows: rows.remove(workspace, installed_at))
        self._forget(workspace)
        log.warning(
            "slack %s: uninstalled; its token is deleted and nothing is sent there", workspace
        )

    async def _look_up(self, workspace: str) -> Grant | None:
        grant = await self._store.run(lambda rows: self._read(rows, workspace))
        if grant is not None and asyncio.current_task() is self._asking.get(workspace):
            self._remember(workspace, grant)
        return grant

    def _read(self, rows: TokenRows, workspace: str) -> Grant | None:
        found = rows.newest(workspace)
        if found is None:
            return None
        return self._grant(rows, workspace, found)

    def _grant(self, rows: TokenRows, workspace: str, found: SealedInstallation) -> Grant | None:
        """What its row grants; a token under a former secret is sealed anew on the way."""
        if found.token is None:
            return None
        try:
            token, aged = self._box.decrypt(found.token)
            refresh, _ = self._box.decrypt(found.refresh_token or self._box.encrypt(""))
        except InvalidToken:
            log.error(  # noqa: TRY400
                "slack %s: no secret in SECRET_KEY opens its token; add the former one, or "
                "install again",
                workspace,
            )
            return None
        if aged:
            rows.change_tokens(self._seal(found, token, refresh))
        return Grant(
            token=token,
            bot_user=found.bot_user or "",
            bot_id=found.bot_id or "",
            team=found.team,
            enterprise=found.enterprise,
            ends_at=found.ends_at,
        )

    async def reseal(self) -> int:
        """Every token under the first secret of SECRET_KEY, however long its workspace has said
        nothing, so that the former secret can be dropped. Returns how many were not.
        """
        aged = await self._store.run(self._aged)
        for workspace in aged:
            await self._store.run(partial(self._read, workspace=workspace))
        if aged:
            log.info("slack: %d tokens are under the present SECRET_KEY now", len(aged))
        return len(aged)

    def _aged(self, rows: TokenRows) -> tuple[str, ...]:
        return tuple(
            one.workspace
            for one in rows.with_tokens()
            if one.token is not None and self._box.state_of(one.token) == "aged"
        )

    def _seal(self, found: SealedInstallation, token: str, refresh: str) -> SealedInstallation:
        """The installation with these tokens in it."""
        return replace(
            found,
            token=self._box.encrypt(token),
            refresh_token=self._box.encrypt(refresh) if refresh else None,
        )

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

        def claim(rows: TokenRows) -> Renewal | Grant | Literal["busy"] | None:
            found = rows.newest(workspace)
            if found is None:
                return None
            grant = self._grant(rows, workspace, found)
            if grant is None or grant.token != spent:
                return grant
            if found.refresh_token is None:
                return None
            now = self._clock.now()
            if not rows.claim(_claim(workspace), now, now + CLAIM):
                return "busy"
            return Renewal(
                refresh_token=self._box.decrypt(found.refresh_token)[0],
                installed_at=found.installed_at,
            )

        return await self._store.run(claim)

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

        def keep(rows: TokenRows) -> tuple[Grant | None, bool]:
            found = rows.newest(workspace)
            if found is not None and found.installed_at == renewal.installed_at:
                renewed = replace(found, ends_at=ends_at)
                rows.change_tokens(self._seal(renewed, token, refresh_token))
            rows.let_go(_claim(workspace))
            return self._read(rows, workspace), found is not None and found.token is None

        grant, was_ended = await self._store.run(keep)
        self._forget(workspace)
        # Ended by a process that found the refresh token spent, while this one held the new one.
        if was_ended and self._watcher:
            await self._watcher.on_installed(workspace)
        return grant

    async def give_up_claim(self, workspace: str) -> None:
        """The renewal came to nothing, and the refresh token may be used again."""
        await self._store.run(lambda rows: rows.let_go(_claim(workspace)))

    async def end(self, workspace: str, renewal: Renewal, why: str) -> Grant | None:
        """Slack takes the refresh token no more: the tokens are deleted, the row stays to say so.

        A Grant: somebody had renewed it.
        """

        def close(rows: TokenRows) -> Grant | None:
            found = rows.newest(workspace)
            rows.let_go(_claim(workspace))
            if found is None or self._refresh_token_of(found) != renewal.refresh_token:
                return self._read(rows, workspace)
            rows.change_tokens(replace(found, token=None, refresh_token=None, ends_at=None))
            return None

        grant = await self._store.run(close)
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

    def _refresh_token_of(self, found: SealedInstallation) -> str | None:
        if not found.refresh_token:
            return None
        return self._box.decrypt(found.refresh_token)[0]

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
        installation = self._installation(bot)
        workspace = installation.workspace

        def write(rows: TokenRows) -> None:
            rows.put(installation)
            rows.let_go(_claim(workspace))

        await self._store.run(write)
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

    def _installation(self, bot: Bot) -> SealedInstallation:
        names = {"team": bot.team_name or "", "enterprise": bot.enterprise_name or ""}
        everywhere = bool(bot.is_enterprise_install)
        ends_at = bot.bot_token_expires_at
        without_tokens = SealedInstallation(
            enterprise=bot.enterprise_id or "",
            team="" if everywhere else bot.team_id or "",
            everywhere=everywhere,
            app_id=bot.app_id,
            bot_id=bot.bot_id,
            bot_user=bot.bot_user_id,
            scopes=",".join(bot.bot_scopes) if bot.bot_scopes else "",
            token=None,
            refresh_token=None,
            ends_at=None if ends_at is None else datetime.fromtimestamp(ends_at, UTC),
            installed_at=self._clock.now(),
            body=json.dumps(names),
        )
        return self._seal(without_tokens, bot.bot_token, bot.bot_refresh_token or "")


def _claim(workspace: str) -> str:
    """The lease's name."""
    return f"slack renewal {workspace}"
