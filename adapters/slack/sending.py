"""Sends one message through the right door of Slack and reports what became of it.

The doors in order: the person's home page; the answer address of a command or tap (response_url),
while it lasts; a message for one person's eyes; the direct message with them; the channel. An
answer meant for one person never goes to a channel for all to read.
"""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.call_beginnings import with_begin
from adapters.slack.addresses import is_slacks
from adapters.slack.block_kit import (
    FILE,
    MODAL,
    PICTURE,
    Kit,
    escape,
    without_picture,
    without_tables,
)
from adapters.slack.errors import (
    ANSWER_ADDRESS_SPENT,
    CONFIGURATION,
    NOTHING_TO_EDIT,
    RECIPIENT_DEAD,
    receipt_for,
    receipt_of,
    word_of,
)
from adapters.slack.parse import OPENS, REPLACES
from adapters.slack.token_source import Grant, TokenSource, ask
from bot.core.messages import (
    Address,
    Begin,
    Claimed,
    Delivered,
    Dropped,
    Malformed,
    NotSent,
    Receipt,
    TokenDead,
    Unclear,
    Unreachable,
    mark_nothing,
)
from bot.core.ports import Clock, StoreGone

log = logging.getLogger(__name__)

Draw = Callable[[Mapping[str, object]], Awaitable[bytes]]
"""Draws a chart's spec as PNG."""

SEND_SECONDS = 20.0
"""One attempt at most, drawing and uploading included."""

MARK = "pivotbot_message"
"""Our event type in a message's metadata; its payload carries the outbox id."""

LOOK_BACK = 100
"""How many of a chat's messages are looked through for one that may have arrived."""

_BEGIN: ContextVar[Begin] = ContextVar("begin", default=mark_nothing)
"""Of the attempt under way."""

REMEMBERED = 500
SECONDS_WITHOUT_DATABASE = 5.0
SECONDS_WITHOUT_GRANT = 5.0

HTTP_OK = 200
HTTP_GONE = (404, 410)


class Sender:
    """Stateless but for what saves calls: ids of direct messages,
    and of pictures already uploaded.
    """

    def __init__(
        self, *, client: AsyncWebClient, grants: TokenSource, clock: Clock, draw: Draw
    ) -> None:
        self._client = client
        self._grants = grants
        self._clock = clock
        self._draw = draw
        self._directs: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        """One attempt. Never raises for what Slack or the network does."""
        _BEGIN.set(begin)
        try:
            grant = await self._grants.find(claimed.message.address.chat.workspace)
        except StoreGone:
            return NotSent(SECONDS_WITHOUT_DATABASE, "the database with the tokens is away")
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            receipt = receipt_for(error)
            if isinstance(receipt, Unclear):
                return NotSent(SECONDS_WITHOUT_GRANT, receipt.reason)
            return receipt
        if grant is None:
            # A linked person's page may be in a workspace that never had us.
            if claimed.message.address.home:
                return Dropped("no page there")
            return TokenDead("not_installed")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._send_with_second_look(claimed, grant)
        except StoreGone:
            return NotSent(SECONDS_WITHOUT_DATABASE, "the database with the tokens is away")
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return receipt_for(error)

    async def _send_with_second_look(self, claimed: Claimed, grant: Grant) -> Receipt:
        """With the second look that a refused token deserves: another process may have renewed it,
        it may have ended, and `invalid_auth` is also said about an address list, for a while.
        """
        workspace = claimed.message.address.chat.workspace
        receipt = await self._attempt(claimed, grant)
        if isinstance(receipt, TokenDead):
            another = await self._grants.instead_of(workspace, grant, receipt.reason)
            if another is None:
                await ask(self._client, grant.token)
                return NotSent(60.0, receipt.reason)
            receipt = await self._attempt(claimed, another)
        if (
            isinstance(receipt, Dropped)
            and receipt.reason.removeprefix("configuration: ") in CONFIGURATION
        ):
            log.error(
                "slack %s: %s; messages of this kind are dropped until the app's settings change",
                workspace,
                receipt.reason,
            )
        return receipt

    async def _attempt(self, claimed: Claimed, grant: Grant) -> Receipt:
        try:
            return await self._through(claimed, grant)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return receipt_for(error)

    async def _through(self, claimed: Claimed, grant: Grant) -> Receipt:
        payload = claimed.message.payload
        if claimed.message.address.home:
            return await self._to_home(claimed, grant)
        if FILE in payload and not claimed.message.plain_only:
            return await self._file_or_words(claimed, grant)
        body = await self._body(claimed, grant)
        receipt = await self._knock_at_doors(claimed, grant, body)
        blocks = body.get("blocks", [])
        if isinstance(receipt, Malformed) and blocks:
            simpler = without_picture(without_tables(blocks))
            if simpler != blocks:
                # A workspace in the middle of a staged rollout, or a file that Slack still digests.
                receipt = await self._knock_at_doors(claimed, grant, {**body, "blocks": simpler})
        return receipt

    async def _knock_at_doors(
        self, claimed: Claimed, grant: Grant, body: Mapping[str, Any]
    ) -> Receipt:
        try:
            return await self._to_doors(claimed, grant, body)
        except SlackApiError as error:
            return receipt_for(error)

    # --- what is sent -----------------------------------------------------------------------------

    async def _body(self, claimed: Claimed, grant: Grant) -> dict[str, Any]:
        """`text` and `blocks`, with the picture's file in its place."""
        message = claimed.message
        if message.plain_only:
            return {"text": escape(message.fallback)}
        blocks: list[Kit] = [dict(block) for block in _list(message.payload["blocks"])]
        spec = message.payload.get(PICTURE)
        if isinstance(spec, Mapping):
            blocks = await self._with_picture(blocks, spec, grant)
        return {"text": str(message.payload["text"]), "blocks": blocks}

    async def _with_picture(
        self, blocks: list[Kit], spec: Mapping[str, object], grant: Grant
    ) -> list[Kit]:
        """A chart that cannot be drawn or uploaded is told in words:
        its alt text holds every figure.
        """
        alt = next(str(block["alt_text"]) for block in blocks if block["type"] == "image")
        try:
            file = await self._picture(spec, alt, grant)
        except SlackApiError as error:
            receipt = receipt_for(error)
            if isinstance(receipt, NotSent | TokenDead):
                raise
            log.warning(
                "a picture could not be uploaded (%s); its words go instead", word_of(error)
            )
            return without_picture(blocks)
        except (ValueError, RuntimeError, OSError) as error:
            log.warning(
                "a picture could not be drawn (%s); its words go instead", type(error).__name__
            )
            return without_picture(blocks)
        return [
            {**block, "slack_file": {"id": file}} if block["type"] == "image" else block
            for block in blocks
        ]

    async def _picture(self, spec: Mapping[str, object], alt: str, grant: Grant) -> str:
        digest = hashlib.sha256(
            json.dumps([spec, alt], sort_keys=True, default=str).encode()
        ).hexdigest()
        known = self._pictures.get((grant.token, digest))
        if known:
            return known
        png = await self._draw(spec)
        file = await self._upload(grant, name="chart.png", content=png, alt=alt)
        await self._client.files_completeUploadExternal(
            token=grant.token, files=[{"id": file, "title": "chart"}]
        )
        return _remember(self._pictures, (grant.token, digest), file)

    async def _upload(self, grant: Grant, *, name: str, content: bytes, alt: str = "") -> str:
        """Put bytes where Slack says. Returns the file's id, still to be completed."""
        place = await self._client.files_getUploadURLExternal(
            token=grant.token, filename=name, length=len(content), alt_txt=alt or None
        )
        if not is_slacks(str(place["upload_url"]), self._client.base_url):
            raise _upload_error("address")
        async with self._session.post(str(place["upload_url"]), data=content) as answer:
            if answer.status != HTTP_OK:
                raise _upload_error(answer.status)
        return str(place["file_id"])

    async def _file_or_words(self, claimed: Claimed, grant: Grant) -> Receipt:
        """A workspace may take no files from apps, or have no room for them:
        then the message goes again in words.
        """
        try:
            return await self._file(claimed, grant)
        except SlackApiError as error:
            receipt = receipt_for(error)
            if isinstance(receipt, Dropped):
                return Malformed(word_of(error))
            return receipt

    async def _file(self, claimed: Claimed, grant: Grant) -> Receipt:
        """A file to keep goes to the direct message: whoever asked for it in
        a channel wants it for themselves.
        """
        address = claimed.message.address
        content = claimed.message.payload[FILE]
        if not isinstance(content, Mapping):
            raise TypeError(f"a file's payload is a mapping, not {type(content).__name__}")
        private = address.chat.shared and bool(address.only_to)
        if private:
            channel = await self._direct(grant, address.only_to)
        else:
            channel = await self._channel(grant, address.chat.id)
        name = str(content["name"])
        file = await self._upload(grant, name=name, content=str(content["text"]).encode())
        with with_begin(_BEGIN.get()):
            await self._client.files_completeUploadExternal(
                token=grant.token,
                files=[{"id": file, "title": name}],
                channel_id=channel,
                thread_ts=None if private else address.chat.thread or None,
                initial_comment=escape(str(content["caption"])),
            )
        return Delivered("")

    # --- the doors --------------------------------------------------------------------------------

    async def _to_home(self, claimed: Claimed, grant: Grant) -> Receipt:
        """The page as a whole, without Slack's `hash`: the outbox keeps its order, and the latest
        one is the truth whatever stands there.
        """
        address = claimed.message.address
        view = {"type": "home", "blocks": _list(claimed.message.payload["blocks"])}
        if claimed.message.plain_only:
            view = {
                "type": "home",
                "blocks": [
                    {
                        "type": "section",
                        "text": {"type": "plain_text", "text": claimed.message.fallback[:3000]},
                    }
                ],
            }
        await self._client.views_publish(token=grant.token, user_id=address.only_to, view=view)
        return Delivered("")

    async def _to_doors(self, claimed: Claimed, grant: Grant, body: Mapping[str, Any]) -> Receipt:
        address = claimed.message.address
        if self._door_lasts(address):
            receipt = await self._to_view(claimed, grant, body)
            if receipt is not None:
                return receipt
        if self._token_lasts(address):
            receipt = await self._to_answer_address(claimed, body)
            if receipt is not None:
                return receipt
        if address.edit_of:
            receipt = await self._edit(address, grant, body)
            if receipt is not None:
                return receipt
        if address.only_to:
            return await self._to_one(claimed, grant, body)
        return await self._post(claimed, grant, body, address.chat.id)

    def _token_lasts(self, address: Address) -> bool:
        if not address.token or not is_slacks(address.token, self._client.base_url):
            return False
        return address.token_until is None or self._clock.now() < address.token_until

    def _door_lasts(self, address: Address) -> bool:
        is_door = address.token.startswith((OPENS, REPLACES))
        return is_door and (address.token_until is None or self._clock.now() < address.token_until)

    async def _to_view(
        self, claimed: Claimed, grant: Grant, body: Mapping[str, Any]
    ) -> Receipt | None:
        """As a modal: over the home page that was tapped, or in place of the modal that was.

        None when Slack shows none now, so that the answer comes as a message.
        """
        frame, token = claimed.message.payload.get(MODAL), claimed.message.address.token
        if not isinstance(frame, Mapping) or not body.get("blocks"):
            return None
        view = {**frame, "blocks": body["blocks"]}
        try:
            with with_begin(_BEGIN.get()):
                if token.startswith(REPLACES):
                    await self._client.views_update(
                        token=grant.token, view_id=token.removeprefix(REPLACES), view=view
                    )
                else:
                    await self._client.views_open(
                        token=grant.token, trigger_id=token.removeprefix(OPENS), view=view
                    )
        except SlackApiError as error:
            receipt = receipt_for(error)
            if isinstance(receipt, NotSent | TokenDead | Malformed):
                return receipt
            return None
        return Delivered("")

    async def _to_answer_address(self, claimed: Claimed, body: Mapping[str, Any]) -> Receipt | None:
        """By response_url: five uses in thirty minutes. None when it takes no more."""
        address, payload = claimed.message.address, claimed.message.payload
        answer: dict[str, Any] = {
            **body,
            "response_type": payload.get("response_type", "ephemeral"),
            "replace_original": bool(payload.get("replace_original")),
        }
        if address.chat.thread and not answer["replace_original"]:
            answer["thread_ts"] = address.chat.thread
        with with_begin(_BEGIN.get()):
            posting = await self._session.post(address.token, json=answer)
        async with posting as response:
            text = await response.text()
            word = _word(text)
            if response.status in HTTP_GONE or word in ANSWER_ADDRESS_SPENT:
                return None
            if response.status == HTTP_OK and not word:
                return Delivered(address.edit_of)
            return receipt_of(
                word, status=response.status, retry_after=response.headers.get("Retry-After")
            )

    async def _edit(
        self, address: Address, grant: Grant, body: Mapping[str, Any]
    ) -> Receipt | None:
        """None when there is nothing left to edit."""
        try:
            await self._client.chat_update(
                token=grant.token, channel=address.chat.id, ts=address.edit_of, **body
            )
        except SlackApiError as error:
            if word_of(error) in NOTHING_TO_EDIT:
                return None
            return receipt_for(error)
        return Delivered(address.edit_of)

    async def _to_one(self, claimed: Claimed, grant: Grant, body: Mapping[str, Any]) -> Receipt:
        """For one person's eyes: among others as an ephemeral message, else, or where the bot is no
        member, in the direct message.
        """
        address = claimed.message.address
        try:
            if not address.chat.shared:
                return await self._post(claimed, grant, body, address.chat.id)
            with with_begin(_BEGIN.get()):
                await self._client.chat_postEphemeral(
                    token=grant.token,
                    channel=address.chat.id,
                    user=address.only_to,
                    thread_ts=address.chat.thread or None,
                    **body,
                )
            return Delivered("")
        except SlackApiError as error:
            if word_of(error) not in RECIPIENT_DEAD or address.only_to == address.chat.id:
                return receipt_for(error)
        try:
            return await self._post(claimed, grant, body, address.only_to)
        except SlackApiError as error:
            receipt = receipt_for(error)
            if isinstance(receipt, Unreachable):
                return Dropped(f"no way left to answer: {receipt.reason}")
            return receipt

    async def _post(
        self, claimed: Claimed, grant: Grant, body: Mapping[str, Any], channel: str
    ) -> Receipt:
        """A message of its own, marked with its outbox id so that a later attempt can look whether
        it arrived. One that looked may look again, as often as need be: it begins nothing that
        could not be found.
        """
        mark = {
            "id": str(claimed.id),
            "sum": hashlib.sha256(str(body["text"]).encode()).hexdigest()[:16],
        }
        if channel == claimed.message.address.chat.id:
            thread = claimed.message.address.chat.thread
        else:
            thread = ""
        begin: Begin | None = _BEGIN.get()
        if claimed.resent:
            ts = await self._find(grant, channel, thread, mark)
            if ts:
                return Delivered(ts)
            begin = begin if ts is None else None
        with with_begin(begin):
            answer = await self._client.chat_postMessage(
                token=grant.token,
                channel=channel,
                thread_ts=thread or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": MARK, "event_payload": mark},
                **body,
            )
        return Delivered(str(answer["ts"]))

    async def _find(
        self, grant: Grant, channel: str, thread: str, mark: Mapping[str, str]
    ) -> str | None:
        """The timestamp of an earlier attempt that did arrive; empty if it did not,
        None if we may not look.
        """
        try:
            if thread:
                found = await self._client.conversations_replies(
                    token=grant.token,
                    channel=channel,
                    ts=thread,
                    include_all_metadata=True,
                    limit=LOOK_BACK,
                )
            else:
                channel = await self._channel(grant, channel)
                found = await self._client.conversations_history(
                    token=grant.token, channel=channel, include_all_metadata=True, limit=LOOK_BACK
                )
        except SlackApiError as error:
            if isinstance(receipt_for(error), NotSent):
                raise
            return None
        for message in found.get("messages") or []:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == MARK and metadata.get("event_payload") == mark:
                return str(message["ts"])
        return ""

    async def _channel(self, grant: Grant, chat: str) -> str:
        """A conversation's id: a user's id stands for the direct message with them."""
        if chat.startswith(("U", "W")):
            return await self._direct(grant, chat)
        return chat

    async def _direct(self, grant: Grant, user: str) -> str:
        known = self._directs.get((grant.token, user))
        if known:
            return known
        answer = await self._client.conversations_open(token=grant.token, users=user)
        channel: Mapping[str, Any] = answer["channel"]
        return _remember(self._directs, (grant.token, user), str(channel["id"]))

    @property
    def _session(self) -> aiohttp.ClientSession:
        session = self._client.session
        if session is None:
            raise RuntimeError("the Slack client has no session yet: enter its transport first")
        return session


def _upload_error(why: object) -> SlackApiError:
    # The SDK's own class.
    return SlackApiError("the upload was refused", {"ok": False, "error": f"upload_{why}"})  # type: ignore[no-untyped-call]


def _remember(store: OrderedDict[tuple[str, str], str], key: tuple[str, str], value: str) -> str:
    store[key] = value
    while len(store) > REMEMBERED:
        store.popitem(last=False)
    return value


def _word(text: str) -> str:
    """The error in a response_url's answer: `ok`, JSON, or the bare word."""
    text = text.strip()
    try:
        answer = json.loads(text)
    except ValueError:
        if text.lower() == "ok" or text.startswith("<"):
            return ""
        return text[:60]
    if isinstance(answer, Mapping):
        if answer.get("ok"):
            return ""
        return str(answer.get("error") or "failed")
    return ""


def _list(value: object) -> list[Kit]:
    if not isinstance(value, list | tuple):
        return []
    return list(value)
