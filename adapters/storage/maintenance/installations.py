"""The bot's installations, their sealed tokens, and the states of installations under way: the SQL
behind bot.core.token_store.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.storage.sql.tables import installations, leases, oauth_states
from bot.core.token_store import SealedInstallation, TokenRows

THE_BOT: Final = ""
"""The row's user: tokens of people are never asked for, so there is only the bot's own row."""

T = TypeVar("T")

_C: Final = installations.c


class Transact(Protocol):
    """Runs a function in one transaction of the database, off the event loop."""

    async def __call__(self, function: Callable[[sa.Connection], T]) -> T: ...


class SqlTokenStore:
    """See bot.core.token_store.TokenStore."""

    def __init__(self, transact: Transact) -> None:
        self._transact = transact

    async def run(self, function: Callable[[TokenRows], T]) -> T:
        return await self._transact(lambda connection: function(SqlTokenRows(connection)))

    async def spend(self, state: str, until: datetime) -> bool:
        """One INSERT decides."""
        spent = sa.insert(oauth_states).values(state=state, expires_at=until)
        try:
            await self._transact(lambda connection: connection.execute(spent))
        except IntegrityError:
            return False
        return True


class SqlTokenRows:
    """See bot.core.token_store.TokenRows."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def newest(self, workspace: str) -> SealedInstallation | None:
        found = sa.select(installations).where(_is(workspace))
        newest = found.order_by(_C.installed_at.desc()).limit(1).with_for_update()
        row = self._connection.execute(newest).one_or_none()
        if row is None:
            return None
        return _installation(row)

    def installed_at(self, workspace: str) -> datetime | None:
        found = sa.select(_C.installed_at).where(_is(workspace))
        newest = found.order_by(_C.installed_at.desc()).limit(1)
        at: datetime | None = self._connection.execute(newest).scalar()
        return at

    def with_tokens(self) -> tuple[SealedInstallation, ...]:
        held = sa.select(installations).where(_C.bot_token_encrypted.is_not(None))
        return tuple(_installation(row) for row in self._connection.execute(held))

    def put(self, installation: SealedInstallation) -> None:
        before = sa.delete(installations).where(_is(installation.workspace))
        self._connection.execute(before)
        self._connection.execute(sa.insert(installations).values(_columns(installation)))

    def change_tokens(self, installation: SealedInstallation) -> None:
        own = (
            _C.enterprise_id == installation.enterprise,
            _C.team_id == installation.team,
            _C.user_id == THE_BOT,
        )
        changed = sa.update(installations).where(*own).values(_token_columns(installation))
        self._connection.execute(changed)

    def remove(self, workspace: str, installed_until: datetime) -> None:
        gone = sa.delete(installations).where(_is(workspace), _C.installed_at <= installed_until)
        self._connection.execute(gone)

    def claim(self, name: str, now: datetime, until: datetime) -> bool:
        held = sa.select(leases.c.until).where(leases.c.name == name)
        held_until = self._connection.execute(held).scalar()
        if held_until is not None and held_until > now:
            return False
        self.let_go(name)
        self._connection.execute(sa.insert(leases).values(name=name, owner="", until=until))
        return True

    def let_go(self, name: str) -> None:
        self._connection.execute(sa.delete(leases).where(leases.c.name == name))


def _is(workspace: str) -> sa.ColumnElement[bool]:
    everywhere = sa.and_(_C.enterprise_id == workspace, _C.is_enterprise_install)
    return sa.or_(sa.and_(_C.team_id == workspace, _C.team_id != ""), everywhere)


def _installation(row: sa.Row[Any]) -> SealedInstallation:
    return SealedInstallation(
        enterprise=row.enterprise_id,
        team=row.team_id,
        everywhere=row.is_enterprise_install,
        app_id=row.app_id,
        bot_id=row.bot_id,
        bot_user=row.bot_user_id,
        scopes=row.bot_scopes or "",
        token=row.bot_token_encrypted,
        refresh_token=row.bot_refresh_token_encrypted,
        ends_at=row.bot_token_expires_at,
        installed_at=row.installed_at,
        body=row.body,
    )


def _columns(installation: SealedInstallation) -> dict[str, Any]:
    return {
        "enterprise_id": installation.enterprise,
        "team_id": installation.team,
        "user_id": THE_BOT,
        "is_enterprise_install": installation.everywhere,
        "app_id": installation.app_id,
        "bot_id": installation.bot_id,
        "bot_user_id": installation.bot_user,
        "bot_scopes": installation.scopes,
        "installed_at": installation.installed_at,
        "body": installation.body,
        **_token_columns(installation),
    }


def _token_columns(installation: SealedInstallation) -> dict[str, Any]:
    return {
        "bot_token_encrypted": installation.token,
        "bot_refresh_token_encrypted": installation.refresh_token,
        "bot_token_expires_at": installation.ends_at,
    }
