"""Connections that owe a request: each for a few seconds only, and so many at a time.

A connection is let in for nothing, so whoever opens hundreds and says nothing must keep nobody else
out. The one that has owed longest goes when another comes; an honest client has said what it wants
long before that.
"""

import asyncio
from collections import OrderedDict
from functools import partial
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

OWING_SECONDS: Final = 10.0
"""For the whole head of a request from the connection's (or its own) first moment on,
and again for its body.
"""
OWING: Final = 300
OWING_OF_ADDRESS: Final = 50


class WaitingRoom:
    """The connections of one server that owe a request, oldest first.

    `protocol` is what its connections speak.
    """

    def __init__(self, *, seconds: float = OWING_SECONDS) -> None:
        self.seconds = seconds
        self._all: OrderedDict[Connection, None] = OrderedDict()
        self._of_address: dict[str, OrderedDict[Connection, None]] = {}
        self.protocol = partial(Connection, room=self)

    def enter(self, one: "Connection") -> None:
        """It owes from now on.

        The oldest of its address, or of all, is closed if there are too many.
        """
        if one in self._all:
            return
        of_address = self._of_address.setdefault(one.address, OrderedDict())
        if len(of_address) >= OWING_OF_ADDRESS:
            next(iter(of_address)).show_out()
        elif len(self._all) >= OWING:
            next(iter(self._all)).show_out()
        self._all[one] = None
        self._of_address.setdefault(one.address, OrderedDict())[one] = None

    def leave(self, one: "Connection") -> None:
        """Its request is here, or it is gone."""
        if one not in self._all:
            return
        del self._all[one]
        of_address = self._of_address[one.address]
        del of_address[one]
        if not of_address:
            del self._of_address[one.address]


class Connection(H11Protocol):
    """uvicorn's own, with a limit to how long the other side may take."""

    def __init__(self, *args: Any, room: WaitingRoom, **more: Any) -> None:
        super().__init__(*args, **more)
        self._room = room
        self._part: object = None
        self._limit: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        if not self.client:
            return ""
        return self.client[0]

    # As uvicorn's own.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Silence from here on is uvicorn's keep-alive to end."""
        self._part = None
        super().on_response_complete()

    def show_out(self) -> None:
        """Close without a word: there is nobody to answer."""
        self._settle()
        self.transport.abort()

    def _look(self) -> None:
        """Each part of a request has its own time, however slowly its bytes drip."""
        part = self.conn.their_state
        if part not in (h11.IDLE, h11.SEND_BODY) or self.transport.is_closing():
            self._settle()
        elif part is not self._part:
            self._settle()
            self._room.enter(self)
            self._limit = self.loop.call_later(self._room.seconds, self.show_out)
        self._part = part

    def _settle(self) -> None:
        self._room.leave(self)
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
