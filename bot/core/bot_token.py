"""Which of the bot's tokens serves a place: a platform's one, or the one of each workspace."""

from typing import NamedTuple

from bot.core.events import Chat


class BotToken(NamedTuple):
    """`workspace` is empty where the platform has none: its token is the operator's own."""

    platform: str
    workspace: str

    @classmethod
    def of(cls, chat: Chat) -> "BotToken":
        """The one that serves a chat."""
        return cls(chat.platform, chat.workspace)

    @classmethod
    def read(cls, key: str) -> "BotToken":
        """The token that a `key` names."""
        platform, _, workspace = key.partition(":")
        return cls(platform, workspace)

    @property
    def key(self) -> str:
        """As it stands in the database and in figures."""
        return f"{self.platform}:{self.workspace}"
