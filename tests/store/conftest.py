"""The store under test, once over each database, empty at the start of every test."""

from collections.abc import AsyncIterator

import pytest

from adapters.storage.store import SqlStore, open_store


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of either kind."""
    return str(
        request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "empty_postgres_url")
    )


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    """On virtual time: the instants that tests pass in rule."""
    store = await open_store(url, real_time=False)
    yield store
    await store.close()
