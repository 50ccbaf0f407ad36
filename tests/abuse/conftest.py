"""The same house as for the faults."""

from datetime import timedelta

import pytest

from adapters.storage.outbox import send_rate_limit
from adapters.storage.outbox.send_rate_limit import Limit
from tests.faults.conftest import file, short_pauses, url

__all__ = ["file", "short_pauses", "url"]


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat takes its answers at once: what is tested here is how many there are."""
    monkeypatch.setitem(
        send_rate_limit.RATES,
        "telegram",
        Limit(total=1000, nudges=1000, chat_interval=timedelta(milliseconds=1), chat_burst=100),
    )
