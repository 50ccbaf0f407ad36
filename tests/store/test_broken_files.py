"""A broken file ends in one sentence, and nothing of it is restored."""

import gzip
import json

import pytest

from adapters.storage.maintenance.backup import FORMAT, BackupRefused, restore
from adapters.storage.sql import schema
from adapters.storage.store import open_store
from bot.core.ports import StoreGone


def _header(**more):
    whole = {"format": FORMAT, "schema": schema.HEAD, "columns": {"people": ["id"]}}
    return json.dumps({**whole, **more})


FILES = {
    "cut": gzip.compress(b"x" * 1000)[:20],
    "no text": gzip.compress(b"\xff\xfe\x00"),
    "nested": gzip.compress(b"[" * 100_000),
    "schema is a number": gzip.compress(_header(schema=3).encode()),
    "unknown table": gzip.compress((_header() + '\n["nobody", 1]\n{"rows": 1}').encode()),
    "short row": gzip.compress((_header() + '\n["people"]\n{"rows": 1}').encode()),
    "wrong kind": gzip.compress((_header() + '\n["people", {}]\n{"rows": 1}').encode()),
}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_backup_is_refused_in_a_sentence(tmp_path, name):
    file = tmp_path / "all.jsonl.gz"
    file.write_bytes(FILES[name])
    with pytest.raises(BackupRefused, match=r"all\.jsonl\.gz"):
        restore(f"sqlite:///{tmp_path}/new.db", file)


async def test_a_file_that_is_no_database_is_a_sentence(tmp_path):
    (tmp_path / "bot.db").write_bytes(b"not a database at all " * 1000)
    with pytest.raises(StoreGone, match="not a database"):
        await open_store(f"sqlite:///{tmp_path}/bot.db")
