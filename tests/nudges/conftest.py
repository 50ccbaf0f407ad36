from datetime import UTC, datetime, timedelta

import pytest

from content.content import Content
from tests.talk import CONTENT, Talk


@pytest.fixture
def talk() -> Talk:
    return Talk(now=datetime(2026, 11, 23, 8, tzinfo=UTC) - timedelta(hours=11))


@pytest.fixture
def content() -> Content:
    return CONTENT
