"""What Slack shows besides messages: forms, the prompts and the status of an agent's conversation.

Each is a courtesy: where a plan, a workspace or the moment does not allow it, nothing is said and
nothing is missing, because whoever asked for it has another way. None of it is kept or tried again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.block_kit import Kit
from adapters.slack.errors import word_of
from adapters.slack.forms import Follows, ModalTrigger
from adapters.slack.token_source import TokenSource
from bot.core.events import Chat
from bot.core.ports import StoreGone

log = logging.getLogger(__name__)

STATUS_SECONDS = 0.4
"""An answer that is there sooner needs no word that it is coming."""

REFUSALS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, StoreGone)


class Showing:
    """Stateless but for which of two quick choices in a form is the later one."""

    def __init__(self, *, client: AsyncWebClient, grants: TokenSource) -> None:
        self._client = client
        self._grants = grants
        self._latest: dict[str, Follows] = {}

    async def open(self, door: ModalTrigger, view: Kit, workspace: str) -> bool:
        """Show a modal through this door. False where it could not be."""
        if not door.view_id and not door.trigger:
            return False
        try:
            token = await self._token(workspace)
            if door.view_id:
                await self._client.views_update(token=token, view_id=door.view_id, view=view)
            else:
                await self._client.views_open(token=token, trigger_id=door.trigger, view=view)
        except REFUSALS as error:
            log.info("slack: a form could not be shown (%s)", _why(error))
            return False
        return True

    async def follow(self, follows: Follows, workspace: str) -> None:
        """The form as its answers leave it.

        Slack refuses that where the form changed since the answer was chosen (`hash`): if what
        changed it was our answer to an earlier choice, this one is the truth; otherwise the later
        choice brings its own.
        """
        self._latest[follows.view_id] = follows
        try:
            token = await self._token(workspace)
            try:
                await self._client.views_update(
                    token=token,
                    view_id=follows.view_id,
                    hash=follows.hash or None,
                    view=follows.view,
                )
            except SlackApiError as error:
                if (
                    word_of(error) != "hash_conflict"
                    or self._latest.get(follows.view_id) is not follows
                ):
                    raise
                await self._client.views_update(
                    token=token, view_id=follows.view_id, view=follows.view
                )
        except REFUSALS as error:
            log.info("slack: a form did not follow its answers (%s)", _why(error))
        finally:
            if self._latest.get(follows.view_id) is follows:
                del self._latest[follows.view_id]

    async def prompts(
        self, direct: str, workspace: str, prompts: Sequence[Mapping[str, str]]
    ) -> None:
        """Suggest what to ask in this direct message."""
        try:
            token = await self._token(workspace)
            await self._client.assistant_threads_setSuggestedPrompts(
                token=token, channel_id=direct, prompts=[dict(one) for one in prompts]
            )
        except REFUSALS as error:
            log.debug("slack: no prompts could be suggested (%s)", _why(error))

    @asynccontextmanager
    async def status(self, chat: Chat | None, words: str) -> AsyncIterator[None]:
        """While this lasts too long, an agent's conversation says that the answer is coming.

        Slack takes the words away when it comes.
        """
        if chat is None or chat.shared or not chat.thread:
            yield
            return
        notice = asyncio.create_task(self._say(chat, words))
        try:
            yield
        finally:
            notice.cancel()

    async def _say(self, chat: Chat, words: str) -> None:
        await asyncio.sleep(STATUS_SECONDS)
        try:
            token = await self._token(chat.workspace)
            await self._client.assistant_threads_setStatus(
                token=token, channel_id=chat.id, thread_ts=chat.thread, status=words
            )
        except REFUSALS as error:
            log.debug("slack: no status could be shown (%s)", _why(error))

    async def _token(self, workspace: str) -> str:
        grant = await self._grants.find(workspace)
        if grant is None:
            raise ConnectionError("not installed there")
        return grant.token


def _why(error: BaseException) -> str:
    return (word_of(error) if isinstance(error, SlackApiError) else "") or type(error).__name__
