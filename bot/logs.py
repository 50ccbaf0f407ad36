"""Log lines: one event each, to standard error, with ids that only this deployment can connect to a person.

No message text, name, pay, age or token may reach a log; a test greps a whole run for planted secrets.
"""

import logging
import sys
from hashlib import blake2b
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

_NOISY = ("httpx", "httpcore", "slack_bolt", "slack_sdk", "telegram", "aiohttp.access", "uvicorn", "alembic", "matplotlib")


def configure(level: str, form: Literal["console", "json"]) -> None:
    """Set the process's logging up. Libraries speak from WARNING on, whatever our own level: some print message text below."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # our jobs report for themselves; what it adds is a stop's noise


def pseudonym(salt: bytes, identity: str) -> str:
    """A short stable name for an id in logs, useless without this deployment's salt."""
    return blake2b(identity.encode(), key=salt[:64], digest_size=6).hexdigest()
