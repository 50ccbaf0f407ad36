"""Where the bot tokens of many workspaces are kept, as the adapter sees it that owns them.

Tokens come and go sealed: the store holds what it cannot read. What must not be decided twice is
decided in one transaction, by a function that is handed its rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedInstallation:
    """One installation of the bot, in a workspace or (`everywhere`) a whole organisation.

    `token`: None once it ended. `refresh_token`: None for a token that does not end by itself.
    `body`: JSON, the names of workspace and organisation.
    """

    enterprise: str
    team: str
    everywhere: bool
    app_id: str | None
    bot_id: str | None
    bot_user: str | None
    scopes: str
    token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    ends_at: datetime | None
    installed_at: datetime
    body: str

    @property
    def workspace(self) -> str:
        """The id it goes by: the organisation's for one that serves all its workspaces."""
        return self.enterprise if self.everywhere else self.team


class TokenRows(Protocol):
    """The rows within one transaction. A workspace is found by its own row, or by the row of the
    organisation that installed the bot everywhere.
    """

    def newest(self, workspace: str) -> SealedInstallation | None:
        """Locked: what is decided by it here is decided by nobody else at the same time."""
        ...

    def installed_at(self, workspace: str) -> datetime | None:
        """When the newest was installed; nothing is locked."""
        ...

    def with_tokens(self) -> tuple[SealedInstallation, ...]: ...

    def put(self, installation: SealedInstallation) -> None:
        """In place of all that its workspace had."""
        ...

    def change_tokens(self, installation: SealedInstallation) -> None:
        """Keep its tokens and when they end, in its own row."""
        ...

    def remove(self, workspace: str, installed_until: datetime) -> None:
        """What was installed by then; what came after stays."""
        ...

    def claim(self, name: str, now: datetime, until: datetime) -> bool:
        """Whether nobody else holds this name; it is held until then, or until it is let go."""
        ...

    def let_go(self, name: str) -> None: ...


class TokenStore(Protocol):
    """Raises StoreGone, as every store."""

    async def run(self, function: Callable[[TokenRows], T]) -> T:
        """`function` in one transaction, off the event loop."""
        ...

    async def spend(self, state: str, until: datetime) -> bool:
        """True the first time, however many bring it at once; remembered until then."""
        ...
