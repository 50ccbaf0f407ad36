"""SQLite serves one host.

A lock file beside the database keeps a second host away, as far as its file system shares locks.

Processes of one host (`pivotbot run` and `pivotbot stats`) share the lock; the file names the host
by its boot id, which containers on one machine have in common.
"""

import socket
from contextlib import suppress
from pathlib import Path

from bot.core.ports import StoreGone

try:
    import fcntl
except ImportError:  # pragma: no cover -- no such locks on this system; SQLite's own still hold
    fcntl = None  # type: ignore[assignment]

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class AnotherHost(Exception):  # noqa: N818 -- it names what is wrong
    """Another host has this SQLite file open."""


class HostLock:
    """Held from construction to `release`."""

    def __init__(self, database: str) -> None:
        try:
            # Open as long as the lock is held.
            self._file = Path(f"{database}-lock").open("a+", encoding="ascii")  # noqa: SIM115
        except OSError as error:
            raise StoreGone(
                f"{database}-lock: {error.strerror}; DATABASE_URL must name a file in a "
                "folder that can be written to"
            ) from error
        if fcntl is None:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._join(database)
        else:
            self._file.truncate(0)
            self._file.write(_host())
            self._file.flush()
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def _join(self, database: str) -> None:
        """Somebody has the file open: fine if it is this host."""
        self._file.seek(0)
        other = self._file.read().strip()
        if other and other != _host():
            self._file.close()
            raise AnotherHost(
                f"{database} is in use on another host; SQLite serves one. Set DATABASE_URL "
                "to a PostgreSQL database"
            )
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> None:
        self._file.close()


def _host() -> str:
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return socket.gethostname()
