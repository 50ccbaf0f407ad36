"""The store under test, once over each database, empty at the start of every test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage.database import Database
from adapters.storage.store import SqlStore, open_store
from adapters.storage.tables import metadata


async def _migrated(url: str) -> None:
    store = await open_store(url)
    await store.close()


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    asyncio.run(_migrated(postgres_url))
    return postgres_url


@pytest.fixture
def sqlite_url(blank_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "store.db"
    shutil.copy(blank_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def empty_postgres_url(migrated_postgres: str) -> str:
    database = Database(migrated_postgres)
    with database.engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())
    database.engine.dispose()
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of either kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "empty_postgres_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    url = request.getfixturevalue("postgres_url")
    name = sa.make_url(url).database
    admin = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}_bare WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}_bare")
    yield url.replace(f"/{name}?", f"/{name}_bare?")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}_bare WITH (FORCE)")
    admin.dispose()


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    """On virtual time: the instants that tests pass in rule."""
    store = await open_store(url, real_time=False)
    yield store
    await store.close()
