"""A folder that was read and found whole is kept as JSON, so that the next start need not read YAML
and check it again.

What is kept is named by a hash of every file and of the models' own source, lies in the user's
cache folder, and holds plain data that the models validate like any other. Where it cannot be read
or written, the folder itself is read.
"""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, time
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

_KEPT_VERSIONS = 8
"""Folders of tests and older versions beside the one in use;
those that were not used for longest go first.
"""

Values = Mapping[str, Any]
"""By attribute of the content: what its files hold, before any model saw it."""


def mark(files: Iterable[Path]) -> str:
    """The name for these files as they are now, read by the models as they are now."""
    digest = blake2b(digest_size=16)
    own = sorted(Path(__file__).parent.rglob("*.py"))
    for path in (*own, *files):
        digest.update(str(path).encode())
        with suppress(OSError):  # whoever reads it next says what is the matter
            digest.update(path.read_bytes())
    return digest.hexdigest()


def read(name: str) -> dict[str, bytes] | None:
    """The JSON text of each attribute; None where nothing (or nothing
    of ours) is kept under this name.
    """
    try:
        path = _folder() / f"{name}.json"
        if path.stat().st_uid != os.getuid():
            return None
        lines = path.read_bytes().splitlines()
        path.touch()
    except (OSError, AttributeError, RuntimeError):
        return None
    names = lines[::2]
    return {key.decode(): text for key, text in zip(names, lines[1::2], strict=True)}


def keep(name: str, values: Values) -> None:
    """Write it, whole or not at all. A folder that cannot be written is no matter."""
    with suppress(OSError, AttributeError, RuntimeError, TypeError):
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            for key, value in values.items():
                file.write(f"{key}\n{json.dumps(value, default=_plain)}\n")
        Path(file.name).replace(folder / f"{name}.json")
        _forget_oldest(folder)


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "pivotbot"


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-_KEPT_VERSIONS]:
        path.unlink(missing_ok=True)


def _plain(value: object) -> str:
    """YAML has days and times of its own; JSON has not. Raises TypeError for anything else."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not kept")
