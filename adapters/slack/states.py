"""The `state` that ties an installation to the browser that began it: good once, for ten minutes.

It is sealed rather than remembered, so that asking for the install page costs the database nothing,
however often somebody asks; only a state that came back with Slack's consent leaves a row, until it
would have ended anyway.
"""

import logging
import secrets
from datetime import timedelta

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.secret_box import SecretBox
from bot.core.ports import Clock
from bot.core.token_store import TokenStore

log = logging.getLogger(__name__)

STATE_LASTS = timedelta(minutes=10)
"""How long somebody may take on Slack's consent page."""


class States(AsyncOAuthStateStore):
    """What Slack's SDK asks for a new state, and whether one that came back is good."""

    def __init__(self, *, store: TokenStore, secret_key: str, clock: Clock) -> None:
        self._store = store
        self._box = SecretBox(secret_key, use="pivotbot slack states")
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        return log

    # The SDK's signature.
    async def async_issue(self, *args: object, **kwargs: object) -> str:  # noqa: ARG002
        return self._box.seal(secrets.token_urlsafe(16), self._clock.now())

    async def async_consume(self, state: str) -> bool:
        """True the first time, while it lasts."""
        now = self._clock.now()
        known_as = self._box.unseal(state, now, STATE_LASTS)
        if known_as is None:
            return False
        return await self._store.spend(known_as, now + STATE_LASTS)
