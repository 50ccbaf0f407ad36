"""Log lines: one event each, to standard error, about what happened and never about whom.

Every line about a turn, its sends and its errors carries the turn's number, which is also what a
person reads when their turn failed. No message text, name, pay, age or token may reach a log; a
test greps whole runs for planted secrets.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

_NOISY = tuple(
    """
    aiohttp alembic asyncio httpcore httpx matplotlib opentelemetry slack_bolt slack_sdk
    sqlalchemy telegram urllib3 uvicorn
    """.split()
)

_turn: ContextVar[str] = ContextVar("turn", default="")


def configure(level: str, form: Literal["console", "json"]) -> None:
    """Set the process's logging up.

    Libraries speak from WARNING on, whatever our own level: some print message text below.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_add_number)
    if form == "json":
        handler.setFormatter(
            JsonFormatter("%(asctime)s %(levelname)s %(name)s %(turn)s %(message)s")
        )
    else:
        handler.setFormatter(
            logging.Formatter(
                "%(asctime)s %(levelname)-7s %(turn)-8s %(name)s: %(message)s", "%H:%M:%S"
            )
        )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(
        logging.CRITICAL
    )  # our jobs report for themselves; what it adds is a stop's noise


@contextmanager
def of_turn(number: str) -> Iterator[None]:
    """Every line logged within, and by the tasks begun within, is about this turn."""
    before = _turn.set(number)
    try:
        yield
    finally:
        _turn.reset(before)


def _add_number(record: logging.LogRecord) -> bool:
    """A line that says itself which turn it is about (one from a
    thread of the store) keeps that.
    """
    record.__dict__["turn"] = record.__dict__.get("turn") or _turn.get() or "-"
    return True


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Short names that stay the same within a deployment and say nothing outside it: whoever has
    its logs but not its database cannot find out whose they are.
    """

    salt: str = ""

    def of(self, *parts: str) -> str:
        return blake2b(
            "\0".join(parts).encode(errors="replace"), key=self.salt.encode(), digest_size=4
        ).hexdigest()
