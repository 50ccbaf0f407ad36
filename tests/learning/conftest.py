from datetime import UTC, datetime

import pytest

from tests.talk import Talk


@pytest.fixture
def talk() -> Talk:
    return Talk(now=datetime(2026, 11, 22, 22, tzinfo=UTC))
