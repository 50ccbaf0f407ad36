import pytest

from content.library import Content, load


@pytest.fixture(scope="session")
def content() -> Content:
    return load()
