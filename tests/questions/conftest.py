import pytest

from content.content import Content
from content.library import load


@pytest.fixture(scope="session")
def content() -> Content:
    return load()
