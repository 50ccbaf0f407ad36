"""Receiving by webhook: 200 only after the turn is committed, and never an error for what a retry
cannot mend.

Telegram sends the next update of a chat only after the one before got a 2xx, so an update that
nobody can read is acknowledged and passed over: anything else would hold up that person for a day.
python-telegram-bot's own webhook server answers before the work is done.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.telegram.parse import Update, update_id
from adapters.telegram.polling import TRIES
from bot.core.events import Event
from bot.core.ports import StoreGone

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
RETRY_AFTER_SECONDS = 5

Read = Callable[[Update], Event | None]
Take = Callable[[Event], Awaitable[object]]


def route(path: str, secret: str, *, read: Read, take: Take, welcome: Callable[[], bool]) -> Route:
    """Where Telegram posts updates. `welcome` is asked for every request with the right secret:
    is it time to receive?
    """

    async def receive(request: Request) -> Response:
        given = request.headers.getlist(SECRET_HEADER)
        if len(given) != 1:
            return PlainTextResponse("no secret", status_code=401)
        if not hmac.compare_digest(given[0].encode("latin-1"), secret.encode()):
            return PlainTextResponse("wrong secret", status_code=403)
        if not welcome():
            return _later()
        return await _receive(await request.body(), read, take)

    return Route(path, receive, methods=["POST"])


async def _receive(body: bytes, read: Read, take: Take) -> Response:
    try:
        update = json.loads(body)
        number = update_id(update)
        event = read(update)
    except Exception as error:  # noqa: BLE001 -- brought again it would be no clearer
        log.warning("an update was passed over: %s", type(error).__name__)
        return Response()
    if event:
        return await _commit(number, event, take)
    return Response()


async def _commit(number: int, event: Event, take: Take) -> Response:
    for _ in range(TRIES):
        try:
            await take(event)
        except StoreGone:
            log.warning("update %d waits: the database is away", number)
            return _later()
        except Exception as error:  # noqa: BLE001 -- one bad update must not hold up its chat
            # No texts in logs.
            log.error("update %d failed: %s", number, type(error).__name__)  # noqa: TRY400
        else:
            break
    return Response()


def _later() -> Response:
    return Response(status_code=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
