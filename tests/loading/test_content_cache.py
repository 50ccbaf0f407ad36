"""What was read once and found whole is taken from the cache; what changed, or is broken,
never is.
"""

import gc
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from content import cache, library


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    copied = tmp_path / "content"
    shutil.copytree(
        library.folder_shipped(), copied, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    return copied


def _from_files_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, reading YAML is a failure."""

    def refuse(*_: object) -> None:
        raise AssertionError("the files were read again")

    monkeypatch.setattr(library, "read", refuse)


def test_a_second_start_reads_no_file_and_knows_the_same(folder, monkeypatch):
    first = library.load(folder)
    library._IN_USE.clear()  # as another process begins
    _from_files_only(folder, monkeypatch)
    second = library.load(folder)
    assert second is not first
    for field in fields(first):
        if field.name not in ("fact_keys", "mentions"):  # by identity
            assert getattr(second, field.name) == getattr(first, field.name), field.name


def test_a_changed_figure_is_read_anew(folder):
    before = library.load(folder)
    path = folder / "visas" / "482.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 4015", "value: 4016"), "utf-8")
    assert before.facts["visas.482.cells.charge"].value == 4015
    assert library.load(folder).facts["visas.482.cells.charge"].value == 4016


def test_what_is_in_use_is_given_out_again_and_gone_once_nobody_holds_it(folder, monkeypatch):
    first = library.load(folder)
    _from_files_only(folder, monkeypatch)
    assert library.load(folder) is first
    del first
    gc.collect()
    assert (folder, cache.mark(library._files(folder))) not in library._IN_USE


def test_the_folder_in_use_stays_however_many_others_are_read(folder):
    library.load(folder)
    in_use = cache.mark(library._files(folder))
    for number in range(2 * cache._KEPT_VERSIONS):
        assert cache.read(in_use) is not None
        cache.keep(f"another{number}", {"phrases": {}})


def test_what_is_broken_is_never_kept(folder):
    path = folder / "pay.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nnonsense: {value: 1}\n", "utf-8")
    for _ in range(2):
        with pytest.raises(library.ContentError, match="nonsense"):
            library.load(folder)


def test_a_cache_that_cannot_be_written_is_no_matter(folder, monkeypatch, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert library.load(folder).visas


def test_what_others_may_have_written_is_not_read(folder, monkeypatch):
    library.load(folder)
    monkeypatch.setattr("os.getuid", lambda: -1)
    name = cache.mark(library._files(folder))
    assert cache.read(name) is None
