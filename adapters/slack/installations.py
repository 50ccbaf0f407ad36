"""The workspaces that installed the bot: one row each, its token encrypted, looked up through a short memory.

A revoked or uninstalled workspace is forgotten at once, its token with it; other replicas follow within a minute.
Which database, and what the tables are, wiring says.
"""

import asyncio
import base64
import json
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.grants import Grant
from bot.ports import Clock

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 60.0
REMEMBERED = 1000
STATE_MINUTES = 10
"""How long somebody may take on Slack's consent page."""

THE_BOT = ""
"""The row's user: tokens of people are never asked for, so there is only the bot's own row."""

T = TypeVar("T")


class Transact(Protocol):
    """Runs a function in one transaction of the database, off the event loop."""

    async def __call__(self, function: Callable[[sa.Connection], T]) -> T: ...


class Box:
    """Encrypts tokens. Several secrets, comma-separated, mean a change under way: the first encrypts, all decrypt."""

    def __init__(self, secret_key: str) -> None:
        parts = [part.strip() for part in secret_key.split(",") if part.strip()]
        if not parts:
            raise ValueError("SECRET_KEY is empty")
        self._first, *_ = self._all = [Fernet(_key(part)) for part in parts]
        self._any = MultiFernet(self._all)

    def shut(self, text: str) -> str:
        return self._first.encrypt(text.encode()).decode()

    def opened(self, shut: str) -> tuple[str, bool]:
        """The text, and whether it should be shut anew (an older secret opened it). Raises InvalidToken if no secret fits."""
        try:
            return self._first.decrypt(shut.encode()).decode(), False
        except InvalidToken:
            return self._any.decrypt(shut.encode()).decode(), True


def _key(secret: str) -> bytes:
    """A Fernet key of any secret."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pivotbot slack tokens").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)


class Installations(AsyncInstallationStore):
    """Grants for many workspaces, and where Slack's SDK keeps what an installation brought."""

    def __init__(
        self,
        *,
        transact: Transact,
        table: sa.Table,
        box: Box,
        clock: Clock,
        installed: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """`installed` is told each workspace that (again) has a token, so that what waits for it can go out."""
        self._transact = transact
        self._table = table
        self._box = box
        self._clock = clock
        self._installed = installed
        self._known: OrderedDict[str, tuple[float, Grant]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Grant | None]] = {}

    # --- Grants ----------------------------------------------------------------------------------------------------

    async def find(self, workspace: str) -> Grant | None:
        """See adapters.slack.grants. However many ask at the same time, the database is asked once."""
        known = self._known.get(workspace)
        if known and time.monotonic() < known[0]:
            return known[1]
        task = self._asking.get(workspace)
        if task is None:
            task = self._asking[workspace] = asyncio.create_task(self._look_up(workspace))
            task.add_done_callback(lambda _: self._asking.pop(workspace, None))
        return await asyncio.shield(task)

    async def revoke(self, workspace: str) -> None:
        """Delete the row and with it the token. What is being looked up meanwhile is not believed."""
        self._forget(workspace)
        await self._transact(lambda connection: connection.execute(sa.delete(self._table).where(self._is(workspace))))
        self._forget(workspace)
        log.warning("slack %s: uninstalled; its token is deleted and nothing is sent there", workspace)

    async def _look_up(self, workspace: str) -> Grant | None:
        statement = sa.select(self._table).where(self._is(workspace)).order_by(self._table.c.installed_at.desc()).limit(1)
        row = await self._transact(lambda connection: connection.execute(statement).one_or_none())
        if row is None:
            return None
        try:
            token, aged = self._box.opened(row.bot_token_encrypted)
        except InvalidToken:
            log.error("slack %s: no secret in SECRET_KEY opens its token; add the former one, or install again", workspace)  # noqa: TRY400
            return None
        if aged:
            await self._transact(lambda connection: connection.execute(self._shut_anew(workspace, token, row.bot_token_encrypted)))
        grant = Grant(token=token, bot_user=row.bot_user_id or "", bot_id=row.bot_id or "", team=row.team_id, enterprise=row.enterprise_id)
        if asyncio.current_task() is self._asking.get(workspace):
            self._known[workspace] = (time.monotonic() + REMEMBER_SECONDS, grant)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return grant

    def _shut_anew(self, workspace: str, token: str, before: str) -> sa.Executable:
        return (
            sa.update(self._table)
            .where(self._is(workspace), self._table.c.bot_token_encrypted == before)
            .values(bot_token_encrypted=self._box.shut(token))
        )

    def _is(self, workspace: str) -> sa.ColumnElement[bool]:
        """A workspace's own row, or the row of the organisation that installed the bot everywhere."""
        columns = self._table.c
        everywhere = sa.and_(columns.enterprise_id == workspace, columns.is_enterprise_install)
        return sa.or_(sa.and_(columns.team_id == workspace, columns.team_id != ""), everywhere)

    def _forget(self, workspace: str) -> None:
        self._known.pop(workspace, None)
        self._asking.pop(workspace, None)

    # --- what the SDK's OAuth flow calls ---------------------------------------------------------------------------

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_save(self, installation: Installation) -> None:
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """Replace the workspace's row. Names of workspace and organisation are all that is kept beside what sending needs."""
        row = self._row(bot)
        columns = self._table.c
        same = sa.and_(*(columns[name] == row[name] for name in ("enterprise_id", "team_id", "user_id")))

        def replaced(connection: sa.Connection) -> None:
            connection.execute(sa.delete(self._table).where(same))
            connection.execute(sa.insert(self._table).values(row))

        await self._transact(replaced)
        workspace = row["enterprise_id"] if row["is_enterprise_install"] else row["team_id"]
        self._forget(workspace)
        log.info("slack %s: installed", workspace)
        if self._installed is not None:
            await self._installed(workspace)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        grant = await self.find((enterprise_id if is_enterprise_install or not team_id else team_id) or "")
        if grant is None:
            return None
        return Bot(
            enterprise_id=grant.enterprise or None,
            team_id=grant.team or None,
            bot_token=grant.token,
            bot_id=grant.bot_id,
            bot_user_id=grant.bot_user,
            installed_at=self._clock.now().timestamp(),
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.revoke(team_id or enterprise_id or "")

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.revoke(team_id or enterprise_id or "")

    def _row(self, bot: Bot) -> dict[str, Any]:
        return {
            "enterprise_id": bot.enterprise_id or "",
            "team_id": "" if bot.is_enterprise_install else bot.team_id or "",
            "user_id": THE_BOT,
            "is_enterprise_install": bool(bot.is_enterprise_install),
            "app_id": bot.app_id,
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "bot_scopes": ",".join(bot.bot_scopes) if bot.bot_scopes else "",
            "bot_token_encrypted": self._box.shut(bot.bot_token),
            "installed_at": self._clock.now(),
            "body": json.dumps({"team": bot.team_name or "", "enterprise": bot.enterprise_name or ""}),
        }


class States(AsyncOAuthStateStore):
    """The `state` of each installation under way: random, good once, for ten minutes."""

    def __init__(self, *, transact: Transact, table: sa.Table, clock: Clock) -> None:
        self._transact = transact
        self._table = table
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_issue(self, *args: object, **kwargs: object) -> str:  # noqa: ARG002 -- the SDK's signature
        state = secrets.token_urlsafe(32)
        until: datetime = self._clock.now() + timedelta(minutes=STATE_MINUTES)
        await self._transact(lambda connection: connection.execute(sa.insert(self._table).values(state=state, expires_at=until)))
        return state

    async def async_consume(self, state: str) -> bool:
        """True the first time, while it lasts: one DELETE decides, however many ask at once."""
        columns, now = self._table.c, self._clock.now()
        spent = sa.delete(self._table).where(columns.state == state, columns.expires_at > now)
        return bool(await self._transact(lambda connection: connection.execute(spent).rowcount == 1))
