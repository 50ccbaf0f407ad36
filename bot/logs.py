"""Log lines: one event each, to standard error, about what happened and never about whom.

No message text, name, pay, age or token may reach a log; a test greps a whole run for planted secrets.
"""

import logging
import sys
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
