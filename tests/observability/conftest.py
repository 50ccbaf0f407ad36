"""The same house as for the faults."""

from tests.faults.conftest import blank, file, short_pauses, url

__all__ = ["blank", "file", "short_pauses", "url"]
