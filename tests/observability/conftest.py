"""The same house as for the faults."""

from tests.faults.conftest import file, short_pauses, url

__all__ = ["file", "short_pauses", "url"]
